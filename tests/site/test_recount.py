"""What lists and counts become on later days, against the lists of those days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.site.later import LARGEST_INLINE, split_later
from tracker.site.recount import HORIZON, TALLY_DAYS, Listed, current, heads, tally, upcoming

TODAY = date(2026, 11, 24)
DAYS = st.none() | st.integers(-90, 90).map(lambda days: TODAY + timedelta(days=days))
LISTED = st.lists(st.tuples(DAYS, DAYS)).map(
    lambda days: [Listed.of(str(n), TODAY, *each) for n, each in enumerate(days)]
)


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def on(each: Listed[str], day: date) -> bool:
    """Tell whether something belongs to its list on a day."""
    return (each.first is None or each.first <= day) and (each.until is None or day < each.until)


@given(LISTED, st.integers(0, TALLY_DAYS))
def test_a_tally_adds_up_to_the_list_of_the_day(listed: list[Listed[str]], days: int) -> None:
    pairs = [pair.split(":") for pair in tally(listed, TODAY).split()]
    counted = sum(int(change) for at, change in pairs if int(at) <= days)
    assert counted == sum(on(each, later(days)) for each in listed)


@given(LISTED, st.integers(0, HORIZON), st.integers(1, 4))
def test_heads_hold_the_first_of_every_day(
    listed: list[Listed[str]], days: int, limit: int
) -> None:
    kept = heads(listed, TODAY, limit)
    expected = [each.item for each in listed if on(each, later(days))][:limit]
    assert [each.item for each in kept if on(each, later(days))][:limit] == expected
    assert [each.item for each in kept if each.now] == list(current(listed))[:limit]


@given(LISTED, st.integers(0, HORIZON))
def test_nothing_of_the_coming_days_is_left_out(listed: list[Listed[str]], days: int) -> None:
    soon = {id(each) for each in upcoming(listed, TODAY)}
    assert {id(each) for each in listed if on(each, later(days))} <= soon
    assert len(current(listed)) == sum(on(each, TODAY) for each in listed)


def test_a_tally_is_written_in_short() -> None:
    listed = [
        Listed.of("late", TODAY, later(-3)),
        Listed.of("today", TODAY, TODAY, later(1)),
        Listed.of("soon", TODAY, later(2)),
        Listed.of("never", TODAY, later(5), later(5)),
    ]
    assert tally(listed, TODAY) == "0:2 1:-1 2:1"
    assert tally([], TODAY) == "0:0"


def test_few_rows_of_later_days_stay_in_the_page() -> None:
    page = '<ul><template class="later"><li>x</li></template></ul>'
    assert split_later("owners/李.html", page, "2026-11-24") == (page, "", b"")


def test_many_rows_of_later_days_get_a_script() -> None:
    rows = f"<li>{'“x”' * LARGEST_INLINE}</li>"
    page = f'<ul><template class="later">{rows}</template><li><template class="later">b</template>'
    html, path, script = split_later("owners/李.html", page, "2026-11-24")
    template = '<template class="later" data-script="../data/later/owners/%E6%9D%8E.js"></template>'
    assert html == f"<ul>{template}<li>{template}"
    assert path == "data/later/owners/李.js"
    assert script.decode().startswith(
        'globalThis.TrackerLater={"built":"2026-11-24","parts":["<li>“'
    )
    assert script.decode().endswith('","b"]};\n')
