"""Families of records as large as a record may be: very much of one thing, and nothing else.

Each makes a record of any length, in Chinese or English: a file of so many bytes, or front matter
of so many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Family = Callable[[str, int], str]
    """Makes a record from a language and a size in bytes."""

LANGUAGES = ("zh", "en")

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "name": "恒达精密机械有限公司",
        "stage": "方案制定",
        "newer": "商务谈判",
        "owner": "李雷",
        "contact": "联系人",
        "topic": "议题",
        "response": "回应",
        "attitude": "态度",
        "positive": "积极",
        "change": "阶段",
        "offer": "报价",
        "service": "售后",
        "visit": "回访",
        "problem": "问题",
        "next": "下次",
        "near": "议提",
        "call": "电话",
        "said": "说好",
        "tags": "标签",
    },
    "en": {
        "name": "Acme Pumps Inc.",
        "stage": "proposal",
        "newer": "negotiation",
        "owner": "Li Lei",
        "contact": "contact",
        "topic": "topic",
        "response": "response",
        "attitude": "attitude",
        "positive": "positive",
        "change": "stage",
        "offer": "offer",
        "service": "service",
        "visit": "visit",
        "problem": "problem",
        "next": "next",
        "near": "topik",
        "call": "call",
        "said": "said so",
        "tags": "tags",
    },
}


def large_record(name: str, language: str, size: int) -> str:
    """Return the record of a family.

    Args:
        name: Of the family, one of `FAMILIES`.
        language: `zh` or `en`.
        size: Bytes of the file, about and at most.
    """
    return FAMILIES[name](language, size)


def _repeated(unit: str, size: int) -> str:
    """Return a unit as often as it fits, with `{n}` counted."""
    if "{n}" not in unit:
        return unit * (size // len(unit.encode()))
    parts: list[str] = []
    left, number = size, 0
    while True:
        part = unit.replace("{n}", str(number))
        left -= len(part.encode())
        if left < 0:
            return "".join(parts)
        parts.append(part)
        number += 1


def _record(language: str, matter: str = "", body: str = "") -> str:
    words = _WORDS[language]
    head = f"name: {words['name']}\nstage: {words['stage']}\nowner: {words['owner']}\n"
    return f"---\n{head}{matter}---\n\n{body}"


def _body(unit: str, before: str = "") -> Family:
    """Return the family of bodies that repeat a unit, in which `{next}` and others are words."""

    def make(language: str, size: int) -> str:
        words = _WORDS[language]
        begun = _record(language, "", _worded(before, words))
        return begun + _repeated(_worded(unit, words), size - len(begun.encode()))

    return make


def _followup(unit: str) -> Family:
    return _body(unit, "## 2026-11-20 {call}\n\n")


def _matter(unit: str, before: str = "") -> Family:
    """Return the family of front matters that repeat a unit; they may have a 16th of a file."""

    def make(language: str, size: int) -> str:
        words = _WORDS[language]
        begun = _worded(before, words)
        free = size // 16 - len(_record(language, begun).encode())
        return _record(language, begun + _repeated(_worded(unit, words), free))

    return make


def _worded(text: str, words: dict[str, str]) -> str:
    for key, word in words.items():
        text = text.replace(f"{{{key}}}", word)
    return text


FAMILIES: dict[str, Family] = {
    "next steps without a day": _followup("- {next}: x\n"),
    "next steps": _followup("- {next}: 2026-11-27 x\n"),
    "ended plans": _followup("- {next}: -\n"),
    "promises": _followup("- [ ] x\n"),
    "promises with a day": _followup("- [ ] x @2026-11-22\n"),
    "promises with a wrong day": _followup("- [ ] @2026-02-30\n"),
    "promises of somebody": _followup("- [ ] x @y\n"),
    "promises kept": _followup("- [x] x ✅ 2026-11-21\n"),
    "nested promises": _followup("- [ ] a\n  - [ ] b\n    - [ ] c\n"),
    "contacts of a follow-up": _followup("- {contact}: x{n}\n"),
    "contacts on a line": _body("x{n}、", "## 2026-11-20 {call}\n\n- {contact}: "),
    "topics": _followup("- {topic}: x\n"),
    "topics without words": _followup("- {topic}:\n"),
    "responses over lines": _followup("- {response}: x\n  y\n"),
    "attitudes": _followup("- {attitude}: {positive}\n"),
    "unknown attitudes": _followup("- {attitude}: x{n}\n"),
    "stage changes": _followup("- {change}: {stage} -> {newer}\n"),
    "unknown stages": _followup("- {change}: x{n}\n"),
    "arrows": _body("->", "## 2026-11-20 {call}\n\n- {change}: "),
    "offers of a follow-up": _followup("- {offer}: x{n}\n"),
    "services": _followup("- {service}: {visit} x\n"),
    "tickets": _followup("- {service}: {visit} #{n}\n"),
    "problems with numbers": _followup("- {service}: {problem} #{n}\n"),
    "problems without numbers": _followup("- {service}: {problem} x\n"),
    "unknown services": _followup("- {service}: x{n}\n"),
    "fields of similar names": _followup("- {near}{n}: x\n"),
    "fields of unknown names": _followup("- q{n}: x\n"),
    "follow-ups of a line": _body("## 2026-11-20\n"),
    "follow-ups of days": _body("## 2026-11-20 14:30 {call} {owner}\n\nx\n\n"),
    "follow-ups with a next step": _body("## 2026-11-20\n- {next}: 2026-11-27 x\n"),
    "follow-ups with a next step without a day": _body("## 2026-11-20\n- {next}: x\n"),
    "follow-ups with a promise": _body("## 2026-11-20\n- [ ] x @2026-11-21\n"),
    "follow-ups with a stage": _body("## 2026-11-20\n- {change}: {newer}\n"),
    "follow-ups with a contact": _body("## 2026-11-20\n- {contact}: x{n}\n"),
    "follow-ups by unknown methods": _body("## 2026-11-20 x{n} y\n"),
    "follow-ups in the future": _body("## 2027-11-20\n"),
    "follow-ups with Markdown": _body("## 2026-11-20\n*x* [y](z)\n"),
    "days that do not exist": _body("## 2026-02-30\n"),
    "days of the wrong level": _body("# 2026-11-20\n"),
    "times that do not exist": _body("## 2026-11-20 25:00\n"),
    "careless headings": _body("##2026-11-20\n"),
    "headings": _body("# x\n"),
    "headings with text": _body("## x\n\ny\n\n"),
    "notes with Markdown": _body("## x\n\n*y*\n\n"),
    "paragraphs": _body("x\n\n"),
    "lines": _body("x\n"),
    "empty lines": _body("\n"),
    "blank lines": _body(" \n"),
    "a line": _body("x"),
    "a line of words": _body("x "),
    "a line of Chinese": _body("看"),
    "long texts": _body("## x\n\n" + "*a* " * 3_500 + "\n\n"),
    "links": _body("[x](https://a.example/{n}) "),
    "links to attachments": _body("## x\n\n" + "[x](attachments/{n}.pdf) " * 50 + "\n\n"),
    "links to attachments in follow-ups": _body("## 2026-11-20\n[x](attachments/{n}.pdf)\n"),
    "links out of attachments": _body("## 2026-11-20\n[x](attachments/../../{n}.pdf)\n"),
    "links to records": _body("## 2026-11-20\n[x](records/{n}.md)\n"),
    "addresses": _body("## 2026-11-20\nhttps://a.example/{n}\n"),
    "bullets": _body("- x\n"),
    "nested bullets": _body("- a\n  - b\n    - c\n"),
    "emphasis": _body("*x* "),
    "emphasis in follow-ups": _body("## 2026-11-20\n*x*\n"),
    "tables": _body("## x\n\n|a|b|\n|-|-|\n|c|d|\n\n"),
    "fences": _body("```\nx\n```\n"),
    "fences that nobody closes": _body("```x\n"),
    "comments": _body("<!-- x -->\n"),
    "comments that nobody closes": _body("<!-- x\n"),
    "conflict markers": _body("<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"),
    "ends of conflicts": _body(">>>>>>> b\n"),
    "beginnings of conflicts": _body("<<<<<<< a\n"),
    "tasks outside of follow-ups": _body("- [ ] x @2026-11-22\n"),
    "turning characters": _body("\u202e"),
    "turning characters in lines": _body("\u202ex\n"),
    "tags of HTML": _body("<b>"),
    "character references": _body("&amp;"),
    "unknown keys": _matter("x{n}: y\n"),
    "similar keys": _matter("nam{n}: y\n"),
    "keys that stand twice": _matter("name: y\n"),
    "keys without values": _matter("q{n}:\n"),
    "tags": _matter("- x{n}\n", "{tags}:\n"),
    "tags on a line": _matter("x{n},", "{tags}: "),
    "tags in brackets": lambda language, size: _matter("x{n}, ", "{tags}: [")(
        language, size - 32
    ).replace(", ---", "]\n---"),
    "contacts": _matter("- name: x{n}\n", "contacts:\n"),
    "contacts of one name": _matter("- name: x\n", "contacts:\n"),
    "contacts that are wrong": _matter("- x\n", "contacts:\n"),
    "contacts without a name": _matter("- title: x\n", "contacts:\n"),
    "contacts with wrong numbers": _matter("- name: x\n  phone: y\n", "contacts:\n"),
    "contacts with wrong addresses": _matter("- name: x\n  email: y{n}\n", "contacts:\n"),
    "contacts with numbers": _matter("- name: x{n}\n  phone: 13812345678\n", "contacts:\n"),
    "offers": _matter("- quote: x{n}\n", "offers:\n"),
    "offers with files": _matter("- file: attachments/{n}\n", "offers:\n"),
    "offers with wrong amounts": _matter("- amount: x\n", "offers:\n"),
    "offers with wrong days": _matter("- date: x\n", "offers:\n"),
    "items of a deal": _matter("  - name: x{n}\n", "deal:\n  items:\n"),
    "needs": _matter("  - x{n}\n", "needs:\n  core:\n"),
    "former ids": _matter("- x{n}\n", "aliases:\n"),
    "not the same": _matter("- x{n}\n", "not_duplicate_of:\n"),
    "comments in front matter": _matter("#x\n"),
    "values cut by comments": _matter("x{n}: y #z\n"),
    "anchors": _matter("- &a x\n", "{tags}:\n"),
    "aliases": _matter("- *a\n", "{tags}:\n- &a x\n"),
    "types": _matter("- !a x\n", "{tags}:\n"),
    "a long value": _matter("x", "address: "),
    "escapes": lambda language, size: _matter("\\0", 'address: "')(language, size - 8).replace(
        "---\n\n", '"\n---\n\n'
    ),
}
