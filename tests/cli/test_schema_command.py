from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker


def test_it_knows_the_words_of_the_workspace(tracker: Tracker, chinese: Path) -> None:
    (chinese / "tracker.yaml").write_text(
        "language: zh\nstages: [初谈, {label: 成交, kind: won}]\n", encoding="utf-8"
    )
    ended = tracker(chinese / "records", "schema")
    assert (ended.code, ended.err) == (0, "")
    schema = json.loads(ended.out)
    assert schema["$defs"]["stage"]["title"] == "客户阶段"
    validator = Draft202012Validator(schema)
    record = {"name": "a", "stage": "初谈", "owner": "b"}
    assert validator.is_valid(record)
    assert not validator.is_valid({**record, "stage": "商务谈判"})


def test_outside_of_a_workspace_it_knows_the_built_in_words(
    tracker: Tracker, tmp_path: Path
) -> None:
    ended = tracker(tmp_path, "schema", LC_ALL="C")
    assert (ended.code, ended.err) == (0, "")
    schema = json.loads(ended.out)
    assert schema["$defs"]["stage"]["title"] == "stage"
    for stage in ("商务谈判", "negotiation"):
        record = {"name": "a", "stage": stage, "owner": "b"}
        assert Draft202012Validator(schema).is_valid(record)


@pytest.mark.parametrize(("language", "title"), [("zh", "客户名称"), ("en", "name")])
def test_the_language_can_be_chosen(
    tracker: Tracker, chinese: Path, english: Path, language: str, title: str
) -> None:
    for folder in (chinese, english):
        schema = json.loads(tracker(folder, "schema", "--lang", language).out)
        assert schema["$defs"]["name"]["title"] == title


def test_it_describes_what_is_exported(tracker: Tracker, chinese: Path) -> None:
    schema = json.loads(tracker(chinese, "schema", "--exported").out)
    record = json.loads(tracker(chinese, "show", "hengda", "--format", "json").out)
    Draft202012Validator(schema).validate(record)
    assert schema["properties"]["name"]["description"] == "公司全称"
