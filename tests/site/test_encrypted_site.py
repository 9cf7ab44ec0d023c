"""Encrypted sites: what another reader makes of them, and what nobody can read in them."""

from __future__ import annotations

import shutil
import unicodedata
from base64 import b64decode
from functools import cache
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from tests.encrypted_reader import EncryptedReader
from tests.site.conftest import TODAY, WORKSPACE
from tracker.config import Profile
from tracker.errors import TemplateError
from tracker.library.loader import load_library
from tracker.library.profile import telling_values
from tracker.library.withheld_forms import compact
from tracker.site import build
from tracker.site.audience import Audience, LeakError
from tracker.site.build import build_site
from tracker.site.encrypted.container import ITERATIONS, SiteKeys, padded_length
from tracker.site.encrypted.passphrase import LEAST_LENGTH, normalised, objection
from tracker.site.encrypted.shell import SHELL_DIR
from tracker.site.encrypted.writer import Encryption, not_of_the_site
from tracker.site.leak_proof import Prover, Shown, prove
from tracker.site.template_files import builtin_templates
from tracker.site.writer import MANIFEST, own_files

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.site.leak_proof import Proof

PASSPHRASE = "六个词 drawn by lot: 0"  # noqa: S105  # it protects nothing

PLAIN = {"index.html", "shell/addresses.js", "shell/icon.svg", "shell/lock.js", "shell/pages.js",
         "shell/shell.css", "shell/site.css", "shell/vault.js"}  # fmt: skip


@cache
def keys_of(build: str) -> SiteKeys:
    """Return the keys of a build, made once: it is slow on purpose."""
    del build
    return SiteKeys(PASSPHRASE)


NOT_BY_CHANCE = 8
"""Letters and digits that are not found in a few megabytes of random ones."""


def encrypted(output: Path, build: str = "new", root: Path = WORKSPACE, jobs: int = 1) -> Path:
    encryption = Encryption(keys_of(build), "zh")
    build_site(root, output, TODAY, encryption=encryption, jobs=jobs)
    return output


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encrypted(tmp_path_factory.mktemp("sealed") / "output")


@pytest.fixture(scope="module")
def reader(sealed: Path) -> EncryptedReader:
    return EncryptedReader(sealed, normalised(PASSPHRASE))


# --- The whole site -----------------------------------------------------------------------------


def test_every_file_of_the_plain_site_is_in_it_and_nothing_else(
    sealed: Path, reader: EncryptedReader, built: Path
) -> None:
    paths = own_files(built)
    assert len(paths) > 100
    for path in paths:
        assert reader.read(path) == (built / path).read_bytes(), path
    names = {reader.file(path).relative_to(sealed).as_posix() for path in paths}
    assert own_files(sealed) == names | PLAIN
    files = {file.relative_to(sealed).as_posix() for file in sealed.rglob("*") if file.is_file()}
    assert files == names | PLAIN | {MANIFEST}


def test_what_is_not_encrypted_comes_with_the_program(sealed: Path) -> None:
    templates = builtin_templates()
    for path in PLAIN - {"index.html"}:
        name = path.removeprefix("shell/")
        sources = [templates / SHELL_DIR / name, templates / "assets" / name]
        assert any(
            source.is_file() and source.read_bytes() == (sealed / path).read_bytes()
            for source in sources
        ), path


def test_the_leak_proof_finds_nothing_of_any_record(
    sealed: Path, built: Path, tmp_path: Path
) -> None:
    values = telling_values(load_library(WORKSPACE))
    program = Shown(files=[(path, (sealed / path).read_bytes()) for path in PLAIN - {"index.html"}])
    assert len(prove(built, values, program).hits) > 500
    # Names of files, and all that is in them but what is encrypted.
    bare = shutil.copytree(sealed, tmp_path / "bare")
    for file in (bare / "sealed").rglob("*.js"):
        before, _, after = file.read_bytes().split(b'"')
        file.write_bytes(before + after)
    proof = prove(bare, values, program)
    assert proof.sought > 30
    assert not proof.hits
    # What is encrypted, as it is written and as bytes. Four letters may stand there by chance.
    prover = Prover([each for each in values if len(compact(each.value)) >= NOT_BY_CHANCE])
    for file in (sealed / "sealed").rglob("*.js"):
        text = file.read_bytes().split(b'"')[1]
        assert not prover.hits(file.name, text)
        assert not prover.hits(file.name, b64decode(text))


