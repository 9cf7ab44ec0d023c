"""Merging records: one example for each thing that is promised, and a model for all the rest."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.format import merge_model as model
from tests.record_strategies import configs, records
from tracker.config_file import parse_config
from tracker.format.comparison import content_of
from tracker.format.merge import Merged, merge_records
from tracker.format.order import stand_in_order
from tracker.format.parser import parse_record
from tracker.format.three_way import Labels, Method
from tracker.library.record_merge import merge_files
from tracker.library.text_merge import LineMerge

if TYPE_CHECKING:
    from tracker.config import Config

pytestmark = pytest.mark.git

PATH = "records/a.md"
LABELS = Labels("base", "ours", "theirs")
CONFIGS = {
    (language, order): parse_config(f"language: {language}\norder: {order}\n")[0]
    for language in ("zh", "en")
    for order in ("newest-first", "oldest-first")
}

BASE = """\
---
name: Acme Tools
industry: machines
stage: proposal
owner: Li Lei
value: 480000 CNY  # a guess
tags: [tools, east]
contacts:
  - name: Wang Fang
    title: buyer
    phone: 0512-66881234
  # second in command
  - name: Zhang Qiang
    title: "head of the plant"
needs:
  core: [short lead time]
offers:
  - date: 2026-10-18
    quote: Q-1
    amount: 450000 CNY
    terms: net 30
---

Met at a fair.

## 2026-11-20 14:30 call Li Lei

Asked about lead time.
Likes two batches.

- contact: Wang Fang
- needs: first batch within 30 days
- [ ] send the quote for two batches @2026-11-22
- [x] send a reference @2026-11-21
- attitude: positive
- next: 2026-11-27 10:00 visit walk through the plan

## 2026-11-12 09:10 email Li Lei

First contact.

