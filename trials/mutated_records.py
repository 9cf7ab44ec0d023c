"""Records damaged as people, editors and programs damage them, and as somebody would on purpose.

A mutation knows what a line is: a key with its value, a dated heading, a field, a promise, a mark
of code or front matter. It changes that line in a way which means something for the format. Others
know nothing and change bytes. The same seed gives the same records.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    FOLLOWUP_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CHINESE = """\
---
name: 恒达精密机械有限公司
short: 恒达
level: A
stage: 商务谈判
owner: 李雷
created: 2026-09-02
value: 480000 CNY
expected_close: 2026-12-20
tags: [机床, 华东]
contacts:
  - name: 王芳
    phone: 0512-66881234
    email: wang.fang@example.com
    concerns: [价格, 交期]
needs:
  core: [缩短交期]
offers:
  - date: 2026-10-18
    quote: Q-2026-031
    amount: 450000-500000 CNY
    file: attachments/hengda/Q-2026-031.pdf
---

背景:2025 年在上海工博会认识,正在扩建二厂。

## 2026-11-20 14:30 电话 李雷

王芳来电询问**交付周期**,对[分批方案](../attachments/hengda/plan.pdf)感兴趣。

- 联系人: 王芳
- 议题: 交付周期与安装窗口
- 需求: 首批 30 天内到位
  - 二批 60 天
- [ ] 发送分批交付的正式报价 @2026-11-22
- [x] 提供同行业案例 @2026-11-21
- 态度: 积极,愿意安排总经理见面
- 阶段: 方案制定 -> 商务谈判
- 下次: 2026-11-27 10:00 面谈 演示分批交付计划;目标: 确认预算与签约时间

## 2026-11-12 09:10 邮件 李雷

| 项目 | 现状 |
| --- | --- |
| 节拍 | 42 s |

```text
## 2026-11-01 不是标题
```
"""
"""A record in Chinese that has every part which the format knows."""

ENGLISH = """\
---
name: Acme Pumps Ltd
stage: won
owner: Li Lei
created: 2026/09/02
website: https://www.example.com
value: 1.2M USD
contacts:
  - name: Wang Fang
    title: buyer
    primary: yes
deal:
  contract: C-12
  date: 2026-11-02
  amount: $90k
  items:
    - {name: pump, quantity: 2, price: 45000 USD}
aliases: [acme-old]
---

## 2026-11-20 14:30 call Li Lei

Asked about lead time; likes `delivery` in two batches.

- contact: Wang Fang
- service: problem #3 pump 2 leaks
- response: weekend installation, two engineers on site
- [ ] send the final quote @2026-11-22 @Bo
- attitude: positive, will bring the general manager
- next: 2026-11-27 10:00 visit walk through the plan; goal: confirm budget

### 2026-11-02 visit

1. signed
2. filmed
   > said so

## Notes

