"""Which records are likely of one customer, and how they are put into groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.config_file import parse_config
from tracker.format.parser import parse_record
from tracker.library.duplicates import Twins, find_twins
from tracker.library.library import Entry, Library
from tracker.library.mail_hosts import is_public_mail

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

_NAMES = (
    *("恒达精密机械有限公司", "苏州恒达精密", "衡达精密", "恒大精密", "恒达", "恒达精密机械二厂"),
    *("Acme Tools Ltd", "acme tool", "Acme Tools (Berlin) GmbH", "Nordwind", "甲", "有限公司"),
)

CONFIG = parse_config("owners:\n  - {name: 李雷, email: lilei@ours.example}\n")[0]


def library(**records: str | Mapping[str, str]) -> Library:
    """Return a workspace of records, each a name or the values of its front matter."""
    entries = []
    for stem, written in records.items():
        values = {"name": written} if isinstance(written, str) else written
        lines = [f"{key}: {value}" for key, value in values.items()]
        text = "\n".join(("---", *lines, "stage: contact", "owner: 李雷", "---", ""))
        path = f"records/{stem}.md"
        parsed = parse_record(text, path, CONFIG)
        assert not parsed.problems, parsed.problems
        entries.append(Entry(path, text, parsed.customer, parsed.problems))
    return Library(Path(), CONFIG, tuple(entries))


def contact(name: str = "某人", **values: str) -> str:
    pairs = (f"{key}: '{value}'" for key, value in {"name": name, **values}.items())
    return f"[{{{', '.join(pairs)}}}]"


def kinds(twins: Twins) -> set[str]:
    return {each.kind for each in twins.evidence}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("恒达精密机械有限公司", "恒达精密机械(集团)股份有限公司", "name"),
        ("Ａｃｍｅ Tools Ltd", "acme-tools GmbH", "name"),
        ("苏州恒达精密机械有限公司", "恒达精密机械有限公司", "core"),
        ("恒达精密", "衡达精密", "sound"),
        ("Hamburger Maschinenbau", "Hamburger Machinenbau", "near"),
    ],
)
def test_names_that_are_enough_by_themselves(one: str, other: str, kind: str) -> None:
    (found,) = find_twins(library(a=one, b=other))
    assert kinds(found) == {kind}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒达（苏州）有限公司", "恒达（上海）有限公司"),
        ("恒达精密机械二十一厂", "恒达精密机械二十二厂"),
        ("上海电气", "北京电气"),
        ("恒达", "恒达精密机械"),
        ("Plant 12 Castings", "Plant 13 Castings"),
    ],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert find_twins(library(a=one, b=other)) == []


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (
            {"contacts": contact(phone="0512-6688 1234")},
            {"contacts": contact(name="乙", phone="+86 512 66881234 转 8")},
            "phone",
        ),
        (
            {"contacts": contact(wechat="Wang_Fang")},
            {"contacts": contact(name="乙", wechat="wang_fang")},
            "wechat",
        ),
        (
            {"contacts": contact(email="A@qq.com")},
            {"contacts": contact(name="乙", email="a@qq.com")},
            "email",
        ),
        (
            {"website": "https://www.acme.example/en/"},
            {"website": "http://acme.example"},
            "website",
        ),
        ({"short": "恒达"}, {"short": "恒达公司"}, "short"),
    ],
)
def test_what_both_have(one: dict[str, str], other: dict[str, str], kind: str) -> None:
    found = find_twins(library(a={"name": "甲甲甲甲", **one}, b={"name": "乙乙乙乙", **other}))
    assert [kinds(each) for each in found] == [{kind}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"contacts": contact(email="a@qq.com")},
            {"contacts": contact(name="乙", email="b@qq.com")},
        ),
        (
            {"contacts": contact(email="a@ours.example")},
            {"contacts": contact(name="乙", email="b@ours.example")},
        ),
        ({"contacts": contact(wechat="同手机")}, {"contacts": contact(name="乙", wechat="同手机")}),
        ({"contacts": contact(phone="95588")}, {"contacts": contact(name="乙", phone="95588")}),
        ({"website": "https://weibo.com/a"}, {"website": "https://weibo.com/b"}),
        ({"website": "http://[1:2]"}, {"website": "http://[1:2]"}),
        ({"contacts": contact()}, {"contacts": contact()}),
    ],
)
def test_what_many_have_tells_nothing(one: dict[str, str], other: dict[str, str]) -> None:
    two = library(a={"name": "甲甲甲甲", **one}, b={"name": "乙乙乙乙", **other})
    assert find_twins(two, 1) == []


def test_what_more_than_a_few_records_share_tells_nothing() -> None:
    number = contact(phone="400-800-1234")
    names = [f"{first}{second}" for first in "甲乙丙丁戊" for second in "子丑寅卯辰"]
    records = {f"r{at}": {"name": name * 2, "contacts": number} for at, name in enumerate(names)}
    assert find_twins(library(**records)) == []
    assert find_twins(library(**{key: records[key] for key in ("r1", "r9")}))


def test_a_mail_host_and_a_like_name_are_enough_together() -> None:
    one, other = contact(email="a@hengda.example"), contact(name="乙", email="b@hengda.example")
    alone = library(
        a={"name": "甲甲甲甲", "contacts": one}, b={"name": "乙乙乙乙", "contacts": other}
    )
    assert find_twins(alone) == []
    both = library(
        a={"name": "恒达精密", "contacts": one}, b={"name": "恒达精密机械", "contacts": other}
    )
    (found,) = find_twins(both)
    assert kinds(found) == {"domain", "contained"}


@pytest.mark.parametrize("says", ["a", "b"])
def test_records_that_are_told_apart_are_left_out(says: str) -> None:
    names = {"a": "恒达有限公司", "b": "恒达股份"}
    other = {"a": "B", "b": "old-a"}[says]
    records: dict[str, dict[str, str]] = {key: {"name": name} for key, name in names.items()}
    records["a"]["aliases"] = "[old-a]"
    assert len(find_twins(library(**records))) == 1
    records[says]["not_duplicate_of"] = f"[{other}]"
    assert find_twins(library(**records)) == []


def test_the_record_with_more_follow_ups_stays_and_then_the_older_one() -> None:
    (found,) = find_twins(
        library(
            a={"name": "恒达", "created": "2026-02-01"}, b={"name": "恒达", "created": "2026-01-01"}
        )
    )
    assert (found.one.id, found.other.id) == ("b", "a")


def test_groups_hold_what_is_one_and_no_chains_of_what_is_only_alike() -> None:
    phone = contact(phone="0512-66881234")
    records: dict[str, str | dict[str, str]] = {
        "a": {"name": "恒达精密", "contacts": phone},
        "b": {"name": "恒达精密", "contacts": contact(name="乙", email="x@y.example")},
        "c": {"name": "别的名字", "contacts": contact(name="乙", email="x@y.example")},
        "d": {"name": "衡达精密"},
        "e": "独此一家",
    }
    found = find_twins(library(**records))
    pairs = {frozenset((each.one.id, each.other.id)): each.group for each in found}
    # a and b, b and c are surely one; d only sounds like a and b, and is not like c.
    assert pairs[frozenset("ab")] == pairs[frozenset("bc")] == 1
    assert {pairs[frozenset("ad")], pairs[frozenset("bd")]}.isdisjoint({1})
    assert [each.group for each in found] == sorted(each.group for each in found)


@pytest.mark.parametrize("host", ["qq.com", "GMAIL.com", "yahoo.co.jp", "vip.163.com"])
def test_public_mail_hosts(host: str) -> None:
    assert is_public_mail(host)


@pytest.mark.parametrize("host", ["hengda.example", "mail.acme.example", "com"])
def test_hosts_of_companies(host: str) -> None:
    assert not is_public_mail(host)


def test_far_fewer_pairs_are_compared_than_there_are() -> None:
    # Every name has one part that all have, and one that only its twin has.
    letters = [chr(0x4E00 + 7 * at) for at in range(800)]
    names = [f"{letters[at // 2]}{letters[-1 - at // 2]}精密机械" for at in range(400)]
    records = {f"r{at}": name for at, name in enumerate(names)}
    assert len(find_twins(library(**records))) == 200


@given(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=12), st.randoms())
@settings(max_examples=40)
def test_pairs_are_the_same_in_whatever_order_the_records_stand(
    names: list[str], chance: random.Random
) -> None:
    records = [(f"r{at}", {"name": name, "contacts": contact(phone=f"0512-6688{at // 2:04}")})
               for at, name in enumerate(names)]  # fmt: skip
    found = find_twins(library(**dict(records)), 1)
    shuffled = chance.sample(records, len(records))
    again = find_twins(library(**dict(shuffled)), 1)
    assert _scores(found) == _scores(again)
    assert len(_scores(found)) == len(found)
    for each in found:
        assert 1 <= each.score <= 100
        assert each.evidence
        assert each.one is not each.other
    # Twins by their telephone number, whatever their names are.
    paired = {frozenset((f"r{at}", f"r{at + 1}")) for at in range(0, len(names) - 1, 2)}
    assert paired <= _scores(found).keys()


def _scores(found: list[Twins]) -> dict[frozenset[str], int]:
    return {frozenset((each.one.id, each.other.id)): each.score for each in found}