- next: 2026-11-20 call
"""
TOP = "Met at a fair.\n"
NEWER = "\n## 2026-11-25 10:00 visit Han Meimei\n\nSaw the second plant.\n\n- topic: space\n"
NEWEST = "\n## 2026-11-26 16:00 call Li Lei\n\nAgreed on two batches.\n"


def merge(
    ours: str, theirs: str, base: str = BASE, config: Config = CONFIGS["en", "newest-first"]
) -> Merged | None:
    return merge_records((base, ours, theirs), config, Method(LineMerge()), LABELS, 7)


def merged(ours: str, theirs: str, base: str = BASE) -> str:
    """Return the text of a merge without conflicts, which is the same from either side."""
    found, other = merge(ours, theirs, base), merge(theirs, ours, base)
    assert found
    assert other
    assert not found.conflicts, found.text
    assert found.text == other.text
    return found.text


def changed(*pairs: tuple[str, str], text: str = BASE) -> str:
    """Return the record with texts, each of which stands in it once, replaced by others."""
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def conflicting(ours: str, theirs: str, base: str = BASE) -> str:
    found = merge(ours, theirs, base)
    assert found
    assert found.conflicts, found.text
    assert resolved(found.text, "ours") != resolved(found.text, "theirs")
    return found.text


def marked(ours: str, theirs: str) -> str:
    """Return lines in conflict as git marks them."""
    return f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"


def resolved(text: str, side: str) -> str:
    """Return a text with every conflict resolved to one side."""
    lines = []
    within = ""
    for line in text.split("\n"):
        if line == "<<<<<<< ours":
            within = "ours"
        elif within and line == "=======":
            within = "theirs"
        elif within and line == ">>>>>>> theirs":
            within = ""
        elif within in ("", side):
            lines.append(line)
    return "\n".join(lines)


# --- Front matter -------------------------------------------------------------------------------


def test_values_of_different_keys_are_merged_though_their_lines_touch() -> None:
    ours = changed(("stage: proposal", "stage: negotiation"))
    theirs = changed(("owner: Li Lei", "owner: Han Meimei"))
    assert merged(ours, theirs) == changed(
        ("stage: proposal", "stage: negotiation"), ("owner: Li Lei", "owner: Han Meimei")
    )


def test_keys_that_both_added_are_merged_in_the_order_of_the_format() -> None:
    ours = changed(("owner: Li Lei\n", "owner: Li Lei\nexpected_close: 2026-12-20\n"))
    theirs = changed(("owner: Li Lei\n", "owner: Li Lei\ncreated: 2026-09-02\n"))
    both = "owner: Li Lei\ncreated: 2026-09-02\nexpected_close: 2026-12-20\n"
    assert merged(ours, theirs) == changed(("owner: Li Lei\n", both))


def test_a_key_that_both_added_with_one_value_stands_once() -> None:
    ours = changed(("stage: proposal\n", "stage: proposal\nlevel: A\n"))
    theirs = changed(("tags: ", "level: A\ntags: "))
    assert merged(ours, theirs).count("level: A") == 1


def test_the_side_that_changed_a_value_gives_its_bytes() -> None:
    ours = changed(("value: 480000 CNY  # a guess", "value:   '500000 CNY'   # by phone"))
    assert merged(ours, changed(("machines", "tools"))) == changed(("machines", "tools"), text=ours)


def test_a_comment_of_one_side_and_a_value_of_the_other_go_together() -> None:
    ours = changed(("480000 CNY  # a guess", "480000 CNY  # by phone"))
    theirs = changed(("480000 CNY  # a guess", "500000 CNY  # a guess"))
    assert merged(ours, theirs) == changed(("480000 CNY  # a guess", "500000 CNY  # by phone"))


def test_a_comment_of_one_side_and_an_item_of_the_other_go_together() -> None:
    base = changed(("[tools, east]", "[tools, east]  # where"))
    ours = changed(("[tools, east]", "[tools, east, big]"), text=base)
    theirs = changed(("# where", "# where they are"), text=base)
    assert merged(ours, theirs, base) == changed(
        ("[tools, east]", "[tools, east, big]"), text=theirs
    )


@pytest.mark.parametrize(
    ("line", "commented"),
    [
        ("industry: machines\n", "industry: machines  # ask Wang\n"),
        ("industry: machines\n", "# ask Wang\nindustry: machines\n"),
        ("    title: buyer\n", "    title: buyer  # ask Wang\n"),
        ("needs:\n  core: [short lead time]\n", "needs:\n  core: [short lead time]  # ask Wang\n"),
    ],
)
def test_a_comment_on_what_the_other_side_took_away_is_a_conflict(
    line: str, commented: str
) -> None:
    ours, theirs = changed((line, "")), changed((line, commented))
    assert "# ask Wang" in conflicting(ours, theirs)
    assert "# ask Wang" in conflicting(theirs, ours)


def test_a_comment_that_both_sides_wrote_below_stays_one() -> None:
    base = changed(("    terms: net 30\n", "    terms: net 30\n# to be asked\n"))
    ours = changed(("# to be asked\n", "# to be asked\nsize: 200\n"), text=base)
    theirs = changed(("# to be asked\n", "# to be asked\nregion: east\n"), text=base)
    assert merged(ours, theirs, base) == changed(
        ("# to be asked\n", "# to be asked\nsize: 200\nregion: east\n"), text=base
    )


def test_two_comments_on_one_value_are_a_conflict() -> None:
    ours = changed(("480000 CNY  # a guess", "480000 CNY  # by phone"))
    theirs = changed(("480000 CNY  # a guess", "500000 CNY  # by mail"))
    text = conflicting(ours, theirs)
    assert "# by phone" in text
    assert "# by mail" in text


def test_a_comment_where_a_long_text_begins_is_not_lost() -> None:
    base = changed(("terms: net 30", "terms: |\n      net 30\n      by transfer"))
    ours = changed(("terms: |", "terms: |  # as always"), text=base)
    theirs = changed(("net 30", "net 60"), text=base)
    assert "# as always" in conflicting(ours, theirs, base)


def test_contacts_are_matched_by_name() -> None:
    ours = changed(
        ("title: buyer", "title: head buyer"),
        ("  - name: Zhang Qiang", "  - name: Li\n  - name: Zhang Qiang"),
    )
    theirs = changed(
        ("phone: 0512-66881234", "phone: 0512-1"), ('title: "head of the plant"', "title: retired")
    )
    assert merged(ours, theirs) == changed(
        ("phone: 0512-66881234", "phone: 0512-1"),
        ('title: "head of the plant"', "title: retired"),
        text=ours,
    )


def test_contacts_that_both_added_are_both_kept() -> None:
    ours = changed(("needs:\n", "  - name: Zhao\n    phone: 1\nneeds:\n"))
    theirs = changed(("needs:\n", "  - name: Qian\n    phone: 2\nneeds:\n"))
    both = "  - name: Qian\n    phone: 2\n  - name: Zhao\n    phone: 1\nneeds:\n"
    assert merged(ours, theirs) == changed(("needs:\n", both))


def test_one_contact_that_both_added_stands_once_with_what_each_knows() -> None:
    ours = changed(("needs:\n", "  - name: Zhao\n    phone: 1\nneeds:\n"))
    theirs = changed(("needs:\n", "  - name: Zhao\n    email: z@example.com\nneeds:\n"))
    both = "  - name: Zhao\n    phone: 1\n    email: z@example.com\nneeds:\n"
    assert merged(ours, theirs) == changed(("needs:\n", both))


def test_offers_are_matched_by_quote_number() -> None:
    offer = "  - date: 2026-10-18\n    quote: Q-1\n"
    newer = "  - date: 2026-11-18\n    quote: Q-2\n    amount: 1 CNY\n"
    ours = changed((offer, newer + offer))
    theirs = changed(("amount: 450000 CNY", "amount: 440000 CNY"))
    assert merged(ours, theirs) == changed(("amount: 450000 CNY", "amount: 440000 CNY"), text=ours)


def test_lists_are_sets_that_keep_their_order() -> None:
    ours = changed(("[tools, east]", "[new, tools, east]"))
    theirs = changed(("[tools, east]", "[tools, big]"))
    assert merged(ours, theirs) == changed(("[tools, east]", "[new, tools, big]"))


def test_a_list_of_one_item_a_line_is_merged_line_by_line() -> None:
    base = changed(("tags: [tools, east]", "tags:\n  - tools\n  # where they are\n  - east"))
    ours = changed(("  - tools\n", "  - tools  # mainly\n"), text=base)
    theirs = changed(("  - east\n", "  - east\n  - big\n"), text=base)
    assert merged(ours, theirs, base) == changed(("  - east\n", "  - east\n  - big\n"), text=ours)


def test_an_entry_that_one_side_took_away_is_gone() -> None:
    ours = changed(("industry: machines\n", ""))
    theirs = changed(("title: buyer", "title: head buyer"))
    assert merged(ours, theirs) == changed(("industry: machines\n", ""), text=theirs)


def test_a_contact_deleted_here_and_edited_there_is_a_conflict() -> None:
    gone = '  # second in command\n  - name: Zhang Qiang\n    title: "head of the plant"\n'
    edited = gone.replace('"head of the plant"', "retired")
    text = conflicting(changed((gone, "")), changed((gone, edited)))
    marked = f"<<<<<<< ours\n=======\n{edited}>>>>>>> theirs\n"
    assert text == changed((gone, marked))


def test_a_contact_stays_that_one_side_adds_to_a_list_the_other_has_emptied() -> None:
    start, end = BASE.index("contacts:\n"), BASE.index("needs:\n")
    emptied = BASE[:start] + BASE[end:]
    added = changed(("needs:\n", "  - name: Zhao\n    phone: 1\nneeds:\n"))
    left = "contacts:\n  - name: Zhao\n    phone: 1\n"
    assert merged(emptied, added) == emptied[:start] + left + emptied[start:]
    assert merged(added, emptied) == emptied[:start] + left + emptied[start:]


def test_keys_in_the_other_language_are_the_same_keys() -> None:
    ours = changed(
        ("industry: machines", "所属行业: machines"), ("stage: proposal", "客户阶段: 方案制定")
    )
    theirs = changed(("industry: machines", "industry: tools"))
    assert "industry: tools\n客户阶段: 方案制定\n" in merged(ours, theirs)


def test_a_record_that_one_side_formatted_is_merged_with_an_edit_of_the_other() -> None:
    base = changed(
        ("  - name: Wang Fang\n    title: buyer", "- name: Wang Fang\n  title: buyer"),
        ("    phone: 0512", "  phone: 0512"),
        (
            "  # second in command\n  - name: Zhang Qiang\n    title",
            "# second in command\n- name: Zhang Qiang\n  title",
        ),
    )
    theirs = changed(("title: buyer", "title: head buyer"), text=base)
    assert merged(BASE, theirs, base) == changed(("title: buyer", "title: head buyer"))


# --- Stage --------------------------------------------------------------------------------------


def test_a_stage_that_both_moved_to_the_same_is_fine() -> None:
    ours = changed(("stage: proposal", "stage: negotiation"))
    assert merged(ours, ours + "\n") == ours + "\n"
    found = merge(ours, changed(("stage: proposal", "stage: 商务谈判")))
    assert found
    assert found == Merged(ours)


@pytest.mark.parametrize("stage", ["negotiation", "won", "lost", "lead"])
def test_a_stage_that_one_moved_beats_the_unchanged_one(stage: str) -> None:
    ours = changed(("stage: proposal", f"stage: {stage}"))
    assert merged(ours, changed(("machines", "tools"))) == changed(("machines", "tools"), text=ours)


@pytest.mark.parametrize(
    ("ours", "theirs"), [("negotiation", "won"), ("won", "lost"), ("lost", "won"), ("成交", "lost")]
)
def test_a_stage_that_both_moved_elsewhere_is_a_conflict_of_that_line(
    ours: str, theirs: str
) -> None:
    text = conflicting(
        changed(("stage: proposal", f"stage: {ours}")),
        changed(("stage: proposal", f"stage: {theirs}"), ("machines", "tools")),
    )
    assert text == changed(
        ("machines", "tools"),
        (
            "stage: proposal\n",
            f"<<<<<<< ours\nstage: {ours}\n=======\nstage: {theirs}\n>>>>>>> theirs\n",
        ),
    )


# --- Sections -----------------------------------------------------------------------------------


def test_sections_that_both_added_are_both_kept_in_order_and_whole() -> None:
    ours, theirs = changed((TOP, TOP + NEWER)), changed((TOP, TOP + NEWEST))
    assert merged(ours, theirs) == changed((TOP, TOP + NEWEST + NEWER))


def test_the_order_is_that_of_the_file() -> None:
    head, newest, oldest = BASE.partition("\n## 2026-11-20")[0], *_sections(BASE)
    base = head + oldest + newest
    ours, theirs = base + NEWER, base + NEWEST
    assert merged(ours, theirs, base) == base + NEWER + NEWEST


def _sections(text: str) -> tuple[str, str]:
    first, second = (f"\n## 2026{part}" for part in text.split("\n## 2026")[1:])
    return first, second


def test_the_very_same_section_added_by_both_stands_once() -> None:
    both = changed((TOP, TOP + NEWER))
    assert merged(changed((TOP, TOP + NEWEST + NEWER)), both) == changed(
        (TOP, TOP + NEWEST + NEWER)
    )


def test_sections_of_one_heading_with_other_words_are_both_kept() -> None:
    heading = "\n## 2026-11-25 call Li Lei\n\n"
    ours = changed((TOP, f"{TOP}{heading}The first talk of the day.\n"))
    theirs = changed((TOP, f"{TOP}{heading}Another matter.\n"))
    text = merged(ours, theirs)
    assert text.count("## 2026-11-25 call Li Lei") == 2  # two talks
    assert "The first talk of the day." in text
    assert "Another matter." in text


def test_equal_headings_are_told_apart_by_what_stands_below() -> None:
    second = "\n## 2026-11-20 14:30 call Li Lei\n\nCalled again.\n"
    base = changed((TOP, TOP + second))
    ours = changed(("Called again.", "Called again, twice."), text=base)
    theirs = changed(("Asked about lead time.", "Asked about price."), text=base)
    assert merged(ours, theirs, base) == changed(
        ("Called again.", "Called again, twice."), text=theirs
    )


def test_a_section_that_one_side_moved_is_edited_where_it_is_now() -> None:
    head, newest, oldest = BASE.partition("\n## 2026-11-20")[0], *_sections(BASE)
    ours = head + oldest + newest
    theirs = changed(("First contact.", "First contact, by Wang Fang."))
    assert merged(ours, theirs) == changed(
        ("First contact.", "First contact, by Wang Fang."), text=ours
    )


def test_a_section_deleted_here_and_edited_there_is_a_conflict() -> None:
    _, oldest = _sections(BASE)
    edited = oldest.replace("First contact.", "Wrote to us.")
    text = conflicting(changed((oldest, "")), changed((oldest, edited)))
    assert resolved(text, "theirs").rstrip("\n") == changed((oldest, edited)).rstrip("\n")
    assert "First contact." not in text
    assert text.startswith(changed((oldest, "")))


def test_a_section_that_one_side_deleted_is_gone() -> None:
    _, oldest = _sections(BASE)
    ours, theirs = changed((oldest, "")), changed(("machines", "tools"))
    assert merged(ours, theirs) == changed((oldest, ""), ("machines", "tools"))


def test_a_corrected_heading_and_an_edit_below_it_go_together() -> None:
    ours = changed(("14:30 call", "15:30 call"))
    theirs = changed(("Likes two batches.", "Likes three batches."))
    assert merged(ours, theirs) == changed(
        ("14:30 call", "15:30 call"), ("Likes two batches.", "Likes three batches.")
    )


# --- Within a section ---------------------------------------------------------------------------

TASK = "- [ ] send the quote for two batches @2026-11-22"


def test_a_commitment_ticked_here_and_reworded_there_is_one() -> None:
    ours = changed((TASK, "- [x] send the quote for two batches @2026-11-22 ✅ 2026-11-21"))
    theirs = changed((TASK, "- [ ] send the final quote for two batches @2026-11-22"))
    assert merged(ours, theirs) == changed(
        (TASK, "- [x] send the final quote for two batches @2026-11-22 ✅ 2026-11-21")
    )


def test_a_commitment_postponed_here_and_ticked_there_is_one() -> None:
    ours = changed((TASK, TASK.replace("@2026-11-22", "@2026-11-29")))
    theirs = changed((TASK, f"{TASK.replace('[ ]', '[X]')} ✅ 2026-11-21"))
    assert merged(ours, theirs) == changed(
        (TASK, "- [x] send the quote for two batches @2026-11-29 ✅ 2026-11-21")
    )


@pytest.mark.parametrize("other", [TASK, TASK.replace("send", "mail"), TASK.replace("22", "29")])
def test_a_commitment_ticked_by_both_keeps_the_day_that_one_has_written(other: str) -> None:
    dated = changed((TASK, TASK.replace("[ ]", "[x]") + " ✅ 2026-11-21"))
    undated = changed((TASK, other.replace("[ ]", "[x]")))
    expected = changed((TASK, other.replace("[ ]", "[x]") + " ✅ 2026-11-21"))
    assert merged(dated, undated) == expected
    assert merged(undated, dated) == expected


def test_a_commitment_reworded_by_both_is_a_conflict_of_that_line() -> None:
    ours = changed((TASK, TASK.replace("two", "three")))
    theirs = changed((TASK, TASK.replace("the quote", "a quote")))
    assert conflicting(ours, theirs) == changed(
        (
            f"{TASK}\n",
            marked(
                "- [ ] send the quote for three batches @2026-11-22\n",
                "- [ ] send a quote for two batches @2026-11-22\n",
            ),
        )
    )


def test_another_commitment_in_the_place_of_one_is_not_ticked_for_it() -> None:
    ours = changed((TASK, f"{TASK.replace('[ ]', '[x]')} ✅ 2026-11-21"))
    theirs = changed((TASK, "- [ ] book a table in the evening @2026-11-22"))
    text = conflicting(ours, theirs)
    assert "- [ ] book a table in the evening @2026-11-22\n" in text
    assert "[x] book" not in text


def test_commitments_and_fields_that_both_added_are_all_kept() -> None:
    ours = changed((TASK, f"- topic: price\n{TASK}\n- [ ] ask for a forecast"))
    theirs = changed((TASK, f"- response: two engineers\n{TASK}\n- [ ] send photographs"))
    assert merged(ours, theirs) == changed(
        (
            TASK,
            "\n".join(
                (
                    *("- topic: price", "- response: two engineers", TASK),
                    *("- [ ] ask for a forecast", "- [ ] send photographs"),
                )
            ),
        )
    )


def test_fields_that_touch_are_merged_one_by_one() -> None:
    ours = changed(("- attitude: positive", "- attitude: negative, price"))
    theirs = changed(("visit walk through", "visit walk slowly through"))
    assert merged(ours, theirs) == changed(
        ("- attitude: positive", "- attitude: negative, price"),
        ("visit walk through", "visit walk slowly through"),
    )


def test_a_plan_that_both_changed_is_a_conflict_of_that_line() -> None:
    ours = changed(("2026-11-27 10:00", "2026-11-28 10:00"))
    theirs = changed(("2026-11-27 10:00", "2026-11-29 10:00"))
    text = conflicting(ours, theirs)
    assert text == changed(
        (
            "- next: 2026-11-27 10:00 visit walk through the plan\n",
            marked(
                "- next: 2026-11-28 10:00 visit walk through the plan\n",
                "- next: 2026-11-29 10:00 visit walk through the plan\n",
            ),
        )
    )


def test_a_plan_written_in_two_ways_is_no_conflict() -> None:
    ours = changed(("- next: 2026-11-27 10:00 visit", "- next: 2026-11-28 10:00 visit"))
    theirs = changed(("- next: 2026-11-27 10:00 visit", "- 下次： 2026/11/28 10:00 面谈"))
    found = merge(ours, theirs)
    assert found == Merged(ours)


def test_free_text_is_merged_by_line() -> None:
    base = changed(("Asked about lead time.\n", "Asked about lead time.\nTwo.\nThree.\nFour.\n"))
    ours = changed(("Asked about lead time.", "Asked about price."), text=base)
    theirs = changed(("Four.\nLikes two batches.", "Four.\nLikes three batches."), text=base)
    assert merged(ours, theirs, base) == changed(
        ("Likes two batches.", "Likes three batches."), text=ours
    )


def test_free_text_in_conflict_is_marked_on_its_lines_alone() -> None:
    ours = changed(("Likes two batches.", "Likes three batches."), ("machines", "tools"))
    theirs = changed(
        ("Likes two batches.", "Likes four batches."), (TASK, TASK.replace(" ]", "x]"))
    )
    assert conflicting(ours, theirs) == changed(
        ("machines", "tools"),
        (TASK, TASK.replace(" ]", "x]")),
        (
            "Likes two batches.\n",
            "<<<<<<< ours\nLikes three batches.\n=======\nLikes four batches.\n>>>>>>> theirs\n",
        ),
    )


def test_commitments_within_others_are_merged_one_by_one() -> None:
    nested = f"{TASK}\n  - [ ] ask for prices\n  - [ ] calculate the price"
    base = changed((TASK, nested))
    ours = changed(("[ ] ask for prices", "[x] ask for prices"), text=base)
    theirs = changed(("[ ] calculate the price", "[x] calculate the price"), text=base)
    assert merged(ours, theirs, base) == changed(
        ("[ ] calculate the price", "[x] calculate the price"), text=ours
    )


def test_notes_and_the_text_before_them_are_merged_by_line() -> None:
    base = BASE + "\n## Background\n\nOne.\n\nTwo.\n\nThree.\n"
    ours = changed(("One.", "1."), ("Met at a fair.", "Met at a fair in spring."), text=base)
    theirs = changed(("Three.", "3."), text=base)
    assert merged(ours, theirs, base) == changed(("Three.", "3."), text=ours)


# --- What cannot be merged so -------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        changed(("owner: Li Lei", 'owner: "Li Lei')),
        changed(("owner: Li Lei", "owner: &me Li Lei")),
        changed(("owner: Li Lei", "owner: Li Lei\nowner: Han Meimei")),
        changed(("owner: Li Lei", "<<<<<<< a\nowner: Li Lei\n=======\nowner: B\n>>>>>>> b")),
        BASE.partition("---\n\n")[0],
        "nothing of this kind\n",
    ],
)
def test_a_side_that_is_uncertain_is_left_to_git(broken: str) -> None:
    other = changed(("machines", "tools"))
    assert merge(broken, other) is None
    assert merge(other, broken) is None
    assert merge(changed(("east", "west")), other, broken) is None


def test_what_is_not_changed_on_one_side_needs_no_reading() -> None:
    assert merge("broken\n", BASE) == Merged("broken\n")
    assert merge(BASE, "broken\n") == Merged("broken\n")


# --- All histories ------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 2**48),
    language=st.sampled_from(["zh", "en"]),
    newest_first=st.booleans(),
    sizes=st.lists(st.integers(0, 8), min_size=2, max_size=3),
    breaks=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=int(os.environ.get("TRACKER_HISTORIES", "200")))
def test_a_merge_is_what_the_model_says(
    *, seed: int, language: str, newest_first: bool, sizes: list[int], breaks: str
) -> None:
    """Two or three branches are merged one after the other, as the model merges them."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    config = CONFIGS[language, "newest-first" if newest_first else "oldest-first"]
    base = model.Writer(language, chance, "b", newest_first=newest_first).record()
    branches = model.branches(base, chance, sizes, newest_first=newest_first)
    layout = chance.random()
    texts = [
        model.text_of(one, random.Random(layout))  # noqa: S311  # no secret
        for one in (base, *branches)
    ]
    ours, text = branches[0], texts[1]
    for theirs, their_text in zip(branches[1:], texts[2:], strict=True):
        if model.is_uncertain(base, ours, theirs):
            event("a new thing that is not the same on both sides")
            return
        files = [one.replace("\n", breaks).encode() for one in (texts[0], text, their_text)]
        found = merge_files((files[0], files[1], files[2]), config, LABELS, 7)
        assert not found.by_lines
        text = found.data.decode().replace(breaks, "\n")
        assert "\r" not in text
        expected = model.merged(base, ours, theirs)
        event("conflict" if expected.conflicts else "clean")
        assert found.clean == (not expected.conflicts), expected.conflicts
        assert _facts(resolved(text, "ours"), config) == _facts(
            model.text_of(expected.ours), config
        )
        assert _facts(resolved(text, "theirs"), config) == _facts(
            model.text_of(expected.theirs), config
        )
        _assert_symmetric(files, text, breaks, config)
        if expected.conflicts:
            return
        ours = expected.ours