def test_sizes_and_names_do_not_tell_small_files_apart(
    reader: EncryptedReader, built: Path
) -> None:
    small = [path for path in own_files(built) if path.endswith((".vcf", ".ics"))]
    assert len({(built / path).stat().st_size for path in small}) > 3
    assert len({reader.file(path).stat().st_size for path in small}) == 1


def test_several_processes_use_no_nonce_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.processes.threading.active_count", lambda: 1)
    monkeypatch.setattr(build, "_WORTH_SHARING", 0)
    output = encrypted(tmp_path / "output", jobs=3)
    nonces = [
        b64decode(file.read_bytes()[15:35])[1:13] for file in (output / "sealed").rglob("*.js")
    ]
    assert len(nonces) > 100
    assert len(set(nonces)) == len(nonces)
    assert EncryptedReader(output, normalised(PASSPHRASE)).read("index.html")


def test_a_site_of_another_build_has_other_names_and_opens_nothing_of_this_one(
    sealed: Path, reader: EncryptedReader, tmp_path: Path
) -> None:
    older = encrypted(tmp_path / "older", "old")
    assert not (own_files(older) & own_files(sealed)) - PLAIN
    old = EncryptedReader(older, normalised(PASSPHRASE))
    sealed_then = b64decode(old.file("agenda.html").read_bytes()[15:-4])
    assert old.opened("agenda.html", sealed_then) == reader.read("agenda.html")
    with pytest.raises(InvalidTag):
        reader.opened("agenda.html", sealed_then)


