"""The columns that queries know beyond those of `insight.rows`.

They are the customer's other fields, the numbers of its quotes and of its contract, and the fields
that the workspace declares.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tracker.library.query.columns import declared_fields
from tracker.money import Money, plain_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.model import Customer

_BUILTIN: dict[str, Callable[[Customer], Any]] = {
    "short": lambda customer: customer.short,
    "size": lambda customer: customer.size,
    "business": lambda customer: customer.business,
    "website": lambda customer: customer.website,
    "address": lambda customer: customer.address,
    "region": lambda customer: customer.region,
    "expected_close": lambda customer: customer.expected_close,
    "quotes": lambda customer: tuple(offer.quote for offer in customer.offers if offer.quote),
    "contract": lambda customer: customer.deal.contract if customer.deal else None,
}

_WRITTEN: dict[type, Callable[[Any], object]] = {
    Decimal: plain_number,
    date: date.isoformat,
    tuple: list,
    Money: str,
}
"""How a row has the values of a type that JSON does not know."""


def further_value(key: str, customer: Customer) -> Any:  # noqa: ANN401  # of any field
    """Return what stands in one of the further columns, as the record has it."""
    read = _BUILTIN.get(key)
    return read(customer) if read else customer.fields.get(key)


def further_columns(customer: Customer, config: Config) -> dict[str, Any]:
    """Return all further columns in the form of a row; money as `480000 CNY`."""
    cells = {key: _cell_of(read(customer)) for key, read in _BUILTIN.items()}
    for field in declared_fields(config):
        cells[field.key] = _cell_of(customer.fields.get(field.key))
    return cells


def _cell_of(value: object) -> object:
    write = _WRITTEN.get(type(value))
    return write(value) if write else value
