"""Customers that are likely the same: which pairs, how likely, and why.

Every record is compared only with those that it shares something with: a number, an account, an
address, or a part of its name that few have. What more than a few records share tells nothing, so
the work grows with the records and not with their pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from tracker.library.likeness import (
    CONTAINED,
    NEAR,
    contains,
    core_name,
    marks_of,
    name_likeness,
    name_sound,
    normal_name,
    sounds_same,
)
from tracker.library.mail_hosts import is_public_mail
from tracker.library.websites import site_of
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from tracker.library.library import Library
    from tracker.model import Customer

LIKELY = 60
"""Score, of 100, from which two records are worth a look."""

_SURE = 90
"""Score from which records are taken for one, so that what is like either belongs to both."""

_WEIGHTS = {
    "name": 90,
    "sound": 75,
    "core": 70,
    "short": 65,
    "branch": 45,
    "contained": 45,
    "phone": 85,
    "wechat": 85,
    "email": 90,
    "website": 75,
    "domain": 55,
    "contact": 30,
}
"""How likely, of 100, two records are one by a single thing that they share; see `Evidence`."""

_NEAR_WEIGHTS = (40, 80)
"""The same for names that are like each other: at the least likeness, and where they differ by
hardly anything."""

_MOST_HOLDERS = 20
"""Records beyond which what they share tells nothing: a switchboard, a trade."""

_MOST_IN_BLOCK = 40
"""Names with one part in common beyond which that part is too common to compare them for it."""

_RARE_PARTS = 3
"""Parts of a name by which it is compared: those that the fewest names have."""

_LONGEST = 40
"""Characters of a name that are compared."""


class Evidence(NamedTuple):
    """One thing that two records share.

    Attributes:
        kind: `name`; `core` (the same but for the place or the like), `branch` (the same in another
            place), `sound`, `near`, `contained` (one stands in the other), `short` (the short name
            of one is the other's); `phone`, `wechat`, `email`, `website`, `domain` (of e-mail);
            `contact` (a person of one name, which only adds to other evidence).
        value: It, in comparable form; empty for names.
        weight: How likely, of 100, it makes the two one.
    """

    kind: str
    value: str
    weight: float


class Twins(Struct, frozen=True):
    """Two records that may be of one customer.

    Attributes:
        one: The record that the other would go into: it has more follow-ups, or is older.
        other: The other one.
        score: How likely they are one, 0 to 100.
        evidence: Why, the strongest first.
        group: The number of the group, from 1; records of one group may all be one customer.
    """

    one: Customer
    other: Customer
    score: int
    evidence: tuple[Evidence, ...]
    group: int = 0


Pair = tuple[int, int]
"""Places of two records among all, the smaller one first."""


def find_twins(library: Library, least: int = LIKELY) -> list[Twins]:
    """Return the pairs of records that are likely one customer, group by group.

    Pairs that a record tells apart by `not_duplicate_of` are left out.

    Args:
        library: The workspace.
        least: The score from which a pair counts, of 100.

    Returns:
        The groups with the likeliest pair first, and the likeliest pairs of a group first.
    """
    customers = library.customers
    evidence: defaultdict[Pair, list[Evidence]] = defaultdict(list)
    for pair, mark in _shared_marks(library):
        evidence[pair].append(mark)
    for pair in _pairs_by_name(customers) | evidence.keys():
        if name := _by_name(customers[pair[0]], customers[pair[1]]):
            evidence[pair].append(name)
        if pair in evidence:
            evidence[pair] += _by_contacts(customers[pair[0]], customers[pair[1]])
    twins: dict[Pair, Twins] = {}
    for pair, found in evidence.items():
        one, other = sorted((customers[at] for at in pair), key=_who_stays)
        shared = _without_echoes(found)
        score = _score(shared)
        if score >= least and not library.told_apart(one, other):
            ordered = sorted(shared, key=lambda each: (-each.weight, each))
            twins[pair] = Twins(one, other, score, tuple(ordered))
    return _grouped(twins, library)


def _who_stays(customer: Customer) -> tuple[int, str, int, str]:
    created = customer.created.isoformat() if customer.created else "9"
    return -len(customer.followups), created, len(customer.id), customer.path


def _score(found: Iterable[Evidence]) -> int:
    """Return how likely two records are one, by everything that they share."""
    weights = {each.kind: each.weight for each in found}
    return round(100 * (1 - prod(1 - weight / 100 for weight in weights.values())))


def _without_echoes(found: list[Evidence]) -> list[Evidence]:
    """Leave out the mail hosts that a shared address or website has named already."""
    told = {each.value.rpartition("@")[2] for each in found if each.kind in {"email", "website"}}
    return [each for each in found if each.kind != "domain" or each.value not in told]


# --- Numbers, accounts and addresses ----------------------------------------------------------


def _shared_marks(library: Library) -> Iterator[tuple[Pair, Evidence]]:
    """Yield what pairs share beside their names, as far as it tells anything."""
    own = {_host_of(owner.email) for owner in library.config.owners if owner.email}
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, customer in enumerate(library.customers):
        for mark in dict.fromkeys(_marks(customer)):
            if mark[0] != "domain" or mark[1] not in own:
                holders[mark].append(at)
    for (kind, value), places in holders.items():
        if len(places) <= _MOST_HOLDERS:
            found = Evidence(kind, value, _WEIGHTS[kind])
            yield from ((pair, found) for pair in combinations(places, 2))


def _marks(customer: Customer) -> Iterator[tuple[str, str]]:
    for mark in marks_of(customer.name, customer.contacts):
        if mark.kind != "name":
            yield mark[:2]
    for contact in customer.contacts:
        if contact.email and not is_public_mail(host := _host_of(contact.email)):
            yield "domain", host
    if customer.website and (site := site_of(customer.website)):
        yield "website", site


def _host_of(email: str) -> str:
    return email.rpartition("@")[2].casefold()


# --- Names ------------------------------------------------------------------------------------


def _pairs_by_name(customers: tuple[Customer, ...]) -> set[Pair]:
    """Return the pairs whose names may be like each other."""
    cores = [core_name(customer.name)[:_LONGEST] for customer in customers]
    pairs: set[Pair] = set()
    for keys in (_spellings(customers), _one_less(cores), _rare_parts(cores)):
        pairs |= _in_blocks(keys)
    return pairs | _containing(cores)


def _in_blocks(keys: Iterable[tuple[Hashable, int]]) -> set[Pair]:
    blocks: defaultdict[Hashable, dict[int, None]] = defaultdict(dict)
    for key, at in keys:
        blocks[key][at] = None
    return {
        pair
        for block in blocks.values()
        if len(block) <= _MOST_IN_BLOCK
        for pair in combinations(block, 2)
    }


def _spellings(customers: tuple[Customer, ...]) -> Iterator[tuple[Hashable, int]]:
    """Yield what names are when nothing is changed in them: themselves, and how they sound."""
    for at, customer in enumerate(customers):
        for name in filter(None, (customer.name, customer.short)):
            core = core_name(name)
            yield ("normal", normal_name(name)), at
            yield ("core", core), at
            if sound := name_sound(core):
                yield ("sound", sound), at


def _one_less(cores: Iterable[str]) -> Iterator[tuple[Hashable, int]]:
    """Yield names with any one character left out: one edit apart, two have one in common."""
    for at, core in enumerate(cores):
        yield core, at
        if len(core) >= CONTAINED:
            yield from ((core[:cut] + core[cut + 1 :], at) for cut in range(len(core)))


def _rare_parts(cores: list[str]) -> Iterator[tuple[Hashable, int]]:
    """Yield the parts of each name that the fewest names have."""
    parts = [_parts(core) for core in cores]
    counts = Counter(part for each in parts for part in each)
    for at, each in enumerate(parts):
        shared = (part for part in each if 1 < counts[part] <= _MOST_IN_BLOCK)
        for part in sorted(shared, key=lambda part: (counts[part], part))[:_RARE_PARTS]:
            yield part, at


def _parts(core: str) -> set[str]:
    """Return the runs of a name that are compared: of two characters, of three in Latin ones."""
    size = 3 if core.isascii() else 2
    return {core[at : at + size] for at in range(len(core) - size + 1)}


def _containing(cores: list[str]) -> set[Pair]:
    """Return the pairs of which one name stands in the other one."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, core in enumerate(cores):
        places[core].append(at)
    within: defaultdict[str, list[int]] = defaultdict(list)
    for at, core in enumerate(cores):
        runs = {
            core[start:end]
            for start in range(len(core))
            for end in range(start + CONTAINED, len(core) + 1)
        }
        for run in runs:
            if run in places and run != core:
                within[run].append(at)
    return {
        (min(at, other), max(at, other))
        for run, longer in within.items()
        if len(longer) * len(places[run]) <= _MOST_HOLDERS
        for at in longer
        for other in places[run]
    }


def _by_name(one: Customer, other: Customer) -> Evidence | None:
    """Return the strongest thing that two names have in common; None where they are two."""
    kind = _name_kind(one, other)
    if kind:
        return Evidence(kind, "", _WEIGHTS[kind])
    cores = core_name(one.name), core_name(other.name)
    score = name_likeness(*cores)
    # 一厂 2号 and 一厂 3号: a number is what tells them apart.
    if score <= NEAR or _digits(cores[0]) != _digits(cores[1]):
        return None
    low, high = _NEAR_WEIGHTS
    return Evidence("near", "", low + (high - low) * (score - NEAR) / (100 - NEAR))


def _name_kind(one: Customer, other: Customer) -> str:
    """Return what two names have in common by its kind; empty for nothing or likeness alone."""
    normal = normal_name(one.name), normal_name(other.name)
    cores = core_name(one.name), core_name(other.name)
    if normal[0] == normal[1]:
        return "name"
    if cores[0] == cores[1]:
        # Of two places, one may be a branch; where only one is named, it may be left out.
        return "core" if cores[0] in normal else "branch"
    if sounds_same(*cores):
        return "sound"
    shorts = [{core_name(each.short)} if each.short else set() for each in (one, other)]
    if shorts[0] & {cores[1], *shorts[1]} or shorts[1] & {cores[0]}:
        return "short"
    return "contained" if contains(one.name, other.name) else ""


def _by_contacts(one: Customer, other: Customer) -> list[Evidence]:
    """Return a person of one name in both; most who share a name are two."""
    names = [
        {fold(contact.name): contact.name for contact in each.contacts} for each in (one, other)
    ]
    shared = sorted(names[0].keys() & names[1].keys())
    return [Evidence("contact", names[0][shared[0]], _WEIGHTS["contact"])] if shared else []


def _digits(name: str) -> list[str]:
    return [char for char in name if char.isnumeric()]


# --- Groups -----------------------------------------------------------------------------------


def _grouped(twins: dict[Pair, Twins], library: Library) -> list[Twins]:
    """Put pairs into groups of records that may all be one.

    What is surely one with a record is like all that the record is like. Otherwise a record joins a
    group only if it is like every one in it; and never one that it is told apart from. A pair that
    joins nothing is a group of its own.
    """
    customers = library.customers
    group_of: dict[int, set[int]] = {}
    ordered = sorted(twins, key=lambda pair: (-twins[pair].score, pair))
    for pair in ordered:
        first, second = (group_of.setdefault(at, {at}) for at in pair)
        across = [(min(a, b), max(a, b)) for a in first for b in second]
        apart = any(library.told_apart(customers[a], customers[b]) for a, b in across)
        if first is second or apart:
            continue
        if twins[pair].score >= _SURE or all(each in twins for each in across):
            first |= second
            group_of.update(dict.fromkeys(second, first))
    groups: defaultdict[tuple[int, ...], list[Twins]] = defaultdict(list)
    for pair in ordered:
        group = group_of[pair[0]]
        key = tuple(sorted(group)) if pair[1] in group else pair
        groups[key].append(twins[pair])
    return [
        Twins(each.one, each.other, each.score, each.evidence, number)
        for number, group in enumerate(groups.values(), 1)
        for each in group
    ]
