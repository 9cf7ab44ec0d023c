from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config_file import default_config, parse_config
from tracker.format.parser import parse_record
from tracker.schema import FRONT_MATTER, Field, Kind, canonical_order
from tracker.starter.record_template import built_in_template
from tracker.yamltree import Mapping, Scalar, Sequence, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config
    from tracker.yamltree import Node

LANGUAGES = ("zh", "en")
NOT_OF_NEW_RECORDS = {"id", "aliases", "not_duplicate_of"}
"""The stem of the file is enough for the one; the others tell of a past that new records lack."""


def filled(template: str, config: Config) -> str:
    """Return the template with the fields that a record cannot be without."""
    text = template
    for key, value in (
        ("name", "恒达"),
        ("stage", next(iter(config.stages)).label),
        ("owner", "Li"),
    ):
        text, count = re.subn(rf"^{key}:", rf"\g<0> {value}", text, count=1, flags=re.MULTILINE)
        assert count == 1
    return text


def front_matter(text: str) -> Node:
    tree = read_yaml(text.split("---\n")[1])
    assert not tree.problems
    assert tree.root is not None
    return tree.root


def keys(node: Node, prefix: str = "") -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield f"{prefix}{key.text}"
            yield from keys(value, f"{prefix}{key.text}.")
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from keys(item, prefix)


def table(fields: tuple[Field, ...], prefix: str = "") -> Iterator[str]:
    for field in fields:
        yield f"{prefix}{field.key}"
        yield from table(field.children, f"{prefix}{field.key}.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_made_from_it_has_no_problem(language: Literal["zh", "en"]) -> None:
    config = default_config(language)
    parsed = parse_record(filled(built_in_template(config), config), "records/a.md", config)
    assert parsed.problems == ()
    assert parsed.customer is not None
    assert parsed.customer.name == "恒达"
    assert parsed.customer.background == ""
    assert (parsed.customer.contacts, parsed.customer.deal, parsed.customer.lost) == (
        (),
        None,
        None,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_holds_every_field_in_canonical_order(language: Literal["zh", "en"]) -> None:
    template = built_in_template(default_config(language))
    uncommented = re.sub(r"^# (?=[ \w-]*[a-z]+:)", "", template, flags=re.MULTILINE)
    assert list(keys(front_matter(uncommented))) == [
        path for path in table(canonical_order(FRONT_MATTER)) if path not in NOT_OF_NEW_RECORDS
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_field_has_a_comment_and_each_vocabulary_its_words(
    language: Literal["zh", "en"],
) -> None:
    config = default_config(language)
    lines = built_in_template(config).splitlines()
    bare = [line for line in lines if re.search(r"[a-z]:( \[\])?$", line)]
    assert bare == ["# contacts:", "needs:"], "theirs stand above them"
    for field in (field for field in _all(FRONT_MATTER) if field.kind is Kind.WORD):
        assert field.vocabulary
        words = " / ".join(term.label for term in config.terms(field.vocabulary))
        assert [line for line in lines if f" {field.key}:" in f" {line}" and words in line]


def test_it_says_the_words_people_and_fields_of_the_workspace() -> None:
    config, problems = parse_config(
        "language: en\ncurrency: EUR\nstages: [{label: first talk, kind: open}]\n"
        "owners: [Li Lei, Ada]\nfields:\n  lines: {label: Lines, type: number, help: how many}\n"
        "  brand: {choices: [ABB, none]}\n"
    )
    assert problems == []
    template = built_in_template(config)
    assert "required: first talk\n" in template
    assert "required: Li Lei / Ada\n" in template
    assert "480000 EUR\n" in template
    assert "\nlines: # Lines: how many\nbrand: # brand: ABB / none\n" in template


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_word_of_a_workspace_breaks_out_of_its_comment(label: str, meaning: str) -> None:
    quoted = [_quoted(text) for text in (label, meaning)]
    config, _ = parse_config(
        f"stages: [{{id: one, label: {quoted[0]}}}]\nowners: [{quoted[0]}]\n"
        f"fields:\n  extra: {{label: {quoted[0]}, help: {quoted[1]}}}\n"
    )
    root = front_matter(built_in_template(config))
    assert isinstance(root, Mapping)
    declared = [field.key for field in config.fields]
    assert [
        key.text for key, _ in root.entries if key.text not in dict.fromkeys(table(FRONT_MATTER))
    ] == declared
    for key, value in root.entries:
        if isinstance(value, Scalar):
            assert value.text == "", key


def _quoted(text: str) -> str:
    return (
        '"'
        + "".join(
            char if char.isalnum() and char.isascii() else f"\\U{ord(char):08x}" for char in text
        )
        + '"'
    )


def _all(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _all(field.children)
