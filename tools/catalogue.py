"""Keep the translations in step with the texts of the code and the templates.

    python tools/catalogue.py           update the .po files and compile the .mo files
    python tools/catalogue.py --check   change nothing; exit with 1 where something is not in step

Message ids are the English texts: the first argument of `Message(…)`, `_(…)` and `gettext(…)`, both
of `ngettext(…)`, the meaning of a `Field(…)`, the summary of each rule of `tracker check`, and what
the templates mark for Jinja's i18n.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tracker.rules.registry import all_rules

ROOT = Path(__file__).resolve().parent.parent
LOCALE_DIR = ROOT / "tracker" / "locale"
DOMAIN = "tracker"

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "Message": None,
    "Field": (4,),
}
"""Calls whose arguments are message ids, as Babel wants them; None is the first argument."""

TEMPLATE_OPTIONS = {
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}

_PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)[sd]")


class PlainCatalogue(Catalog):
    """A catalogue whose header holds no dates, names or tools: equal texts give equal bytes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the header lines that gettext needs."""
        return [
            ("Language", self.locale_identifier or ""),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def extract() -> Catalog:
    """Return all message ids with the files that they stand in."""
    found = Catalog()
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        _extract_file(found, "python", path, {})
    for path in sorted((ROOT / "site_templates").rglob("*.html")):
        _extract_file(found, "jinja2", path, TEMPLATE_OPTIONS)
    for rule in all_rules().values():
        place = f"tracker/rules/{rule.code.replace('-', '_')}.py"
        found.add(rule.summary, locations=[(place, 1)])
    return found


def _extract_file(catalogue: Catalog, method: str, path: Path, options: dict[str, str]) -> None:
    place = path.relative_to(ROOT).as_posix()
    for _line, text, _comments, context in extract_from_file(
        method, path, keywords=KEYWORDS, options=options
    ):
        if text and text != ("", ""):
            catalogue.add(text, locations=[(place, 1)], context=context)


def updated(language: str, found: Catalog) -> PlainCatalogue:
    """Return the catalogue of a language: the texts found, with the translations there are."""
    path = po_path(language)
    known = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog()
    result = PlainCatalogue(locale=language, header_comment="", fuzzy=False)
    for entry in found:
        if not entry.id:
            continue
        old = known.get(_single(entry), entry.context)
        string = old.string if old is not None and _same_shape(old, entry) else None
        places = sorted({place for place, _ in entry.locations})
        result.add(
            entry.id,
            string,
            locations=[(place, 1) for place in places],
            flags={flag for flag in entry.flags if flag != "fuzzy"}
            | ({"fuzzy"} if old is not None and old.fuzzy else set()),
            context=entry.context,
        )
    return result


def _single(entry: Entry) -> str:
    return entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id


def _same_shape(old: Entry, new: Entry) -> bool:
    return isinstance(old.id, (tuple, list)) == isinstance(new.id, (tuple, list))


def po_path(language: str) -> Path:
    """Return the file with the translations of a language."""
    return LOCALE_DIR / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue as a .po file, ordered by text."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue compiled."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def faults(catalogue: Catalog) -> list[str]:
    """Return what keeps a catalogue from being complete, a line each."""
    lines = []
    for entry in catalogue:
        if not entry.id:
            continue
        strings = entry.string if isinstance(entry.string, (tuple, list)) else [entry.string]
        if not all(strings):
            lines.append(f"not translated: {_single(entry)!r}")
        elif entry.fuzzy:
            lines.append(f"fuzzy: {_single(entry)!r}")
        else:
            original = entry.id[-1] if isinstance(entry.id, (tuple, list)) else entry.id
            allowed = _placeholders(original)
            if any(_placeholders(string or "") != allowed for string in strings):
                lines.append(f"other placeholders than in the original: {_single(entry)!r}")
    return lines


def _placeholders(text: str) -> set[str]:
    return {match[1] or match[2] for match in _PLACEHOLDER.finditer(text)}


def main() -> int:
    """Update or check every language; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, report what is amiss")
    check = parser.parse_args().check
    found = extract()
    amiss = 0
    for language in sorted(path.name for path in LOCALE_DIR.iterdir() if path.is_dir()):
        catalogue = updated(language, found)
        for line in faults(catalogue):
            amiss += 1
            print(f"{language}: {line}", file=sys.stderr)
        files = {
            po_path(language): po_bytes(catalogue),
            po_path(language).with_suffix(".mo"): mo_bytes(catalogue),
        }
        for path, data in files.items():
            if path.exists() and path.read_bytes() == data:
                continue
            if check:
                amiss += 1
                place = path.relative_to(ROOT)
                print(f"{place} is stale; run {Path(__file__).name}", file=sys.stderr)
            else:
                path.write_bytes(data)
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
