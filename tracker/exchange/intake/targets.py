"""Where the cells of a column can go, and the headings that are understood to mean it.

The places are those of the table of fields (`tracker.schema`) and of what the workspace declares;
the headings are the spellings of their keys and the synonyms here.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.exchange.intake import synonyms
from tracker.exchange.intake.tables import Layout
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
    Field,
    Kind,
)
from tracker.text import fold
from tracker.vocabulary import FALSE_WORDS, TRUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.config import Config, Term

IGNORED = "-"
"""The target of a column that is left out on purpose."""

NOTE = "note"
"""The target of a column whose texts are kept as notes of the record."""

BACKGROUND = "background"
CURRENCY = "currency"

CUSTOMER, CONTACTS, NEEDS, OFFERS, DEAL, ITEMS, LOST, FOLLOWUP = (
    "",
    "contacts",
    "needs",
    "offers",
    "deal",
    "deal.items",
    "lost",
    "followup",
)
"""The groups of targets; a target's path begins with its group's name."""

NAME_PARTS = (
    Field("given_name", "名", Kind.TEXT, "Given name, where the family's stands apart"),
    Field("family_name", "姓", Kind.TEXT, "Family name"),
)
"""What tables keep of a contact's name in two columns, in the order of names in Latin letters."""

GROUPS: Mapping[str, tuple[Field, ...]] = {
    CONTACTS: (*CONTACT_FIELDS, *NAME_PARTS),
    NEEDS: NEEDS_FIELDS,
    OFFERS: OFFER_FIELDS,
    DEAL: tuple(field for field in DEAL_FIELDS if not field.children),
    ITEMS: DEAL_ITEM_FIELDS,
    LOST: LOSS_FIELDS,
}
MANY = (CONTACTS, OFFERS, FOLLOWUP)
"""Groups of which a row can hold several, told apart by a number: `contacts.2.phone`."""

FOLLOWUP_PARTS = (
    Field("date", "跟进日期", Kind.DATE, "Day of the follow-up"),
    Field("time", "跟进时刻", Kind.TEXT, "Its time of day"),
    Field("method", "跟进方式", Kind.WORD, "How it was done", vocabulary="methods"),
    Field("who", "跟进人", Kind.OWNER, "Who of us followed up"),
    Field("method_who", "方式与跟进人", Kind.TEXT, "Both in one"),
    Field("next_date", "下次跟进日期", Kind.DATE, "Day of the next step"),
    Field("next_time", "下次跟进时刻", Kind.TEXT, "Its time of day"),
    Field("next_method", "下次跟进方式", Kind.WORD, "How it is done", vocabulary="methods"),
    Field("next_text", "下次跟进内容", Kind.TEXT, "What is to be done"),
    Field("next_goal", "下次跟进目标", Kind.TEXT, "What it should bring"),
    Field("attitude_note", "态度说明", Kind.TEXT, "Free text after the attitude"),
    Field("todo", "承诺事项", Kind.TEXT, "What was promised, a line each"),
    Field("todo_due", "承诺期限", Kind.DATE, "When it is due"),
    Field("service_kind", "售后类型", Kind.WORD, "Kind of service", vocabulary="service_kinds"),
    Field("service_ticket", "售后单号", Kind.NUMBER, "Number of the problem"),
    Field("service_text", "售后内容", Kind.TEXT, "What was done"),
)
"""What a follow-up has beside its fields, and parts of those that tables keep in several columns.

`next` and `service` can also come whole, as they stand in a record.
"""

WHOLE_GROUPS = {
    "contacts": "contacts.name",
    "needs": "needs.core",
    "offers": "offers.amount",
    "deal": "deal.amount",
    "lost": "lost.reason",
}
"""What a column with the name of a group holds."""

COMPUTED = frozenset(map(fold, synonyms.COMPUTED))
"""Headings of columns that are worked out or counted, folded."""

_ORDER: Mapping[Layout, tuple[str, ...]] = {
    Layout.CUSTOMERS: (CUSTOMER, CONTACTS, NEEDS, OFFERS, DEAL, LOST, FOLLOWUP, ITEMS),
    Layout.FOLLOWUPS: (FOLLOWUP, CUSTOMER, CONTACTS, NEEDS, OFFERS, DEAL, LOST),
    Layout.SERVICE: (FOLLOWUP, CUSTOMER, CONTACTS),
    Layout.CONTACTS: (CONTACTS, CUSTOMER),
    Layout.NEEDS: (NEEDS, CUSTOMER),
    Layout.OFFERS: (OFFERS, CUSTOMER),
    Layout.DEALS: (DEAL, ITEMS, CUSTOMER),
    Layout.ITEMS: (ITEMS, DEAL, CUSTOMER),
    Layout.LOSSES: (LOST, CUSTOMER),
}
"""For each layout: in which groups a heading is looked up, and which comes first."""


class Target(Struct, frozen=True):
    """A place that cells can go to.

    Attributes:
        path: Its name, as `--map` and saved mappings have it: `name`, `contacts.phone`,
            `followup.date`.
        group: The part of the record it belongs to; empty for the customer itself.
        field: The type of its values.
    """

    path: str
    group: str
    field: Field


