"""The language of a workspace as the one in JavaScript has to be told it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.library.query.builtin_words import DAY_UNITS, PERIODS, SIMPLIFIED
from tracker.library.query.columns import SEARCHED
from tracker.library.query.faults import MESSAGES
from tracker.library.query.language import Language
from tracker.money import currency_codes, currency_signs, plain_number
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config, Terms


def language_data(config: Config, translate: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Return the language of a workspace for `TrackerQuery.compile`, fit for JSON.

    Args:
        config: The workspace's settings.
        translate: A gettext function for the messages; that of the workspace's language if None.
    """
    language = Language(config)
    say = translate or translations(config.language).gettext
    return {
        "columns": [
            {
                "key": column.key,
                "kind": column.kind.value,
                "spellings": list(column.spellings),
                "words": _words(column.words),
            }
            for column in language.columns
        ],
        "searched": list(SEARCHED),
        "periods": [
            [*word, *rule]
            for word, rule in zip(_words(language.periods), PERIODS.values(), strict=True)
        ],
        "dayUnits": DAY_UNITS,
        "simplified": SIMPLIFIED,
        "currency": config.currency,
        "currencySigns": {sign: list(codes) for sign, codes in currency_signs().items()},
        "currencyCodes": sorted(currency_codes()),
        "rates": {code: plain_number(rate) for code, rate in language.rates.items()},
        "idleLimits": language.idle_limits,
        "messages": {code: say(message.template) for code, message in MESSAGES.items()},
    }


def _words(words: Terms[Any]) -> list[list[Any]]:
    return [[term.id, term.label, list(term.others)] for term in words]