def _facts(text: str, config: Config) -> dict[str, object]:
    parsed = parse_record(text, PATH, config)
    assert parsed.customer
    assert not parsed.problems
    return model.facts(parsed.customer)


def _assert_symmetric(files: list[bytes], text: str, breaks: str, config: Config) -> None:
    base, ours, theirs = files
    other = merge_files((base, theirs, ours), config, LABELS, 7).data.decode()
    swapped = other.replace(breaks, "\n")
    for side, opposite in (("ours", "theirs"), ("theirs", "ours")):
        one, two = (
            content_of(parse_record(resolved(each, part), PATH, config).customer)
            for each, part in ((text, side), (swapped, opposite))
        )
        assert one == two


@given(
    seed=st.integers(0, 2**48), language=st.sampled_from(["zh", "en"]), newest_first=st.booleans()
)
@settings(max_examples=50)
def test_follow_ups_that_both_added_stand_in_order(
    *, seed: int, language: str, newest_first: bool
) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    config = CONFIGS[language, "newest-first" if newest_first else "oldest-first"]
    writer = model.Writer(language, chance, "b", newest_first=newest_first)
    base = writer.record()
    sides = [base.copy(), base.copy()]
    for side in sides:
        for _ in range(chance.randint(1, 4)):
            writer.section(side)
    texts = [model.text_of(one) for one in (base, *sides)]
    found = merge(texts[1], texts[2], texts[0], config)
    assert found
    customer = parse_record(found.text, PATH, config).customer
    assert customer
    assert len(customer.followups) == sum(len(side.ids("section")) for side in sides) - len(
        base.ids("section")
    )
    assert stand_in_order(customer.followups, newest_first=newest_first)


