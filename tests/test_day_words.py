"""Days and times as people say them. The tables of docs/days.md are the first examples."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tracker.dates import format_time, read_date, read_time
from tracker.day_words.days import DAY_FORMS
from tracker.day_words.reading import leading_when, read_when
from tracker.day_words.stretches import first_day_of
from tracker.day_words.text import folded
from tracker.day_words.times import TIME_FORMS
from tracker.day_words.when import When
from tracker.translation import Message, translations

PAGES = [
    (Path(__file__).parent.parent / "docs" / name).read_text("utf-8")
    for name in ("days.md", "days.zh.md")
]
IN_ENGLISH = {
    "写法": "written",
    "往回看": "looking back",
    "回答": "answer",
    "内容": "text",
    "不认": "refused",
    "没有": "none",
}
"""What the tables of the Chinese page say in words."""
NOW = datetime(2026, 11, 24, 10, 0)  # noqa: DTZ001  (the wall clock of the team)


EXAMPLES = "write it as 2026-11-20 14:30, next friday 10:00, in 2 weeks"
CHINESE_EXAMPLES = "可以写 2026-11-20 14:30、下周三 10:00、三天后"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown(answer: When | Message) -> str:
    if isinstance(answer, Message):
        return f"refused: {answer}"
    clock = f" {format_time(answer.time)}" if answer.time else ""
    return f"{answer.date.isoformat()}{clock}"


class Row(NamedTuple):
    written: str
    cells: tuple[str, ...]


def rows(columns: int, last: str) -> list[Row]:
    """Return the rows of the tables of the pages whose head ends with a word, by each example."""
    found = []
    taken = False
    for line in (line for page in PAGES for line in page.splitlines()):
        cells = [cell.strip() for cell in line.strip("|").split(" |")] if "|" in line else []
        cells = [cell.removeprefix("|").strip() for cell in cells]
        cells = [IN_ENGLISH.get(cell, cell) for cell in cells]
        if cells[:1] == ["written"]:
            taken = len(cells) == columns and cells[-1] == last
        elif taken and cells and not cells[0].startswith("---"):
            found += [Row(text, tuple(cells[1:])) for text in re.findall("`([^`]+)`", cells[0])]
    return list(dict.fromkeys(found))


MEANINGS = rows(3, "looking back")
REFUSALS = rows(2, "answer")
BEGINNINGS = rows(3, "text")
PRESENT = {"now", "just now", "现在", "刚才", "刚刚"}


@pytest.mark.parametrize("row", MEANINGS, ids=lambda row: row.written)
def test_the_page_says_what_is_understood(row: Row) -> None:
    ahead, back = row.cells
    assert shown(read_when(row.written, NOW)) == ahead
    found = read_when(row.written, NOW, past=True)
    if back == "refused":
        assert isinstance(found, Message)
    elif back:
        assert shown(found) == back


@pytest.mark.parametrize("row", MEANINGS, ids=lambda row: row.written)
def test_what_is_understood_alone_is_understood_before_a_text(row: Row) -> None:
    if row.written.casefold() not in PRESENT:
        found = leading_when(f"{row.written}, 面谈", NOW)
        assert found == (read_when(row.written, NOW), "面谈")


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row.written)
def test_the_page_says_what_is_refused(row: Row) -> None:
    found = read_when(row.written, NOW)
    assert isinstance(found, Message)
    said = [str(found), found.render(translations("zh").gettext)]
    assert any(all(part in text for part in row.cells[0].split("……")) for text in said)


@pytest.mark.parametrize("row", BEGINNINGS, ids=lambda row: row.written)
def test_the_page_says_what_a_text_begins_with(row: Row) -> None:
    day, rest = row.cells
    found = leading_when(row.written, NOW)
    if day == "none":
        assert found is None
    else:
        assert found is not None
        assert (shown(found[0]), f"`{found[1]}`") == (day, rest)


def test_the_page_has_an_example_of_every_form() -> None:
    texts = [folded(row.written) for row in (*MEANINGS, *BEGINNINGS)]
    patterns = [*(form.pattern for form in DAY_FORMS), *(form.pattern for form in TIME_FORMS)]
    for pattern in patterns:
        assert any(re.search(pattern, text) for text in texts), pattern


@pytest.mark.parametrize(
    ("now", "text", "ahead", "back"),
    [
        # The last day of a month, and of the year.
        ("2026-11-30 18:00", "月底", "2026-11-30", "2026-11-30"),
        ("2026-11-30 18:00", "eom", "2026-11-30", "2026-11-30"),
        ("2026-11-30 18:00", "下月底", "2026-12-31", "2026-12-31"),
        ("2026-11-30 18:00", "月初", "2026-12-01", "2026-11-01"),
        ("2026-11-30 18:00", "一个月后", "2026-12-30", "2026-12-30"),
        ("2026-12-31 09:00", "明天", "2027-01-01", "2027-01-01"),
        ("2026-12-31 09:00", "年底", "2026-12-31", "2026-12-31"),
        ("2026-12-31 09:00", "eoq", "2026-12-31", "2026-12-31"),
        ("2026-12-31 09:00", "下个月", "2027-01-01", "2027-01-01"),
        ("2026-12-31 09:00", "下季度", "2027-01-01", "2027-01-01"),
        ("2026-12-31 09:00", "下月底", "2027-01-31", "2027-01-31"),
        ("2026-12-31 09:00", "上月底", "2026-11-30", "2026-11-30"),
        ("2026-12-31 09:00", "元旦", "2027-01-01", "2026-01-01"),
        ("2026-12-31 09:00", "5号", "2027-01-05", "2026-12-05"),
        ("2026-12-31 09:00", "31号", "2026-12-31", "2026-12-31"),
        ("2026-12-31 09:00", "in 2 months", "2027-02-28", "2027-02-28"),
        ("2026-12-31 09:00", "两个月前", "2026-10-31", "2026-10-31"),
        ("2026-12-31 23:30", "8:00", "2027-01-01 08:00", "2026-12-31 08:00"),
        ("2026-12-31 23:30", "一小时后", "2027-01-01 00:30", "2027-01-01 00:30"),
        # Around the leap day.
        ("2028-02-28 09:00", "明天", "2028-02-29", "2028-02-29"),
        ("2028-02-28 09:00", "月底", "2028-02-29", "2028-01-31"),
        ("2028-02-28 09:00", "2月29日", "2028-02-29", None),
        ("2028-02-29 09:00", "2月29日", "2028-02-29", "2028-02-29"),
        ("2028-02-29 09:00", "Feb 29", "2028-02-29", "2028-02-29"),
        ("2028-02-29 09:00", "一年后", "2029-02-28", "2029-02-28"),
        ("2028-03-01 09:00", "2月29日", None, "2028-02-29"),
        ("2027-02-28 09:00", "2月29日", None, None),
        ("2027-12-01 09:00", "2月29日", "2028-02-29", None),
        ("2027-02-28 09:00", "月底", "2027-02-28", "2027-02-28"),
        ("2027-02-28 09:00", "30号", None, "2027-01-30"),
        ("2027-01-31 09:00", "30号", None, "2027-01-30"),
        # A Sunday, on which the next week begins tomorrow.
        ("2026-11-29 20:00", "周一", "2026-11-30", "2026-11-23"),
        ("2026-11-29 20:00", "下周一", "2026-11-30", "2026-11-30"),
        ("2026-11-29 20:00", "next monday", "2026-11-30", "2026-11-30"),
        ("2026-11-29 20:00", "周日", "2026-12-06", "2026-11-29"),
        ("2026-11-29 20:00", "本周日", "2026-11-29", "2026-11-29"),
        ("2026-11-29 20:00", "下周日", "2026-12-06", "2026-12-06"),
        ("2026-11-29 20:00", "上周日", "2026-11-22", "2026-11-22"),
        ("2026-11-29 20:00", "本周一", "2026-11-23", "2026-11-23"),
        ("2026-11-29 20:00", "周末", "2026-12-05", "2026-11-28"),
        ("2026-11-29 20:00", "本周末", "2026-11-28", "2026-11-28"),
        ("2026-11-29 20:00", "下周", "2026-11-30", "2026-11-30"),
        ("2026-11-29 20:00", "eow", "2026-12-04", "2026-11-27"),
        # A Friday, a Monday.
        ("2026-11-27 09:00", "eow", "2026-11-27", "2026-11-27"),
        ("2026-11-27 09:00", "周五", "2026-12-04", "2026-11-27"),
        ("2026-11-27 09:00", "周五 15:00", "2026-12-04 15:00", "2026-11-27 15:00"),
        ("2026-11-27 09:00", "next fri", "2026-12-04", "2026-12-04"),
        ("2026-11-27 09:00", "last wed", "2026-11-18", "2026-11-18"),
        ("2026-11-30 09:00", "next mon", "2026-12-07", "2026-12-07"),
        ("2026-11-30 09:00", "周日", "2026-12-06", "2026-11-29"),
        # Midnight.
        ("2026-11-24 00:00", "0:00", "2026-11-24 00:00", "2026-11-24 00:00"),
        ("2026-11-24 00:00", "零点", "2026-11-24 00:00", "2026-11-24 00:00"),
        ("2026-11-24 00:01", "0点", "2026-11-25 00:00", "2026-11-24 00:00"),
        ("2026-11-24 00:00", "12am", "2026-11-24 00:00", "2026-11-24 00:00"),
        ("2026-11-24 10:00:59", "10:00", "2026-11-24 10:00", "2026-11-24 10:00"),
    ],
)
def test_other_days_to_stand_on(now: str, text: str, ahead: str | None, back: str | None) -> None:
    for past, expected in ((False, ahead), (True, back)):
        found = read_when(text, at(now), past=past)
        if expected is None:
            assert str(found) == f"there is no day {text}"
        else:
            assert shown(found) == expected


def test_a_midnight_is_a_time() -> None:
    assert read_when("明天 0:00", NOW) == When(date(2026, 11, 25), time(0, 0))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("下周三１０：００", "下周三 10:00"),
        ("下週三　下午３點", "下周三下午3点"),
        ("２０２６－１１－２０", "2026-11-20"),
        ("後天", "后天"),
        ("兩個禮拜後", "两个礼拜后"),
        ("ＮＥＸＴ　ＦＲＩ", "next fri"),
        ("  Tomorrow  ", "tomorrow"),
        ("next   friday   at   10:00", "next friday 10:00"),
        ("New Year’s Day", "new year's day"),
        ("周五·10:00", "周五 10:00"),
        ("周五｜１０：００", "周五 | 10:00"),
        ("11 月 27 日 下午 3 点", "11月27日下午3点"),
        ("九十九天后", "99天后"),
        ("二十天后", "20天后"),
        ("十天后", "10天后"),
    ],
)
def test_writings_of_the_same(first: str, second: str) -> None:
    found = read_when(first, NOW)
    assert isinstance(found, When)
    assert found == read_when(second, NOW)


def test_only_the_wall_clock_of_the_moment_counts() -> None:
    for zone in (UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=12))):
        for text in ("今天", "11:00", "in 2 hours", "now"):
            assert read_when(text, NOW.replace(tzinfo=zone)) == read_when(text, NOW)


def test_an_offset_stays_with_the_time() -> None:
    assert read_when("明天 14:30Z", NOW) == When(date(2026, 11, 25), time(14, 30, tzinfo=UTC))
    assert shown(read_when("明天 14:30-05:00", NOW)) == "2026-11-25 14:30-05:00"


@pytest.mark.parametrize(
    ("text", "message", "chinese"),
    [
        (
            "foo",
            f"‘foo’ is not understood as a day or time; {EXAMPLES}",
            f"看不懂“foo”是哪一天或什么时间；{CHINESE_EXAMPLES}",
        ),
        (
            "明天 很早",
            f"‘很早’ is not understood as a day or time; {EXAMPLES}",
            f"看不懂“很早”是哪一天或什么时间；{CHINESE_EXAMPLES}",
        ),
        (
            " ",
            f"no day or time is given; {EXAMPLES}",
            f"没有写日期或时间；{CHINESE_EXAMPLES}",
        ),
        (
            "tomorow",
            "‘tomorow’ is not understood as a day or time; did you mean ‘tomorrow’?",
            "看不懂“tomorow”是哪一天或什么时间；是不是“tomorrow”？",
        ),
        ("2 月 ３０ 日 14:30", "there is no day 2 月 ３０ 日", "没有 2 月 ３０ 日 这一天"),
        ("今晚三点", "there is no time 今晚三点", "没有 今晚三点 这个时间"),
        (
            "明天 周五",
            "‘明天 周五’ names two days that are not the same",
            "“明天 周五”里的两个日期不是同一天",
        ),
    ],
)
def test_messages_in_both_languages(text: str, message: str, chinese: str) -> None:
    found = read_when(text, NOW)
    assert isinstance(found, Message)
    assert str(found) == message
    assert found.render(translations("zh").gettext) == chinese


def test_a_message_repeats_no_long_text() -> None:
    assert len(str(read_when("电" * 10_000, NOW))) < 200


def test_time_does_not_run_out_of_the_calendar() -> None:
    last = datetime.combine(date.max, time(12))
    first = datetime.combine(date.min, time(12))
    for text in (
        "明天",
        "周一",
        "下周三",
        "一个月后",
        "999年后",
        "in 2 weeks",
        "下月底",
        "1小时后",
    ):
        read_when(text, last)
    assert str(read_when("明天", last)) == "there is no day 明天"
    assert str(read_when("昨天", first)) == "there is no day 昨天"
    assert isinstance(read_when("11:00", last), Message)
    for text, now in (("next week", last), ("明年", last), ("last week", first), ("去年", first)):
        assert first_day_of(text, now) is None


@pytest.mark.parametrize(
    "text", ["9999年12月31日", "9999年12月31号", "Dec 31, 9999", "+999y", "9999年底", "0999年3月底"]
)
def test_days_beyond_the_years_of_records_are_none(text: str) -> None:
    assert str(read_when(text, NOW)) == f"{text} is outside the years 1000 to 2999"


def test_there_is_no_year_nought() -> None:
    assert str(read_when("0000年3月底", NOW)) == "there is no day 0000年3月底"


# What always holds.

nows = st.datetimes(min_value=at("1900-01-01 00:00"), max_value=at("2200-12-31 23:59"))
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))

PIECES = [
    *(row.written for row in (*MEANINGS, *REFUSALS, *BEGINNINGS)),
    *("星期", "礼拜", "个月", "分钟", "小时", "钟头", "day", "week", "month", "year", "hour"),
    *("凌晨", "清晨", "早上", "上午", "中午", "下午", "傍晚", "晚上", "morning", "night"),
    *("next", "this", "last", *"下上本这零〇一二两三四五六七八九半天早晚dwmyh"),
    *"0123456789点分刻半整时日号月年周初中底末前后多第()（）-–+,.:;、·|'’ \t\n\u3000十百",
    *("at ", "on ", "the ", "in ", " of ", " to ", " past ", "half ", "a ", "quarter ", "电话"),
]
texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
)


def number(value: int) -> str:
    tens, ones = divmod(value, 10)
    digits = "零一二三四五六七八九"
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def month_day_forms(day: date) -> list[str]:
    month, short = f"{day:%B}", f"{day:%b}"
    return [
        f"{day.month}月{day.day}日",
        f"{day.month}月{day.day}号",
        f"{day.month} 月 {day.day} 日",
        f"{number(day.month)}月{number(day.day)}日",
        f"{day.month}/{day.day}",
        f"{day.month:02}/{day.day:02}",
        f"{month} {day.day}",
        f"{short} {day.day}",
        f"{short}. {day.day}th",
        f"{day.day} {month}",
        f"the {day.day}th of {month}",
    ]


@given(days, nows)
def test_every_day_with_its_year_is_read_back(day: date, now: datetime) -> None:
    year = f"{day.year:04}"
    for text in (
        day.isoformat(),
        f"{year}/{day.month}/{day.day}",
        f"{year}年{day.month}月{day.day}日",
        f"{year}年{number(day.month)}月{number(day.day)}号",
        f"{day:%B} {day.day}, {year}",
        f"{day.day} {day:%b} {year}",
        f"{day:%A}, {day:%b} {day.day}, {year}",
        f"{day.isoformat()}（周{'一二三四五六日'[day.weekday()]}）",
    ):
        for past in (False, True):
            assert read_when(text, now, past=past) == When(day)


@given(nows, st.integers(0, 365))
def test_every_day_of_the_year_ahead_or_behind_is_read_back(now: datetime, distance: int) -> None:
    for past, days_away in ((False, distance), (True, -distance)):
        day = now.date() + timedelta(days=days_away)
        # The same day a year away is named as today is.
        assume(not distance or (day.month, day.day) != (now.month, now.day))
        assume((day.month, day.day) != (2, 29))
        for text in month_day_forms(day):
            assert read_when(text, now, past=past) == When(day), text


@given(nows, st.integers(-99, 99))
def test_every_distance_is_read_back(now: datetime, distance: int) -> None:
    day = When(now.date() + timedelta(days=distance))
    count = abs(distance)
    chinese = "后" if distance >= 0 else "前"
    forms = [f"{count}天{chinese}", f"{number(count)}天{chinese}", f"{distance:+}d"]
    forms.append(f"in {count} days" if distance >= 0 else f"{count} days ago")
    for text in forms:
        assert read_when(text, now) == read_when(text, now, past=True) == day
    for text in (f"{number(count)}周{chinese}", f"{distance:+}w"):
        assert read_when(text, now) == When(now.date() + timedelta(weeks=distance))


@given(nows, st.integers(-30, 30))
def test_months_end_where_the_day_is_missing(now: datetime, months: int) -> None:
    found = read_when(f"{months:+}m", now)
    assert isinstance(found, When)
    assert (found.date.year - now.year) * 12 + found.date.month - now.month == months
    last = monthrange(found.date.year, found.date.month)[1]
    assert found.date.day == min(now.day, last)


@given(nows, st.integers(0, 6))
def test_weekdays_lie_where_they_are_said_to_lie(now: datetime, weekday: int) -> None:
    chinese, english = "一二三四五六日"[weekday], f"{date(2026, 11, 23 + weekday):%A}"
    monday = now.date() - timedelta(days=now.weekday())
    for written in (f"周{chinese}", f"星期{chinese}", english, f"on {english[:3]}"):
        ahead, back = read_when(written, now), read_when(written, now, past=True)
        assert isinstance(ahead, When)
        assert isinstance(back, When)
        assert ahead.date.weekday() == back.date.weekday() == weekday
        assert 1 <= (ahead.date - now.date()).days <= 7
        assert 0 <= (now.date() - back.date).days <= 6
    for week, words in ((-1, ("上", "last ")), (0, ("本", "this ")), (1, ("下", "next "))):
        day = When(monday + timedelta(weeks=week, days=weekday))
        for past in (False, True):
            assert read_when(f"{words[0]}周{chinese}", now, past=past) == day
            assert read_when(f"{words[1]}{english}", now, past=past) == day


@given(days, clocks, nows)
def test_every_time_is_read_back(day: date, clock: time, now: datetime) -> None:
    hour = clock.hour % 12 or 12
    half = "am" if clock.hour < 12 else "pm"
    for written in (
        f"{clock:%H:%M}",
        f"{hour}:{clock:%M}{half}",
        f"{hour}:{clock:%M} {half[0]}.m.",
    ):
        for text in (
            f"{day.isoformat()} {written}",
            f"{day.isoformat()}, at {written}",
            f"{written} on {day:%B} {day.day}, {day.year:04}",
        ):
            assert read_when(text, now) == When(day, clock), text
    assume(clock.hour not in range(1, 7))
    for written in (
        f"{clock.hour}点{clock.minute}分",
        f"{number(clock.hour)}点{number(clock.minute)}分",
        f"{clock.hour}点{clock:%M}",
    ):
        assert read_when(f"{day.isoformat()} {written}", now) == When(day, clock), written


@given(clocks, nows)
def test_a_time_alone_is_the_next_or_the_last_one(clock: time, now: datetime) -> None:
    minute = now.replace(second=0, microsecond=0)
    for past in (False, True):
        found = read_when(f"{clock:%H:%M}", now, past=past)
        assert isinstance(found, When)
        distance = datetime.combine(found.date, clock) - minute
        assert timedelta(0) <= (-distance if past else distance) < timedelta(days=1)


@given(texts)
@example("14:30+08:00")
@example("2026-02-29")
def test_what_records_understand_is_understood(text: str) -> None:
    day, clock = read_date(text), read_time(text)
    if isinstance(day, date):
        assert read_when(text, NOW) == When(day)
    if isinstance(clock, time):
        found = read_when(text, NOW)
        # `10:00-11:00` would be an offset in a record.
        assert (isinstance(found, Message) and "-" in text) or (
            isinstance(found, When) and found.time == clock
        )


@given(texts, nows, st.booleans())
@example("半个星期后", NOW, False)  # noqa: FBT003  (examples are positional, as the arguments are)
@example("两百天后 10:00", NOW, False)  # noqa: FBT003  # an example's value
def test_no_text_raises_and_a_beginning_is_read_alone(
    text: str,
    now: datetime,
    past: bool,  # noqa: FBT001  # a parameter of the test's examples
) -> None:
    whole = read_when(text, now, past=past)
    assert isinstance(whole, When) or str(whole)
    found = leading_when(text, now, past=past)
    if found is None:
        return
    when, rest = found
    assert text.endswith(rest)
    assert rest == rest.lstrip(" \t\n\u3000·|,，、:：")
    beginning = text[: len(text) - len(rest)] if rest else text
    beginning = beginning.strip().rstrip("·|｜,，、:：-–—－ \t\n\u3000").strip()
    assert read_when(beginning, now, past=past) == when
    if not rest and isinstance(whole, When):
        assert whole == when


@given(
    st.sampled_from([row.written for row in MEANINGS]),
    st.text(alphabet="电话面谈回访abc ", min_size=1),
)
def test_a_text_after_a_blank_stays_whole(written: str, text: str) -> None:
    rest = text.strip()
    assume(rest and not rest.startswith(("a", "b", "c")))
    when = read_when(written, NOW)
    if written.casefold() not in PRESENT:
        assert leading_when(f"{written} {rest}", NOW) == (when, rest)


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "　",
        "0",
        "1:",
        "十",
        "下",
        "上",
        "周",
        "a ",
        "the ",
        "next ",
        "on ",
        "-",
        "(",
        "·",
        ", ",
        "明天",
        "明天 ",
        "今天到",
        "fri ",
        "5号",
        "三点",
        "1月",
        "half ",
        "at ",
        "end of ",
    ],
)
def test_long_texts_take_no_longer_than_their_length(piece: str) -> None:
    # What grew faster than the text would not come to an end here.
    for start in ("", "明天", "in ", "next", "下周三 ", "5 may", "end of"):
        text = start + piece * 100_000
        read_when(text, NOW)
        leading_when(text, NOW)
        leading_when(f"{text}x", NOW)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("last week", "上周", "上个星期", " Last  Week "), "2026-11-16"),
        (("this week", "本周", "这个礼拜"), "2026-11-23"),
        (("last month", "上个月", "上月"), "2026-10-01"),
        (("本月", "this month"), "2026-11-01"),
        (("上季度", "last quarter"), "2026-07-01"),
        (("今年", "this year"), "2026-01-01"),
        (("去年", "last year"), "2025-01-01"),
        (("上周三", "week", "7天前", "", "last", "last week or so"), None),
    ],
)
def test_a_stretch_begins_on_its_first_day(texts: tuple[str, ...], expected: str | None) -> None:
    now = at("2026-11-28 09:00")
    for text in texts:
        found = first_day_of(text, now)
        assert (found and found.isoformat()) == expected
