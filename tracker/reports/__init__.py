"""The team's weekly and monthly reports in words, as Markdown, as a page and as data."""
