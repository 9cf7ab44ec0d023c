"""What a page is, and what all pages of a site share."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from tracker.insight.activity import Activity, activity_of, happened_with, months, weeks
from tracker.insight.rows import query_row
from tracker.library.git_follower import GitState
from tracker.site.gathered import Counted as CountedRows
from tracker.site.gathered import Difference, Gathered, counted, gathered
from tracker.site.recount import HORIZON, Listed
from tracker.site.urls import SiteUrls
from tracker.text import fold
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from tracker.config import Config
    from tracker.insight.day import Day, Standing
    from tracker.library.git_follower import Edit
    from tracker.library.status import Status
    from tracker.model import Customer
    from tracker.site.gathered import Contribution, Key


Found = TypeVar("Found")


class Counted(Struct, frozen=True):
    """What a page shows that is counted over all records, when it is rendered and not before.

    Attributes:
        since: First day of follow-ups of which it shows what was said; None where it shows no such
            words.
        everything: Whether it may show anything that the site knows.
        figures: Returns all that is shown of it, where that takes much less time than rendering.
    """

    since: date | None = None
    everything: bool = False
    figures: Callable[[], object] | None = None


class Page(Struct, frozen=True):
    """One page of the site, not yet rendered.

    Attributes:
        path: Its file, relative to the site's root, with `/`.
        template: The template's name.
        context: What the template is given.
        record: Path of the record whose Markdown it shows; relative links start there.
        counted: What it shows beyond its context; None where it shows nothing.
    """

    path: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    record: str = ""
    counted: Counted | None = None

    @property
    def depth(self) -> int:
        """Return how many folders the page lies below the site's root."""
        return self.path.count("/")

    @property
    def folder(self) -> str:
        """Return the folder of the page; empty for the site's root."""
        return self.path.rpartition("/")[0]


class Row:
    """A customer where it is listed; one that nothing happens to stays the same object.

    Attributes:
        standing: The record on the day.
        address: Its page.
        stage_address: The page of its stage; None where it has none that is known.
        owner_address: The page of its owner; None where it has none.
    """

    __slots__ = ("_found", "address", "owner_address", "stage_address", "standing")

    def __init__(
        self,
        standing: Standing,
        address: str,
        stage_address: str | None,
        owner_address: str | None,
    ) -> None:
        self.standing = standing
        self.address = address
        self.stage_address = stage_address
        self.owner_address = owner_address
        self._found: dict[str, Any] = {}

    def once(self, name: str, find: Callable[[Row], Found]) -> Found:
        """Return what is asked of the customer under a name; it is found out only once.

        Args:
            name: What is asked.
            find: Finds it out, from the row, the settings and the day alone.
        """
        if name not in self._found:
            self._found[name] = find(self)
        found: Found = self._found[name]
        return found

    @property
    def customer(self) -> Customer:
        """Return the record."""
        return self.standing.customer

    @property
    def status(self) -> Status:
        """Return what the record means on the day."""
        return self.standing.status

    @property
    def broken(self) -> bool:
        """Tell whether the record has errors."""
        return self.standing.broken

    @property
    def step_day(self) -> date | None:
        """Return the day of the next step that stands; None where there is none."""
        return self.status.next.date if self.status.next else None

    @property
    def idle_since(self) -> date | None:
        """Return the day from which idle days are counted; None where there is none."""
        return self.status.last_contact or self.customer.created

    @property
    def stale_from(self) -> date | None:
        """Return the first day on which it is stale if nobody speaks to it; None for never."""
        return self.once("stale from", _stale_from)


class Neighbours(Struct, frozen=True):
    """Where a customer stands in a list.

    Attributes:
        before: The customer before it; None for the first.
        after: The customer after it; None for the last.
        place: Its place, from 1.
        total: Length of the list.
    """

    before: Row | None
    after: Row | None
    place: int
    total: int


