"""Hypothesis strategies for records as people write them, and for texts that are nearly records.

`records()` gives texts that are read without an error, in every spelling and spacing that the
format allows; `record_files()` the bytes of such files; `near_records()` records with damage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tracker.config_file import parse_config
from tracker.format.parser import parse_record
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    FOLLOWUP_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
    Field,
    Kind,
)
from tracker.yamltree import Mapping, Scalar, Sequence, read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

    from tracker.config import Config

PATH = "records/a.md"
"""Where the records are said to lie; `a` is the id of those that name none."""

_SETTINGS = """\
language: {language}
currency: CNY
order: {order}
owners:
  - {{name: 李雷, email: lilei@example.com, aliases: [Li Lei]}}
  - 韩梅梅
  - O'Neil
fields:
  lines: {{label: 产线数量, type: number}}
  brand: {{label: 现用品牌, choices: [国产, 日系, 德系]}}
  audit_date: {{label: 验厂日期, type: date}}
  certified: {{label: 认证, type: bool}}
  machines: {{label: 设备, type: list}}
followup_fields:
  rival: {{label: 竞品}}
  travel_cost: {{label: 差旅费, type: money}}
"""

CONFIGS: tuple[Config, ...] = tuple(
    parse_config(_SETTINGS.format(language=language, order=order))[0]
    for language in ("zh", "en")
    for order in ("newest-first", "oldest-first")
)
"""Settings of workspaces in both languages and both orders, with declared fields."""

configs = st.sampled_from(CONFIGS)
_CONFIG = CONFIGS[0]

_HARMLESS = frozenset({"unknown-key"})
"""Codes that a record of `records()` may have."""


def has_no_errors(text: str) -> bool:
    """Tell whether a text is read as a record, with nothing worse than an unknown key."""
    parsed = parse_record(text, PATH, _CONFIG)
    return parsed.customer is not None and _HARMLESS.issuperset(
        problem.code for problem in parsed.problems
    )


# --- Values -------------------------------------------------------------------------------------

_PROSE = (
    *("恒达精密机械有限公司", "Acme Tools", "王芳来电询问交付周期,对分批方案感兴趣。", "数控机床"),
    *("示例路 8 号", "示例路 8 号 #2 厂房", "no", "010", "12:30", "0512-66881234", "- x", "a: b"),
    *("“引号”", "it's", 'say "yes"', "a, b", "[括号]", "{x}", "* 星", "& 和", "! 急", "% 八成"),
    *(
        "@李雷",
        "`code`",
        "a # b",
        "a #b",
        "?",
        "问?",
        "价格: 48万",
        "甲：乙",
        "x\\ny",
        "😀",
        "~",
        "null",
    ),
    *("a  b", "2026-11-20", "全角　空格", "trailing:", "|", ">", "|literal", "> quote", "=", "---"),
)
_ALPHABET = "甲乙丙丁 abcXYZ019:#-,.;'\"[]{}&*!|>%@`?~\\/()，。；：、　é😀"

prose: SearchStrategy[str] = st.sampled_from(_PROSE) | st.text(
    _ALPHABET, min_size=1, max_size=12
).map(str.strip).filter(bool)
"""One line of text without blanks at its ends, often with signs that mean something elsewhere."""

words: SearchStrategy[str] = st.sampled_from(
    ["价格", "交期", "lead time", "售后", "Q-2026-031", "甲"]
)
"""A text without any sign at which a list is split."""


@st.composite
def dates(draw: DrawFn) -> str:
    """Return an existing day of 2026 in one of its written forms."""
    month, day = draw(st.integers(1, 12)), draw(st.integers(1, 28))
    return draw(
        st.sampled_from(
            [
                f"2026-{month:02}-{day:02}",
                f"2026-{month}-{day}",
                f"2026/{month}/{day}",
                f"2026/{month:02}/{day:02}",
                f"2026年{month}月{day}日",
            ]
        )
    )


@st.composite
def times(draw: DrawFn) -> str:
    """Return a time of day, sometimes with its offset from UTC."""
    hour, minute = draw(st.integers(0, 23)), draw(st.integers(0, 59))
    shape = draw(st.sampled_from(["{0:02}:{1:02}", "{0}:{1:02}"]))
    offset = draw(st.sampled_from(["", "", "", "Z", "+08:00", "-0500"]))
    return shape.format(hour, minute) + offset


_MONEY = st.sampled_from(
    ["480000", "480000 CNY", "¥48万", "48万元", "1.2M USD", "480,000.50", "US$500k", "48.0 万", "0"]
)
_MONEY_OR_RANGE = _MONEY | st.sampled_from(["450000-500000 CNY", "45-50万", "$10k to $12k"])
_TRUTH = st.sampled_from(["yes", "no", "是", "否", "true", "1"])
_BY_KIND: dict[Kind, SearchStrategy[str]] = {
    Kind.SLUG: st.sampled_from(["hengda", "恒达-2", "a.b_c", "010"]),
    Kind.URL: st.sampled_from(["https://www.example.com", "http://x/?a=1#b", "https://例子.cn/路"]),
    Kind.EMAIL: st.sampled_from(["a@example.com", "wang.fang@example.com.cn"]),
    Kind.PHONE: st.sampled_from(
        ["0512-66881234", "+86 138 0000 0000", "0512-66881234 转 8", "010"]
    ),
    Kind.DATE: dates(),
    Kind.MONEY: _MONEY,
    Kind.MONEY_RANGE: _MONEY_OR_RANGE,
    Kind.NUMBER: st.sampled_from(["3", "1,200.5", "-3", "010", "0"]),
    Kind.BOOL: _TRUTH,
    Kind.OWNER: st.sampled_from(["李雷", "Li Lei", "韩梅梅", "O'Neil", "somebody else"]),
    Kind.PATH: st.sampled_from(["attachments/hengda/Q-2026-031.pdf", "attachments/a b/图 #1.pdf"]),
}


def _spellings(vocabulary: str) -> SearchStrategy[str]:
    terms = _CONFIG.terms(vocabulary)
    return st.sampled_from([spelling for term in terms for spelling in term.spellings if spelling])


def values_of(field: Field) -> SearchStrategy[str]:
    """Return texts that a field of one value takes."""
    if field.kind is Kind.WORD and field.vocabulary:
        return _spellings(field.vocabulary)
    if field.kind is Kind.CHOICE:
        return st.sampled_from(field.choices)
    return _BY_KIND.get(field.kind, prose)


# --- Front matter -------------------------------------------------------------------------------

_COMMENTS = st.sampled_from(["# 注释", "#  two  blanks", "# key: value", "#", "# '\"[", "# ---"])
_GAPS = st.sampled_from([" ", " ", " ", "  ", "     "])
_ENDS = st.sampled_from(["", "", "", " ", "   "])


@st.composite
def _scalars(draw: DrawFn, values: SearchStrategy[str], *, flow: bool = False) -> str:
    """Return a value in one of the styles of YAML in which it comes back as it is."""
    value = draw(values)
    single = "'" + value.replace("'", "''") + "'"
    double = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    styles = [single, double]
    shape: Callable[[str], str] = "k: [{}]".format if flow else "k: {}".format
    root = read_yaml(shape(value))
    if not root.problems and isinstance(root.root, Mapping):
        node = root.root.entries[0][1]
        if flow and isinstance(node, Sequence) and len(node.items) == 1:
            node = node.items[0]
        if isinstance(node, Scalar) and node.text == value:
            styles += [value] * 4
    return draw(st.sampled_from(styles))


@dataclass(frozen=True)
class _Layout:
    """How one block of front matter is written: its indent, and that of the lists in it."""

    indent: str

    def deeper(self, step: str) -> _Layout:
        return _Layout(self.indent + step)


def _keys(draw: DrawFn, field: Field) -> str:
    key = draw(st.sampled_from([field.key, field.key, field.zh or field.key, *field.spellings]))
    changed = draw(st.sampled_from(["", "", "", "", "", "upper", "quoted"]))
    if changed == "upper":
        return key.upper().replace("_", "-")
    return f'"{key}"' if changed == "quoted" else key


def _line_end(draw: DrawFn) -> str:
    comment = draw(st.sampled_from(["", "", "", "", "yes"]))
    return (draw(_GAPS) + draw(_COMMENTS) if comment else "") + draw(_ENDS)


def _between(draw: DrawFn, layout: _Layout) -> list[str]:
    """Return what stands above an entry: mostly nothing."""
    kinds = (
        draw(st.lists(st.sampled_from(["comment", "blank"]), max_size=2))
        if draw(st.sampled_from([False, False, False, True]))
        else []
    )
    indents = st.sampled_from([layout.indent, layout.indent, "", layout.indent + "  "])
    return [
        draw(indents) + draw(_COMMENTS) if kind == "comment" else draw(st.sampled_from(["", "  "]))
        for kind in kinds
    ]


def _entry(draw: DrawFn, field: Field, layout: _Layout) -> list[str]:
    """Return the lines of a key with its value; the first without the block's indent."""
    key = _keys(draw, field)
    colon = f"{key}{draw(st.sampled_from(['', '', '', ' ']))}:"
    if draw(st.sampled_from([False] * 15 + [True])):
        if field.required:
            return [
                f"{colon} x" if field.kind is Kind.TEXT else f"{colon} {draw(values_of(field))}"
            ]
        return [colon + _line_end(draw)]
    if field.kind is Kind.LIST:
        return _list(draw, colon, layout)
    if field.kind in {Kind.GROUP, Kind.GROUPS}:
        return _group(draw, field, colon, layout)
    if field.kind is Kind.TEXT and draw(st.sampled_from([False] * 7 + [True])):
        return _block(draw, colon, layout)
    return [colon + draw(_GAPS) + draw(_scalars(values_of(field))) + _line_end(draw)]


