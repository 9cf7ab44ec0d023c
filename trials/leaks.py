"""Sites of random profiles over random workspaces, searched for what they must not hold.

Every value of a workspace is made of signs drawn by lot, so that none stands anywhere by chance,
and texts quote values of their own record and of others. What a profile withholds is written down
here once more, word by word, and looked for by plain search: nothing of the program's own proof is
used.
"""

from __future__ import annotations

import html
import random
import re
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tracker.config import Profile
from tracker.config_file import load_config
from tracker.library.query.parser import Query, parse
from tracker.site.audience import Audience, LeakError
from tracker.site.build import build_site
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 24)
RECORDS = 4

_PEOPLE = ("contact", "title", "phone", "email", "wechat")
_TEXTS = ("background", "note", "summary", "topic", "commitment", "next", "goal", "service")
_AMOUNTS = ("value", "offer", "deal", "price", "budget", "travel")

HIDDEN = {
    "contacts": _PEOPLE,
    "联系人.电话": ("phone",),
    "wechat": ("wechat",),
    "contacts.name": ("contact",),
    "职位": ("title",),
    "amounts": _AMOUNTS,
    "预计金额": ("value",),
    "deal": ("contract", "deal", "price", "item"),
    "offers": ("quote", "offer", "file"),
    "正文": _TEXTS,
    "body": _TEXTS,
    "followups": (*_TEXTS[2:], "travel"),
    "commitments": ("commitment",),
    "下次": ("next", "goal"),
    "needs.core": ("need",),
    "附件": ("file",),
    "owner": ("owner",),
    "客户名称": ("name", "short", "id"),
    "short": ("short",),
    "website": ("website",),
    "地址": ("address",),
    "industry": ("industry",),
    "tags": ("tag",),
    "rival": ("rival",),
}
"""Words of a profile, with the values that they withhold."""

MASKED = {
    word: HIDDEN[word]
    for word in ("联系人.电话", "contacts.name", "预计金额", "客户名称", "地址", "wechat", "owner")
}

LEFT_OUT = (
    *("name", "short", "id", "website", "address", "contact", "phone", "email", "wechat"),
    *("quote", "contract", "file", "need", *_TEXTS),
)
"""What is withheld of a customer that is left out."""

_QUOTED = ("phone", "wechat", "value", "contact", "name", "quote")
_SHARED = ("phone", "wechat", "contact", "name", "quote")
"""What is withheld in the texts of all records, not of its own alone."""

QUERIES = ("", "", "阶段:成交", "-阶段:成交", "等级:A")

_SETTINGS = """\
language: zh
owners: [{owners}]
fields:
  budget: {{label: 年度预算, type: money}}
followup_fields:
  rival: {{label: 竞品}}
  travel_cost: {{label: 差旅费, type: money}}
"""

_RECORD = """\
---
id: {id}
name: {name}
short: {short}
industry: {industry}
website: {website}
address: {address}
stage: {stage}
level: {level}
owner: {owner}
created: 2026-08-01
value: {value} CNY
budget: {budget} CNY
tags: [{tag}]
contacts:
  - name: {contact}
    title: {title}
    phone: "{phone}"
    wechat: {wechat}
    email: {email}
    preferences: {quotes0}
needs:
  core: [{need}]
offers:
  - quote: {quote}
    date: 2026-10-11
    amount: {offer} CNY
    file: {file}
deal:
  contract: {contract}
  date: 2026-11-02
  amount: {deal} CNY
  items:
    - name: {item}
      price: {price} CNY
---

{background}。{quotes1}。见[附件](../{file})。

## 2026-11-{day} 10:30 电话 {owner}

{summary}，{quotes2}。

- 联系人: {contact}
- 议题: {topic}
- 竞品: {rival}
- 差旅费: {travel} CNY
- 售后: 问题 #1 {service}
- [ ] {commitment} @2026-12-01
- 下次: 2026-11-28 面谈 {next};目标: {goal}

## 备注

{note}，{quotes3}。
"""


