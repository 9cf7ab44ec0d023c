"""The static site: pages from a library on one day, templates, and the writer."""