def _block(draw: DrawFn, colon: str, layout: _Layout) -> list[str]:
    """Return a text of several lines, as a block or as a plain value that goes on below."""
    sign = draw(st.sampled_from(["|", ">", "|-", ">-", "|+", "|2", "plain"]))
    inner = layout.indent + "  "
    if sign == "plain":
        return [f"{colon} 第一行", f"{inner}第二行", f"{inner} third"]
    lines = draw(st.lists(st.sampled_from(["第一行", "# 非注释", "key: x", "- x", ""]), max_size=3))
    return [f"{colon} {sign}", *(inner + line if line else "" for line in ["开头", *lines])]


def _list(draw: DrawFn, colon: str, layout: _Layout) -> list[str]:
    style = draw(st.sampled_from(["flow", "flow", "block", "text", "folded"]))
    if style == "text":
        rows = draw(st.lists(words, min_size=1, max_size=3))
        return [colon + draw(_GAPS) + draw(st.sampled_from("、,，;")).join(rows) + _line_end(draw)]
    if style == "block":
        step = draw(st.sampled_from(["", "  ", "    "]))
        dash = layout.indent + step + "-" + draw(_GAPS)
        lines = [colon + _line_end(draw)]
        for _ in range(draw(st.integers(1, 3))):
            lines += _between(draw, layout.deeper(step))
            lines.append(dash + draw(_scalars(prose)) + _line_end(draw))
        return lines
    items = draw(st.lists(_scalars(prose, flow=True), max_size=3))
    comma = draw(st.sampled_from([", ", ",", " , ", ",  "]))
    pad = draw(st.sampled_from(["", "", " "]))
    if style == "folded" and items:
        inner = layout.indent + "  "
        return [f"{colon} [{items[0]},", *(f"{inner}{item}," for item in items[1:]), f"{inner}]"]
    return [f"{colon}{draw(_GAPS)}[{pad}{comma.join(items)}{pad}]" + _line_end(draw)]


