"""What is wrong with a command line, where click or the table of commands finds it out."""

from __future__ import annotations

import ast
import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.context import InvalidValueError
from tracker.cli.filters import unknown_word
from tracker.errors import UsageError
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_QUOTED = re.compile(r"""(['"])(?:(?!\1)[^\\]|\\.)*\1""")
"""How click names the value that it complains about: as Python writes a text."""

_MISTYPED = 70.0
"""Least likeness, of 100, of an option that there is not to the one that was meant. The dashes of
both are alike in any case."""

_ONE_DASH = re.compile(r"-[A-Za-z][A-Za-z-]+(?=\Z|=)")
"""An option that is written out, with one dash where it has two."""

_ARGUMENTS = {
    "A": Message("A"),
    "B": Message("B"),
    "CUSTOMER": Message("CUSTOMER"),
    "FILE": Message("FILE"),
    "FORMAT": Message("FORMAT"),
    "FROM": Message("FROM"),
    "KEY=VALUE": Message("KEY=VALUE"),
    "NAME": Message("NAME"),
    "SHELL": Message("SHELL"),
    "TEXT": Message("TEXT"),
    "TO": Message("TO"),
}
"""What may be missing, by its name in the help, which is English."""

_TOO_MANY = re.compile(r"Got unexpected extra arguments? \((.+)\)", re.DOTALL)


def no_such_command(name: str, known: Iterable[str], program: str) -> UsageError:
    """Return the complaint about a command that there is not.

    Args:
        name: What was called.
        known: The commands.
        program: What help is asked of.
    """
    near = nearest(name, known)
    values = {"name": name, "near": near, "program": program}
    return UsageError(
        Message("there is no command {name}; did you mean {near}?", values)
        if near
        else Message("there is no command {name}; see: {program} --help", values)
    )


def complaint(error: click.UsageError, context: click.Context, arguments: Sequence[str]) -> Message:
    """Return click's complaint as one sentence that says what was meant, or where help is.

    Args:
        error: What click complains about.
        context: That of the command.
        arguments: The whole command line: of `-format` click names `-f` alone.

    Returns:
        A sentence that can be translated; one that is not known here is click's own, in English
        throughout.
    """
    place = context.command_path
    if message := _understood(error, context, arguments):
        return message
    text = " ".join(error.format_message().split()).removesuffix(".")
    return Message("{reason}", {"reason": f"{text}. See: {place} --help"})


def _understood(
    error: click.UsageError, context: click.Context, arguments: Sequence[str]
) -> Message | None:
    place = context.command_path
    message = None
    match error:
        case click.NoSuchOption():
            message = _no_such_option(error.option_name, context, arguments)
        case click.MissingParameter(param=click.Parameter() as parameter):
            message = _missing(parameter, place)
        case InvalidValueError(param=click.Parameter() as parameter):
            values = {"option": _name(parameter), "reason": error.reason}
            message = Message("{option}: {reason}", values)
        case click.BadParameter(param=click.Parameter() as parameter):
            message = _invalid(parameter, error.message)
        case click.BadOptionUsage():
            message = _wrong_number_of_values(error.option_name, context, place)
        case _ if found := _TOO_MANY.match(error.message):
            values = {"text": " ".join(found[1].split()), "program": place}
            message = Message("not expected: {text}; see: {program} --help", values)
    return message


def _no_such_option(name: str, context: click.Context, arguments: Sequence[str]) -> Message:
    place = context.command_path
    if usage := _usage_of_program(name, context):
        return Message("{name} goes before the command: {usage}", {"name": name, "usage": usage})
    known = [spelling for option in _options(context) for spelling in _spellings(option)]
    near = nearest(name, known, _MISTYPED)
    if not name.startswith("--"):
        written = next((text for text in arguments if text.startswith(name)), name)
        long = _ONE_DASH.match(written)
        meant = nearest(f"-{long[0]}", known, _MISTYPED) if long else None
        if long and meant:
            name, near = long[0], meant
        elif usage := _usage_of_text(context, place):
            return Message(
                "there is no option {name}; a text that begins with - goes behind --: {usage}",
                {"name": name.strip(), "usage": usage},
            )
    values = {"name": name.strip(), "near": near, "program": place}
    if near:
        return Message("there is no option {name}; did you mean {near}?", values)
    return Message("there is no option {name}; see: {program} --help", values)


