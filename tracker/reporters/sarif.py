"""Diagnostics as SARIF 2.1.0, the format that code scanning services and editors read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tracker import __version__
from tracker.diagnostics import Severity
from tracker.rules.documentation import markdown_of
from tracker.rules.registry import all_rules

if TYPE_CHECKING:
    import gettext
    from collections.abc import Iterator

    from tracker.diagnostics import Diagnostic, Span
    from tracker.reporters.report import Report
    from tracker.rules.rule import Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report, translations: gettext.NullTranslations) -> Iterator[str]:
    """Yield the report as a SARIF log with one run and all rules.

    Args:
        report: What is reported; its folder is that of the workspace in the repository.
        translations: The language of messages and hints.
    """
    rules = all_rules()
    positions = {code: index for index, code in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "tracker",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(found, report.shown_path(found), positions[found.code], translations)
            for found in report.diagnostics
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.documentation, "markdown": markdown_of(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"dependsOnDay": rule.depends_on_day},
    }


def _result(
    found: Diagnostic, path: str, position: int, translations: gettext.NullTranslations
) -> dict[str, Any]:
    problem = found.problem
    text = problem.message.render(translations.gettext)
    if problem.hint:
        text = f"{text}\n{problem.hint.render(translations.gettext)}"
    return {
        "ruleId": found.code,
        "ruleIndex": position,
        "level": _LEVELS[found.severity],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"},
                    "region": _region(found.span),
                }
            }
        ],
    }


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
