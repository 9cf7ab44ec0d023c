"""`tracker.yaml`: read, typed and validated.

Every setting has a default, so an empty file is a valid one. A wrong setting is a located problem
and leaves that setting at its default, so that the records can still be read.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import ValidationError

from tracker.config import CONFIG_NAME, MAX_CONFIG_BYTES, Config
from tracker.config_problems import config_problem
from tracker.config_resolver import Resolver
from tracker.config_shape import ConfigFile
from tracker.diagnostics import Problem
from tracker.text_files import read_text_file
from tracker.translation import Message
from tracker.yamltree import Mapping, Node, Scalar, duplicate_key, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

_Plain: TypeAlias = "dict[str, Any] | list[Any] | str | None"
"""A tree of settings as plain data."""


def load_config(root: Path) -> tuple[Config, list[Problem]]:
    """Read the settings of a workspace; what is wrong in them comes beside them."""
    content = read_text_file(root / CONFIG_NAME, MAX_CONFIG_BYTES)
    if isinstance(content, Problem):
        return parse_config("", root.name)[0], [content]
    return parse_config(content.text, root.name)


def parse_config(text: str, default_title: str = "tracker") -> tuple[Config, list[Problem]]:
    """Type the text of a `tracker.yaml`.

    Returns:
        The settings, wrong ones at their defaults; and the problems with the codes of YAML
        itself, `duplicate-key`, `config-unknown-key` and `config-invalid`.
    """
    tree = read_yaml(text)
    root = tree.mapping("config-invalid", Message("tracker.yaml must hold `key: value` lines"))
    problems = list(tree.problems)
    data = _plain_mapping(root, problems) if root is not None else {}
    settings, places = _validate(data, root, problems)
    fingerprint = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    config = Resolver(settings, root, places, problems).config(default_title, fingerprint)
    problems.sort(key=lambda problem: problem.span)
    return config, problems


def _plain(node: Node, problems: list[Problem]) -> _Plain:
    """Return a tree as dicts, lists and texts; an empty value is None."""
    if isinstance(node, Mapping):
        return _plain_mapping(node, problems)
    if isinstance(node, Scalar):
        return node.text if node.text or not node.plain else None
    return [_plain(item, problems) for item in node.items]


def _plain_mapping(node: Mapping, problems: list[Problem]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for key, value in node.entries:
        if key.text in seen:
            problems.append(duplicate_key(key, seen[key.text]))
            continue
        seen[key.text] = key.span.line
        plain = _plain(value, problems)
        if plain is not None:
            result[key.text] = plain
    return result


def _validate(
    data: dict[str, Any], root: Node | None, problems: list[Problem]
) -> tuple[ConfigFile, dict[str, list[int]]]:
    """Type the settings; of a wrong one, no more is dropped than is wrong in it.

    Returns:
        The settings; and for each list, at which place of the file its items stand.
    """
    places = {
        name: list(range(len(items))) for name, items in data.items() if isinstance(items, list)
    }
    try:
        return ConfigFile.model_validate(data), places
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems += [config_problem(detail["loc"], detail, root) for detail in details]
    for detail in details:
        _drop(data, detail["loc"])
    places = {
        name: [place for place in kept if data[name][place] is not _GONE]
        for name, kept in places.items()
        if data[name] is not _GONE
    }
    data = _kept(data)
    try:
        return ConfigFile.model_validate(data), places
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors(include_url=False)}
        places = {name: kept for name, kept in places.items() if name not in wrong}
        return ConfigFile.model_validate(
            {key: data[key] for key in data if key not in wrong}
        ), places


_GONE = object()
"""Stands where a wrong setting stood, so that the places of the others stay."""


_NEEDED = frozenset({("owners", "name"), ("views", "query")})
"""Keys without which the group that they stand in means nothing."""


def _drop(data: dict[str, Any], path: tuple[int | str, ...]) -> None:
    """Take the deepest part of the settings that a path leads to out of them."""
    holder: Any = data
    place: Any = path[0]
    for part in path[1:]:
        inner = holder[place]
        needed = (path[0], part) in _NEEDED
        within = isinstance(inner, dict) and part in inner and not needed
        if not within and not (isinstance(inner, list) and isinstance(part, int)):
            break
        holder, place = inner, part
    holder[place] = _GONE


def _kept(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings without what is gone."""
    return {key: _compact(value) for key, value in settings.items() if value is not _GONE}


def _compact(value: _Plain) -> _Plain:
    if isinstance(value, dict):
        return _kept(value)
    if isinstance(value, list):
        return [_compact(inner) for inner in value if inner is not _GONE]
    return value


def default_config(language: Literal["zh", "en"] = "en") -> Config:
    """Return the settings of an empty `tracker.yaml` in a language."""
    return parse_config(f"language: {language}")[0]