def test_a_plain_site_in_the_folder_is_replaced_and_strangers_are_named(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build_site(WORKSPACE, output, TODAY)
    (output / "CNAME").write_text("crm.example", "utf-8")
    (output / "old").mkdir()
    (output / "old" / "notes.txt").write_text("mine", "utf-8")
    (output / "media").symlink_to(tmp_path)
    encrypted(output)
    assert not (output / "customers").exists()
    assert not_of_the_site(output) == ["CNAME", "media", "old/notes.txt"]
    # And back again: nothing of the encrypted one stays.
    build_site(WORKSPACE, output, TODAY)
    assert not (output / "sealed").exists()
    assert (output / "customers" / "index.html").is_file()


def test_a_build_that_fails_leaves_the_last_site_and_nothing_plain(tmp_path: Path) -> None:
    root = shutil.copytree(WORKSPACE, tmp_path / "workspace")
    output = encrypted(tmp_path / "site" / "output", root=root)
    before = {file: file.read_bytes() for file in output.rglob("*") if file.is_file()}
    (root / "site_templates").mkdir(exist_ok=True)
    (root / "site_templates" / "customer.html").write_text("{{ 1 // 0 }}", "utf-8")
    with pytest.raises(TemplateError):
        encrypted(output, "old", root)
    assert {file: file.read_bytes() for file in output.rglob("*") if file.is_file()} == before
    assert [each.name for each in output.parent.iterdir()] == ["output"]


def test_what_a_profile_withholds_is_not_even_in_the_encrypted_site(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("profiles: {guests: {hide: [phone]}}\n", "utf-8")
    (root / "records" / "acme.md").write_text(
        "---\nname: Acme Pumps\ncontacts:\n- {name: Ada, phone: +44 20 7946 0958}\n---\n", "utf-8"
    )
    proofs: list[Proof] = []
    audience = Audience(Profile("guests", hide=("contacts.phone",)), report=proofs.append)
    encryption = Encryption(keys_of("new"), "en")
    output = tmp_path / "output"
    build_site(root, output, TODAY, encryption=encryption, audience=audience)
    page = EncryptedReader(output, normalised(PASSPHRASE)).read("customers/acme.html").decode()
    assert "Ada" in page
    assert "7946" not in page
    # And it is looked for before it is encrypted, when it could still be found.
    (root / "site_templates").mkdir()
    (root / "site_templates" / "owners.html").write_text("tel. +44 (20) 7946-0958", "utf-8")
    with pytest.raises(LeakError):
        build_site(root, output, TODAY, encryption=encryption, audience=audience)
    assert [len(proof.hits) for proof in proofs] == [0, 1]
    assert proofs[1].hits[0].file == "owners/index.html"
    assert EncryptedReader(output, normalised(PASSPHRASE)).read("customers/acme.html")


# --- One file -----------------------------------------------------------------------------------


class Opened(EncryptedReader):
    """The independent reader for given keys, without a site around them."""

    def __init__(self, keys: SiteKeys, root: bytes) -> None:
        self._salt, self._root = keys.salt, root


@pytest.fixture(scope="module")
def opened(reader: EncryptedReader) -> Opened:
    return Opened(keys_of("new"), reader._root)


paths = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(path=paths, data=st.binary(max_size=5000))
def test_what_is_sealed_opens_again(opened: Opened, path: str, data: bytes) -> None:
    sealed = keys_of("new").sealed(path, data)
    assert opened.opened(path, sealed) == data
    assert sealed != keys_of("new").sealed(path, data)


@given(path=paths, other=paths, data=st.binary(max_size=200), change=st.data())
def test_nothing_opens_that_was_changed_or_moved(
    opened: Opened, path: str, other: str, data: bytes, change: st.DataObject
) -> None:
    sealed = keys_of("new").sealed(path, data)
    at = change.draw(st.integers(1, len(sealed) - 1))
    bit = 1 << change.draw(st.integers(0, 7))
    with pytest.raises(InvalidTag):
        opened.opened(path, sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :])
    with pytest.raises((InvalidTag, ValueError)):
        opened.opened(path, sealed[: change.draw(st.integers(1, len(sealed) - 1))])
    with pytest.raises(InvalidTag):
        opened.opened(path, keys_of("old").sealed(path, data))
    if other != path:
        with pytest.raises(InvalidTag):
            opened.opened(other, sealed)


@given(st.integers(1, 2**40))
def test_padding_adds_an_eighth_at_most_and_leaves_few_sizes(length: int) -> None:
    padded = padded_length(length)
    assert length <= padded <= max(1024, length + length // 8)
    assert padded_length(padded) == padded
    # Of the bits of a length, no more than those of its own length are left.
    digits = f"{padded:b}".rstrip("0")
    assert len(digits) <= padded.bit_length().bit_length() + 1


def test_the_work_for_a_trial_is_what_owasp_asks_for() -> None:
    assert ITERATIONS >= 600_000


# --- Passphrases --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "passphrase",
    [
        "correct horse battery",
        "铁观音炒青菜雨伞灯",
        "Z7!kq-9vT2#mLp4",
        "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ　１",
    ],
)
def test_long_passphrases_are_taken(passphrase: str) -> None:
    assert objection(passphrase) is None


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("", "empty"),
        ("   　 ", "empty"),
        ("short", "too weak"),
        ("x" * 40, "too weak"),
        ("铁观音炒青菜", "too weak"),
        ("Z7!kq-9vT2#mLp", "too weak"),
        ("short one　    　     ", "too weak"),
        ("two lines of it\nare not typed", "line break"),
        ("a tab\tin the middle of it", "line break"),
    ],
)
def test_others_are_refused_with_the_reason(passphrase: str, why: str) -> None:
    message = objection(passphrase)
    assert message
    assert why in str(message)
    if why == "too weak":
        assert str(LEAST_LENGTH) in str(message)


@given(st.text(max_size=30))
def test_it_does_not_matter_how_an_input_method_composes_it(passphrase: str) -> None:
    apart = unicodedata.normalize("NFD", passphrase)
    assert normalised(apart) == normalised(passphrase)
    assert objection(apart) == objection(passphrase)
    assert normalised(f" \u3000{passphrase}\u00a0 ") == normalised(passphrase)
