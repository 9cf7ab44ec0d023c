from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.record_strategies import CONFIGS, PATH, records
from tracker.config_file import default_config, parse_config
from tracker.exchange.json_schema import DIALECT, record_schema
from tracker.format.frontmatter import split
from tracker.format.parser import parse_record
from tracker.format.values import Fault, read_value
from tracker.library.loader import load_library
from tracker.schema import CONTACT_FIELDS, DEAL_ITEM_FIELDS, FRONT_MATTER, Field, Kind
from tracker.starter.record_template import built_in_template
from tracker.text import fold
from tracker.yamltree import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.yamltree import Node

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh", "en")


def texts(node: Node) -> Any:  # noqa: ANN401  # data as JSON has it
    """Return a tree as an editor sees it that takes every value for a text."""
    if isinstance(node, Mapping):
        return {key.text: texts(value) for key, value in node.entries}
    if isinstance(node, Scalar):
        return None if node.plain and not node.text else node.text
    return [texts(item) for item in node.items]


def typed(node: Node) -> Any:  # noqa: ANN401  # as above
    """Return a tree as an editor sees it that types values as YAML 1.2 does."""
    if isinstance(node, Mapping):
        return {key.text: typed(value) for key, value in node.entries}
    if not isinstance(node, Scalar):
        return [typed(item) for item in node.items]
    if node.plain:
        for pattern, read in TYPES.items():
            if re.fullmatch(pattern, node.text, re.IGNORECASE):
                return read(node.text)
    return node.text


TYPES: dict[str, Callable[[str], object]] = {
    r"|~|null": lambda _: None,
    r"true|false": lambda text: text.lower() == "true",
    r"[-+]?[0-9]+": int,
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e[-+]?[0-9]+)?": float,
}
"""What YAML 1.2 takes for more than a text."""


def listed(value: Any, unknown: set[str]) -> Any:  # noqa: ANN401  # as above
    """Return data without unknown keys, and with required ones in a spelling that is listed."""
    if isinstance(value, dict):
        return {
            REQUIRED.get(fold(key), key): listed(inner, unknown)
            for key, inner in value.items()
            if key not in unknown
        }
    return [listed(inner, unknown) for inner in value] if isinstance(value, list) else value


REQUIRED = {
    fold(spelling): spelling
    for fields in (FRONT_MATTER, CONTACT_FIELDS, DEAL_ITEM_FIELDS)
    for field in fields
    if field.required
    for spelling in field.spellings
}


def front_matter(text: str, config: Config) -> Node:
    root = split(text, config.limits).root
    assert root is not None
    return root


def faults(schema: dict[str, Any], value: object) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:200]}"
        for error in Draft202012Validator(schema).iter_errors(value)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_schema_of_the_dialect_that_it_names(language: str) -> None:
    schema = record_schema(default_config("zh"), language)
    assert schema["$schema"] == DIALECT
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("see", [texts, typed])
@pytest.mark.parametrize(
    "folder",
    [".", "tests/workspaces/small-zh", "tests/workspaces/small-en"],
)
def test_records_without_errors_fit(folder: str, see: Any) -> None:  # noqa: ANN401  # two types
    library = load_library(ROOT / folder)
    schema = record_schema(library.config, "zh")
    read = [entry for entry in library.entries if entry.customer and not entry.problems]
    assert len(read) >= 2
    for entry in read:
        assert faults(schema, see(front_matter(entry.text, library.config))) == [], entry.path


@pytest.mark.parametrize("see", [texts, typed])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_demo_of_a_new_workspace_fits(language: Any, see: Any) -> None:  # noqa: ANN401  # data of any shape
    config = default_config(language)
    schema = record_schema(config, language)
    files = list((ROOT / "tracker/starter/files" / language / "demo").iterdir())
    assert len(files) >= 10
    for file in files:
        root = front_matter(file.read_text(encoding="utf-8"), config)
        assert faults(schema, see(root)) == [], file.name


@given(st.sampled_from(CONFIGS), records())
def test_whatever_is_read_without_an_error_fits(config: Config, text: str) -> None:
    unknown = {
        str(problem.message.values["key"])
        for problem in parse_record(text, PATH, config).problems
        if problem.code == "unknown-key"
    }
    value = listed(texts(front_matter(text, config)), unknown)
    assert faults(record_schema(config, "en"), value) == []


SINGLE = {
    name: field
    for prefix, fields in (("", FRONT_MATTER), *((f"{f.key}:", f.children) for f in FRONT_MATTER))
    for field in fields
    for name in [f"{prefix}{field.key}"]
    if not field.children and field.kind is not Kind.LIST
}
"""Fields of one value by the names of their definitions."""


@given(
    st.sampled_from(sorted(SINGLE)).flatmap(lambda n: st.tuples(st.just(n), _written(SINGLE[n])))
)
def test_whatever_one_value_is_read_from_fits(example: tuple[str, str]) -> None:
    name, text = example
    if text and not isinstance(read_value(SINGLE[name], text, default_config("zh")), Fault):
        assert faults(SCHEMA["$defs"][name], text) == []


