"""The report for programs is just what is promised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema

from tests.reporters.conftest import ENGLISH, no_line, one_problem
from tracker.diagnostics import Span
from tracker.reporters.json import render
from tracker.reporters.report import Report
from tracker.rules.registry import all_rules

if TYPE_CHECKING:
    import gettext

COUNT = {"type": "integer", "minimum": 0}
PLACE = {"type": "integer", "minimum": 1}
TEXT = {"type": "string", "minLength": 1}
PROBLEM = {
    "path": TEXT,
    "line": PLACE,
    "column": PLACE,
    "end_line": PLACE,
    "end_column": PLACE,
    "severity": {"enum": ["error", "warning", "info"]},
    "code": {"enum": list(all_rules())},
    "message": TEXT,
    "hint": {"type": ["string", "null"], "minLength": 1},
}
TOP = {
    "errors": COUNT,
    "warnings": COUNT,
    "records": COUNT,
    "problems": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": PROBLEM,
            "required": list(PROBLEM),
            "additionalProperties": False,
        },
    },
}
SCHEMA = {
    "type": "object",
    "properties": TOP,
    "required": list(TOP),
    "additionalProperties": False,
}


def test_the_shape(broken: tuple[Report, gettext.NullTranslations]) -> None:
    report, language = broken
    data = json.loads("".join(render(report, language)))
    jsonschema.validate(data, SCHEMA)
    severities = [problem["severity"] for problem in data["problems"]]
    assert data["errors"] == severities.count("error") > 0
    assert data["warnings"] == severities.count("warning") > 0
    assert data["records"] == 6
    assert len(data["problems"]) == len(report.diagnostics)


def test_a_problem_as_it_is() -> None:
    report = one_problem(Span(3, 1, 3, 6), "‘leval’?", "level", folder="elsewhere")
    (text,) = render(report, ENGLISH)
    assert text.endswith("}\n")
    assert "‘leval’" in text
    assert json.loads(text)["problems"] == [
        {
            "path": "records/a.md",
            "line": 3,
            "column": 1,
            "end_line": 3,
            "end_column": 6,
            "severity": "error",
            "code": "unknown-key",
            "message": "‘leval’?",
            "hint": "level",
        }
    ]


def test_nothing_wrong() -> None:
    (text,) = render(Report([], 2, no_line), ENGLISH)
    assert json.loads(text) == {"errors": 0, "warnings": 0, "records": 2, "problems": []}
