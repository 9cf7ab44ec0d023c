"""A report as data, for `json.dumps`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.insight.measure_json import figure_json

if TYPE_CHECKING:
    from tracker.insight.report import Facts, Report
    from tracker.periods import Period
    from tracker.reports.document import Account, Line, Section, Written


def report_json(report: Report, words: Written) -> dict[str, Any]:
    """Return a report: its times, and for the team or each person the figures and what is told.

    Args:
        report: The report.
        words: The same in words.
    """
    times = report.times
    return {
        "title": words.title,
        "today": report.day.today.isoformat(),
        "period": _period(times.period),
        "before": _period(times.before),
        "ahead": _period(times.ahead) if report.whole else None,
        "owner": report.owner,
        "accounts": [
            _account(account, facts)
            for account, facts in zip(words.accounts, report.facts, strict=True)
        ],
        "notes": list(words.notes),
    }


def _period(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def _account(account: Account, facts: Facts) -> dict[str, Any]:
    return {
        "who": account.title or None,
        "figures": {
            compared.column.key: {
                "now": figure_json(compared.column, compared.now),
                "before": figure_json(compared.column, compared.before),
            }
            for compared in facts.figures
        },
        "sections": [
            _section(section) for chapter in account.chapters for section in chapter.sections
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "count": section.count,
        "summary": section.summary or None,
        "groups": [
            {
                "title": group.title or None,
                "lines": [_line(line) for line in group.lines],
            }
            for group in section.groups
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.name,
        "path": line.path,
        "line": line.line,
        "date": line.day and line.day.isoformat(),
        "who": line.who or None,
        "text": line.text,
    }
