"""Messages in the languages of the interface, by gettext.

Message ids are the English sentences. A `Message` keeps its sentence and its values apart until
somebody reads it, so that one diagnostic can be printed in English and shown in Chinese.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping  # noqa: TC003  # the cache reads it at run time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable

LOCALE_DIR = Path(__file__).parent / "locale"
DOMAIN = "tracker"


class Message(Struct, frozen=True):
    """A translatable sentence with named values.

    Attributes:
        template: The English sentence, the gettext message id; values stand in it as `{name}`.
        values: What is put in; a value that is itself a `Message` is translated with it, and the
            items of a tuple are listed as the language lists them.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate` (a gettext function)."""
        template = translate(self.template)
        if not self.values:
            return template
        return template.format(
            **{name: _rendered(value, translate) for name, value in self.values.items()}
        )

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.render(_unchanged)


def _rendered(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, Message):
        return value.render(translate)
    if isinstance(value, tuple):
        return _SEPARATOR.render(translate).join(str(_rendered(one, translate)) for one in value)
    return value


_SEPARATOR = Message(", ")
"""What stands between the items of a list."""


def _unchanged(text: str) -> str:
    return text


@lru_cache(maxsize=8)
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language (`zh` or `en`); English for one that has no catalogue."""
    return gettext.translation(DOMAIN, LOCALE_DIR, [language], fallback=True)