_CHILDREN = {
    "contacts": CONTACT_FIELDS,
    "needs": NEEDS_FIELDS,
    "offers": OFFER_FIELDS,
    "deal": DEAL_FIELDS,
    "items": DEAL_ITEM_FIELDS,
    "lost": LOSS_FIELDS,
}


def _group(draw: DrawFn, field: Field, colon: str, layout: _Layout) -> list[str]:
    children = _CHILDREN[field.key]
    flat = [child for child in children if child.kind not in {Kind.GROUPS, Kind.LIST}]
    if flat and draw(st.sampled_from([False] * 6 + [True])):
        pairs = [
            f"{child.key}: {draw(_scalars(values_of(child), flow=True))}"
            for child in _chosen(draw, tuple(flat), 3)
        ]
        flow = "{" + ", ".join(pairs) + "}"
        return [f"{colon} [{flow}]" if field.kind is Kind.GROUPS else f"{colon} {flow}"]
    lines = [colon + _line_end(draw)]
    if field.kind is Kind.GROUP:
        inner = layout.deeper("  ")
        return lines + _mapping(draw, children, inner, "  " + layout.indent)
    step = draw(st.sampled_from(["", "  ", "  "]))
    gap = draw(st.sampled_from([" ", " ", " ", "   "]))
    for _ in range(draw(st.integers(1, 2))):
        dash = layout.indent + step + "-" + gap
        inner = layout.deeper(step + " " + gap)
        lines += _between(draw, layout.deeper(step)) + _mapping(draw, children, inner, dash)
    return lines


