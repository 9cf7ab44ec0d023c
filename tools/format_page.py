"""Keep the tables of docs/format.md and docs/format.zh.md in step with those of the code.

python tools/format_page.py           write the tables between their markers
python tools/format_page.py --check   change nothing; exit with 1 where a table is stale
"""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tools.generated_page import DOCS, keep_page
from tracker import schema, vocabulary
from tracker.schema import Kind
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.schema import Field
    from tracker.vocabulary import Word

PAGES = {"en": DOCS / "format.md", "zh": DOCS / "format.zh.md"}

_TABLE = re.compile(r"(<!-- table: ([a-z ]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


class _Terms(NamedTuple):
    """What the tables of a page say in its language.

    Attributes:
        fields: The head of tables of fields; that of the Chinese page has the Chinese key first.
        words: The head of tables of words.
        stage: Its further columns for stages; the last one is that of levels too.
        required: Stands behind the key of a required field.
        no_limit: Stands for no limit.
        word: The type of a word of a vocabulary.
        types: The types of fields; others are called as the code has them.
        between: Stands between the items of a list.
    """

    fields: tuple[str, ...]
    words: tuple[str, ...]
    stage: tuple[str, ...]
    required: str
    no_limit: str
    word: str
    types: dict[Kind, str]
    between: str


_TERMS = {
    "en": _Terms(
        fields=("key", "Chinese key", "also understood", "type", "meaning"),
        words=("id", "Chinese", "English", "also understood"),
        stage=("kind", "probability", "`max_idle_days`"),
        required=" (required)",
        no_limit="no limit",
        word="word of `{}`",
        types={
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
        },
        between=", ",
    ),
    "zh": _Terms(
        fields=("中文字段", "英文字段", "也认", "类型", "意思"),
        words=("id", "中文", "英文", "也认"),
        stage=("`kind`", "可能性", "`max_idle_days`"),
        required="（必填）",
        no_limit="不限",
        word="`{}` 里的词",
        types={
            Kind.TEXT: "文字",
            Kind.GROUP: "一组",
            Kind.GROUPS: "几组",
            Kind.LIST: "列表",
            Kind.PHONE: "电话号码",
            Kind.EMAIL: "邮箱",
            Kind.URL: "网址",
            Kind.BOOL: "是或否",
            Kind.PATH: "路径",
            Kind.SLUG: "编号",
            Kind.DATE: "日期",
            Kind.MONEY: "金额",
            Kind.MONEY_RANGE: "金额或范围",
            Kind.NUMBER: "数",
            Kind.OWNER: "负责人",
            Kind.CONTACTS: "姓名",
            Kind.CHANGE: "变化",
            Kind.ATTITUDE: "态度",
            Kind.OFFERS: "报价单号",
            Kind.SERVICE: "售后",
            Kind.NEXT: "下次跟进",
        },
        between="、",
    ),
}


def page_of(text: str, language: str) -> str:
    """Return the page of a language with every table as the code has it.

    Raises:
        KeyError: A marker names a table that does not exist.
    """
    tables = _tables(language)
    return _TABLE.sub(lambda match: f"{match[1]}\n{tables[match[2]]}\n\n{match[3]}", text)


def _tables(language: str) -> dict[str, str]:
    fields = partial(_fields, language=language)
    words = partial(_words, terms=_TERMS[language])
    return {
        "front matter": fields(schema.FRONT_MATTER),
        "contacts": fields(schema.CONTACT_FIELDS),
        "needs": fields(schema.NEEDS_FIELDS),
        "offers": fields(schema.OFFER_FIELDS),
        "deal": fields(schema.DEAL_FIELDS),
        "deal items": fields(schema.DEAL_ITEM_FIELDS),
        "lost": fields(schema.LOSS_FIELDS),
        "followup": fields(schema.FOLLOWUP_FIELDS),
        "stages": _stages(_TERMS[language]),
        "levels": _levels(_TERMS[language]),
        "sources": words(vocabulary.SOURCES),
        "methods": words(vocabulary.METHODS),
        "attitudes": words(vocabulary.ATTITUDES),
        "authorities": words(vocabulary.AUTHORITIES),
        "influences": words(vocabulary.INFLUENCES),
        "loss reasons": words(vocabulary.LOSS_REASONS),
        "service kinds": words(vocabulary.SERVICE_KINDS),
    }


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _fields(fields: tuple[Field, ...], language: str) -> str:
    terms = _TERMS[language]
    translate = translations(language).gettext
    rows = []
    for field in fields:
        keys = (field.key, field.zh) if language == "en" else (field.zh, field.key)
        rows.append(
            (
                f"`{keys[0]}`{terms.required if field.required else ''}",
                f"`{keys[1]}`",
                terms.between.join(f"`{word}`" for word in field.others),
                _type(field, terms),
                translate(field.meaning),
            )
        )
    return _table(terms.fields, rows)


def _type(field: Field, terms: _Terms) -> str:
    if field.kind is Kind.WORD:
        return terms.word.format(field.vocabulary)
    return terms.types.get(field.kind, str(field.kind))


def _stages(terms: _Terms) -> str:
    return _table(
        (*terms.words, *terms.stage),
        (
            (
                *_word(stage.word, terms),
                str(stage.kind),
                str(stage.probability),
                str(stage.max_idle_days or terms.no_limit),
            )
            for stage in vocabulary.STAGES
        ),
    )


def _levels(terms: _Terms) -> str:
    return _table(
        (*terms.words, terms.stage[-1]),
        ((*_word(word, terms), str(days)) for word, days in vocabulary.LEVELS),
    )


def _words(words: tuple[Word, ...], terms: _Terms) -> str:
    return _table(terms.words, (_word(word, terms) for word in words))


def _word(word: Word, terms: _Terms) -> tuple[str, ...]:
    return (f"`{word.id}`", word.zh, word.en, terms.between.join(word.others))


def _made(language: str) -> str:
    return page_of(PAGES[language].read_text(encoding="utf-8"), language)


if __name__ == "__main__":
    sys.exit(max([keep_page(PAGES[each], partial(_made, each), __doc__) for each in PAGES]))
