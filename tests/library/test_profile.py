"""Records as a profile lets its readers see them, for every word that a profile may use."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tracker.config import Profile
from tracker.library.loader import load_library
from tracker.library.profile import reduce_library
from tracker.library.record_parts import parts
from tracker.model import Change
from tracker.money import Money, MoneyRange
from tracker.profile_fields import FieldWords
from tracker.schema import FOLLOWUP_FIELDS, FRONT_MATTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.library.library import Library

WORKSPACES = Path(__file__).parent.parent / "workspaces"
WORDS = FieldWords((), ())
VALUES = (str, int, Decimal, date, time, Money, MoneyRange, Change)


@pytest.fixture(scope="module", params=["small-zh", "small-en"])
def library(request: pytest.FixtureRequest) -> Library:
    return load_library(WORKSPACES / request.param)


def _words() -> Iterator[str]:
    for above, fields in (("", FRONT_MATTER), ("followups.", FOLLOWUP_FIELDS)):
        for field in fields:
            yield f"{above}{field.key}"
            yield from (f"{above}{field.key}.{child.key}" for child in field.children)
    yield from ("amounts", "text", "attachments", "followups", "commitments", "team")
    yield from ("background", "notes", "followups.method", "followups.who", "followups.next")


def _values(library: Library) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for customer in library.customers:
        for path, value in parts(customer):
            found[path].add(str(value))
    return found


@pytest.mark.parametrize("word", tuple(_words()))
@pytest.mark.parametrize("kind", ["hide", "mask"])
def test_nothing_but_values_is_left(library: Library, word: str, kind: str) -> None:
    paths = WORDS.paths(word)
    assert paths
    profile = replace(Profile("p"), **{kind: tuple(paths)})
    reduced = reduce_library(library, profile, lambda _customer: True).library
    for customer in reduced.customers:
        for path, value in parts(customer):
            assert isinstance(value, VALUES), path
    if kind == "hide":
        before, after = _values(library), _values(reduced)
        assert not [path for path in paths if before[path] & after[path] - {""}]


def test_words_of_vocabularies_have_no_mask(library: Library) -> None:
    profile = Profile("p", mask=("followups.method", "stage"))
    reduced = reduce_library(library, profile, lambda _customer: True).library
    assert not _values(reduced)["followups.method"]
    assert not _values(reduced)["stage"]
    assert _values(library)["followups.method"]


def _shown(root: Path, record: str, kind: str = "hide", *words: str, takes: str = "") -> str:
    """Return the background of a record as a profile leaves it."""
    paths = chain.from_iterable(filter(None, map(WORDS.paths, words)))
    profile = replace(Profile("p"), **{kind: tuple(paths)})
    reduced = reduce_library(load_library(root), profile, lambda each: takes in each.path)
    path = reduced.paths[f"records/{record}.md"]
    return next(each for each in reduced.library.customers if each.path == path).background


def _workspace(root: Path, *, settings: str = "language: zh\n", **records: str) -> Path:
    (root / "records").mkdir()
    (root / "tracker.yaml").write_text(settings, "utf-8")
    for name, text in records.items():
        start = f"---\nname: {name}\nstage: 商务谈判\nowner: Tom\n"
        (root / "records" / f"{name.lower()}.md").write_text(start + text, "utf-8")
    return root


@pytest.mark.parametrize("kind", ["hide", "mask"])
def test_short_and_familiar_names_are_blacked_out(tmp_path: Path, kind: str) -> None:
    people = "contacts:\n  - name: Amy\n  - name: 王芳\n  - name: Tim 'Kit' O'Hara\n---\n"
    said = "Amy 和芳姐、小芳都在，amyl 不在；Kit 王芳。\n"
    root = _workspace(tmp_path, IBM=people + said, Bolt="---\nAmy 和芳姐。\n")
    assert _shown(root, "ibm", kind, "contacts.name") == "██ 和██、██都在，amyl 不在；██ ██。"
    # There, nobody knows whom they mean.
    assert _shown(root, "bolt", kind, "contacts.name") == "Amy 和芳姐。"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王芳 (Fiona)", "王 芳"),
        ("采购 王芳", "王芳"),
        ("王芳/李娜", "李娜"),
        ("Dr. Jane Whitlow (buyer)", "Jane Whitlow"),
        ("Robert “Bob” McAllister", "Bob McAllister"),
        ("Robert (Bob) McAllister", "Robert McAllister"),
        ("欧阳静怡", "Jingyi Ouyang"),
    ],
)
def test_full_names_are_known_everywhere(tmp_path: Path, name: str, said: str) -> None:
    contact = f"contacts: [{{name: '{name}'}}]\n---\n"
    root = _workspace(tmp_path, Acme=contact, Bolt=f"---\n问{said}，采购 (buyer)。\n")
    assert _shown(root, "bolt", "hide", "contacts.name") == "问██，采购 (buyer)。"


def test_short_names_of_companies_and_of_the_team_are_known_everywhere(tmp_path: Path) -> None:
    settings = "language: zh\nowners: [Tom, 李雷, Ann Lee]\n"
    said = "---\nIBM 找 Tom、雷哥和 Ann；ibmx 李总 tom。\n"
    root = _workspace(tmp_path, settings=settings, IBM=said, Bolt=said)
    assert _shown(root, "bolt", "hide", "name") == "██ 找 Tom、雷哥和 Ann；ibmx 李总 tom。"
    assert _shown(root, "bolt", takes="bolt") == "██ 找 Tom、雷哥和 Ann；ibmx 李总 tom。"
    assert _shown(root, "bolt", "hide", "team") == "IBM 找 ██、██和 ██；ibmx 李总 tom。"


def test_websites_and_addresses_are_blacked_out_as_people_say_them(tmp_path: Path) -> None:
    said = "看 www.lantuo-jm.com，写信到 @LANTUO-JM.com；在示例路８号，苏州市工业园区示例路 8 号。"
    lantuo = (
        "website: https://www.lantuo-jm.com/zh/\naddress: 江苏省苏州市工业园区示例路 8 号\n---\n"
    )
    mill = "website: https://weibo.com/mill-leeds\naddress: 14 Mill Lane, Leeds LS1 4AP\n---\n"
    root = _workspace(
        tmp_path,
        Lantuo=f"{lantuo}{said}示例路 9 号。",
        Mill=f"{mill}{said}14 Mill Lane; weibo.com/mill-leeds, weibo.com.",
    )
    blacked = "看 www.██，写信到 @██；在██，██。"
    assert _shown(root, "lantuo", "hide", "website", "address") == f"{blacked}示例路 9 号。"
    assert _shown(root, "mill", "hide", "website", "address") == f"{blacked}██; ██, weibo.com."


def test_small_amounts_are_blacked_out_in_texts_of_their_record(tmp_path: Path) -> None:
    said = "报价 8,800 元，0.88万，共 85 台，88000 台。"
    root = _workspace(tmp_path, Acme=f"value: 8800 CNY\n---\n{said}", Bolt=f"---\n{said}")
    assert _shown(root, "acme", "hide", "amounts") == "报价 ██ 元，██，共 85 台，88000 台。"
    assert _shown(root, "bolt", "hide", "amounts") == said


def test_values_that_could_not_be_read_are_withheld_too(tmp_path: Path) -> None:
    phones = "  - name: A\n    phone: 0512-66881234 / 13812345678\n"
    phones += "  - name: B\n    phone: [13900001111, '139-0000-2222']\n"
    said = "66881234、138-1234-5678、13900001111 或 13900002222；ABC 集团\n"
    root = _workspace(tmp_path, Acme=f"contacts:\n{phones}source: ABC 集团\n---\n{said}")
    assert _shown(root, "acme", "hide", "phone") == "██、██、██ 或 ██；ABC 集团"


def test_numbers_of_nameless_customers_do_not_tell_which_is_which(tmp_path: Path) -> None:
    names = [f"Acme{number}" for number in range(6)]
    root = _workspace(
        tmp_path,
        **{
            name: f"contacts: [{{name: A, phone: '1380000000{name[-1]}'}}]\n---\n" for name in names
        },
    )

    def numbers(takes: str = "") -> dict[str, str]:
        library = load_library(root)
        profile = Profile("p", hide=("name", "contacts.phone"))
        return dict(reduce_library(library, profile, lambda each: takes in each.path).paths)

    before = numbers()
    # Nor how many are not shown.
    assert numbers("acme3") == {"records/acme3.md": "records/customer-1.md"}
    for file in (root / "records").iterdir():
        file.write_text(file.read_text("utf-8").replace("1380000", "1390000"), "utf-8")
    assert sorted(numbers().values()) == sorted(before.values())
    assert numbers() != before


def test_view_that_names_a_company_of_a_short_name_is_left_out(tmp_path: Path) -> None:
    root = _workspace(tmp_path, settings="views: {big: 'name:IBM', all: 'is:open'}\n", IBM="---\n")
    reduced = reduce_library(load_library(root), Profile("p", hide=("name",)), lambda _: True)
    assert [view.name for view in reduced.library.config.views] == ["all"]
