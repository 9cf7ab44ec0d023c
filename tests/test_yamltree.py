"""YAML as a tree of text, with and without libyaml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker import yamltree
from tracker.diagnostics import Span
from tracker.yamltree import Mapping, Node, Scalar, Sequence, Tree, read_yaml

RECORDS = sorted((Path(__file__).parent.parent / "records").glob("*.md"))


def read_without_libyaml(text: str) -> Tree:
    loaders = yamltree.EVENT_LOADERS
    yamltree.EVENT_LOADERS = (yaml.Loader,)
    try:
        return read_yaml(text)
    finally:
        yamltree.EVENT_LOADERS = loaders


def root_of(text: str) -> Mapping:
    tree = read_yaml(text)
    assert isinstance(tree.root, Mapping), tree.problems
    return tree.root


def plain(node: Node | None) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return [(key.text, plain(value)) for key, value in node.entries] if node else None


def codes(text: str) -> list[str]:
    return [problem.code for problem in read_yaml(text).problems]


@pytest.mark.parametrize(
    "value",
    ["no", "010", "0512-66881234", "12:30", "2026-02-30", "1e5", "~", "null", "0x1F", "=", "1_000"],
)
def test_every_scalar_is_the_text_that_was_written(value: str) -> None:
    assert plain(root_of(f"key: {value}")) == [("key", value)]


def test_quotes_and_blocks_are_undone() -> None:
    text = "a: 'it''s'\nb: \"x\\ny\"\nc: |\n  one\n  two\nd: >\n  one\n  two\ne:\n"
    assert plain(root_of(text)) == [
        ("a", "it's"),
        ("b", "x\ny"),
        ("c", "one\ntwo\n"),
        ("d", "one two\n"),
        ("e", ""),
    ]


def test_places_count_characters_in_chinese_and_emoji() -> None:
    root = root_of("名称: 😀恒达 精密\n联系人:\n  - 姓名: 王芳\n    电话: '0512'\n")
    (name, value), (_, contacts) = root.entries
    assert name.span == Span(1, 1, 1, 3)
    assert value.span == Span(1, 5, 1, 11)
    assert isinstance(contacts, Sequence)
    first = contacts.items[0]
    assert isinstance(first, Mapping)
    assert first.entries[1][1].span == Span(4, 9, 4, 15)
    assert contacts.span == Span(3, 3, 4, 15)


def test_lines_count_from_where_the_text_stands_in_its_file() -> None:
    tree = read_yaml("a: 1\nb: [", first_line=10)
    assert tree.problems[0].span.line == 11


def test_a_key_that_stands_twice_is_in_the_tree_twice() -> None:
    assert plain(root_of("a: 1\na: 2")) == [("a", "1"), ("a", "2")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x 1", "an anchor (&name) is not allowed"),
        ("a: &x [1]", "an anchor (&name) is not allowed"),
        ("a: *x", "an alias (*name) is not allowed"),
        ("a: !!int 1", "a tag (!name) is not allowed"),
        ("a: ! 1", "a tag (!name) is not allowed"),
        ("a: !mine {b: c}", "a tag (!name) is not allowed"),
    ],
)
def test_features_beyond_text_are_refused_where_they_stand(text: str, message: str) -> None:
    (problem,) = read_yaml(text).problems
    assert problem.code == "yaml-feature"
    assert str(problem.message) == message
    assert problem.span[:2] == (1, 4)


def test_a_merge_key_is_only_a_key() -> None:
    tree = read_yaml("base: &b {x: 1}\na:\n  <<: *b\n  y: 2")
    assert [problem.code for problem in tree.problems] == ["yaml-feature", "yaml-feature"]
    assert plain(tree.root) == [("base", [("x", "1")]), ("a", [("<<", ""), ("y", "2")])]


def test_aliases_cannot_multiply() -> None:
    text = "a: &a [x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
    )
    assert set(codes(text)) == {"yaml-feature"}


def test_a_second_document_is_an_error() -> None:
    (problem,) = read_yaml("a: 1\n---\nb: 2").problems
    assert (problem.code, problem.span.line) == ("yaml-syntax", 2)


def test_depth_is_bounded_before_anything_is_built() -> None:
    assert codes("[" * 20 + "]" * 20) == []
    assert codes("[" * 21 + "]" * 21) == ["yaml-depth"]
    assert codes("[" * 60_000) == ["yaml-depth"]
    assert read_yaml("- " * 10 + "x", max_depth=9).problems[0].code == "yaml-depth"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("phone: 电话 #2", Span(1, 11, 1, 13)),
        ("phone: #2", Span(1, 8, 1, 10)),
        ("- a #b", Span(1, 5, 1, 7)),
        ("a: one\n  two #3", Span(2, 7, 2, 9)),
    ],
)
def test_a_value_cut_by_a_comment(text: str, span: Span) -> None:
    (problem,) = read_yaml(text).problems
    assert problem.code == "cut-by-comment"
    assert problem.span == span


@pytest.mark.parametrize(
    "text", ["a: b # note", "a: 'b' #2", "a: b#2", "# x\na: b", "a: |\n  b #2"]
)
def test_comments_and_signs_that_cut_nothing(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: b: c", (1, 5), "a colon stands where no key can be"),
        ("a: 'x\nb: c", (1, 4), "quotes opened here are not closed"),
        ("a: [1, 2\nb: c", (1, 4), "list opened here"),
        ("a: {b: c", (1, 4), "group opened here"),
        ("a: @x", (1, 4), "a value cannot begin with this sign"),
        ("a: `x", (1, 4), "a value cannot begin with this sign"),
        ("a:\tb", (1, 3), "a tab stands"),
        ("a: b\nc\nd: e", (2, 1), "not a `key: value` line"),
        ("a: 1\n- b", (2, 1), "not indented like"),
        ('a: "\\q"', (1, 6), "begins an escape"),
        ("a: |x", (1, 5), "this is not YAML"),
        ("a: b\u2028c", (1, 5), "U+2028"),
        ("a: b\x07", (1, 5), "U+0007"),
        ("a: \ufeffb", (1, 4), "U+FEFF"),
        ("[a]: b", (1, 1), "a key must be a word"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(
    text: str, place: tuple[int, int], words: str
) -> None:
    (problem,) = read_yaml(text).problems
    assert problem.code == "yaml-syntax"
    assert words in str(problem.message)
    assert problem.span[:2] == place


def test_question_marks_are_text() -> None:
    text = "a: [why?, http://x.example/?a=1]\nb: ? c\nd: 'e?'"
    assert plain(root_of(text)) == [
        ("a", ["why?", "http://x.example/?a=1"]),
        ("b", "? c"),
        ("d", "e?"),
    ]


PIECES = st.sampled_from(
    [
        *("a", "名", "😀", "键", "name: ", "x: y\n", "0", "~", "=", "\\", "\\n", "\\u4e2d"),
        *(" ", "  ", "\n", "\n  ", "\n- ", "\n  - ", "\t", "\u3000", "\x85", "\u2028", "\ufeff"),
        *(": ", ":", "：", ":\n", "- ", "-", "?", "? ", "[", "]", "{", "}", ",", ", ", "#", " #"),
        *("&a ", "*a", "!", "!!str ", "! ", "|", "|\n  ", ">", "|-", "|+\n", "'", '"', "%", "@"),
        *("`", "---", "---\n", "...\n", "<<: ", '"x"', "'x'", "%YAML 1.1\n", "k: [", "{a: "),
    ]
)
YAMLISH = st.lists(PIECES, max_size=14).map("".join)


@pytest.mark.skipif(not hasattr(yaml, "CLoader"), reason="no libyaml here")
@settings(max_examples=1500, deadline=None)
@given(YAMLISH)
@example("<<: ")
@example("a:\tb")
@example("k: [a: ]")
@example("{name: }")
@example('|#"x"')
@example("!*a! ")
@example("a: [x?, b]")
@example("a: \ufeffb")
@example("- ")
def test_libyaml_changes_nothing(text: str) -> None:
    assert read_yaml(text) == read_without_libyaml(text)


@pytest.mark.skipif(not hasattr(yaml, "CLoader"), reason="no libyaml here")
@pytest.mark.parametrize("path", RECORDS[:10], ids=lambda path: path.stem)
def test_libyaml_changes_nothing_in_the_demo(path: Path) -> None:
    matter = path.read_text(encoding="utf-8").split("\n---\n")[0]
    tree = read_yaml(matter)
    assert tree == read_without_libyaml(matter)
    assert tree.problems == []


@settings(deadline=None)
@given(st.text() | YAMLISH)
def test_every_place_lies_within_the_text(text: str) -> None:
    tree = read_yaml(text)
    lines = text.count("\n") + 1
    for problem in tree.problems:
        assert 1 <= problem.span.line <= lines + 1
        assert problem.span.column >= 1
        assert problem.span[:2] <= problem.span[2:]


@pytest.mark.parametrize(
    ("escape", "code"), [("\\0", "0000"), ("\\ud800", "D800"), ("\\x1b", "001B")]
)
def test_an_escape_that_is_no_text_is_a_problem(escape: str, code: str) -> None:
    tree = read_yaml(f'name: "甲{escape}乙"')
    (problem,) = tree.problems
    assert problem.code == "yaml-syntax"
    assert problem.span == Span(1, 7, 1, 7 + len(escape) + 4)
    assert f"U+{code}" in str(problem.message)
    assert isinstance(tree.root, Mapping)
    value = tree.root.entries[0][1]
    assert isinstance(value, Scalar)
    assert value.text == "甲\ufffd乙"