def _written(field: Field) -> st.SearchStrategy[str]:
    """Return texts that look like values of a field."""
    by_kind = {
        Kind.DATE: r"20[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2}",
        Kind.MONEY: r"(USD |US\$|¥)?[0-9]{1,3}(,[0-9]{3})?(\.[0-9])?[kM万]?( EUR|元)?",
        Kind.MONEY_RANGE: r"\$?[0-9]{1,2}[kM]?( - | to |~)[0-9]{3}[kM]?( USD)?",
        Kind.NUMBER: r"-?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?",
        Kind.URL: r"HTTPS?://[a-z]{1,5}\.example(/[a-z?=]*)?",
        Kind.EMAIL: r"[a-z.+]{1,9}@[a-z-]{1,5}\.example",
        Kind.PHONE: r"\+?[0-9 ()./-]{3,15}( ext 12)?",
        Kind.SLUG: r"[a-zA-Z0-9][a-z._-]{0,9}",
        Kind.BOOL: r"[yY]es|NO|True|[01]",
    }
    if field.vocabulary:
        terms = default_config("zh").terms(field.vocabulary)
        spellings = [text for term in terms for text in term.spellings]
        return st.sampled_from([*spellings, *map(str.upper, spellings)])
    pattern = by_kind.get(field.kind)
    return st.from_regex(pattern, fullmatch=True) if pattern else st.text()


SCHEMA = record_schema(default_config("zh"), "en")
GOOD = {"name": "Acme", "stage": "成交", "owner": "Li Lei"}


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": "won"},
        {"stage": "closed won"},
        {"stage": "Closed-Won"},
        {"客户等级": "A类"},
        {"expected close": "2026-12-20"},
        {"created": "2026/1/2"},
        {"created": "2026年11月20日"},
        {"created": None},
        {"created": ""},
        {"value": 480000},
        {"value": "480000"},
        {"value": "¥48万"},
        {"value": "1.2M USD"},
        {"tags": "a, b"},
        {"tags": ["a", 2026, None]},
        {"contacts": {"name": "Wang"}},
        {"contacts": [{"姓名": "王芳", "电话": "0512-66881234", "主要": "是"}]},
        {"contacts": [{"name": "W", "phone": 5126688, "primary": True}]},
        {"offers": [{"amount": "450000-500000 CNY"}]},
        {"needs": {"core": ["x"], "痛点": "y"}},
        {"owner": "somebody else"},
    ],
)
def test_right_values_fit(changes: dict[str, Any]) -> None:
    schema = record_schema(default_config("zh"), "zh")
    assert faults(schema, {**GOOD, **changes}) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"stage": "nonsense"}, "$.stage"),
        ({"stage": None}, "$.stage"),
        ({"name": ""}, "$.name"),
        ({"name": ["a"]}, "$.name"),
        ({"levle": "A"}, "$"),
        ({"created": "2026-02-30"}, "$.created"),
        ({"created": "2026-04-31"}, "$.created"),
        ({"created": "tomorrow"}, "$.created"),
        ({"created": 20261120}, "$.created"),
        ({"value": "a lot"}, "$.value"),
        ({"value": True}, "$.value"),
        ({"website": "example.com"}, "$.website"),
        ({"tags": {"a": "b"}}, "$.tags"),
        ({"id": "a b"}, "$.id"),
        ({"contacts": ["Wang"]}, "$.contacts"),
        ({"contacts": [{"title": "CEO"}]}, "$.contacts"),
        ({"contacts": [{"name": "W", "email": "nobody"}]}, "$.contacts"),
        ({"contacts": [{"name": "W", "primary": "perhaps"}]}, "$.contacts"),
        ({"lost": {"reason": "weather"}}, "$.lost"),
        ({"deal": {"items": [{"name": "x", "quantity": "many"}]}}, "$.deal"),
    ],
)
def test_wrong_values_do_not_fit(changes: dict[str, Any], place: str) -> None:
    schema = record_schema(default_config("zh"), "zh")
    (fault,) = faults(schema, {**GOOD, **changes})
    assert fault.startswith(f"{place}:")


@pytest.mark.parametrize("key", ["name", "stage", "owner"])
def test_required_keys_may_be_chinese_but_not_missing(key: str) -> None:
    schema = record_schema(default_config("en"), "en")
    chinese = {"name": "客户名称", "stage": "客户阶段", "owner": "负责人"}
    value = dict(GOOD)
    text = value.pop(key)
    assert len(faults(schema, value)) == 1
    assert faults(schema, {**value, chinese[key]: text}) == []


def test_words_and_fields_of_the_workspace() -> None:
    config, problems = parse_config(
        "language: zh\nstages: [初谈, {label: 成交, kind: won}, '2']\nowners: [李雷]\n"
        "fields:\n  产线: {type: number}\n"
        "  a.b: {label: 品牌, choices: [国产, '日系'], required: true}\n"
    )
    assert problems == []
    schema = record_schema(config, "zh")
    good = {"name": "a", "stage": "初谈", "owner": "李雷", "品牌": "国产", "产线": 3}
    assert faults(schema, good) == []
    assert faults(schema, {**good, "stage": 2}) == []
    assert len(faults(schema, {**good, "stage": "商务谈判"})) == 1
    assert len(faults(schema, {**good, "产线": "三"})) == 1
    assert len(faults(schema, {**good, "品牌": "德系"})) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_a_key_means_in_either_language(language: str) -> None:
    schema = record_schema(default_config("zh"), language)
    for name, definition in schema["$defs"].items():
        chinese = bool(re.search(r"[\u4e00-\u9fff]", definition["description"]))
        assert chinese == (language == "zh"), name
    title = schema["$defs"]["expected_close"]["title"]
    assert title == ("预计成交日期" if language == "zh" else "expected_close")


def test_a_template_that_nobody_filled_in_lacks_what_is_required_and_nothing_else() -> None:
    config = default_config("en")
    root = front_matter(built_in_template(config), config)
    found = faults(record_schema(config, "en"), typed(root))
    assert {fault.partition(":")[0] for fault in found} == {"$.name", "$.stage", "$.owner"}
