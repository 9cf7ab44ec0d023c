"""Hostile records that are large, or made of bytes that git or an editor would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Made = tuple[Callable[[str], bytes], tuple[str, ...]]

_HEADS = {
    "zh": "---\nname: 恒达精密机械\nstage: 方案制定\nowner: 李雷\n",
    "en": "---\nname: Acme Pumps\nstage: proposal\nowner: Li Lei\n",
}
_SAID = {"zh": "看样机，很满意。", "en": "Liked the pump — a lot."}
_MIB = 1024 * 1024


def record(language: str, body: str | None = None, more: str = "") -> str:
    """Return a sound record.

    Args:
        language: Its words.
        body: What stands below the front matter; by default somebody says something.
        more: Further lines of the front matter.
    """
    return f"{_HEADS[language]}{more}---\n\n{_SAID[language] if body is None else body}\n"


def _encoded(encoding: str, mark: bytes = b"") -> Callable[[str], bytes]:
    return lambda language: mark + record(language).encode(encoding)


def _with_breaks(newline: str) -> Callable[[str], bytes]:
    return lambda language: record(language).replace("\n", newline).encode()


def _body(text: str) -> Callable[[str], bytes]:
    return lambda language: record(language, text).encode()


def _matter(text: str) -> Callable[[str], bytes]:
    return lambda language: record(language, more=text).encode()


GENERATED: dict[str, Made] = {
    "utf-8-mark": (_encoded("utf-8", b"\xef\xbb\xbf"), ()),
    "carriage-returns": (_with_breaks("\r"), ()),
    "windows-line-breaks": (_with_breaks("\r\n"), ()),
    "gbk": (_encoded("gb18030"), ()),
    "big5": (lambda language: record(language, "客戶要求報價").encode("big5", "replace"), ()),
    "utf-16": (_encoded("utf-16"), ()),
    "utf-16-without-mark": (_encoded("utf-16-le"), ()),
    "utf-32": (_encoded("utf-32"), ()),
    "nul-byte": (lambda language: record(language, "a\0b").encode(), ()),
    "lone-surrogate": (lambda language: record(language).encode() + b"\xed\xa0\x80\n", ()),
    "half-a-character": (lambda language: record(language, "好").encode()[:-2], ()),
    "body-of-45-MB": (lambda language: record(language, "a\n" * (45 * _MIB // 2)).encode(), ()),
    "front-matter-of-11-MB": (_matter("address: " + "a" * (11 * _MIB) + "\n"), ()),
    "front-matter-of-70-kB": (_matter("address: " + "a" * 70_000 + "\n"), ()),
    "lists-nested-in-yaml": (_matter(f"tags: {'[' * 1000}{']' * 1000}\n"), ()),
    "groups-nested-in-yaml": (
        _matter("needs:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 1001))),
        (),
    ),
    "bullets-nested-in-markdown": (
        _body("\n".join(f"{'  ' * depth}- a" for depth in range(650))),
        (),
    ),
    "quotations-nested-in-markdown": (_body("> " * 1000 + "said"), ("&gt; &gt; said",)),
    "bullets-on-one-line": (_body("- " * 1000 + "said"), ("- - said",)),
    "numbers-on-one-line": (_body("1. " * 1000 + "said"), ("1. 1. said",)),
    "brackets": (_body("[" * 5000), ("[" * 5000,)),
    "a-long-line": (_body("a" * 70_000), ()),
    "a-thousand-headings": (_body("# a\n" * 1000), ()),
    "a-table-of-short-rows": (_body("a|" * 300 + "\n" + "-|" * 300 + "\n" + "b\n" * 300), ()),
    "line-separators": (_body("a\u2028b\u2029c\u0085d"), ()),
    "line-separator-in-front-matter": (_matter("address: a\u2028b\n"), ()),
    "invisible-characters": (_body("a\u200b\u200d\ufeffb"), ()),
    "combining-characters": (_body("e" + "\u0301" * 500), ()),
}
