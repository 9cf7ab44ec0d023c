"""What is to be done on a day, for the dashboard, and `data/today.js`, which recounts it later."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.site.page import Site, overdue_steps
from tracker.site.promises import open_promises, overdue_promises, pressing_promises
from tracker.site.quiet import cooling, stale
from tracker.site.recount import HORIZON, Listed, changes, written
from tracker.site.script_json import script_json
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from gettext import NullTranslations

    from tracker.site.gathered import Contribution, Key
    from tracker.site.page import Row
    from tracker.site.promises import PromiseRow

SCRIPT = "data/today.js"


class TodayLists(Struct, frozen=True):
    """The whole site's lists of what presses, each with the days on which it does.

    Attributes:
        overdue: Customers whose next step is late, the longest overdue first.
        today: Customers whose next step is today, by day and time.
        late_promises: Commitments that are overdue, the longest due first.
        promises: The same and those due today.
        stale: Customers that nobody has spoken to for too long, the longest first.
        cooling: Customers that will be so soon.
    """

    overdue: tuple[Listed[Row], ...]
    today: tuple[Listed[Row], ...]
    late_promises: tuple[Listed[PromiseRow], ...]
    promises: tuple[Listed[PromiseRow], ...]
    stale: tuple[Listed[Row], ...]
    cooling: tuple[Listed[Row], ...]

    @classmethod
    def of(cls, site: Site) -> TodayLists:
        """Return the lists of a site."""
        today = site.today

        def contribution(row: Row) -> Contribution:
            lists = cls.of_row(row, today)
            return {
                name: [
                    ((*key(each), place), each) for place, each in enumerate(getattr(lists, name))
                ]
                for name, key in _KEYS.items()
            }

        found = site.gathered("today's lists", contribution)
        return cls(**{name: found.get(name, ()) for name in _KEYS})

    @classmethod
    def of_row(cls, row: Row, today: date) -> TodayLists:
        """Return the lists of one customer."""
        return cls.of_rows((row,), overdue_steps((row,), today), today)

    @classmethod
    def of_rows(
        cls, rows: Sequence[Row], overdue: tuple[Listed[Row], ...], today: date
    ) -> TodayLists:
        """Return the lists of some customers.

        Args:
            rows: The customers.
            overdue: Those with a next step, each from the day after it on.
            today: The day.
        """
        waiting = open_promises(rows)
        return cls(
            overdue=overdue,
            today=steps_today(rows, today),
            late_promises=overdue_promises(waiting, today),
            promises=pressing_promises(waiting, today),
            stale=stale(rows, today),
            cooling=cooling(rows, today),
        )

    @property
    def named(self) -> dict[str, tuple[Listed[Any], ...]]:
        """Return the lists that the script counts, by the name that pages give each."""
        return {
            "site-overdue": self.overdue,
            "site-today": self.today,
            "site-late-promises": self.late_promises,
            "site-promises": self.promises,
            "site-stale": self.stale,
            "site-cooling": self.cooling,
        }


_KEYS: dict[str, Callable[[Listed[Any]], Key]] = {
    "overdue": lambda each: (each.item.step_day, Site.name_key(each.item)),
    "today": lambda each: (each.item.step_day, clock(each.item)),
    "late_promises": lambda each: each.item.sort_key,
    "promises": lambda each: each.item.sort_key,
    "stale": lambda each: (each.item.stale_from, each.item.customer.path),
    "cooling": lambda each: (each.item.stale_from, each.item.customer.path),
}
"""By what each of the lists is ordered; what one customer has of it keeps its order."""


def growths(site: Site) -> dict[str, Counter[int]]:
    """Return by how much each list grows, by days after the day of the site and by its name."""
    today = site.today

    def share(row: Row) -> Iterator[tuple[tuple[str, int], int]]:
        for name, listed in TodayLists.of_row(row, today).named.items():
            for days, growth in changes(listed, today).items():
                yield (name, days), growth

    found = {name: Counter({0: 0}) for name in TodayLists.of_rows((), (), today).named}
    for (name, days), growth in site.counted("growth of today's lists", share).items():
        found[name][days] = growth
    return found


def tallies(site: Site) -> dict[str, str]:
    """Return how long each list is and will be, by the name that pages give it."""
    found = {name: written(growth) for name, growth in growths(site).items()}
    if not site.config.withholds:
        # What is wrong on later days is not known: it is told on the day of the site only.
        found["site-problems"] = written(Counter({0: site.problems}))
    return found


def steps_today(rows: Iterable[Row], today: date) -> tuple[Listed[Row], ...]:
    """Return the customers with a next step from the day on, listed on its day, by its time."""
    steps = [(day, clock(row), row) for row in rows if (day := row.step_day) and day >= today]
    steps.sort(key=lambda entry: entry[:2])
    return tuple(Listed.of(row, today, day, day + timedelta(days=1)) for day, _clock, row in steps)


def clock(row: Row) -> tuple[str, str]:
    """Return the key that orders the steps of one day: by time, those without one last."""
    step = row.status.next
    return (step.time.isoformat() if step and step.time else "~", row.customer.path)


def today_script(site: Site) -> tuple[str, bytes]:
    """Return path and content of the script that tells `assets/today.js` what it cannot know.

    `TrackerDay` holds the day of the site, the team's time zone, the days for which lists are
    complete, the tallies, and the words that state says things in: forms for one and for more,
    with `#` for the number and `@` for a second one.
    """
    data: dict[str, Any] = {
        "built": site.today.isoformat(),
        "zone": site.config.timezone.key,
        "horizon": HORIZON,
        "tallies": tallies(site),
        "words": state_words(translations(site.config.language)),
    }
    text = script_json(data)
    return SCRIPT, f"globalThis.TrackerDay={text};\n".encode()


def state_words(catalogue: NullTranslations) -> dict[str, list[str]]:
    """Return what the templates say of a day's state, with signs in place of the numbers."""
    gettext = catalogue.gettext

    def forms(one: str, more: str) -> list[str]:
        values = {"count": "#", "number": "#", "limit": "@"}
        return [text % values for text in (one, more)]

    def ngettext(one: str, more: str) -> list[str]:
        return forms(catalogue.ngettext(one, more, 1), catalogue.ngettext(one, more, 2))

    return {
        "late": ngettext("%(count)s day overdue", "%(count)s days overdue"),
        "ahead": ngettext("in %(count)s day", "in %(count)s days"),
        "quiet": ngettext("quiet for %(count)s day", "quiet for %(count)s days"),
        "days": ngettext("%(count)s day", "%(count)s days"),
        "share": ngettext("%(count)s day of %(limit)s", "%(count)s days of %(limit)s"),
        "over": ngettext(
            "%(count)s day over the limit of %(limit)s",
            "%(count)s days over the limit of %(limit)s",
        ),
        "customers": ngettext("%(number)s customer", "%(number)s customers"),
        "promises": ngettext("promise overdue", "promises overdue"),
        "all": ngettext("Show the one", "Show all %(number)s"),
        "today": [gettext("today")],
        "tomorrow": [gettext("tomorrow")],
        "due": [gettext("due today")],
        "overdue": [gettext("overdue")],
        "planned": [gettext("planned")],
        "built": ngettext("built %(count)s day ago", "built %(count)s days ago"),
        "old": ngettext(
            "This site was built %(count)s day ago, too long to be relied on: its lists lack what "
            "has become due since. Build it anew.",
            "This site was built %(count)s days ago, too long to be relied on: its lists lack "
            "what has become due since. Build it anew.",
        ),
    }
