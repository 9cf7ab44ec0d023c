"""The cells of sheets as text, in a workspace's language."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.exchange.spreadsheet_text import list_cell
from tracker.money import plain_number
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.exchange.columns import Cell


class CellText:
    """Writes cells as text: days as ISO has them, yes and no and lists in the language."""

    def __init__(self, config: Config) -> None:
        """Take the language of a workspace."""
        translate = translations(config.language).gettext
        self._yes = Message("yes").render(translate)
        self._no = Message("no").render(translate)
        self._separator = "、" if config.language == "zh" else ", "

    def __call__(self, value: Cell) -> str:
        """Return a cell as text; empty for None."""
        match value:
            case None:
                text = ""
            case bool():
                text = self._yes if value else self._no
            case tuple():
                text = list_cell(value, self._separator)
            case Decimal():
                text = plain_number(value)
            case time():
                text = value.isoformat("minutes")
            case date():
                text = value.isoformat()
            case _:
                text = str(value)
        return text
