"""`tracker report`: the team's weekly or monthly report."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import OWNERS
from tracker.cli.context import example, load_day, print_bytes, today_option
from tracker.cli.filters import one_owner
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.collector import collector_off
from tracker.day_words.reading import read_when
from tracker.day_words.stretches import first_day_of
from tracker.errors import UsageError
from tracker.insight.report import report_of
from tracker.insight.report_times import Stretch, times_of
from tracker.period_words import read_period
from tracker.periods import Period, month_of, week_of
from tracker.reports.data import report_json
from tracker.reports.markdown import markdown_of
from tracker.reports.page import page_of
from tracker.reports.words import written
from tracker.translation import Message

if TYPE_CHECKING:
    from datetime import date

    from tracker.insight.report_times import Times

_WEEK = "--week"
_MONTH = "--month"
_FROM = "--from"
_TO = "--to"
_THIS = "this"
_EVENING = time(23, 59)
"""The time of the day from which words look back."""


@click.command(
    epilog=example(
        "tracker report",
        "tracker report --week last --format html > weekly.html",
        "tracker report --month 2026-10 --by person",
        "tracker report --from 2026-11-01 --to 2026-11-20 --owner 李雷",
    )
)
@click.option(
    _WEEK,
    is_flag=False,
    flag_value=_THIS,
    metavar="[WHEN]",
    help="The report of a week: the current one up to today, last, 上周, or 2026-W47. This is what "
    "is written where nothing else is asked for.",
)
@click.option(
    _MONTH,
    is_flag=False,
    flag_value=_THIS,
    metavar="[WHEN]",
    help="The report of a month: the current one up to today, last, 上个月, or 2026-10.",
)
@click.option(
    _FROM, "first", metavar="DAY", help="The first day of other days: 2026-11-01, 上周一, 月初."
)
@click.option(_TO, "last", metavar="DAY", help="Their last day; today where it is not given.")
@click.option("--owner", type=OWNERS, metavar="NAME", help="The report of this owner alone.")
@click.option(
    "--mine", is_flag=True, help="Your own report: of the owner whom git's user.email names."
)
@click.option(
    "--by",
    type=click.Choice(["team", "person"]),
    default="team",
    show_default=True,
    help="Whether it is told of the team as a whole, or person by person.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json"]),
    default="md",
    show_default=True,
    help="Markdown, a page of its own that can be printed, or data.",
)
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    *,
    week: str | None,
    month: str | None,
    first: str | None,
    last: str | None,
    owner: str | None,
    mine: bool,
    by: str,
    form: str,
    today: date | None,
) -> int:
    """Write the team's weekly or monthly report.

    What happened, beside the week or month before: customers new, won and lost, follow-ups by
    person; what moved; promises kept and missed; the plan of the days ahead, and the risks of
    today. In the language of the workspace. Of a week or month that is not over, as many days of
    the one before are compared.

    `tracker docs reports` says what each part tells.
    """
    day = load_day(today)
    times = _times(week, month, (first, last), day.today)
    owner = one_owner(owner, day, mine=mine)
    with collector_off():
        report = report_of(day, times, owner, by_person=by == "person")
        words = written(report)
    if form == "json":
        data = report_json(report, words)
        print_bytes(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        print_bytes(markdown_of(words) if form == "md" else page_of(words))
    tell_of_gaps(day, Wording(day.library.config))
    return 0


def _times(
    week: str | None, month: str | None, days: tuple[str | None, str | None], today: date
) -> Times:
    """Return the times that the options ask for.

    Raises:
        UsageError: More than one is asked for, or one cannot be read or has not begun.
    """
    asked = [
        option
        for option, given in (
            (_WEEK, week is not None),
            (_MONTH, month is not None),
            (f"{_FROM} … {_TO}", days != (None, None)),
        )
        if given
    ]
    if len(asked) > 1:
        values = {"one": asked[0], "other": asked[1]}
        raise UsageError(Message("give either {one} or {other}", values))
    if month is not None:
        return times_of(Stretch.MONTH, _stretch(_MONTH, month, today), today)
    if days != (None, None):
        return times_of(Stretch.DAYS, _days(*days, today), today)
    return times_of(Stretch.WEEK, _stretch(_WEEK, week or _THIS, today), today)


def _stretch(option: str, text: str, today: date) -> Period:
    """Return the week or month that a text means, up to today.

    Raises:
        UsageError: It means none, or one that has not begun.
    """
    of, unit = (week_of, "week") if option == _WEEK else (month_of, "month")
    turn = text.strip().casefold() in (_THIS, "last", "previous")
    period = read_period(f"{text.strip()}-{unit}" if turn else text, today)
    if isinstance(period, Message):
        raise UsageError(Message("{option}: {reason}", {"option": option, "reason": period}))
    if period != of(period.first).until(today):
        values = {"option": option, "text": text}
        raise UsageError(
            Message("{option}: ‘{text}’ is no week; write last, 上周 or 2026-W47", values)
            if option == _WEEK
            else Message("{option}: ‘{text}’ is no month; write last, 上个月 or 2026-10", values)
        )
    return period


def _days(first: str | None, last: str | None, today: date) -> Period:
    """Return the days from one to another.

    Raises:
        UsageError: One of them cannot be read, the first is missing, or comes after the last.
    """
    if first is None:
        raise UsageError(Message("{one} needs {other}", {"one": _TO, "other": _FROM}))
    begin = _day(_FROM, first, today)
    end = today if last is None else _day(_TO, last, today)
    if begin > today:
        values = {"option": _FROM, "day": begin, "today": today}
        raise UsageError(Message("{option}: {day} is after {today}, which is today", values))
    if end < begin:
        values = {"first": begin, "last": end}
        raise UsageError(Message("the days end on {last} before they begin on {first}", values))
    return Period(begin, min(end, today))


def _day(option: str, text: str, today: date) -> date:
    """Return the day that a text means; of a week or month, its first.

    Raises:
        UsageError: It means none.
    """
    now = datetime.combine(today, _EVENING)
    if first := first_day_of(text, now):
        return first
    when = read_when(text, now, past=True)
    if isinstance(when, Message):
        raise UsageError(Message("{option}: {reason}", {"option": option, "reason": when}))
    return when.date