@given(base=records(), ours=records(), config=configs)
@settings(max_examples=50)
def test_what_one_side_alone_has_changed_is_taken_to_the_byte(
    base: str, ours: str, config: Config
) -> None:
    assert merge(ours, base, base, config) == Merged(ours)
    assert merge(base, ours, base, config) == Merged(ours)
    assert merge(ours, ours, base, config) == Merged(ours)


@given(base=records(), chance=st.randoms(use_true_random=False), config=configs)
@settings(max_examples=100)
def test_any_record_with_a_follow_up_of_each_side_is_merged(
    base: str, chance: random.Random, config: Config
) -> None:
    """However a record is written: what is there stays, to the byte, and what is new is there."""
    days = [f"2027-0{chance.randint(1, 9)}-1{number}" for number in (0, 1)]
    new = [
        f"## {day} 10:00 电话 李雷\n\n{word}\n"
        for day, word in zip(days, ("第一件事", "第二件事"), strict=True)
    ]
    text = base if base.endswith("\n") else f"{base}\n"
    ours, theirs = (f"{text}\n{section}" for section in new)
    found = merge(ours, theirs, text, config)
    if found is None:
        event("left to git")
        return
    assert not found.conflicts
    lines = [*ours.split("\n"), *new[1].split("\n")]
    kept = [line for line in found.text.split("\n") if line.strip()]
    assert sorted(kept) == sorted(line for line in lines if line.strip())
