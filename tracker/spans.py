"""Places of many values of a record, in little memory."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Self

from tracker.diagnostics import Span


class Spans(Mapping[str, Span]):
    """Spans by name, in the order in which they were given: a tenth of the memory of a `dict`.

    Attributes:
        names: The names; many records have the same, and may share them.
        numbers: The four numbers of each span, in 2 bytes each where all are small enough, else 4.
    """

    __slots__ = ("names", "numbers")

    def __init__(self, names: tuple[str, ...], numbers: bytes) -> None:
        """Take what another one consists of; `of` makes one of spans."""
        self.names = names
        self.numbers = numbers

    @classmethod
    def of(cls, spans: Mapping[str, Span]) -> Self:
        """Return these spans."""
        numbers = tuple(chain.from_iterable(spans.values()))
        size = "I" if numbers and max(numbers) > _LARGEST_SHORT else "H"
        return cls(tuple(spans), struct.pack(f"<{len(numbers)}{size}", *numbers))

    def at(self, places: Sequence[int]) -> Self:
        """Return the spans of some names.

        Args:
            places: Indices of the names.
        """
        size = (_SHORT if self._is_short else _LONG).size
        numbers = (self.numbers[place * size : (place + 1) * size] for place in places)
        return type(self)(tuple(self.names[place] for place in places), b"".join(numbers))

    @property
    def _is_short(self) -> bool:
        return len(self.numbers) == len(self.names) * _SHORT.size

    def __getitem__(self, name: str) -> Span:
        """Return the span of a name.

        Raises:
            KeyError: There is none.
        """
        try:
            place = self.names.index(name)
        except ValueError:
            raise KeyError(name) from None
        span = _SHORT if self._is_short else _LONG
        return Span(*span.unpack_from(self.numbers, place * span.size))

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return the number of spans."""
        return len(self.names)

    def __repr__(self) -> str:
        """Return the spans as a `dict` shows them."""
        return f"Spans({dict(self)})"


_SHORT = struct.Struct("<4H")
_LONG = struct.Struct("<4I")
_LARGEST_SHORT = 0xFFFF

NO_SPANS = Spans((), b"")