@dataclass
class Workspace:
    """A workspace of which every value is known.

    Attributes:
        records: The values of each record by their names.
    """

    records: list[dict[str, str]] = field(default_factory=list)

    def write(self, root: Path) -> None:
        """Write it into a folder."""
        owners = ", ".join(dict.fromkeys(record["owner"] for record in self.records))
        (root / "records").mkdir(parents=True)
        (root / "tracker.yaml").write_text(_SETTINGS.format(owners=owners), encoding="utf-8")
        for record in self.records:
            path = root / record["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("-", encoding="utf-8")
            (root / f"records/{record['id']}.md").write_text(_RECORD.format(**record), "utf-8")


def drawn_workspace(seed: int) -> Workspace:
    """Return a workspace drawn by lot, the same for the same seed."""
    chance = random.Random(seed)
    records = [_drawn_record(chance) for _ in range(RECORDS)]
    for record in records:
        for number in range(4):
            record[f"quotes{number}"] = _quotes(chance, record, records)
    return Workspace(records)


def _drawn_record(chance: random.Random) -> dict[str, str]:
    def chinese(length: int) -> str:
        return "".join(chr(chance.randrange(0x4E00, 0x9FA6)) for _ in range(length))

    def latin(length: int) -> str:
        return "".join(chance.choices("bcdfghjkmpqvwxz", k=length))

    def digits(length: int) -> str:
        return "".join(chance.choices("123456789", k=length))

    record = {
        "id": latin(9),
        "stage": chance.choice(("成交", "商务谈判", "方案制定")),
        "level": chance.choice("ABC"),
        "day": f"{chance.randrange(10, 24)}",
        "owner": chinese(3),
        "name": f"{chinese(6)}有限公司",
        "website": f"https://{latin(9)}.example",
        "phone": f"1{digits(10)}",
        "wechat": f"{latin(5)}_{digits(4)}",
        "email": f"{latin(8)}@{latin(8)}.example",
        "contact": chinese(3),
        "quote": f"Q-{digits(7)}",
        "contract": f"HT-{digits(7)}",
        "file": f"attachments/{latin(8)}/{latin(8)}.txt",
        **{name: chinese(4) for name in ("short", "industry", "title", "tag", "rival")},
        **{name: chinese(12) for name in ("address", "need", "item", *_TEXTS)},
        **{name: digits(6) for name in _AMOUNTS},
    }
    record["short"] = chinese(4)
    return record


def _quotes(chance: random.Random, own: dict[str, str], records: list[dict[str, str]]) -> str:
    """Return a text that quotes values in the forms in which people write them."""
    parts = []
    for _ in range(3):
        name = chance.choice(_QUOTED)
        record = chance.choice(records) if name in _SHARED else own
        parts.append(f"说起 {chance.choice(_forms(name, record[name]))} 时")
    return "，".join(parts)


def _forms(name: str, value: str) -> list[str]:
    """Return how people write a value."""
    if name == "phone":
        parts = (value[:3], value[3:7], value[7:])
        return [value, " ".join(parts), "-".join(parts), f"+86 {value}", f"+86{value}"]
    if name in _AMOUNTS:
        number = int(value)
        return [value, f"{number:,}", f"¥{number:,}.00", f"{number / 10_000:.4f}万"]
    if name == "wechat":
        return [value, value.upper()]
    return [value]


@dataclass(frozen=True)
class Readers:
    """Who a site is for.

    Attributes:
        hide: Words of `HIDDEN`.
        mask: Words of `MASKED`.
        only: A query.
    """

    hide: tuple[str, ...]
    mask: tuple[str, ...]
    only: str

    def withheld(self, record: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Yield what may not be found of a record, each with its name."""
        names = {name for word in self.hide for name in HIDDEN[word]}
        names |= {name for word in self.mask for name in MASKED[word]}
        if not self._takes(record):
            names |= set(LEFT_OUT)
        for name in sorted(names):
            for form in _forms(name, record[name]):
                yield name, form

    def _takes(self, record: dict[str, str]) -> bool:
        match self.only:
            case "阶段:成交":
                return record["stage"] == "成交"
            case "-阶段:成交":
                return record["stage"] != "成交"
            case "等级:A":
                return record["level"] == "A"
            case _:
                return True


def drawn_readers(seed: int) -> Readers:
    """Return readers drawn by lot, the same for the same seed."""
    chance = random.Random(seed)
    return Readers(
        tuple(chance.sample(sorted(HIDDEN), chance.randrange(1, 6))),
        tuple(chance.sample(sorted(MASKED), chance.randrange(0, 3))),
        chance.choice(QUERIES),
    )


def leaks_of(workspace: Workspace, readers: Readers, folder: Path) -> list[str]:
    """Build a site and return what is in it that may not be, a line each.

    Args:
        workspace: The workspace.
        readers: Who the site is for.
        folder: An empty folder to work in.
    """
    root, output = folder / "workspace", folder / "site"
    workspace.write(root)
    settings = root / "tracker.yaml"
    hide, mask = ", ".join(readers.hide), ", ".join(readers.mask)
    profile = f"profiles:\n  p: {{hide: [{hide}], mask: [{mask}]}}\n"
    settings.write_text(settings.read_text("utf-8") + profile, encoding="utf-8")
    config, problems = load_config(root)
    if problems:
        return [f"settings: {problem.message}" for problem in problems]
    query = parse(readers.only, config)
    queries = (query,) if readers.only and isinstance(query, Query) else ()
    audience = Audience(config.profiles.get("p", Profile("")), queries)
    try:
        build_site(root, output, TODAY, audience=audience)
    except LeakError as error:
        return [f"the proof: {error}"]
    texts = {
        file.relative_to(output).as_posix(): _readable(file)
        for file in sorted(output.rglob("*"))
        if file.is_file()
    }
    return [
        f"{path}: {name} of {record['id']}: {form}"
        for record in workspace.records
        for name, form in readers.withheld(record)
        for path, text in texts.items()
        if form in text
    ]


def _readable(file: Path) -> str:
    """Return the name and the content of a file, as a reader of its source might make it out."""
    text = file.read_bytes().replace(b"\r\n ", b"").decode("utf-8", "replace")
    plain = html.unescape(unquote(text))
    return "\n".join((file.name, text, plain, re.sub(r"<[^>]*>", "", plain)))


def run(count: int) -> list[Outcome]:
    """Build so many sites."""
    failed: list[str] = []
    for seed in range(count):
        readers = drawn_readers(seed)
        with tempfile.TemporaryDirectory() as folder:
            found = leaks_of(drawn_workspace(seed), readers, Path(folder))
        if found:
            failed.append(f"Seed {seed}, {readers}: {found[0]}")
    return [Outcome("sites of random profiles", count, len(failed), failed[:5])]


TRIAL = Trial(
    title="Profiles",
    what=(
        "A workspace of values drawn by lot, whose texts quote one another, is built with a "
        "profile drawn by lot. No file of the site, and no name of one, may hold anything that is "
        "withheld; it is looked for by plain search, apart from the program's own proof."
    ),
    full=300,
    run=run,
)