def _mapping(
    draw: DrawFn, fields: tuple[Field, ...], layout: _Layout, first_indent: str
) -> list[str]:
    lines: list[str] = []
    for number, child in enumerate(_chosen(draw, fields, 4)):
        if number:
            lines += _between(draw, layout)
        entry = _entry(draw, child, layout)
        lines += [(layout.indent if number else first_indent) + entry[0], *entry[1:]]
    return lines


def _chosen(draw: DrawFn, fields: tuple[Field, ...], most: int) -> list[Field]:
    """Return some of the fields in any order, the required ones among them; at least one."""
    required = [field for field in fields if field.required]
    others = [field for field in fields if not field.required]
    least = 0 if required else 1
    some = draw(st.lists(st.sampled_from(others), unique=True, min_size=least, max_size=most))
    return draw(st.permutations([*required, *some]))


@st.composite
def front_matters(draw: DrawFn) -> str:
    """Return front matter with its two lines `---`, and without a line break at the end."""
    fields = (*FRONT_MATTER, *_CONFIG.fields)
    lines: list[str] = []
    top = _Layout("")
    for field in _chosen(draw, fields, 7):
        lines += _between(draw, top) + _entry(draw, field, top)
        if draw(st.sampled_from([False] * 19 + [True])):
            name = draw(st.sampled_from(["my_key", "自定义", "zzz"]))
            if not any(line.startswith(f"{name}:") for line in lines):
                lines += [f"{name}: {draw(_scalars(prose))}"]
    lines += _between(draw, top)
    end = draw(st.sampled_from(["---", "---", "--- "]))
    return "\n".join(["---", *lines, end])


# --- Body ---------------------------------------------------------------------------------------

_METHODS = _spellings("methods")
_WHO = st.sampled_from(["李雷", "Li Lei", "韩梅梅", "O'Neil"])
_SEPARATORS = st.sampled_from([" ", " ", " ", "  ", " · ", " | ", ", ", "，", "、", "　"])


@st.composite
def headings(draw: DrawFn) -> str:
    """Return the line of a heading that begins a follow-up."""
    signs = draw(st.sampled_from(["## ", "## ", "## ", "### ", "##", "##  ", " ## ", "##\t"]))
    day = draw(dates())
    parts = [day]
    if draw(st.booleans()):
        clock = draw(times())
        glue = draw(st.sampled_from(["", "", "", "", "T", "" if day[-1] != "日" else "glued"]))
        parts = [f"{day}{glue.replace('glued', '')}{clock}"] if glue else [day, clock]
    if draw(st.booleans()):
        parts.append(draw(_METHODS))
    if draw(st.booleans()):
        parts.append(draw(_WHO))
    text = parts[0]
    for part in parts[1:]:
        text += draw(_SEPARATORS) + part
    return signs + text + draw(st.sampled_from(["", "", "", " ", " ##", "  "]))


_FREE = st.sampled_from(
    [
        *("王芳来电询问交付周期。", "Asked about *lead time*; likes two batches.", "行尾硬换行  "),
        *("反斜杠换行\\", "> 引用", "| a | b |", "| - | - |", "1. 一", "2) 二", "* 星", "+ 加"),
        *(
            "- 列表: 甲",
            "- 普通",
            "  - 嵌套",
            "    缩进",
            "#### 细节",
            "trailing ",
            "\t制表",
            "***",
        ),
        *(
            "![图](attachments/a.png)",
            "- [链接](https://x)",
            "a -- b",
            "_x_",
            "<b>",
            "甲：乙",
            "\\# x",
        ),
    ]
)
_VERBATIM = st.sampled_from(
    [
        ["```", "## 2026-01-01 电话", "- 联系人:甲", "  ", "", "", "- [X] x @2026/1/1", "```"],
        ["~~~ md", "* 议题：x  ", "~~~"],
        ["<!--", "## 2026-1-2", "*  下次：2026/1/1", "", "", "-->"],
        ["<!-- 一行 -->"],
        ["  ```", "  - x:y", "  ```"],
        ["    * 代码"],
    ]
)
_BULLETS = st.sampled_from(["- ", "- ", "- ", "* ", "+ ", "-  ", "-   "])
_COLONS = st.sampled_from([": ", ": ", "：", ":", " : ", ":  ", "： "])


