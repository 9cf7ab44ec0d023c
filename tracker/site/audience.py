"""A site for readers who may not see everything: what it is made from, and the proof of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME
from tracker.errors import TrackerError
from tracker.insight.day import day_of
from tracker.insight.rows import query_row
from tracker.library.commit_log import Gap
from tracker.library.git_follower import GitState
from tracker.library.history import History
from tracker.library.library import Library
from tracker.library.profile import reduce_library
from tracker.library.record_parts import parts
from tracker.money import Money, MoneyRange, half_up, plain_number
from tracker.site.attachments import Attachments
from tracker.site.leak_proof import Prover, Shown
from tracker.site.markdown import MarkdownRenderer
from tracker.site.own_templates import ASSETS_DIR
from tracker.site.page import Site
from tracker.site.render import SiteRenderer
from tracker.site.targets import SiteTargets
from tracker.site.urls import beside
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.config import Profile
    from tracker.insight.day import Day
    from tracker.library.profile import ReducedLibrary
    from tracker.library.query.parser import Query
    from tracker.model import Customer
    from tracker.site.leak_proof import Proof

_NAMED_HITS = 20
"""Leaks that a message names; the rest is counted."""


class SettingsError(TrackerError):
    """The settings are wrong, so that it is not known what may be shown; exit code 3."""


class LeakError(TrackerError):
    """The site holds something that it must not hold; exit code 3.

    Attributes:
        proof: What was found, and where.
    """

    def __init__(self, proof: Proof) -> None:
        named = tuple(
            Message(
                "{file} ({field} of {record})",
                {"file": hit.file, "field": hit.withheld.field, "record": hit.withheld.record},
            )
            for hit in proof.hits[:_NAMED_HITS]
        )
        further = len(proof.hits) - len(named)
        values = {"named": named, "further": further}
        super().__init__(
            Message(
                "the site would show what is withheld, so it is not put in place: {named} and "
                "{further} more",
                values,
            )
            if further
            else Message(
                "the site would show what is withheld, so it is not put in place: {named}", values
            )
        )
        self.proof = proof


class ReducedDay(Struct, frozen=True):
    """A workspace on one day, as an audience sees it.

    Attributes:
        day: The day; nothing of what is withheld is in it. It has no problems: they are the team's
            to solve, and tell what stands in records.
        reduced: The records, and what is withheld.
    """

    day: Day
    reduced: ReducedLibrary

    @property
    def git(self) -> GitState:
        """Return what is told of the past: nothing, as it may hold what is withheld."""
        return GitState(_no_past(), {}, Gap.WITHHELD)

    def problems_of(self, whole: Day) -> Day:
        """Return the whole workspace's day without what is wrong in records that are not shown.

        Of a file that cannot be read nobody knows whether its record would be.

        Args:
            whole: The day of the whole workspace.
        """
        hidden = {each.path for each in whole.library.customers} - set(self.reduced.paths)
        found = tuple(each for each in whole.diagnostics if each.path not in hidden)
        return replace(whole, diagnostics=found)

    def prover(self, site: Site) -> Prover:
        """Return what proves that nothing withheld is in the files of a site.

        Args:
            site: The site, made from this day.
        """
        own_files = {
            path: {address, *(beside(address, ending) for ending in ("ics", "vcf"))}
            for path, here in self.reduced.paths.items()
            if (address := site.urls.records[here])
        }
        finder = self.reduced.finder
        # Every page says of which day it is.
        today = {value for value in finder.forms if value.value == f"{self.day.today:%Y-%m-%d}"}
        # Stands on the page of its own record, and follows from the last contact.
        stale_from = {
            (path, str(row.stale_from))
            for path, here in self.reduced.paths.items()
            if (row := site.by_path.get(here)) and row.stale_from
        }
        stale = {value for value in finder.forms if (value.record, value.value) in stale_from}
        # Stands on the page of its own record, and may be what the amount was before it was masked.
        weighted = [
            standing.status.weighted_value.amount
            for standing in self.day.standings
            if standing.status.weighted_value
        ]
        shown = Shown(
            texts=[
                plain_number(written)
                for amount in weighted
                for written in (amount, half_up(amount))
            ],
            files=_files_without_records(self.day),
            forms=self.reduced.shown,
            days=self.reduced.days | today | stale,
            own_files=own_files,
            computing=_holds_figures if self._shows_amounts() else None,
        )
        return Prover(finder, shown)

    def _shows_amounts(self) -> bool:
        return any(
            isinstance(value, Money | MoneyRange)
            for customer in self.reduced.library.customers
            for _path, value in parts(customer)
        ) or bool(self.reduced.library.config.costs)


class Audience(Struct, frozen=True):
    """Who a site is for.

    Attributes:
        profile: What is hidden and masked.
        queries: What a customer must match to be shown.
        report: Is told what a site was searched for.
    """

    profile: Profile
    queries: tuple[Query, ...] = ()
    report: Callable[[Proof], None] = lambda _proof: None

    def sees(self, day: Day) -> ReducedDay:
        """Return a day as the audience sees it.

        Args:
            day: The whole workspace on the day.

        Raises:
            SettingsError: tracker.yaml has errors, so that more might be shown than was meant.
        """
        _check_settings(day.library)
        reduced = reduce_library(day.library, self.profile, lambda each: self._takes(each, day))
        here = day_of(reduced.library, day.today, checked=False)
        return ReducedDay(replace(here, read_history=_no_past), reduced)

    def judge(self, proof: Proof) -> None:
        """Take note of what was shown of a site that is about to be put in place.

        Raises:
            LeakError: It holds something that is withheld.
        """
        self.report(proof)
        if proof.hits:
            raise LeakError(proof)

    def _takes(self, customer: Customer, day: Day) -> bool:
        if not self.queries:
            return True
        row = query_row(day.standing_of(customer), day.library.config)
        return all(query.matches(row, day.today) for query in self.queries)


def _no_past() -> History:
    return History(gaps=(Gap.WITHHELD,))


def _check_settings(library: Library) -> None:
    if CONFIG_NAME in library.by_path:
        raise SettingsError(
            Message(
                "{name} has problems, so it is not certain what may be shown; mend them first: "
                "tracker check",
                {"name": CONFIG_NAME},
            )
        )


def _holds_figures(path: str) -> bool:
    """Tell whether a file of a site may hold figures that were computed."""
    return not path.startswith((f"{ATTACHMENTS_DIR}/", f"{ASSETS_DIR}/"))


def _files_without_records(day: Day) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a site has whatever its records are, made with the built-in templates.

    What stands in them tells nothing: words of the interface and of the settings.
    """
    nowhere = day.library.root / "-"
    empty = day_of(Library(nowhere, day.library.config, ()), day.today, checked=False)
    site = Site.of(replace(empty, read_history=_no_past), GitState(_no_past(), {}, Gap.WITHHELD))
    renderer = SiteRenderer(site.config, nowhere, MarkdownRenderer(), Attachments(nowhere))
    for target in SiteTargets(site, renderer, nowhere):
        yield from target.make(None)