@dataclass(frozen=True)
class Site:
    """What all pages of a site share.

    Attributes:
        day: The workspace on the day.
        urls: The addresses.
        rows: Every customer, in the order of the paths.
        git: What git says of the workspace.
        kept: What was found out of this site or an earlier one, for the next one to begin with.
    """

    day: Day
    urls: SiteUrls
    rows: tuple[Row, ...]
    git: GitState = field(default_factory=GitState)
    _found: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, day: Day, git: GitState | None = None, before: Site | None = None) -> Site:
        """Return the shared parts of a day's site.

        Args:
            day: The workspace on the day.
            git: What git says of it; None where nobody asked.
            before: The site of the same workspace as it was, whose rows are taken over where
                nothing has happened to them.
        """
        urls = before.urls if before and before.urls.hold_for(day, before.day) else SiteUrls(day)
        same_urls = before is not None and urls is before.urls
        pairs = zip(before.day.standings, before.rows, strict=True) if before else ()
        # By identity, as a standing to which nothing has happened is the same object.
        known = {id(standing): row for standing, row in pairs}

        def row_of(standing: Standing) -> Row:
            last = known.get(id(standing))
            if last is not None and same_urls:
                return last
            customer = standing.customer
            row = Row(
                standing,
                urls.records[customer.path],
                urls.stages.get(customer.stage or ""),
                urls.owners.get(customer.owner or ""),
            )
            return _same(last, row)

        kept = dict(before.kept) if before else {}
        return cls(day, urls, tuple(map(row_of, day.standings)), git or GitState(), kept=kept)

    @property
    def edits(self) -> Mapping[str, Edit]:
        """Return who edited each record last, by its path; those that git knows."""
        return self.git.edits

    @property
    def config(self) -> Config:
        """Return the workspace's settings."""
        return self.day.library.config

    @property
    def today(self) -> date:
        """Return the day."""
        return self.day.today

    @property
    def horizon(self) -> date:
        """Return the last day for which the site's lists are complete."""
        return self.today + timedelta(days=HORIZON)

    @property
    def title(self) -> str:
        """Return the workspace's title."""
        return self.config.title

    @cached_property
    def left_out(self) -> int:
        """Return the number of records that could not be read."""
        return len(self.day.library.left_out)

    @cached_property
    def broken(self) -> int:
        """Return the number of records that are shown although they have errors."""
        return self.counted("broken", lambda row: [(True, row.broken)]).get(True, 0)

    @cached_property
    def problems(self) -> int:
        """Return the number of diagnostics of any severity."""
        return len(self.day.diagnostics)

    @cached_property
    def overdue(self) -> tuple[Row, ...]:
        """Return the customers whose next step is overdue, the longest first."""
        return tuple(takewhile(self._is_late, self.by_step_day))

    def _is_late(self, row: Row) -> bool:
        return row.step_day is not None and row.step_day < self.today

    @cached_property
    def overdue_steps(self) -> tuple[Listed[Row], ...]:
        """Return who is or will be overdue, from the day after the next step, by that day."""
        return overdue_steps(self.by_step_day, self.today)

    @cached_property
    def by_step_day(self) -> tuple[Row, ...]:
        """Return the customers with a next step, by its day and then by name."""

        def key(row: Row) -> Key | None:
            return (row.step_day, self.name_key(row)) if row.step_day else None

        return self.in_order("step day", key)

    @cached_property
    def columns(self) -> dict[str, dict[str, Any]]:
        """Return the columns of each customer by its path, as queries ask for them."""

        def columns_of(row: Row) -> dict[str, Any]:
            return query_row(row.standing, self.config)

        return {row.customer.path: row.once("columns", columns_of) for row in self.rows}

    @cached_property
    def by_path(self) -> dict[str, Row]:
        """Return the customers by the paths of their records."""
        return {row.standing.customer.path: row for row in self.rows}

    @property
    def activity(self) -> Activity:
        """Return everything that has happened up to the day."""
        return self.day.once(activity_of)

    @cached_property
    def recent_activity(self) -> Activity:
        """Return what has happened from the last month on, and in the last weeks."""
        first = min(months(self.today).last.first, weeks(self.today)[0].first)

        def happened(row: Row) -> Contribution:
            return happened_with(row.standing, self.config).within(first, self.today)._asdict()

        found = self.gathered("recent activity", happened)
        return Activity(**{kind: found.get(kind, ()) for kind in Activity.__struct_fields__})

    @cached_property
    def by_importance(self) -> tuple[Row, ...]:
        """Return all customers by stage, level and name."""
        return self.in_order("importance", self._importance)

    @cached_property
    def _importance(self) -> Callable[[Row], Key]:
        """Return what gives the key of that order."""
        stages = {stage.id: number for number, stage in enumerate(self.config.stages)}
        levels = {level.id: number for number, level in enumerate(self.config.levels)}

        def importance(row: Row) -> Key:
            return (
                stages.get(row.customer.stage or "", len(stages)),
                levels.get(row.customer.level or "", len(levels)),
                self.name_key(row),
            )

        return importance

    # --- what is kept from one site to the next ---

    @cached_property
    def _row_set(self) -> frozenset[Row]:
        return frozenset(self.rows)

    def in_order(self, name: str, key: Callable[[Row], Key | None]) -> tuple[Row, ...]:
        """Return customers in the order of a key.

        Args:
            name: What the order is called.
            key: Returns the key, which is another one for each; None for who is not in the list.
        """

        def place(row: Row) -> Contribution:
            found = key(row)
            return {"": [(found, row)]} if found is not None else {}

        return self.gathered(name, place).get("", ())

    def gathered(
        self, name: str, contribution: Callable[[Row], Contribution]
    ) -> Mapping[str, tuple[Any, ...]]:
        """Return lists to which customers contribute, by their names; empty ones may be missing.

        Args:
            name: What the lists together are called.
            contribution: Returns what a customer contributes, from the row, the settings and the
                day alone.
        """
        return self._gathered(name, contribution).items

    def _gathered(self, name: str, contribution: Callable[[Row], Contribution]) -> Gathered[Row]:
        before: Gathered[Row] | None = self.kept.get(name)
        found = gathered(self._row_set, contribution, before, self._difference)
        self.kept[name] = found
        return found

    def counted(
        self, name: str, share: Callable[[Row], Iterable[tuple[Hashable, int]]]
    ) -> Mapping[Any, int]:
        """Return numbers to which customers contribute; one that is 0 may be missing.

        Args:
            name: What the numbers together are called.
            share: Returns what a customer adds to which number, from the same as above.
        """
        before: CountedRows[Row] | None = self.kept.get(name)
        found = self.kept[name] = counted(self._row_set, share, before, self._difference)
        return found.numbers

    def _difference(self, before: frozenset[Row], now: frozenset[Row]) -> Difference[Row]:
        """Return how customers are others than before: for most lists from one and the same."""
        if not self._differences or self._differences[0][0] is not before:
            self._differences[:] = [(before, Difference.between(before, now))]
        return self._differences[0][1]

    @cached_property
    def _differences(self) -> list[tuple[frozenset[Row], Difference[Row]]]:
        """Return the last difference that was asked for, with those who were there before."""
        return []

    def again(self, name: str, basis: object, find: Callable[[], Found]) -> Found:
        """Return what is found out of a basis, or what was found of the same one last.

        Args:
            name: What is asked.
            basis: All that it is found out of.
            find: Finds it out.
        """
        known = self.kept.get(name)
        if known is None or known[0] != basis:
            known = self.kept[name] = (basis, find())
        found: Found = known[1]
        return found

    # --- places in lists ---

    def neighbours(self, row: Row) -> Neighbours:
        """Return where a customer stands in the list of its stage."""

        def contribution(row: Row) -> Contribution:
            return {row.customer.stage or "": [(self._importance(row), row)]}

        found, stage = self._gathered("importance by stage", contribution), row.customer.stage or ""
        rows: tuple[Row, ...] = found.items[stage]
        place = bisect_left(found.keys[stage], self._importance(row))
        return Neighbours(
            rows[place - 1] if place else None,
            rows[place + 1] if place + 1 < len(rows) else None,
            place + 1,
            len(rows),
        )

    def once(self, name: str, find: Callable[[Site], Found]) -> Found:
        """Return what is asked of the site under a name; it is found out only once.

        Args:
            name: What is asked.
            find: Finds it out, from the site alone.
        """
        if name not in self._found:
            self._found[name] = find(self)
        found: Found = self._found[name]
        return found

    @staticmethod
    def name_key(row: Row) -> tuple[str, str]:
        """Return the key that orders customers by name."""
        return row.once("name key", _name_key)


def overdue_steps(rows: Iterable[Row], today: date) -> tuple[Listed[Row], ...]:
    """Return customers in their order, each listed from the day after its next step."""
    return tuple(
        Listed.of(row, today, day + timedelta(days=1)) for row in rows if (day := row.step_day)
    )


def _stale_from(row: Row) -> date | None:
    since, limit = row.idle_since, row.status.idle_limit
    if row.status.stage_kind is not StageKind.OPEN or since is None or limit is None:
        return None
    return since + timedelta(days=limit + 1)


def _name_key(row: Row) -> tuple[str, str]:
    return fold(row.customer.name), row.customer.path


def _same(before: Row | None, now: Row) -> Row:
    """Return the row of before where it says the same, with all that was found out about it."""
    if (
        before is not None
        and before.standing is now.standing
        and before.address == now.address
        and before.stage_address == now.stage_address
        and before.owner_address == now.owner_address
    ):
        return before
    return now
