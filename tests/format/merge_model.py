"""Records as a model that knows what each part of them is, and how the model merges them.

A record is a set of places with their values; each follow-up, commitment, contact and offer has an
id that stays whatever happens to it. Merging is then three-way on the places, one by one. The
merge of the texts has to find out from the texts alone what the model knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tracker.format.comparison import content_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tracker.model import Customer

Place: TypeAlias = "tuple[str, ...]"
"""Where a value belongs, such as ("section", "s1", "task", "t4", "due")."""

_KEYS = {
    "zh": {
        "name": "客户名称", "stage": "客户阶段", "owner": "负责人", "industry": "所属行业",
        "value": "预计金额", "level": "客户等级", "address": "地址", "tags": "标签",
        "contacts": "联系人", "contact name": "姓名", "title": "职位", "wechat": "微信",
        "offers": "报价", "quote": "报价单号", "product": "产品", "terms": "条款",
        "needs": "需求", "core": "核心需求", "pains": "痛点与挑战",
        "contact": "联系人", "topic": "议题", "response": "回应", "next": "下次",
        "field needs": "需求",
    },
    "en": {
        "contact name": "name", "field needs": "needs",
    },
}  # fmt: skip
_METHODS = {"zh": ("电话", "邮件", "面谈"), "en": ("call", "email", "visit")}
_STAGES = {
    "zh": ("方案制定", "商务谈判", "成交", "未成交"),
    "en": ("proposal", "negotiation", "won", "lost"),
}
_PEOPLE = {"zh": ("李雷", "韩梅梅", "王小明"), "en": ("Li Lei", "Han Meimei", "Jim Green")}
_SCALARS = ("industry", "level", "address", "value", "stage", "owner")
_SECTION_FIELDS = ("topic", "response", "field needs", "next")
_REPEATED = ("topic", "response", "field needs")
_SIGNS = (
    "的一是不了在人有我他这中大来上国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Record:
    """A record of the model.

    Attributes:
        language: `zh` or `en`.
        values: The value of each place.
        order: The ids of things in their order: of follow-ups under ("section",), of the
            commitments of one under ("section", ID, "task"), and so on.
    """

    language: str
    values: dict[Place, str] = field(default_factory=dict)
    order: dict[Place, list[str]] = field(default_factory=dict)

    def copy(self) -> Record:
        """Return one that can be changed on its own."""
        order = {place: list(ids) for place, ids in self.order.items()}
        return Record(self.language, dict(self.values), order)

    def ids(self, *place: str) -> list[str]:
        """Return the ids of things in their order."""
        return self.order.setdefault(place, [])

    def drop(self, place: Place) -> None:
        """Take a thing away with all that belongs to it."""
        size = len(place)
        self.values = {at: text for at, text in self.values.items() if at[:size] != place}
        self.order = {at: ids for at, ids in self.order.items() if at[:size] != place}
        self.order[place[:-1]].remove(place[-1])


# --- Writing ------------------------------------------------------------------------------------


def text_of(record: Record, layout: random.Random | None = None) -> str:
    """Return the record's file.

    Args:
        record: The record.
        layout: Decides between ways of writing that mean the same; None for the plainest.
    """
    keys = _KEYS[record.language]

    def key(name: str) -> str:
        return keys.get(name, name)

    get = record.values.get
    lines = ["---", f"{key('name')}: {record.values['name',]}"]
    for name in _SCALARS:
        if value := get((name,)):
            quoted = layout and layout.random() < 0.1  # now and then
            lines.append(f'{key(name)}: "{value}"' if quoted else f"{key(name)}: {value}")
    lines += _matter_lines(record, key, flow=not layout or layout.random() < 0.9)
    lines.append("---")
    if background := get(("background",)):
        lines += ["", background]
    for section in record.ids("section"):
        lines += ["", *_section_lines(record, section, key)]
    return "\n".join((*lines, ""))


def _matter_lines(record: Record, key: Callable[[str], str], *, flow: bool) -> list[str]:
    """Return the lines of the lists and groups of the front matter."""
    lines = []
    if tags := record.ids("tags"):
        lines += _list(key("tags"), tags, flow=flow)
    for group, identity, parts in (
        ("contacts", "contact name", ("title", "wechat")),
        ("offers", "quote", ("product", "terms")),
    ):
        if record.ids(group):
            lines.append(f"{key(group)}:")
        for one in record.ids(group):
            lines.append(f"  - {key(identity)}: {record.values[group, one, 'identity']}")
            lines += [
                f"    {key(part)}: {text}"
                for part in parts
                if (text := record.values.get((group, one, part)))
            ]
    needs = [part for part in ("core", "pains") if record.ids("needs", part)]
    if needs:
        lines.append(f"{key('needs')}:")
    for part in needs:
        lines += [f"  {line}" for line in _list(key(part), record.ids("needs", part), flow=True)]
    return lines


def _list(key: str, texts: list[str], *, flow: bool) -> list[str]:
    if flow:
        return [f"{key}: [{', '.join(texts)}]"]
    return [f"{key}:", *(f"  - {text}" for text in texts)]


def _section_lines(record: Record, section: str, key: Callable[[str], str]) -> list[str]:
    get = record.values.get
    at = ("section", section)
    lines = [f"## {record.values[*at, 'heading']}"]
    if text := get((*at, "text")):
        lines += ["", text]
    pieces = []
    for name in _SECTION_FIELDS[:-1]:
        if texts := get((*at, name)):
            pieces += [f"- {key(name)}: {text}" for text in texts.split("\n")]
    for task in record.ids(*at, "task"):
        core, due, done = (
            record.values[*at, "task", task, part] for part in ("core", "due", "done")
        )
        box = "[x]" if done else "[ ]"
        pieces.append(
            f"- {box} {core}" + (f" @{due}" if due else "") + (f" ✅ {done}" if done else "")
        )
    if text := get((*at, "next")):
        pieces.append(f"- {key('next')}: {text}")
    return [*lines, *([""] if pieces else []), *pieces]


# --- Histories ----------------------------------------------------------------------------------


class Writer:
    """Makes records and changes them as people do.

    Args:
        language: `zh` or `en`.
        chance: What happens.
        name: Keeps the ids of two writers apart.
        newest_first: The order of the file.
    """

    def __init__(
        self, language: str, chance: random.Random, name: str, *, newest_first: bool
    ) -> None:
        self.language = language
        self.chance = chance
        self.name = name
        self.newest_first = newest_first
        self.count = 0

    def record(self) -> Record:
        """Return a new record."""
        record = Record(self.language)
        record.values["name",] = self.words()
        record.values["stage",] = _STAGES[self.language][0]
        record.values["owner",] = _PEOPLE[self.language][0]
        for change in (self.tag, self.contact, self.contact, self.offer, self.need):
            change(record)
        if self.chance.random() < 0.7:  # mostly
            record.values["background",] = self.words()
        for _ in range(self.chance.randint(0, 5)):
            self.section(record)
        return record

    def change(self, record: Record) -> None:
        """Change something."""
        changes = (
            (self.section, 5), (self.scalar, 3), (self.tag, 2), (self.contact, 2), (self.offer, 2),
            (self.need, 1), (self.change_group, 3), (self.drop_group, 1), (self.change_text, 2),
            (self.change_field, 4), (self.add_task, 3), (self.tick, 4), (self.reword, 4),
            (self.postpone, 2), (self.drop_task, 1), (self.drop_section, 1), (self.reverse, 1),
            (self.correct_heading, 1), (self.background, 1), (self.drop_tag, 1),
        )  # fmt: skip
        chosen = self.chance.choices(
            [change for change, _ in changes], [weight for _, weight in changes]
        )
        chosen[0](record)

    def words(self) -> str:
        """Return a text that nobody else writes."""
        if self.language == "zh":
            return "".join(self.chance.choices(_SIGNS, k=self.chance.randint(8, 14)))
        letters = (
            "".join(self.chance.choices(_LETTERS, k=self.chance.randint(3, 8))) for _ in range(4)
        )
        return " ".join(letters)

    def day(self) -> str:
        """Return a day."""
        return f"2026-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"

    def _new(self) -> str:
        self.count += 1
        return f"{self.name}{self.count}"

    def _some(self, ids: list[str]) -> str | None:
        return self.chance.choice(ids) if ids else None

    # --- front matter ---

    def scalar(self, record: Record) -> None:
        """Set a value, or take it away."""
        key = self.chance.choice(_SCALARS)
        if key == "stage":
            record.values[key,] = self.chance.choice(_STAGES[self.language])
        elif key == "owner":
            record.values[key,] = self.chance.choice(_PEOPLE[self.language])
        elif (key,) in record.values and self.chance.random() < 0.2:
            del record.values[key,]
        elif key == "value":
            record.values[key,] = f"{self.chance.randint(1, 99)}0000 CNY"
        elif key == "level":
            record.values[key,] = self.chance.choice("ABC")
        else:
            record.values[key,] = self.words()

    def tag(self, record: Record) -> None:
        """Add a tag."""
        self._add_text(record, ("tags",))

    def need(self, record: Record) -> None:
        """Add a need."""
        self._add_text(record, ("needs", self.chance.choice(("core", "pains"))))

    def _add_text(self, record: Record, place: Place) -> None:
        text = self.words()
        record.ids(*place).insert(self.chance.randint(0, len(record.ids(*place))), text)
        record.values[*place, text] = text

    def drop_tag(self, record: Record) -> None:
        """Take a tag away, but for the last one."""
        if len(record.ids("tags")) > 1:
            record.drop(("tags", self.chance.choice(record.ids("tags"))))

    def contact(self, record: Record) -> None:
        """Add a contact."""
        self._add_group(record, "contacts", self.words(), ("title", "wechat"))

    def offer(self, record: Record) -> None:
        """Add an offer."""
        number = f"Q-{self.name}-{self.chance.randint(1, 10**6)}"
        self._add_group(record, "offers", number, ("product", "terms"))

    def _add_group(self, record: Record, group: str, identity: str, parts: tuple[str, ...]) -> None:
        one = identity
        record.ids(group).append(one)
        record.values[group, one, "identity"] = identity
        for part in parts:
            if self.chance.random() < 0.6:  # mostly
                record.values[group, one, part] = self.words()

    def change_group(self, record: Record) -> None:
        """Change something of a contact or an offer."""
        group, parts = self.chance.choice(
            (("contacts", ("title", "wechat")), ("offers", ("product", "terms")))
        )
        if one := self._some(record.ids(group)):
            record.values[group, one, self.chance.choice(parts)] = self.words()

    def drop_group(self, record: Record) -> None:
        """Take a contact or an offer away, but for the last one."""
        group = self.chance.choice(("contacts", "offers"))
        if len(record.ids(group)) > 1:
            record.drop((group, self.chance.choice(record.ids(group))))

    def background(self, record: Record) -> None:
        """Write the text above the follow-ups anew."""
        record.values["background",] = self.words()

    # --- follow-ups ---

    def section(self, record: Record) -> None:
        """Add a follow-up where it belongs."""
        one = self._new()
        at = ("section", one)
        day = self.day()
        clock = f"{self.chance.randint(8, 18):02}:{self.chance.randint(0, 59):02}"
        timed = self.chance.random() < 0.8  # mostly
        method = self.chance.choice(_METHODS[self.language])
        who = self.chance.choice(_PEOPLE[self.language])
        record.values[*at, "heading"] = " ".join((day, *([clock] if timed else []), method, who))
        record.values[*at, "text"] = self.words()
        for name in _SECTION_FIELDS:
            if self.chance.random() < 0.4:  # now and then
                self._write_field(record, at, name)
        record.ids(*at, "task")
        for _ in range(self.chance.choice((0, 0, 1, 2, 3))):
            self._add_task(record, at)
        moments = [_moment(record, other) for other in record.ids("section")]
        mine = _moment(record, one)
        place = next(
            (at for at, other in enumerate(moments)
             if (other < mine if self.newest_first else other > mine)),
            len(moments),
        )  # fmt: skip
        record.ids("section").insert(place, one)

    def _write_field(self, record: Record, at: Place, name: str) -> None:
        plan = f"{self.day()} " if name == "next" else ""
        record.values[*at, name] = plan + self.words()

    def change_text(self, record: Record) -> None:
        """Write what was said anew."""
        if one := self._some(record.ids("section")):
            record.values["section", one, "text"] = self.words()

    def change_field(self, record: Record) -> None:
        """Write a field of a follow-up, or take it away."""
        one = self._some(record.ids("section"))
        if one is None:
            return
        name = self.chance.choice(_SECTION_FIELDS)
        if ("section", one, name) in record.values and self.chance.random() < 0.2:
            del record.values["section", one, name]
        else:
            self._write_field(record, ("section", one), name)

    def correct_heading(self, record: Record) -> None:
        """Write another time into a heading."""
        if one := self._some(record.ids("section")):
            day, *_, method, who = self._heading(record, one)
            clock = f"{self.chance.randint(8, 18):02}:{self.chance.randint(0, 59):02}"
            record.values["section", one, "heading"] = f"{day} {clock} {method} {who}"

    def _heading(self, record: Record, one: str) -> list[str]:
        heading = record.values["section", one, "heading"]
        who = next(who for who in _PEOPLE[self.language] if heading.endswith(who))
        return [*heading.removesuffix(who).split(), who]

    def drop_section(self, record: Record) -> None:
        """Take a follow-up away."""
        if one := self._some(record.ids("section")):
            record.drop(("section", one))

    def reverse(self, record: Record) -> None:
        """Turn the order of the file round."""
        record.ids("section").reverse()
        self.newest_first = not self.newest_first

    # --- commitments ---

    def add_task(self, record: Record) -> None:
        """Add a commitment."""
        if one := self._some(record.ids("section")):
            self._add_task(record, ("section", one))

    def _add_task(self, record: Record, at: Place) -> None:
        task = self._new()
        ids = record.ids(*at, "task")
        ids.insert(self.chance.randint(0, len(ids)), task)
        values = {"core": self.words(), "due": self.day() * self.chance.randint(0, 1), "done": ""}
        record.values.update({(*at, "task", task, part): text for part, text in values.items()})

    def _task(self, record: Record) -> Place | None:
        tasks = [
            ("section", one, "task", task)
            for one in record.ids("section")
            for task in record.ids("section", one, "task")
        ]
        return self.chance.choice(tasks) if tasks else None

    def tick(self, record: Record) -> None:
        """Tick a commitment."""
        if task := self._task(record):
            record.values[*task, "done"] = self.day()

    def reword(self, record: Record) -> None:
        """Put a commitment in other words, of which most are the old ones."""
        if task := self._task(record):
            core = record.values[*task, "core"]
            record.values[*task, "core"] = f"{core}{self.words()[:4].strip()}"

    def postpone(self, record: Record) -> None:
        """Give a commitment another day."""
        if task := self._task(record):
            record.values[*task, "due"] = self.day()

    def drop_task(self, record: Record) -> None:
        """Take a commitment away."""
        if task := self._task(record):
            record.drop(task)


def branches(
    base: Record, chance: random.Random, sizes: list[int], *, newest_first: bool
) -> list[Record]:
    """Return what becomes of a record on as many branches as there are sizes.

    Args:
        base: The record.
        chance: What happens.
        sizes: The number of changes on each branch.
        newest_first: The order of the file.
    """
    # Now and then, one change comes onto all branches: picked from one to the others.
    shared = Writer(base.language, chance, "s", newest_first=newest_first)
    common = base.copy()
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        shared.change(common)
    found = []
    for number, size in enumerate(sizes):
        writer = Writer(base.language, chance, f"w{number}-", newest_first=shared.newest_first)
        branch = common.copy()
        for _ in range(size):
            writer.change(branch)
        found.append(branch)
    return found


def _moment(record: Record, section: str) -> str:
    day, clock, *_ = record.values["section", section, "heading"].split()
    return f"{day} {clock if clock[0].isdigit() else ''}"


# --- Merging ------------------------------------------------------------------------------------


@dataclass
class Expected:
    """What a merge has to come to.

    Attributes:
        ours: The record with each conflict resolved to ours.
        theirs: The same, resolved to theirs.
        conflicts: The places of the conflicts.
    """

    ours: Record
    theirs: Record
    conflicts: set[Place]


def is_uncertain(base: Record, ours: Record, theirs: Record) -> bool:
    """Tell whether the texts do not show what the model knows.

    Both sides have one new thing that is not the same on both: the texts show two things. Or a
    side has put one follow-up in the place of another that differs in its time alone: the texts
    show one whose time was corrected.
    """
    if any(_is_replaced(base, side) for side in (ours, theirs)):
        return True
    new = [
        {place: text for place, text in side.values.items() if place not in base.values}
        for side in (ours, theirs)
    ]
    names = {"heading", "core", "identity"}
    both = [place[:-1] for place in new[0].keys() & new[1].keys() if place[-1] in names]
    return any(
        {place: text for place, text in new[0].items() if place[: len(thing)] == thing}
        != {place: text for place, text in new[1].items() if place[: len(thing)] == thing}
        for thing in both
    )


def _is_replaced(base: Record, side: Record) -> bool:
    before, after = set(base.ids("section")), set(side.ids("section"))
    gone = {_without_time(base, one) for one in before - after}
    return any(_without_time(side, one) in gone for one in after - before)


def _without_time(record: Record, section: str) -> tuple[str, ...]:
    words = record.values["section", section, "heading"].split()
    return tuple(word for word in words if ":" not in word)


_GROUPS = {"section", "contacts", "offers"}
_MISSING = "\0"


def merged(base: Record, ours: Record, theirs: Record) -> Expected:
    """Merge records place by place. The order of things is not part of it."""
    sides = (base, ours, theirs)
    conflicts: set[Place] = set()
    results = (Record(base.language), Record(base.language))
    things: dict[Place, set[Place]] = {}
    for side in sides:
        for place in side.values:
            things.setdefault(_thing(place), set()).add(place)
    for thing, places in things.items():
        found = _merged_thing(sides, thing, places, conflicts)
        for result, values in zip(results, found, strict=True):
            result.values.update(values)
    for result, side in zip(results, (ours, theirs), strict=True):
        _fill_order(result, side)
    return Expected(*results, conflicts)


def _thing(place: Place) -> Place:
    """Return what is there or gone as a whole: a follow-up, a contact, an offer, or one value."""
    return place[:2] if place[0] in _GROUPS else place


def _merged_thing(
    sides: tuple[Record, Record, Record],
    thing: Place,
    places: set[Place],
    conflicts: set[Place],
) -> tuple[dict[Place, str], dict[Place, str]]:
    old, one, other = (
        {place: side.values[place] for place in places if place in side.values} for side in sides
    )
    if old and len(thing) > 1 and thing[0] in _GROUPS and not (one and other):
        left = one or other
        if left and left != old:
            conflicts.add(thing)
            return one, other
        return {}, {}
    ours: dict[Place, str] = {}
    theirs: dict[Place, str] = {}
    parts: dict[Place, set[Place]] = {}
    for place in places:
        parts.setdefault(place[:4] if "task" in place else place, set()).add(place)
    for part, within in parts.items():
        found = _merged_part(old, one, other, within)
        if found is None:
            conflicts.add(part)
            ours.update({place: one[place] for place in within if place in one})
            theirs.update({place: other[place] for place in within if place in other})
        else:
            ours.update(found)
            theirs.update(found)
    return ours, theirs


def _merged_part(
    old: dict[Place, str], one: dict[Place, str], other: dict[Place, str], places: set[Place]
) -> dict[Place, str] | None:
    """Merge one value, or one commitment; None for a conflict."""
    is_gone = [not any(place in side for place in places) for side in (old, one, other)]
    if not is_gone[0] and is_gone[1] != is_gone[2]:
        left = other if is_gone[1] else one
        return {} if all(left.get(at) == old.get(at) for at in places) else None
    place = next(iter(places))
    if is_gone == [True, False, False] and place[-1] in _REPEATED:
        # A field that may stand twice, added by both.
        both = {*one[place].split("\n"), *other[place].split("\n")}
        return {place: "\n".join(sorted(both))}
    result = {}
    for place in places:
        before, mine, yours = (side.get(place, _MISSING) for side in (old, one, other))
        if yours in (mine, before):
            value = mine
        elif mine == before:
            value = yours
        else:
            return None
        if value != _MISSING:
            result[place] = value
    return result


def _fill_order(record: Record, side: Record) -> None:
    """Put the things of a merged record into some order: the side's own, then the others."""
    for place in record.values:
        for size in range(1, len(place)):
            if place[size - 1] in {*_GROUPS, "tags", "task", "core", "pains"}:
                ids = record.ids(*place[:size])
                if place[size] not in ids:
                    ids.append(place[size])
    for place, ids in record.order.items():
        known = side.order.get(place, [])
        others = [one for one in ids if one not in known]
        ids[:] = [one for one in known if one in ids] + others


def facts(customer: Customer) -> dict[str, object]:
    """Return what a record says, without the order of its things."""
    content = dict(content_of(customer))
    for name in ("contacts", "offers", "tags"):
        content[name] = sorted(map(repr, content[name]))
    content["needs"] = {key: sorted(texts) for key, texts in content["needs"].items()}
    for followup in content["followups"]:
        followup["texts"] = sorted(followup["texts"].items())
        followup["commitments"] = sorted(map(repr, followup["commitments"]))
    content["followups"] = sorted(map(repr, content["followups"]))
    return content
