"""The site follows its files, whatever happens to them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from tests.server.conftest import RECORD, TODAY
from tracker.library import loader
from tracker.site.build import build_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.server.conftest import Served

pytestmark = pytest.mark.usefixtures("few_numbers")

RECORDS = {
    f"records/{name}.md": RECORD.format(name=name.upper(), text="Hello.") for name in ("a", "b")
}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_as_built(served: Served) -> None:
    output = served.output.with_name("built")
    shutil.rmtree(output, ignore_errors=True)
    build_site(served.root, output, TODAY)
    live, built = files_of(served.output), files_of(output)
    assert live.keys() == built.keys()
    assert [path for path in built if live[path] != built[path]] == []


def said(name: str) -> str:
    return RECORD.format(name=name, text="News.")


def test_an_edit_reloads_the_page_that_shows_it_and_no_other(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    shown, other = served.listen("customers/a.html"), served.listen("customers/b.html")
    served.write("records/a.md", RECORD.format(name="A", text="News."))
    shown.next("reload")
    assert "News." in served.ask("/customers/a.html").text
    served.rest(until=lambda: "News." in served.page("customers/a.html"))
    assert "reload" not in other.all()
    assert_as_built(served)


def test_a_page_reloads_for_what_it_loads(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    page = served.listen("customers/b.html")
    served.write("site_templates/assets/site.css", "b { color: red }")
    page.next("reload")
    assert served.ask("/assets/site.css").text == "b { color: red }"


def test_a_page_that_changed_before_it_listened_reloads_at_once(
    serve: Callable[..., Served],
) -> None:
    served = serve(RECORDS)
    seen = served.ask("/customers/a.html").text.partition('data-seen="')[2].partition('"')[0]
    served.write("records/a.md", said("A"))
    served.rest(until=lambda: "News." in served.page("customers/a.html"))
    served.listen("customers/a.html", "another-server.0").next("reload")
    served.listen("customers/a.html", seen).next("reload")
    assert served.listen("customers/a.html").all() == []


def test_a_save_by_renaming_is_followed(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    for number, name in enumerate((".a.md.swp", "a.md~", "4913", "a.md.tmp")):
        file = served.root / "records" / name
        file.write_text(said(f"Saved {number}"), "utf-8")
        file.replace(served.root / "records" / "a.md")
        page = "customers/a.html"
        served.rest(until=lambda: f"Saved {number}" in served.page(page))  # noqa: B023  # it is called within its round
    assert_as_built(served)


def test_a_burst_of_changes_is_followed_to_its_end(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    for number in range(50):
        served.write(f"records/many/c{number}.md", said(f"Customer {number}"))
    served.rest(until=lambda: len(list((served.output / "customers").glob("c*.html"))) == 50)
    assert_as_built(served)
    shutil.rmtree(served.root / "records" / "many")
    served.rest(until=lambda: not list((served.output / "customers").glob("c*.html")))
    assert_as_built(served)


def test_folders_come_move_and_go(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    records = served.root / "records"
    (records / "east" / "deep").mkdir(parents=True)
    served.write("records/east/deep/c.md", said("C"))
    served.rest(until=(served.output / "customers" / "c.html").exists)
    (records / "east").rename(records / "west")
    served.write("records/west/deep/c.md", said("Moved"))
    served.rest(until=lambda: "Moved" in served.page("customers/c.html"))
    (records / "west").rename(served.root / "elsewhere")
    served.rest(until=lambda: not (served.output / "customers" / "c.html").exists())
    assert_as_built(served)


def test_all_records_may_go_and_come_back(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    (served.root / "records").rename(served.root / "aside")
    served.rest(until=lambda: not (served.output / "customers" / "a.html").exists())
    (served.root / "aside").rename(served.root / "records")
    served.rest(until=(served.output / "customers" / "a.html").exists)
    served.write("records/a.md", said("Again"))
    served.rest(until=lambda: "Again" in served.page("customers/a.html"))
    assert_as_built(served)


def test_attachments_are_followed(serve: Callable[..., Served]) -> None:
    link = "[file](../attachments/x.txt)"
    served = serve({**RECORDS, "records/a.md": RECORD.format(name="A", text=link)})
    page = served.listen("customers/a.html")
    served.write("attachments/x.txt", "one")
    page.next("reload")
    assert served.ask("/attachments/x.txt").text == "one"
    served.write("attachments/x.txt", "two")
    served.rest(until=lambda: served.ask("/attachments/x.txt").text == "two")
    (served.root / "attachments" / "x.txt").unlink()
    served.rest(until=lambda: served.ask("/attachments/x.txt").status == 404)
    assert_as_built(served)


def test_a_broken_template_is_shown_and_recovers(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    page = served.listen("customers/a.html")
    served.write("site_templates/customer.html", "one\n{% if %}")
    (item,) = json.loads(page.next("problems"))["items"]
    assert item["place"] == "site_templates/customer.html:2"
    assert "cannot be rendered" in item["text"]
    outcome = served.rest(until=lambda: True)
    assert outcome.failures
    assert "Hello." in served.ask("/customers/a.html").text
    served.write("site_templates/customer.html", '{% extends "base.html" %}{% block main %}Own')
    (item,) = json.loads(page.next("problems"))["items"]
    assert item["place"] == "site_templates/customer.html:1"
    own = '{% extends "base.html" %}{% block main %}Own{% endblock %}'
    served.write("site_templates/customer.html", own)
    page.next("reload")
    served.rest(until=lambda: "Own" in served.page("customers/b.html"))
    assert json.loads(page.next("problems"))["items"] == []
    assert_as_built(served)


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), KeyError("x")])
def test_a_change_that_could_not_be_followed_is_followed_with_the_next(
    error: Exception, serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(RECORDS)
    with monkeypatch.context() as patch:
        patch.setattr(loader, "find_records", Mock(side_effect=error))
        served.write("records/c.md", said("C"))
        assert served.rest().failures
    served.write("records/a.md", said("A"))
    outcome = served.rest(until=lambda: "News." in served.page("customers/a.html"))
    assert outcome.failures == ()
    # A fault of ours would come again: it must not keep all that follows from being followed.
    if isinstance(error, OSError):
        assert_as_built(served)


def test_broken_settings_are_shown_and_recover(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    page = served.listen("index.html")
    served.write("tracker.yaml", "language: en\nlanguage: [\n")
    items = json.loads(page.next("problems"))["items"]
    assert all(item["place"].startswith("tracker.yaml:") for item in items)
    assert "<h1>Today" in served.ask("/index.html").text
    served.write("tracker.yaml", "language: en\ntitle: Mended\n")
    page.next("reload")
    assert "Mended" in served.ask("/index.html").text
    served.rest(until=lambda: "Mended" in served.page("problems.html"))
    assert_as_built(served)


def test_new_problems_are_told_and_old_ones_are_not(serve: Callable[..., Served]) -> None:
    served = serve({**RECORDS, "records/old.md": "no front matter"})
    page = served.listen("customers/a.html")
    served.write("records/a.md", said("A").replace("stage: proposal", "stage: porposal"))
    items = json.loads(page.next("problems"))["items"]
    assert {item["place"] for item in items} == {"records/a.md:3:8"}
    assert items[0]["label"] == "error"
    assert items[0]["hint"]
    served.write("records/a.md", said("A"))
    assert json.loads(page.next("problems"))["items"] == []


def test_a_new_page_is_there_for_whoever_waits_for_it(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    assert served.ask("/customers/c.html").status == 404
    page = served.listen("customers/c.html")
    served.write("records/c.md", said("C"))
    page.next("reload")
    assert served.ask("/customers/c.html").status == 200


def test_what_is_not_of_the_workspace_is_not_followed(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    page = served.listen("index.html")
    served.write("notes.md", "x")
    served.write("README.md", "x")
    served.write("records/a.md", said("Then"))
    page.next("reload")
    served.rest(until=lambda: "Then" in served.page("customers/a.html"))
    assert served.outcomes.empty()
