"""Finding withheld values in texts, however they are written there.

Thousands of values are sought in one pass: texts are reduced to their letters and digits, searched
with an Aho-Corasick automaton, and whatever it finds is held against a regular expression that
knows where words and numbers end. Amounts are sought by what they are worth, however they are
written.

Not every value can be sought. One letter stands on every page, and so does the day of many a
talk: `Finder.unsought` names such values with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.library.plain_reading import folded, readings
from tracker.library.withheld import Reason, Sort, Withheld
from tracker.library.withheld_forms import LEAST_WORD_WEIGHT, Form, compact, forms_of, weight_of
from tracker.library.written_numbers import numbers_in

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

    from ahocorasick_rs import AhoCorasick

_LEAST_AMOUNT = 10_000
"""Amount below which one is not sought: counts, years and shares are such numbers too."""

_LEAST_OWN_AMOUNT = 1_000
"""The same for texts of the amount's own record, where such a number is no accident."""


class Sharers(Struct):
    """The values that have a form in common.

    Attributes:
        values: The values, in order.
        records: The paths of their records.
        telling: Whether one of them is one customer's alone.
    """

    values: list[Withheld] = field(default_factory=list)
    records: set[str] = field(default_factory=set)
    telling: bool = False

    def add(self, value: Withheld) -> None:
        """Add a value."""
        self.values.append(value)
        self.records.add(value.record)
        self.telling = self.telling or value.telling


class Finder:
    """Finds values in texts.

    Args:
        values: The values.

    Attributes:
        forms: The forms in which each value is sought.
        unsought: The values that are not sought, with the reason.
    """

    def __init__(self, values: Iterable[Withheld]) -> None:
        self.forms: dict[Withheld, list[Form]] = {}
        self.unsought: list[tuple[Withheld, Reason]] = []
        self._sharers: defaultdict[Form, Sharers] = defaultdict(Sharers)
        self._amounts: dict[Decimal, Form] = {}
        self._small_amounts: defaultdict[str, set[Decimal]] = defaultdict(set)
        for value in dict.fromkeys(values):
            self._add(value)
        amounts = set(self._amounts.values())
        self._keys = [form for form in self._sharers if form not in amounts]
        self._exact: dict[Form, re.Pattern[str]] = {}

    def sharers(self, form: Form) -> Sharers:
        """Return the values that have a form."""
        return self._sharers[form]

    def find(
        self, text: str, apart: Callable[[], str] | None = None, *, noise: bool = False
    ) -> set[Form]:
        """Return the forms that a text holds.

        Args:
            text: The text, folded.
            apart: Returns the same text with further gaps, which may show where words end.
            noise: Whether it is no text, such as a picture. In noise any few letters and digits
                stand somewhere, so that they are not sought there.
        """
        found: set[Form] = set() if noise else self.amounts(text)
        unsure: list[Form] = []
        for form in self._candidates(compact(text)):
            if noise and weight_of(form.text) < LEAST_WORD_WEIGHT and form.text.isascii():
                continue
            if not form.exact or self._pattern(form).search(text):
                found.add(form)
            else:
                unsure.append(form)
        if unsure and apart:
            other = apart()
            found.update(form for form in unsure if self._pattern(form).search(other))
        return found

    def amounts(self, text: str) -> set[Form]:
        """Return the forms of amounts that a folded text holds."""
        return {form for form, _place in self._amounts_in(text)}

    def find_in(self, text: str) -> set[Form]:
        """Return the forms that a text holds, as it is written."""
        return self.find(folded(text))

    def places(self, text: str, record: str, *, own: bool = False) -> Iterator[tuple[int, int]]:
        """Yield where a text holds what may not stand in it: first character, and end.

        Args:
            text: The text, as it is written.
            record: The record that it stands in. Values of this record are sought, and telling
                ones of all.
            own: Whether telling ones of other records are left alone.
        """

        def is_secret(form: Form) -> bool:
            sharers = self._sharers[form]
            return record in sharers.records or (sharers.telling and not own)

        for reading in readings(text):
            plain = folded(reading.text)
            forms = list(filter(is_secret, self._candidates(compact(plain))))
            is_found = any(is_secret(form) for form, _place in self._amounts_in(plain))
            if forms or is_found or any(self._small_amounts_in(plain, record)):
                placed = reading.placed().folded()
                found = [
                    *self._places_in(placed.text, forms, is_secret),
                    *self._small_amounts_in(placed.text, record),
                ]
                for first, end in found:
                    yield placed.places[first][0], placed.places[end - 1][1]

    def _places_in(
        self, text: str, forms: Iterable[Form], is_secret: Callable[[Form], bool]
    ) -> Iterator[tuple[int, int]]:
        for form in forms:
            yield from (match.span() for match in self._pattern(form).finditer(text))
        yield from (place for form, place in self._amounts_in(text) if is_secret(form))

    def _small_amounts_in(self, text: str, record: str) -> Iterator[tuple[int, int]]:
        if amounts := self._small_amounts.get(record):
            numbers = numbers_in(text, _LEAST_OWN_AMOUNT)
            yield from (place for number, place in numbers if number in amounts)

    def _candidates(self, letters: str) -> set[Form]:
        if not self._keys:
            return set()
        found = self._automaton.find_matches_as_indexes(letters, overlapping=True)
        return {self._keys[number] for number in {number for number, _start, _end in found}}

    def _amounts_in(self, text: str) -> Iterator[tuple[Form, tuple[int, int]]]:
        if self._amounts:
            for number, place in numbers_in(text, _LEAST_AMOUNT):
                if form := self._amounts.get(number):
                    yield form, place

    @cached_property
    def _automaton(self) -> AhoCorasick:
        # Imported late: only sites for others are searched.
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick([form.text for form in self._keys])

    def _pattern(self, form: Form) -> re.Pattern[str]:
        if form not in self._exact:
            self._exact[form] = form.pattern()
        return self._exact[form]

    def _add(self, value: Withheld) -> None:
        if value.sort is Sort.AMOUNT:
            amount = Decimal(value.value)
            is_large = amount >= _LEAST_AMOUNT
            forms = [self._amounts.setdefault(amount, Form(value.value))] if is_large else []
            if not is_large:
                self._small_amounts[value.record].add(amount)
        else:
            forms = forms_of(value)
        if not forms:
            self.unsought.append((value, Reason.SHORT))
            return
        self.forms[value] = forms
        for form in forms:
            self._sharers[form].add(value)