def _change(terms: str) -> SearchStrategy[str]:
    spelling = _spellings(terms)
    arrows = st.sampled_from([" -> ", "->", " → ", " => ", "→"])
    return spelling | st.tuples(spelling, arrows, spelling).map("".join)


@st.composite
def _next(draw: DrawFn) -> str:
    if draw(st.sampled_from([False] * 4 + [True])):
        return draw(st.sampled_from(["none", "无", "无，等客户", "-"]))
    text = draw(dates())
    if draw(st.booleans()):
        text += draw(_SEPARATORS) + draw(times())
    if draw(st.booleans()):
        text += draw(_SEPARATORS) + draw(_METHODS)
    text += " " + draw(words)
    if draw(st.booleans()):
        text += draw(st.sampled_from(["; goal: ", ";目标: ", "；目标：", "\n  - 目标: "])) + draw(
            words
        )
    return text


_NAMES = st.lists(st.sampled_from(["王芳", "李明", "Ann"]), min_size=1, max_size=2)
_OF_FIELD: dict[Kind, SearchStrategy[str]] = {
    Kind.CONTACTS: st.tuples(st.sampled_from("、,;，"), _NAMES).map(lambda p: p[0].join(p[1])),
    Kind.OFFERS: st.sampled_from(["Q-1", "Q-1、Q-2"]),
    Kind.ATTITUDE: st.tuples(
        _spellings("attitudes"), st.sampled_from(["", "，愿意", ", will sign", " 再谈"])
    ).map("".join),
    Kind.SERVICE: st.tuples(
        _spellings("service_kinds"), st.sampled_from(["", " #1 主轴异响", " 首批到厂", "#2"])
    ).map("".join),
    Kind.NEXT: _next(),
}
_SINGLE = frozenset({Kind.ATTITUDE, Kind.CHANGE, Kind.NEXT, Kind.MONEY})


def _field(draw: DrawFn, field: Field) -> list[str]:
    key = draw(st.sampled_from([*field.spellings, field.key, field.zh or field.key]))
    bullet, colon = draw(_BULLETS), draw(_COLONS)
    if draw(st.sampled_from([False] * 7 + [True])):
        key, colon = draw(
            st.sampled_from([(f"**{key}**", colon), (f"**{key}:**", " "), (f"__{key}__", colon)])
        )
    if field.kind is Kind.CHANGE and field.vocabulary:
        value = draw(_change(field.vocabulary))
    else:
        value = draw(_OF_FIELD.get(field.kind, values_of(field)))
    lines = f"{bullet}{key}{colon}{value}".split("\n")
    if field.kind is Kind.TEXT and draw(st.sampled_from([False] * 3 + [True])):
        lines += draw(
            st.sampled_from(
                [
                    ["  续行"],
                    ["lazy 续行"],
                    ["  - 嵌套: x", "    - 更深"],
                    ["", "  第二段  ", "  还是第二段"],
                    ["  * [ ] 嵌套承诺 @2026/1/1"],
                    ["  ```", "  code:  x  ", "  ```"],
                ]
            )
        )
    return [lines[0] + draw(_ENDS), *lines[1:]]


@st.composite
def tasks(draw: DrawFn) -> str:
    """Return the line of a commitment."""
    bullet = draw(st.sampled_from(["- ", "- ", "- ", "* ", "+ ", "1. ", "2) ", "-   "]))
    box = draw(st.sampled_from(["[ ]", "[ ]", "[x]", "[X]", "[]"]))
    text = draw(st.sampled_from(["发送报价", "send the quote", "*重要*", "联系人: 甲", "a@b.com"]))
    due = draw(
        st.just("")
        | st.tuples(
            st.sampled_from(
                [" @{}", " @ {}", "@{}", " ＠{}", " 📅 {}", " [due:: {}]", " (截止:: {})"]
            ),
            dates(),
        ).map(lambda pair: pair[0].format(pair[1]))
    )
    more = draw(st.sampled_from(["", "", "", " @李雷", " ✅ 2026-11-21", " 备注", " @Li Lei"]))
    return f"{bullet}{box}{draw(st.sampled_from([' ', ' ', '  ']))}{text}{due}{more}"


