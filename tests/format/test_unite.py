"""One record out of two: an example for each thing that is promised, and what always holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.record_strategies import configs, record_files
from tracker.config_file import parse_config
from tracker.diagnostics import Problem
from tracker.format.editor import RecordFile, read_record_file
from tracker.format.frontmatter import body_of, split
from tracker.format.order import stand_in_order
from tracker.format.scalar import write_scalar
from tracker.format.unite import Refusal, Union, unite
from tracker.schema import CONTACT_FIELDS, FRONT_MATTER, Kind, by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tracker.config import Config
    from tracker.model import Customer

CONFIG = parse_config("language: en\n")[0]

OURS = """\
---
name: Acme Tools  # as on the card
level: A
stage: proposal
owner: Li Lei
tags: [tools]
contacts:
  - name: Wang Fang
    phone: 0512-66881234
    concerns: [price]
    primary: yes
not_duplicate_of: [acme-2, acme-3]
---

Met at a fair.

## 2026-11-20 14:30 call Li Lei

Asked about lead time.

- [ ] send the quote @2026-11-22

## Agreed

Invoices go to the plant.
"""

THEIRS = """\
---
name: Acme Tools Ltd
level: B
stage: 方案制定
owner: Han Meimei
address: 8 Example Road
tags: [Tools, east]
aliases: [acme-old]
not_duplicate_of: [acme, nordwind]
# from the web form
contacts:
  - name: wang fang
    title: buyer
    phone: 13912345678
    concerns: [price, lead time]
  - name: Zhang Qiang
    primary: yes
own_key: x
---

Came by the web form.

## Remarks

Pays late.

## 2026-11-21 09:00 call

Wants it **sooner**.

### Details

- [x] call back @2026-11-22

## 2026-11-20 14:30 call Li Lei

Asked about lead time.

- [ ] send the quote @2026-11-22
"""

UNITED = """\
---
name: Acme Tools  # as on the card
address: 8 Example Road
level: A
stage: proposal
owner: Li Lei
tags: [tools, east]
aliases: [acme-2, acme-old]
contacts:
  - name: Wang Fang
    title: buyer
    phone: 0512-66881234
    concerns: [price, lead time]
    primary: yes
  - name: Zhang Qiang
not_duplicate_of: [acme-3, nordwind]
---

Met at a fair.

Came by the web form.

## Remarks

Pays late.

## 2026-11-21 09:00 call Han Meimei

Wants it **sooner**.

### Details

- [x] call back @2026-11-22

## 2026-11-20 14:30 call Li Lei

Asked about lead time.

- [ ] send the quote @2026-11-22

## Agreed

Invoices go to the plant.

## Merged from Acme Tools Ltd (acme-2)