def _usage_of_program(name: str, context: click.Context) -> str:
    """Return how an option of the program is given; empty where it is none, or in its place."""
    root = context.find_root()
    option = next((one for one in _options(root) if name in _spellings(one)), None)
    if root is context or option is None:
        return ""
    value = "" if option.is_flag else f" {option.metavar}"
    command = "" if option.is_eager else f" {context.info_name} …"
    return f"{root.info_name} {name}{value}{command}"


def _usage_of_text(context: click.Context, place: str) -> str:
    """Return how a command is given a text that looks like an option; empty where it takes none."""
    arguments = [each for each in context.command.params if isinstance(each, click.Argument)]
    if not arguments or arguments[-1].nargs != -1:
        return ""
    before = [_name(argument) for argument in arguments[:-1]]
    return " ".join([place, "[…]", *before, "--", _name(arguments[-1])])


def _missing(parameter: click.Parameter, place: str) -> Message:
    name = _name(parameter)
    values = {"name": _ARGUMENTS.get(name, name), "program": place}
    if isinstance(parameter.type, click.Choice):
        choices = tuple(map(str, parameter.type.choices))
        return Message("{name} is missing; there are: {choices}", {**values, "choices": choices})
    return Message("{name} is missing; see: {program} --help", values)


def _invalid(parameter: click.Parameter, reason: str) -> Message | None:
    """Return what is wrong with a value, by the type of its parameter and click's reason."""
    name, text = _name(parameter), _quoted_in(reason)
    match parameter.type:
        case click.Choice(choices=choices) if text is not None:
            known = [str(choice) for choice in choices]
            return unknown_word(name, text, nearest(text, known), known).message
        case click.Path() as wanted if text is not None:
            return _no_such_place(name, text, wanted)
        case click.IntRange(min=int() as least, max=int() as most):
            values = {"option": name, "least": str(least), "most": str(most)}
            return Message("{option}: a whole number from {least} to {most} is wanted", values)
        case click.FloatRange(min=int() | float() as bound, max=None, min_open=True):
            values = {"option": name, "bound": f"{bound:g}"}
            return Message("{option}: a number greater than {bound} is wanted", values)
    return None


def _no_such_place(name: str, text: str, wanted: click.Path) -> Message | None:
    """Return what is wrong with a file or folder that is named."""
    values, place = {"option": name, "path": text}, Path(text)
    if not wanted.file_okay:
        if not place.exists():
            return Message("{option}: there is no folder {path}", values)
        return None if place.is_dir() else Message("{option}: {path} is no folder", values)
    if not place.exists():
        return Message("{option}: there is no file {path}", values)
    return Message("{option}: {path} is a folder", values) if place.is_dir() else None


def _quoted_in(reason: str) -> str | None:
    """Return the value that click quotes, if it does."""
    if quoted := _QUOTED.search(reason):
        with contextlib.suppress(ValueError, SyntaxError):
            return str(ast.literal_eval(quoted[0]))
    return None


def _wrong_number_of_values(name: str, context: click.Context, place: str) -> Message:
    values = {"option": name, "program": place}
    if any(option.is_flag for option in _options(context) if name in _spellings(option)):
        return Message("{option} takes no value; see: {program} --help", values)
    return Message("{option} needs a value; see: {program} --help", values)


def _name(parameter: click.Parameter) -> str:
    """Return what a person calls a parameter: an option as it is written out, or what help says."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name.strip("[].…")


def _options(context: click.Context) -> Iterator[click.Option]:
    parameters = context.command.get_params(context)
    return (parameter for parameter in parameters if isinstance(parameter, click.Option))


def _spellings(option: click.Option) -> tuple[str, ...]:
    return (*option.opts, *option.secondary_opts)
