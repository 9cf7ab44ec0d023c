"""Writes the lists by stage and by owner, which MkDocs has no notion of."""

from collections import defaultdict
from pathlib import Path

_KEPT = {}


def on_env(env, config, files):
    """Keep what the lists are made from, once every page has been read."""
    _KEPT.update(env=env, pages=[file.page for file in files.documentation_pages()])


def on_post_build(config):
    """Write the lists."""
    output = Path(config.site_dir)
    pages, template = _KEPT["pages"], _KEPT["env"].get_template("list.html")
    lists = {}
    for key in ("stage", "owner"):
        groups = defaultdict(list)
        for page in pages:
            groups[page.meta.get(key, "")].append(page)
        for number, (title, members) in enumerate(groups.items()):
            lists[f"{key}-{number}.html"] = (title, members)
    every = {"index.html": ("Customers", pages), **lists}
    for name, (title, members) in every.items():
        links = lists if name == "index.html" else {}
        text = template.render(title=title, pages=members, lists=links)
        (output / name).write_text(text, "utf-8")
