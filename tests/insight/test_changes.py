"""What the difference between two states of the records means."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.record_strategies import CONFIGS
from tracker.format.parser import parse_record
from tracker.insight.changes import Changes, Direction
from tracker.insight.range_changes import changes_of
from tracker.library.comparison import compare
from tracker.library.library import Entry, Library
from tracker.library.revisions import Point, Range
from tracker.library.status import CommitmentState, PlanOutcome

CONFIG = CONFIGS[0]
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 24)
HEAD = "---\nname: Acme\nstage: {stage}\nowner: Li Lei\nvalue: 480 EUR\n---\n"


def library(texts: dict[str, str]) -> Library:
    entries = []
    for name, text in sorted(texts.items()):
        path = f"records/{name}.md"
        parsed = parse_record(text, path, CONFIG)
        entries.append(Entry(path, text, parsed.customer, parsed.problems))
    return Library(Path(), CONFIG, tuple(entries))


def changed(before: dict[str, str], after: dict[str, str], last: date = LAST) -> Changes:
    found = compare(library(before), library(after), {})
    return changes_of(Range(Point("a", "", FIRST), Point("b", "", last), found))


def of_record(old: str, new: str, stages: tuple[str, str] = ("proposal", "proposal")) -> Changes:
    before, after = (HEAD.format(stage=stage) for stage in stages)
    return changed({"a": before + old}, {"a": after + new})


def kinds(changes: Changes) -> set[str]:
    return {name for name in Changes.__struct_fields__ if getattr(changes, name)} - {"problems"}


def only(items: tuple[Any, ...]) -> Any:  # noqa: ANN401  # any kind of item
    (item,) = items
    return item


@pytest.mark.parametrize(
    ("old", "new", "direction", "skipped", "others"),
    [
        ("contact", "needs", Direction.FORWARD, (), set()),
        ("contact", "negotiation", Direction.FORWARD, ("needs", "proposal"), set()),
        ("negotiation", "contact", Direction.BACKWARD, (), set()),
        ("negotiation", "won", Direction.WON, (), {"won"}),
        ("proposal", "won", Direction.WON, ("negotiation",), {"won"}),
        ("contact", "lost", Direction.LOST, (), {"lost"}),
        ("won", "lost", Direction.LOST, (), {"lost"}),
        ("lost", "contact", Direction.REOPENED, (), set()),
    ],
)
def test_a_stage_moves(
    old: str, new: str, direction: Direction, skipped: tuple[str, ...], others: set[str]
) -> None:
    found = of_record("", "", (old, new))
    assert kinds(found) == {"stages", *others}
    move = only(found.stages).what
    assert (move.old, move.new, move.direction, move.skipped) == (old, new, direction, skipped)
    assert str(move.value) == "480 EUR"


def test_a_way_told_step_by_step_skips_nothing() -> None:
    told = (
        "\n## 2026-11-20 call\n\n- stage: negotiation\n"
        "\n## 2026-11-19 call\n\n- stage: proposal\n"
        "\n## 2026-11-18 call\n\n- stage: needs\n"
    )
    assert only(of_record("", told, ("contact", "negotiation")).stages).what.skipped == ()


def test_a_word_that_is_no_stage_says_nothing() -> None:
    assert kinds(of_record("", "", ("propsal", "proposal"))) == set()
    assert kinds(of_record("", "", ("proposal", "propsal"))) == set()


def test_a_won_customer_is_worth_the_deal() -> None:
    text = HEAD.format(stage="won").replace("---\n", "---\ndeal: {amount: 450 EUR}\n", 1)
    found = changed({}, {"a": text})
    assert kinds(found) == {"new", "won"}
    assert str(only(found.won).what.value) == "450 EUR"


def test_a_late_record_tells_as_news_only_what_is_dated_since() -> None:
    text = (
        "---\nname: Acme\nstage: won\nowner: Li Lei\ncreated: 2026-03-01\n---\n"
        "## 2026-11-20 call\n\nThey are content.\n\n- [ ] send the bill @2026-11-30\n\n"
        "## 2026-03-20 call\n\n- [x] send it @2026-03-25 ✅ 2026-03-24\n"
        "- stage: proposal -> won\n- next: 2026-11-19 call\n"
    )
    found = changed({}, {"a": text})
    assert kinds(found) == {"recorded", "followups", "made", "plans_kept"}
    assert only(found.followups).what.date == date(2026, 11, 20)
    assert only(found.made).what.commitment.text == "send the bill"
    recent = text.replace("2026-03-20", "2026-11-18")
    assert "won" in kinds(changed({}, {"a": recent}))
    come = recent.replace("2026-03-01", "2026-11-17")
    assert kinds(changed({}, {"a": come})) >= {"new", "won"}
    known = changed({"a": HEAD.format(stage="proposal")}, {"a": text})
    assert kinds(known) >= {"won", "stages"}


def test_a_late_record_tells_of_plans_that_were_moved_since() -> None:
    matter = "---\nname: Acme\nstage: proposal\nowner: Li Lei\ncreated: 2026-03-01\n---\n"
    body = (
        "## 2026-11-20 call\n\n- next: 2026-12-05 call\n\n"
        "## 2026-03-25 call\n\n- next: 2026-11-29 call\n\n"
        "## 2026-03-20 call\n\n- next: 2026-04-01 call\n"
    )
    moved = only(changed({}, {"a": matter + body}).plans_moved).what
    assert (moved.old.date, moved.new.date) == (date(2026, 11, 29), date(2026, 12, 5))


SECTION = "\n## 2026-11-14 10:00 call Li Lei\n\nHello there.\n\n- [{tick}] send it @{day}{done}\n"


@pytest.mark.parametrize(
    ("day", "done", "state"),
    [
        ("2026-11-20", " ✅ 2026-11-20", CommitmentState.KEPT),
        ("2026-11-20", " ✅ 2026-11-21", CommitmentState.LATE),
        ("2026-11-24", "", CommitmentState.KEPT),
        ("2026-11-15", "", CommitmentState.LATE),
        ("2026-11-20", "", CommitmentState.DONE),
    ],
)
def test_a_promise_is_ticked(day: str, done: str, state: CommitmentState) -> None:
    found = of_record(
        SECTION.format(tick=" ", day=day, done=""), SECTION.format(tick="x", day=day, done=done)
    )
    assert kinds(found) == {"kept"}
    assert only(found.kept).what.state is state


@pytest.mark.parametrize(
    ("day", "missed"),
    [("2026-11-15", False), ("2026-11-16", True), ("2026-11-23", True), ("2026-11-24", False)],
)
def test_a_promise_is_missed_where_its_day_passed_in_between(day: str, missed: bool) -> None:  # noqa: FBT001  # a parameter of the test's examples
    text = HEAD.format(stage="proposal") + SECTION.format(tick=" ", day=day, done="")
    # Nothing was changed, and that is the trouble.
    assert kinds(changed({"a": text}, {"a": text})) == ({"missed"} if missed else set())


PLAN = "\n## 2026-11-14 10:00 call Li Lei\n\nHello there.\n\n- next: {step}\n"


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("\n## 2026-11-20 visit Li Lei\n", "plans_kept"),
        ("\n## 2026-11-22 visit Li Lei\n", "plans_kept"),
        ("\n## 2026-11-18 call Li Lei\n\n- next: 2026-12-01 visit\n", "plans_moved"),
        ("\n## 2026-11-18 call Li Lei\n\n- next: none\n", "plans_ended"),
        ("\n## 2026-11-18 call Li Lei\n", None),
    ],
)
def test_a_plan_is_settled(section: str, kind: str | None) -> None:
    plan = PLAN.format(step="2026-11-20 visit")
    found = of_record(plan, section + plan)
    assert kinds(found) == {"followups", kind} - {None}
    if kind == "plans_kept":
        late = "11-22" in section
        assert only(found.plans_kept).what.outcome is (
            PlanOutcome.LATE if late else PlanOutcome.KEPT
        )
    # It is told once: later changes leave it alone.
    again = of_record(section + plan, section + plan + "\nMore.\n")
    assert kinds(again) == set()


def test_a_plan_is_moved_in_place() -> None:
    found = of_record(PLAN.format(step="2026-11-26 visit"), PLAN.format(step="2026-12-03 visit"))
    assert kinds(found) == {"plans_moved"}
    move = only(found.plans_moved).what
    assert (move.old.date, move.new.date) == (date(2026, 11, 26), date(2026, 12, 3))


def test_what_moves_to_another_record_is_not_done_again() -> None:
    a, b = (HEAD.format(stage="proposal").replace("Acme", name) for name in "AB")
    section = SECTION.format(tick="x", day="2026-11-20", done="")
    found = changed({"a": a + section, "b": b}, {"b": b + section})
    assert kinds(found) == {"merged"}
    assert only(found.merged).what.path == "records/b.md"


def test_only_problems_that_were_not_there_are_new() -> None:
    plan = PLAN.format(step="2026-11-20 vist")
    old = f"{plan}\n- [ ] no day\n"
    found = of_record(old, f"\n## 2026-11-18 call Li Lei\n\n- [ ] no day either\n{old}")
    new = [(each.diagnostic.code, each.diagnostic.span.line) for each in found.problems]
    assert ("commitment-without-due", 10) in new
    assert len([code for code, _ in new if code == "commitment-without-due"]) == 1
    assert not of_record(old, old).problems


def test_a_record_that_breaks_is_a_problem_and_nothing_else() -> None:
    found = of_record("", "")
    assert not found
    broken = changed({"a": HEAD.format(stage="won")}, {"a": "---\nname: Acme\n"})
    assert kinds(broken) == set()
    codes = {each.diagnostic.code for each in broken.problems}
    assert codes == {"front-matter-unterminated", "missing-required"}
    mended = changed({"a": "---\nname: Acme\n"}, {"a": HEAD.format(stage="won")})
    assert kinds(mended) == set()


def test_a_value_with_a_mistake_is_not_gone() -> None:
    text = HEAD.format(stage="proposal")
    found = changed({"a": text}, {"a": text.replace("480 EUR", "480 or so")})
    assert kinds(found) == set()
    assert {each.diagnostic.code for each in found.problems} == {"invalid-money"}
    gone = changed({"a": text}, {"a": text.replace("value: 480 EUR\n", "")})
    assert kinds(gone) == {"values"}


def test_a_change_of_owner_concerns_both() -> None:
    old = HEAD.format(stage="proposal")
    found = changed({"a": old}, {"a": old.replace("Li Lei", "Han Meimei")})
    old_owner, new_owner = only(found.owners).people
    for name in (old_owner, new_owner):
        assert kinds(found.of(name.__eq__)) == {"owners"}
    assert not found.of(lambda who: who == "Wang Wei")
