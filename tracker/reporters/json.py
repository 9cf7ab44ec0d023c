"""Diagnostics as one JSON object, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gettext
    from collections.abc import Iterator

    from tracker.diagnostics import Diagnostic
    from tracker.reporters.report import Report


def render(report: Report, translations: gettext.NullTranslations) -> Iterator[str]:
    """Yield the report as JSON.

    Args:
        report: What is reported; paths are those in the workspace.
        translations: The language of messages and hints.
    """
    data = {
        "errors": report.errors,
        "warnings": report.warnings,
        "records": report.records,
        "problems": [_problem(found, translations) for found in report.diagnostics],
    }
    yield json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _problem(found: Diagnostic, translations: gettext.NullTranslations) -> dict[str, object]:
    hint = found.problem.hint
    return {
        "path": found.path,
        "line": found.span.line,
        "column": found.span.column,
        "end_line": found.span.end_line,
        "end_column": found.span.end_column,
        "severity": found.severity.value,
        "code": found.code,
        "message": found.problem.message.render(translations.gettext),
        "hint": hint.render(translations.gettext) if hint else None,
    }