def _paragraphs(draw: DrawFn, most: int) -> list[str]:
    lines: list[str] = []
    for _ in range(draw(st.integers(0, most))):
        verbatim = draw(st.sampled_from([False] * 6 + [True]))
        lines += draw(_VERBATIM) if verbatim else [draw(_FREE)]
        lines += draw(st.sampled_from([[], [], [""], ["", ""], ["   "]]))
    return lines


def _section(draw: DrawFn) -> list[str]:
    lines = [draw(headings()), *draw(st.sampled_from([[""], [""], [], ["", "", " "]]))]
    lines += _paragraphs(draw, 2)
    fields = (*FOLLOWUP_FIELDS, *_CONFIG.followup_fields)
    single: set[str] = set()
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["field", "field", "field", "task", "text"]))
        if kind == "task":
            lines.append(draw(tasks()))
        elif kind == "text":
            lines += ["", *_paragraphs(draw, 1)]
        else:
            field = draw(st.sampled_from(fields))
            if field.key not in single:
                lines += _field(draw, field)
            if field.kind in _SINGLE:
                single.add(field.key)
    return lines


_NOTES = st.sampled_from(["## 决策流程", "# 备注", "## Notes ##", "### 小节", "##  空", "## "])


@st.composite
def bodies(draw: DrawFn) -> str:
    """Return what stands below the front matter: background, sections and notes in any order."""
    lines = draw(st.sampled_from([[""], [""], [], ["", ""]])) + _paragraphs(draw, 2)
    for _ in range(draw(st.integers(0, 4))):
        if lines and draw(st.sampled_from([True, True, True, False])):
            lines.append("")
        if draw(st.sampled_from([True, True, True, True, False])):
            lines += _section(draw)
        else:
            lines += [draw(_NOTES), *_paragraphs(draw, 2)]
    return "\n".join([*lines, *draw(st.sampled_from([[""], [""], [], ["", ""], ["  ", ""]]))])


# --- Files --------------------------------------------------------------------------------------


def records() -> SearchStrategy[str]:
    r"""Return texts of whole records, with `\n` as line break, that are read without an error.

    They hold for every one of `CONFIGS`.
    """
    return (
        st.tuples(front_matters(), bodies())
        .map(lambda parts: f"{parts[0]}\n{parts[1]}")
        .filter(has_no_errors)
    )


def record_files() -> SearchStrategy[bytes]:
    """Return the bytes of records: UTF-8 with any line break, with or without byte order mark."""
    return st.tuples(
        records(),
        st.sampled_from(["\n", "\n", "\r\n", "\r"]),
        st.sampled_from([b"", b"\xef\xbb\xbf"]),
    ).map(lambda parts: parts[2] + parts[0].replace("\n", parts[1]).encode())


_DAMAGE = st.sampled_from(
    [
        *(
            "---\n",
            "---",
            "\n",
            " ",
            "\t",
            ":",
            "：",
            "#",
            "'",
            '"',
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
        ),
        *(
            "<<<<<<< HEAD\n",
            "=======\n",
            ">>>>>>> b\n",
            "```\n",
            "<!--\n",
            "-->\n",
            "## ",
            "- ",
            "|",
        ),
        *("name: x\n", "stage: 成交\n", "? k\n", "2026-13-40", "＃＃ 2026-1-1\n", "\u2028", "\x07"),
    ]
)


@st.composite
def near_records(draw: DrawFn) -> str:
    r"""Return a record with damage at one to four places: cut out, put in, or said twice."""
    text = draw(records())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        kept = draw(st.sampled_from([text[start:end], ""]))
        text = text[:start] + kept + draw(_DAMAGE | st.text(max_size=4)) + kept + text[end:]
    return text.replace("\r\n", "\n").replace("\r", "\n")
