"""What is wrong in `tracker.yaml`, in words, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.config_shape import SHAPES, ConfigFile, WordSetting
from tracker.diagnostics import FILE_START, Problem, Span, did_you_mean
from tracker.text import nearest
from tracker.translation import Message
from tracker.yamltree import Mapping, Node, Scalar

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def locate(
    root: Node | None, path: tuple[int | str, ...], *, at_key: bool = False
) -> tuple[Span, list[str]]:
    """Return the span of the deepest node on a path, or its key's; and the keys known there."""
    span = root.span if root else FILE_START
    node = root
    for part in path:
        if isinstance(node, Mapping):
            found = [(key, value) for key, value in node.entries if key.text == part]
            if not found:
                break
            span, node = found[0][0].span, found[0][1]
            if not isinstance(node, Mapping) and not at_key:
                span = node.span if isinstance(node, Scalar) and node.text else span
        elif node is not None and not isinstance(node, Scalar) and isinstance(part, int):
            node = node.items[part]
            span = node.span
    shape = SHAPES.get(str(path[0]) if path else "", WordSetting)
    return span, list(shape.model_fields)


def config_problem(path: tuple[int | str, ...], detail: ErrorDetails, root: Node | None) -> Problem:
    """Return an error of pydantic as a problem at its place.

    Args:
        path: Keys and places in lists that lead to what is wrong.
        detail: The error.
        root: The file's tree.
    """
    unknown = detail["type"] == "extra_forbidden"
    span, keys = locate(root, path, at_key=unknown or path[-1:] == ("[key]",))
    if unknown:
        key = str(path[-1])
        near = nearest(key, keys if len(path) > 1 else list(ConfigFile.model_fields))
        return Problem(
            "config-unknown-key",
            span,
            Message("‘{key}’ is not a setting", {"key": key}),
            did_you_mean(near),
        )
    where = ".".join(str(part) for part in path if part != "[key]")
    return invalid(span, where, _reason(detail))


def invalid(span: Span, where: str, reason: Message, near: str | None = None) -> Problem:
    """Return the problem of a setting that is left out.

    Args:
        span: Where it stands.
        where: Its keys, joined by dots.
        reason: What is wrong with it.
        near: What was meant, probably.
    """
    return Problem(
        "config-invalid",
        span,
        Message("{where}: {reason}; this is left out", {"where": where, "reason": reason}),
        did_you_mean(near),
    )


def _reason(detail: ErrorDetails) -> Message:
    """Return what is wrong with a setting, in words that can be translated."""
    context = detail.get("ctx", {})
    found = next((reason for types, reason in _REASONS if detail["type"] in types), None)
    if found is None:
        return Message("{reason}", {"reason": detail["msg"]})
    if "{value}" in found.template and not isinstance(detail["input"], str):
        return _ONE_TEXT
    expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    limit = next((context[key] for key in ("ge", "gt", "le", "max_length") if key in context), "")
    return Message(found.template, {"value": detail["input"], "words": expected, "limit": limit})


_ONE_TEXT = Message("one text is wanted")
_REASONS = (
    (("literal_error", "enum"), Message("‘{value}’ is none of: {words}")),
    (
        ("int_parsing", "int_type", "int_from_float", "int_parsing_size"),
        Message("‘{value}’ is no whole number"),
    ),
    (("decimal_parsing", "decimal_type", "finite_number"), Message("‘{value}’ is not a number")),
    (("greater_than_equal",), Message("‘{value}’ is below {limit}")),
    (("greater_than",), Message("‘{value}’ is not above {limit}")),
    (("less_than_equal",), Message("‘{value}’ is above {limit}")),
    (("bool_parsing", "bool_type"), Message("‘{value}’ is neither true nor false")),
    (("string_too_short",), Message("the text is empty")),
    (("string_too_long",), Message("the text is longer than {limit} characters")),
    (("string_pattern_mismatch",), Message("‘{value}’ may hold letters, digits, and - _ . only")),
    (("string_type",), _ONE_TEXT),
    (("list_type",), Message("a list is wanted")),
    (
        ("dict_type", "model_type", "model_attributes_type"),
        Message("`key: value` lines are wanted"),
    ),
    (("missing",), Message("it is missing")),
    (("currency",), Message("‘{value}’ is not a currency code")),
    (("edit_scheme",), Message("‘{value}’ begins with none of the schemes {words}")),
    (("edit_placeholder",), Message("‘{value}’ holds a placeholder that is none of {words}")),
    (("edit_path",), Message("‘{value}’ does not say with {words} which file is meant")),
    (("edit_blank",), Message("‘{value}’ holds a blank; write %20 for one")),
    (("time_zone",), Message("there is no time zone ‘{value}’; write one such as Asia/Shanghai")),
)
"""What is wrong, by pydantic's name for it."""
