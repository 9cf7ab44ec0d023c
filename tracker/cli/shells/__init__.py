"""What a shell asks while a line is typed, and how it is answered; the scripts lie beside this.

click works out which parameter stands at the cursor. Its own scripts for the shells split words at
`=` and at blanks, and some let what was typed be replaced by less: ours do not.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from click.shell_completion import ShellComplete, split_arg_string

from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

_SCRIPTS = Path(__file__).parent
_END = "\0"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_OPTION = re.compile(r"--[^=]+=")
_LISTED = "63"
"""COMP_TYPE of bash while it lists what is possible and puts nothing in."""

_BARE = re.compile(r"[^\w@%+=:,./-]|^~")
_IN_DOUBLE_QUOTES = re.compile(r'["$`\\!]')
"""What bash would not take for itself, outside of quotes and in them."""

_POWERSHELL_PLAIN = re.compile(r"[\w+=:./-][\w+=:./@-]*")


class _Offered(NamedTuple):
    """An offer with the option that stands in one word with it."""

    type: str
    text: str
    help: str
    others: tuple[str, ...]


def script(shell: str) -> str:
    """Return the script that makes a shell ask for completion.

    Args:
        shell: One of `SHELLS`.
    """
    return (_SCRIPTS / f"tracker.{SHELLS[shell].ending}").read_text(encoding="utf-8")


def answer(command: click.Command, program: str, shell: str) -> str:
    """Return what the script of a shell reads: an offer a line, its parts split by tabs.

    The line that is typed comes in variables of the environment, which the scripts set.

    Args:
        command: The command that stands first in the line.
        program: Its name.
        shell: One of `SHELLS`.

    Raises:
        KeyError: A variable is missing, or the shell is not known.
    """
    return SHELLS[shell](command, {}, program, "").complete()


class _Shell(ShellComplete):
    """A shell that sends the words before the cursor, each on a line, and the one at it apart."""

    ending: str

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one at the cursor, and that one."""
        _, *before = os.environ["COMP_WORDS"].split("\n")
        return before, _unquoted(_variable("COMP_WORD"))

    def complete(self) -> str:
        """Return the answer."""
        arguments, incomplete = self.get_completion_args()
        # click completes the value alone where it stands in one word with its option.
        option = _OPTION.match(incomplete)
        start = option[0] if option else ""
        offers = [
            _Offered(
                item.type,
                f"{start}{item.value}",
                item.help or "",
                tuple(f"{start}{other}" for other in item.others or ()),
            )
            for item in self.get_completions(arguments, incomplete)
        ]
        return "".join(
            "\t".join(_CONTROL.sub(" ", part) for part in row) + "\n"
            for row in self.rows(offers, incomplete)
        )

    def rows(self, offers: list[_Offered], incomplete: str) -> Iterator[tuple[str, ...]]:
        """Yield what the shell's script reads of each offer."""
        del incomplete
        for offer in offers:
            yield offer.type, offer.text, offer.help


class _Zsh(_Shell):
    ending = "zsh"


class _Fish(_Shell):
    ending = "fish"

    def rows(self, offers: list[_Offered], incomplete: str) -> Iterator[tuple[str, ...]]:
        """Yield a spelling that holds what was typed: fish drops any other."""
        typed = fold(incomplete)
        for offer in offers:
            held = (one for one in (offer.text, *offer.others) if _in_order(typed, fold(one)))
            yield offer.type, next(held, offer.text), offer.help


class _Bash(_Shell):
    ending = "bash"

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one at the cursor, and that one."""
        _, *before, incomplete = split_arg_string(os.environ["COMP_LINE"] + _END)
        return before, incomplete.removesuffix(_END)

    def rows(self, offers: list[_Offered], incomplete: str) -> Iterator[tuple[str, ...]]:
        """Yield what takes the place of the word as bash splits it: at `=` and `:` too."""
        part = _variable("COMP_PART")
        quote = part[:1] if part[:1] in {'"', "'"} else ""
        typed = _quoted(_unquoted(part), quote)
        kept = _before(_unquoted(part), incomplete)
        texts = [_quoted(offer.text.removeprefix(kept), quote) for offer in offers]
        if len(texts) > 1 and os.environ.get("COMP_TYPE") == _LISTED:
            texts = [
                f"{text}  ({offer.help})" if offer.help else text
                for text, offer in zip(texts, offers, strict=True)
            ]
        elif len(texts) > 1 and not all(text.startswith(typed) for text in texts):
            # What is common to all of them would take the place of what was typed.
            yield "plain", ""
        for text, offer in zip(texts, offers, strict=True):
            yield offer.type, text


class _PowerShell(_Shell):
    ending = "ps1"

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one at the cursor, and that one."""
        _, *before = map(_powershell_unquoted, os.environ["COMP_WORDS"].split("\n"))
        return before, _powershell_unquoted(_variable("COMP_WORD"))

    def rows(self, offers: list[_Offered], incomplete: str) -> Iterator[tuple[str, ...]]:
        """Yield what is put in, what is shown in a menu, and a tip, of which none may be empty."""
        kept = _before(_powershell_unquoted(_variable("COMP_PART")), incomplete)
        for offer in offers:
            text = offer.text.removeprefix(kept)
            if not _POWERSHELL_PLAIN.fullmatch(text):
                text = "'{}'".format(text.replace("'", "''"))
            yield offer.type, text, offer.text, offer.help or offer.text


SHELLS: dict[str, type[_Shell]] = {
    "bash": _Bash,
    "zsh": _Zsh,
    "fish": _Fish,
    "powershell": _PowerShell,
}
"""The shells by name."""


def _variable(name: str) -> str:
    """Return a variable of the environment; Windows has none that are empty."""
    return os.environ.get(name, "")


# --- Words ------------------------------------------------------------------------------------


def _before(word: str, incomplete: str) -> str:
    """Return what stands before the part of a word that the shell takes for the whole."""
    return incomplete.removesuffix(word) if incomplete.endswith(word) else ""


def _unquoted(word: str) -> str:
    """Return a word that was begun, as the shell would read it."""
    return "".join(split_arg_string(f"{word}{_END}")).removesuffix(_END)


def _quoted(text: str, quote: str) -> str:
    """Return a text as it stands in a line of bash, after a quote that may have been opened."""
    if quote == "'":
        return text.replace("'", "'\\''")
    return (_IN_DOUBLE_QUOTES if quote else _BARE).sub(r"\\\g<0>", text)


def _powershell_unquoted(word: str) -> str:
    quote = word[:1]
    if quote not in {'"', "'"}:
        return word
    inner = word[1:-1] if word.endswith(quote) and len(word) > 1 else word[1:]
    return inner.replace(quote * 2, quote)


def _in_order(letters: str, text: str) -> bool:
    """Tell whether the letters stand in the text in their order, others between them or not."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
