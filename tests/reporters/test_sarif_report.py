"""The SARIF log has the shape of SARIF 2.1.0, section 3 of the OASIS standard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema

from tests.reporters.conftest import ENGLISH, one_problem
from tracker import __version__
from tracker.diagnostics import Span
from tracker.reporters.sarif import render
from tracker.rules.registry import all_rules

if TYPE_CHECKING:
    import gettext

    from tracker.reporters.report import Report


def an_object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:  # noqa: ANN401  # data of any shape
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = an_object({"text": TEXT}, markdown=TEXT)
RULE = an_object(
    {"id": TEXT, "shortDescription": MESSAGE, "help": MESSAGE},
    defaultConfiguration=an_object({"level": LEVEL}),
    properties={"type": "object"},
)
LOCATION = an_object(
    {
        "physicalLocation": an_object(
            {
                "artifactLocation": an_object(
                    {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~/%-]+$"}},
                    uriBaseId=TEXT,
                ),
                "region": an_object(
                    dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), NUMBER)
                ),
            }
        )
    }
)
RESULT = an_object(
    {
        "ruleId": {"enum": list(all_rules())},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1, "maxItems": 1},
    }
)
DRIVER = an_object(
    {"name": {"const": "tracker"}, "semanticVersion": {"const": __version__}},
    rules={"type": "array", "items": RULE, "uniqueItems": True},
)
RUN = an_object(
    {"tool": an_object({"driver": DRIVER}), "results": {"type": "array", "items": RESULT}},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
)
LOG = an_object(
    {
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN, "minItems": 1, "maxItems": 1},
    },
    **{"$schema": {"type": "string", "pattern": r"^https://.*sarif-schema-2\.1\.0\.json$"}},
)


def the_run(report: Report, language: gettext.NullTranslations) -> Any:  # noqa: ANN401  # data of any shape
    log = json.loads("".join(render(report, language)))
    jsonschema.validate(log, LOG)
    return log["runs"][0]


def test_the_shape(broken: tuple[Report, gettext.NullTranslations]) -> None:
    report, language = broken
    run = the_run(report, language)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(report.diagnostics)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_every_rule_has_its_help(broken: tuple[Report, gettext.NullTranslations]) -> None:
    rules = the_run(*broken)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(all_rules())
    for rule in rules:
        assert "**Why**: " in rule["help"]["markdown"]
        assert "Why: " in rule["help"]["text"]
        assert rule["properties"] == {"dependsOnDay": all_rules()[rule["id"]].depends_on_day}


def test_a_place_and_its_message() -> None:
    report = one_problem(
        Span(3, 5, 4, 2), "wrong", "right", path="records/客户 1#%.md", folder="sales"
    )
    (result,) = the_run(report, ENGLISH)["results"]
    assert result["message"]["text"] == "wrong\nright"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {
            "uri": "sales/records/%E5%AE%A2%E6%88%B7%201%23%25.md",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 2},
    }
