"""Settings of Pelican, and a reader of YAML front matter, which it has none of."""

from datetime import date
from pathlib import Path

import yaml
from markdown import Markdown
from pelican import signals
from pelican.readers import BaseReader

SITENAME = "Customers"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh"
THEME = "theme"
THEME_STATIC_PATHS = []
ARTICLE_SAVE_AS = ARTICLE_URL = "customers/{slug}.html"
CATEGORY_SAVE_AS = CATEGORY_URL = "stages/{slug}.html"
AUTHOR_SAVE_AS = AUTHOR_URL = "owners/{slug}.html"
DIRECT_TEMPLATES = ["index"]
DEFAULT_PAGINATION = False
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None


class RecordReader(BaseReader):
    """Reads a record: the stage becomes Pelican's category, the owner its author."""

    enabled = True
    file_extensions = ["md"]

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._markdown = Markdown(extensions=["tables", "fenced_code"])

    def read(self, source_path):
        text = Path(source_path).read_text("utf-8")
        _, head, body = text.split("---\n", 2)
        fields = yaml.load(head, yaml.CSafeLoader)
        created = fields.get("created") or date(2026, 1, 1)
        found = {
            "title": fields["name"],
            "slug": Path(source_path).stem,
            "date": str(created),
            "category": fields.get("stage", ""),
            "author": fields.get("owner", ""),
        }
        metadata = {key: self.process_metadata(key, value) for key, value in found.items()}
        return self._markdown.reset().convert(body), {**metadata, "fields": fields}


def add_reader(readers):
    readers.reader_classes["md"] = RecordReader


def register():
    signals.readers_init.connect(add_reader)


register()
