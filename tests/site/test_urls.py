"""Names of pages and links between them."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from tracker.site.urls import MAX_NAME_BYTES, page_names, relative


def names(*wanted: str) -> list[str]:
    return list(page_names((f"key {number}", name) for number, name in enumerate(wanted)).values())


def test_plain_names_stay() -> None:
    assert names("hengda-jingmi", "李雷", "Li Lei") == ["hengda-jingmi", "李雷", "Li Lei"]


def test_names_of_pages_and_devices_get_a_suffix() -> None:
    for name in ("index", "Index", "page-2", "con", "LPT1", "aux.b", "x.html", "x.ICS"):
        (found,) = names(name)
        assert found.startswith(f"{name}-")


def test_names_that_one_file_system_takes_for_the_same_are_told_apart() -> None:
    first, second, third = names("Acme", "acme", "ACME")
    assert first == "Acme"
    assert len({first.casefold(), second.casefold(), third.casefold()}) == 3
    composed, decomposed = names("é", unicodedata.normalize("NFD", "é"))
    assert composed != unicodedata.normalize("NFC", decomposed)


def test_the_first_keeps_its_name_and_the_suffix_depends_on_the_key_alone() -> None:
    assert page_names([("x", "a"), ("y", "A")])["y"] == page_names([("z", "a"), ("y", "A")])["y"]


@given(st.lists(st.text(max_size=60), max_size=30))
@example([": 0", ":_.~ 0", ": "])
def test_any_names_become_file_names(wanted: list[str]) -> None:
    found = names(*wanted)
    assert len(found) == len(wanted)
    folded = {unicodedata.normalize("NFC", name.casefold()) for name in found}
    assert len(folded) == len(found)
    for name in found:
        assert name
        assert not set(name) & set('<>:"/\\|?*#%\0\n')
        assert name[0] not in ". _"
        assert name[-1] not in ". "
        assert len(name.encode("utf-8", "replace")) <= MAX_NAME_BYTES + 70


def test_links_are_relative_and_encoded() -> None:
    assert relative("customers/李 雷.html#f-1", 0) == "customers/%E6%9D%8E%20%E9%9B%B7.html#f-1"
    assert relative("index.html", 1) == "../index.html"
    assert relative("#main", 1) == "#main"