Decides with the board. <!-- not before June -->
"""
"""The same in English."""

_FIELDS = (
    *FRONT_MATTER,
    *CONTACT_FIELDS,
    *NEEDS_FIELDS,
    *OFFER_FIELDS,
    *DEAL_FIELDS,
    *DEAL_ITEM_FIELDS,
    *LOSS_FIELDS,
)
_KEYS = (
    *(spelling for field in _FIELDS for spelling in (field.key, field.zh)),
    *("on", "content", "handler", "metadata", "1", "<<", "yes", "~", "", "__class__", "key: key"),
)
_BODY_KEYS = tuple(
    spelling for field in FOLLOWUP_FIELDS for spelling in (field.key, field.zh) if spelling
)
_VALUES = (
    *("no", "010", "0o17", "12:30", "1_000", "1e999", "0x1F", "~", "null", "", "NaN", ".inf"),
    *(
        "2026-02-30",
        "2026-02-29",
        "0000-00-00",
        "9999-12-31",
        "２０２６-１１-２０",
        "2026年11月31日",
    ),
    *("9" * 400, "-0", "¥-48万", "1,000.50 EUR", "48万-50万", "五十万", "１２３４５", "١٢٣"),
    *("&a x", "*a", "!!python/object/apply:os.system [id]", "!x y", "{<<: *a}", "&a [*a, *a]"),
    *("[" * 30, "{" * 30, "[a, b", "{a: b", "'open", '"open', '"\\ud800"', '"\\0"', '"\\x07"'),
    *("a: b: c", "a #2", "- x", "? k", "| ", ">-", "%TAG", "@a", "`a`", "\ta", "a\tb"),
    *("../../etc/passwd", "/etc/passwd", "C:\\a.pdf", "attachments\\a.pdf", "attachments/../x"),
    *(
        "\u202egpj.exe",
        "a\u200bb",
        "\ufeffa",
        "e\u0301",
        "\u2028",
        "\x85",
        "\U0001f468\u200d\U0001f469",
    ),
    *(
        "=1+1",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "{% raw %}",
        "%s %(x)s {0}",
        "con",
        "index",
    ),
    *(
        "a" * 5000,
        "长" * 3000,
        "javascript:alert(1)",
        "https://[::1",
        "http://a b",
        "x@y@z",
        "+86 ",
    ),
    *(
        "未成交",
        "lost",
        "成交",
        "-> ->",
        "A -> B -> C",
        "none",
        "无",
        "resolved #3",
        "#",
        "2026-11-27",
    ),
)
_HEADINGS = (
    *(
        "## 2026-02-30 25:61 电话",
        "##2026-11-20",
        "＃＃ 2026-11-20 call",
        "   ### 2026/11/20 14:30+99:00",
    ),
    *("## 2026年11月20日·面谈|李雷", "## 2026-11-20 14:30 14:30 call call", "#### 2026-11-20 call"),
    *(
        "## ２０２６-11-20 邮件",
        "## 2026-11-20T09:00Z email Bo",
        "## **2026-11-20** 电话",
        "## 20261120",
    ),
    *(
        "## 9999-12-31 23:59 call",
        "## 0001-01-01 call",
        "# 2026-11-20",
        "## 2026-11-20 " + "长" * 300,
    ),
)
_BLOCKS = (
    *("---", "...", "---\n---", "+++", "```", "~~~~", "<!--", "-->", "<![CDATA[", "</div>", "***"),
    *("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x", "<<<<<<<", ">>>>>>> x", "||||||| base"),
    *(
        "[a]: <javascript:x> 'y'",
        "![a](b)",
        "[a](//[b)",
        "[a](<b",
        "[a][a]",
        "&#0;",
        "&amp;amp;",
        "\\",
        "|a|\n|-|",
    ),
    *(
        "# h",
        "====",
        "- - - -",
        "> > > a",
        "1. a\n1) b",
        "\t\tcode",
        "- [ ] ",
        "- [x]",
        "- : x",
        "- 下次:",
    ),
    *(
        "[" * 600,
        "`" * 500,
        "*a **b " * 120,
        "> " * 60 + "a",
        "|" * 450,
        "&" * 500,
        "<" * 500,
        "_a " * 300,
    ),
    *(
        "\n".join("  " * depth + "- a" for depth in range(40)),
        "a\n-\n" * 200,
        "# a\n" * 200,
        "~~~ a\n" * 100,
    ),
    *(
        "[a](" * 150,
        "![[]()" * 100,
        "x  \n" * 200,
        "- a\n\n" * 100,
        "\x02wzxhzdk:0\x03",
        "\x02klzzwxh:0\x03",
    ),
)
_ENCODINGS = ("gb18030", "big5", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig")
_KEY_LINE = re.compile(r"^(\s*(?:- )?)([^\s:：#-][^:：\n]{0,30})([:：])(.*)$", re.MULTILINE)
_HEADING_LINE = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_BULLET_LINE = re.compile(r"^\s*- .*$", re.MULTILINE)
_DIGITS = re.compile(r"\d")
_SCRAPS = (
    "\n\n  \t:：#-–—'\"[]{}&*!|>%@`~\\/()，、;；\x00\x07\x1b"
    "\u200f\u202e\u2066\ufeff\ufffe\U0001f600é０１"
)
_MOST_MUTATIONS = 6


def mutated_record(seed: int) -> bytes:
    """Return the bytes of a damaged record.

    Args:
        seed: Says which one; the same number always gives the same bytes.
    """
    chance = random.Random(seed)
    text = chance.choice((CHINESE, ENGLISH))
    for _ in range(chance.randint(1, _MOST_MUTATIONS)):
        text = chance.choice(_MUTATIONS)(chance, text)
    return _encoded(chance, text)


def _encoded(chance: random.Random, text: str) -> bytes:
    """Return the bytes of a text: mostly UTF-8, with any line break, whole and undamaged."""
    if chance.random() < 0.15:
        text = text.replace("\n", chance.choice(("\r\n", "\r", "\n\r")))
    if chance.random() < 0.05:
        return text.encode(chance.choice(_ENCODINGS), "replace")
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.05:
        place = chance.randrange(len(data) + 1)
        return data[:place] + chance.randbytes(chance.randint(0, 4)) + data[place + 1 :]
    return data


def _replaced(
    chance: random.Random, text: str, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]
) -> str:
    """Replace one of the places that a pattern finds; a text without any stays as it is."""
    places = list(pattern.finditer(text))
    if not places:
        return text
    match = chance.choice(places)
    return text[: match.start()] + make(match) + text[match.end() :]


def _other_value(chance: random.Random, text: str) -> str:
    value = chance.choice(_VALUES)
    return _replaced(chance, text, _KEY_LINE, lambda m: f"{m[1]}{m[2]}{m[3]} {value}")


def _other_key(chance: random.Random, text: str) -> str:
    key = chance.choice(chance.choice((_KEYS, _BODY_KEYS)))
    return _replaced(chance, text, _KEY_LINE, lambda m: f"{m[1]}{key}{m[3]}{m[4]}")


def _other_colon(chance: random.Random, text: str) -> str:
    colon = chance.choice(("：", ":", " : ", ":\t", "::", ":\u00a0", ""))
    return _replaced(chance, text, _KEY_LINE, lambda m: f"{m[1]}{m[2]}{colon}{m[4]}")


def _other_heading(chance: random.Random, text: str) -> str:
    return _replaced(chance, text, _HEADING_LINE, lambda _: chance.choice(_HEADINGS))


def _other_bullet(chance: random.Random, text: str) -> str:
    key, value = chance.choice(_BODY_KEYS), chance.choice(_VALUES)
    mark = chance.choice(("- ", "* ", "- [ ] ", "- [x] ", "1. ", "-", "- **", "        - "))
    return _replaced(chance, text, _BULLET_LINE, lambda _: f"{mark}{key}: {value}")


def _indented(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    blanks = chance.choice((" ", "  ", "    ", "\t", "\u3000", "> ", "- "))
    for index in range(start, min(start + chance.randint(1, 8), len(lines))):
        lines[index] = blanks + lines[index]
    return "\n".join(lines)


def _moved(chance: random.Random, text: str) -> str:
    """Cut a few lines out, and put them down elsewhere, nowhere or twice."""
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    end = min(start + chance.randint(1, 12), len(lines))
    cut = lines[start:end]
    rest = lines[:start] + lines[end:] if chance.random() < 0.7 else lines
    for _ in range(chance.randint(0, 2)):
        place = chance.randint(0, len(rest))
        rest = rest[:place] + cut + rest[place:]
    return "\n".join(rest)


def _put_in(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    lines.insert(chance.randint(0, len(lines)), chance.choice(_BLOCKS))
    return "\n".join(lines)


def _scratched(chance: random.Random, text: str) -> str:
    """Replace up to three characters at one place by one to three others."""
    place = chance.randint(0, len(text))
    scraps = "".join(chance.choices(_SCRAPS, k=chance.randint(1, 3)))
    return text[:place] + scraps + text[place + chance.randint(0, 3) :]


def _full_width(_chance: random.Random, text: str) -> str:
    return _replaced(_chance, text, _DIGITS, lambda m: chr(ord("０") + int(m[0])))


def _cut_short(chance: random.Random, text: str) -> str:
    place = chance.randint(0, len(text))
    return text[place:] if chance.random() < 0.3 else text[:place]


_MUTATIONS: tuple[Callable[[random.Random, str], str], ...] = (
    *(_other_value, _other_value, _other_key, _other_colon, _other_heading, _other_bullet),
    *(_other_bullet, _indented, _moved, _moved, _put_in, _put_in, _scratched, _scratched),
    *(_full_width, _cut_short),
)