- name: Acme Tools Ltd
- level: B
- owner: Han Meimei
- contacts · wang fang · phone: 13912345678
- contacts · Zhang Qiang · primary: yes
- own_key: x
- `# from the web form`
"""


def read(text: str | bytes, stem: str, config: Config = CONFIG) -> RecordFile:
    data = text if isinstance(text, bytes) else text.encode()
    found = read_record_file(f"records/{stem}.md", data, config)
    assert not isinstance(found, Problem), found
    return found


def united(
    ours: str | bytes,
    theirs: str | bytes,
    takes: Callable[[str], bool] = lambda _: False,
    config: Config = CONFIG,
) -> Union:
    found = unite(read(ours, "acme", config), read(theirs, "acme-2", config), config, takes)
    assert not isinstance(found, Refusal), found
    return found


def record(lines: str = "", body: str = "") -> str:
    return f"---\nname: Acme\nstage: proposal\nowner: Li Lei\n{lines}---\n{body}"


# --- Examples -----------------------------------------------------------------------------------


def test_everything_comes_over_and_what_differs_stands_in_a_note() -> None:
    found = united(OURS, THEIRS)
    assert found.file.text == UNITED
    assert united(UNITED, THEIRS).file.data == UNITED.encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_breaks_and_byte_order_mark_are_those_of_the_record_that_stays(
    newline: str, mark: bytes
) -> None:
    ours = mark + OURS.replace("\n", newline).encode()
    assert united(ours, THEIRS).file.data == mark + UNITED.replace("\n", newline).encode()
    theirs = mark + THEIRS.replace("\n", newline).encode()
    assert united(OURS, theirs).file.data == UNITED.encode()


def test_the_other_ones_values_are_taken_where_that_is_asked_for() -> None:
    found = united(OURS, THEIRS, {"level", "owner", "contacts"}.__contains__)
    text = found.file.text
    assert "level: B\n" in text
    assert "owner: Han Meimei\n" in text
    assert "phone: 13912345678\n" in text
    assert text.endswith(
        "- contacts · Zhang Qiang · primary: yes\n- own_key: x\n- `# from the web form`\n\n"
        "What it replaced here:\n\n- level: A\n- owner: Li Lei\n"
        "- contacts · wang fang · phone: 0512-66881234\n"
    )


def test_work_stays_whose_it_was_when_the_owner_changes() -> None:
    ours = record(body="\n## 2026-11-20 call\n\nA.\n")
    theirs = record(body="\n## 2026-11-21 call\n\nB.\n").replace("Li Lei", "Han Meimei")
    for takes in ({"owner"}, set[str]()):
        customer = united(ours, theirs, takes.__contains__).file.customer
        assert [each.who for each in customer.followups] == ["Han Meimei", "Li Lei"]


def test_a_follow_up_that_cannot_be_given_its_author_is_refused_at_its_place() -> None:
    theirs = record(body="\n## 2026-11-21\n\nB.\n").replace("Li Lei", "somebody else")
    found = unite(read(record(), "a"), read(theirs, "b"), CONFIG)
    assert isinstance(found, Refusal)
    assert (found.path, found.problem.span.line) == ("records/b.md", 7)


def test_a_front_matter_that_is_not_read_whole_is_refused() -> None:
    theirs = record("tags: [a, b\n")
    found = unite(read(record(), "a"), read(theirs, "b"), CONFIG)
    assert isinstance(found, Refusal)
    assert (found.path, found.problem.code) == ("records/b.md", "yaml-syntax")


@pytest.mark.parametrize("takes", [False, True])
def test_deals_that_contradict_each_other_are_never_mixed(takes: bool) -> None:  # noqa: FBT001  # a case
    mine = "deal:\n  contract: HT-1\n  amount: 100 CNY\n  items:\n    - name: X\n"
    yours = "deal: {contract: HT-2, payment: cash, items: [{name: Y, price: 5 CNY}]}\n"
    found = united(record(mine), record(yours), lambda key: takes and key == "deal")
    deal = found.file.customer.deal
    assert deal
    note = found.file.customer.notes[-1].text
    if takes:
        assert (deal.contract, deal.amount, deal.payment) == ("HT-2", None, "cash")
        assert [item.name for item in deal.items] == ["Y"]
        assert (
            "- deal · contract: HT-1\n- deal · amount: 100 CNY\n- deal · items · X · name: X"
            in note
        )
    else:
        assert (deal.contract, deal.payment) == ("HT-1", None)
        assert (
            "- deal · contract: HT-2\n- deal · payment: cash\n- deal · items · Y · name: Y" in note
        )


def test_what_one_deal_lacks_comes_from_the_other() -> None:
    found = united(
        record("deal:\n  contract: HT-1\n"),
        record("deal:\n  contract: HT-1\n  items: [{name: Y, quantity: 2}]\n"),
    )
    deal = found.file.customer.deal
    assert deal
    assert (deal.contract, [item.name for item in deal.items]) == ("HT-1", ["Y"])
    assert not found.note


def test_offers_go_by_their_quote_and_else_by_what_they_say() -> None:
    mine = "offers:\n  - {quote: Q-1, amount: 5 CNY}\n  - {product: X}\n"
    yours = "报价:\n  - 报价单号: q-1\n    条款: net 30\n  - 产品: X\n  - 产品: Y\n"
    found = united(record(mine), record(yours))
    offers = found.file.customer.offers
    assert [(each.quote, each.terms, each.product) for each in offers] == [
        ("Q-1", "net 30", None),
        (None, None, "X"),
        (None, None, "Y"),
    ]
    assert not found.note


def test_what_cannot_be_read_as_a_value_stands_in_the_note() -> None:
    found = united(record(), record("created: 2026-02-30\nbusiness: |\n  one\n  two\n"))
    assert found.file.customer.business == "one\ntwo"
    assert "- created: 2026-02-30" in found.note
    assert found.file.customer.created is None


def test_a_note_is_no_part_of_a_follow_up_that_it_comes_below() -> None:
    ours = record(body="\n### 2026-11-20 call Li Lei\n\nA.\n\n### Plans\n\nLater.\n")
    theirs = record(body="\n### Old\n\nO.\n\n## 2026-11-19 call Li Lei\n\nB.\n")
    customer = united(ours, theirs).file.customer
    assert [note.heading for note in customer.notes] == ["Old", "Plans"]
    assert [each.summary for each in customer.followups] == ["A.", "B."]


# --- What always holds --------------------------------------------------------------------------


@given(
    record_files(),
    record_files(),
    configs,
    st.sampled_from([set[str](), {"owner", "name"}, {field.key for field in FRONT_MATTER}]),
)
@settings(max_examples=60)
def test_nothing_is_lost_and_nothing_doubled(
    mine: bytes, yours: bytes, config: Config, taken: set[str]
) -> None:
    ours, theirs = read(mine, "a", config), read(yours, "b", config)
    found = unite(ours, theirs, config, taken.__contains__)
    if isinstance(found, Refusal):
        event("refused")
        assert "names nobody" in str(found.problem.message)
        return
    sides, result = (ours.customer, theirs.customer), found.file.customer
    for facts_of in (_followups, _tasks, _notes, _contacts):
        _kept_once(*(facts_of(side) for side in sides), facts_of(result))
    lines = [_lines(body_of(file.text)[0]) for file in (ours, theirs, found.file)]
    assert not (lines[0] | lines[1]) - lines[2]
    for side in sides:
        _values_kept(side, result, body_of(found.file.text)[0], theirs, ours)
    ids = {fold(name) for name in (result.id, *result.aliases)}
    assert {fold(name) for side in sides for name in (side.id, *side.aliases)} <= ids
    if ours.customer.followups and all(_ordered(side, config) for side in sides):
        assert _ordered(result, config)
    again = unite(found.file, theirs, config, taken.__contains__)
    assert isinstance(again, Union)
    assert again.file.data == found.file.data


def _kept_once(*found: Counter[Any]) -> None:
    ours, theirs, result = found
    assert not (ours | theirs) - result, "something is lost"
    assert not result - (ours + theirs), "something is doubled"


def _followups(customer: Customer) -> Counter[Any]:
    return Counter(
        (each.order, each.method, each.summary, repr(each.texts), repr(each.fields), each.who)
        for each in customer.followups
    )


def _tasks(customer: Customer) -> Counter[Any]:
    return Counter(
        (task.text, task.due, task.done, task.done_on)
        for each in customer.followups
        for task in each.commitments
    )


def _notes(customer: Customer) -> Counter[Any]:
    return Counter(
        (note.level, note.heading, note.text)
        for note in customer.notes
        if not note.heading.startswith(("Merged from ", "合并自 "))
    )


def _contacts(customer: Customer) -> Counter[Any]:
    return Counter(fold(contact.name) for contact in customer.contacts)


def _lines(body: str) -> Counter[str]:
    """Return the lines of a body that are no headings, which may get the name of an author."""
    return Counter(
        " ".join(line.split())
        for line in body.split("\n")
        if line.strip() and not line.lstrip().startswith(("#", "＃"))
    )


def _ordered(customer: Customer, config: Config) -> bool:
    return stand_in_order(customer.followups, newest_first=config.newest_first)


def _values_kept(
    side: Customer, result: Customer, body: str, theirs: RecordFile, ours: RecordFile
) -> None:
    """See that what a front matter says stands in that of the result, or in its body."""
    file = theirs if side is theirs.customer else ours
    for field in FRONT_MATTER:
        value = getattr(side, field.key)
        if field.kind is Kind.LIST and field.key not in {"aliases", "not_duplicate_of"}:
            assert set(map(fold, value)) <= set(map(fold, getattr(result, field.key)))
        elif field.key == "aliases":
            assert set(value) <= {*result.aliases, result.id}
        elif not field.children and value and field.key not in {"id", "not_duplicate_of"}:
            assert value == getattr(result, field.key) or _written(file, field.key) in body
    for contact in side.contacts:
        for field in CONTACT_FIELDS:
            value = getattr(contact, field.key)
            if field.kind in {Kind.TEXT, Kind.PHONE, Kind.EMAIL} and value:
                known = {getattr(each, field.key) for each in result.contacts}
                one_line = value if value in body else write_scalar(value)
                assert value in known or one_line in body or fold(value) in map(fold, known)


def _written(file: RecordFile, key: str) -> str:
    """Return a value of the front matter as a note has it."""
    root = split(file.text, CONFIG.limits).root
    assert root
    known = by_spelling(FRONT_MATTER)
    texts: Iterable[Any] = (
        node
        for name, node in root.entries
        if (found := known.get(fold(name.text))) and found.key == key
    )
    text: str = next(iter(texts)).text
    return text if text == text.strip() and len(text.splitlines()) <= 1 else write_scalar(text)
