"""Tracker keeps a sales team's customers as Markdown files."""

__version__ = "0.1.0"