_TEXT_TARGETS = (
    Target(BACKGROUND, CUSTOMER, Field(BACKGROUND, "背景", Kind.TEXT, "Text above all follow-ups")),
    Target(CURRENCY, CUSTOMER, Field(CURRENCY, "币种", Kind.TEXT, "Currency of the row's amounts")),
    Target(NOTE, CUSTOMER, Field(NOTE, "附注", Kind.TEXT, "A note of the record")),
)


class Targets:
    """All places of a workspace's records, and the headings that mean them.

    Args:
        config: The workspace's settings.
    """

    def __init__(self, config: Config) -> None:
        self._config = config

    @cached_property
    def by_path(self) -> dict[str, Target]:
        """Return the targets by their paths."""
        return {target.path: target for target in self._all()}

    def _all(self) -> Iterable[Target]:
        for field in self._config.front_matter_fields:
            if not field.children:
                yield Target(field.key, CUSTOMER, field)
        yield from _TEXT_TARGETS
        for group, fields in GROUPS.items():
            for field in fields:
                yield Target(f"{group}.{field.key}", group, field)
        for field in (*FOLLOWUP_PARTS, *self._config.all_followup_fields):
            yield Target(f"{FOLLOWUP}.{field.key}", FOLLOWUP, field)

    @cached_property
    def headings(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return for each group its headings, folded, with the paths that they mean."""
        tables: dict[str, dict[str, tuple[str, ...]]] = {}
        for target in self._all():
            table = tables.setdefault(target.group, {})
            if target.path == NOTE:
                continue  # A column is made a note on purpose only.
            spellings = [*target.field.spellings, target.path]
            if target.group:
                # `联系人电话`, `deal date`: the group's name before the field's.
                names = _GROUP_NAMES[target.group]
                spellings += [f"{name}{target.field.zh}" for name in names]
                spellings += [f"{name} {target.field.key}" for name in names]
            spellings += synonyms.SYNONYMS.get(target.path, ())
            for heading in dict.fromkeys(map(fold, filter(None, spellings))):
                table[heading] = (*table.get(heading, ()), target.path)
        for field in FRONT_MATTER:
            for spelling in field.spellings if field.key in WHOLE_GROUPS else ():
                tables[CUSTOMER].setdefault(fold(spelling), (WHOLE_GROUPS[field.key],))
        return tables

    @cached_property
    def _often(self) -> Counter[str]:
        """Return in how many groups a heading has a meaning."""
        return Counter(heading for table in self.headings.values() for heading in table)

    def knows(self, heading: str) -> bool:
        """Tell whether a heading, without units and signs, means something in any group."""
        return fold(heading) in self._often

    def word(self, vocabulary: str, text: str) -> str | None:
        """Return the id of the word of a vocabulary that a text is; None where it is none."""
        term = self._config.terms(vocabulary).find(text)
        return term.id if term else None

    @cached_property
    def words(self) -> dict[str, str]:
        """Return every word that a typed field takes by its folded spellings, as it is written."""
        words = {fold(word): word for word in (*TRUE_WORDS, *FALSE_WORDS)}
        terms: list[Term] = list(self._config.owners)
        for target in self._all():
            words |= {fold(choice): choice for choice in target.field.choices}
            if target.field.vocabulary:
                terms += self._config.terms(target.field.vocabulary)
        return words | {fold(one): term.label for term in terms for one in term.spellings}

    def is_word(self, text: str) -> bool:
        """Tell whether a text is a word that a typed field takes.

        Where the settings name no salespeople, every text may be the name of one.
        """
        return fold(text) in self.words or bool(text and not self._config.owners)

    def candidates(self, heading: str, layout: Layout, group: str | None = None) -> tuple[str, ...]:
        """Return the paths that a heading may mean, the likeliest first.

        A heading that means something in several groups counts in the first group of the layout
        alone; what a person is called or reached by, in the second one too. In a table of
        customers it counts in the first group that knows it, before those of follow-ups.

        Args:
            heading: The heading, without units and signs.
            layout: What the rows of the sheet are.
            group: The group named by a heading above, which comes before the layout's.
        """
        folded = fold(heading)
        order = _ORDER[layout]
        if group is not None:
            order = (group, *(name for name in order if name != group))
        found: list[str] = []
        for place, name in enumerate(order):
            paths = self.headings.get(name, {}).get(folded, ())
            if place == 0 or name in {CUSTOMER, CONTACTS} or self._often[folded] == 1:
                found += paths
        if not found and layout is Layout.CUSTOMERS:
            known = (self.headings.get(name, {}).get(folded, ()) for name in order)
            found += next(filter(None, known), ())
        return tuple(dict.fromkeys(found))


_GROUP_NAMES: Mapping[str, tuple[str, ...]] = {
    CONTACTS: ("联系人", "contact"),
    NEEDS: ("需求", "needs"),
    OFFERS: ("报价", "offer"),
    DEAL: ("成交", "deal"),
    ITEMS: ("明细", "item"),
    LOST: ("未成交", "lost"),
    FOLLOWUP: ("跟进", "followup"),
}
