"""Keep the tables of docs/format.md in step with the tables of fields and words.

python tools/format_page.py           write the tables between their markers
python tools/format_page.py --check   change nothing; exit with 1 where a table is stale
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from tools.generated_page import DOCS, keep_page
from tracker import schema, vocabulary
from tracker.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.schema import Field
    from tracker.vocabulary import Word

PAGE = DOCS / "format.md"

_TABLE = re.compile(r"(<!-- table: ([a-z ]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
_TYPES = {
    Kind.GROUP: "group",
    Kind.GROUPS: "list of groups",
    Kind.LIST: "list of texts",
    Kind.PHONE: "telephone number",
    Kind.EMAIL: "e-mail address",
    Kind.URL: "web address",
    Kind.BOOL: "yes or no",
    Kind.PATH: "path",
    Kind.SLUG: "id",
    Kind.CONTACTS: "names",
    Kind.CHANGE: "change",
}


def page_of(text: str) -> str:
    """Return the page with every table as the code has it.

    Raises:
        KeyError: A marker names a table that does not exist.
    """
    tables = _tables()
    return _TABLE.sub(lambda match: f"{match[1]}\n{tables[match[2]]}\n\n{match[3]}", text)


def _tables() -> dict[str, str]:
    return {
        "front matter": _fields(schema.FRONT_MATTER),
        "contacts": _fields(schema.CONTACT_FIELDS),
        "needs": _fields(schema.NEEDS_FIELDS),
        "offers": _fields(schema.OFFER_FIELDS),
        "deal": _fields(schema.DEAL_FIELDS),
        "deal items": _fields(schema.DEAL_ITEM_FIELDS),
        "lost": _fields(schema.LOSS_FIELDS),
        "followup": _fields(schema.FOLLOWUP_FIELDS),
        "stages": _stages(),
        "levels": _levels(),
        "sources": _words(vocabulary.SOURCES),
        "methods": _words(vocabulary.METHODS),
        "attitudes": _words(vocabulary.ATTITUDES),
        "authorities": _words(vocabulary.AUTHORITIES),
        "influences": _words(vocabulary.INFLUENCES),
        "loss reasons": _words(vocabulary.LOSS_REASONS),
        "service kinds": _words(vocabulary.SERVICE_KINDS),
    }


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _fields(fields: tuple[Field, ...]) -> str:
    return _table(
        ("key", "Chinese key", "also understood", "type", "meaning"),
        (
            (
                f"`{field.key}`{' (required)' if field.required else ''}",
                f"`{field.zh}`",
                _code(field.others),
                _type(field),
                field.meaning,
            )
            for field in fields
        ),
    )


def _type(field: Field) -> str:
    if field.kind is Kind.WORD:
        return f"word of `{field.vocabulary}`"
    return _TYPES.get(field.kind, str(field.kind))


def _stages() -> str:
    return _table(
        ("id", "Chinese", "English", "also understood", "kind", "probability", "`max_idle_days`"),
        (
            (
                *_word(stage.word),
                str(stage.kind),
                str(stage.probability),
                str(stage.max_idle_days or "no limit"),
            )
            for stage in vocabulary.STAGES
        ),
    )


def _levels() -> str:
    return _table(
        ("id", "Chinese", "English", "also understood", "`max_idle_days`"),
        ((*_word(word), str(days)) for word, days in vocabulary.LEVELS),
    )


def _words(words: tuple[Word, ...]) -> str:
    return _table(("id", "Chinese", "English", "also understood"), map(_word, words))


def _word(word: Word) -> tuple[str, ...]:
    return (f"`{word.id}`", word.zh, word.en, ", ".join(word.others))


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, lambda: page_of(PAGE.read_text(encoding="utf-8")), __doc__))
