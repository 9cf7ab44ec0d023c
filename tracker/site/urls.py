"""Addresses of pages: safe as file names everywhere, and relative wherever they are linked from."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, time

    from tracker.insight.day import Day
    from tracker.model import Customer

MAX_NAME_BYTES = 120
"""Bytes of a page's name before its ending; every file system takes twice as many."""

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff<>:\"/\\|?*#%]|^[.\s~_-]+|[.\s]+$")
_LEADING = re.compile(r"^[.\s~_-]+")
_RESERVED = re.compile(
    r"(?:index|page-[0-9]+|con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?"
    # The folder of a page's further pages has its name: not that of a file beside it.
    r"|.*\.(?:html|js|ics|vcf)",
    re.IGNORECASE | re.DOTALL,
)


def page_names(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return a file name, without its ending, for each thing that gets a page.

    A name that cannot be a file name, is that of a page of ours, or is the same as an earlier one
    to a file system that knows no case, gets a suffix made of its key.

    Args:
        names: Pairs of a unique key and the wanted name; the earlier ones keep their names.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, wanted in names:
        normal = unicodedata.normalize("NFC", wanted)
        name = _shortened(_FORBIDDEN.sub("-", normal))
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
        if not name or name != normal or _RESERVED.fullmatch(name) or _identity(name) in taken:
            length = 8
            base = name
            while (name := f"{base}-{digest[:length]}").startswith("-") or _identity(name) in taken:
                base = _LEADING.sub("", base) or "x"
                length += 8
        taken.add(_identity(name))
        found[key] = name
    return found


def _identity(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _shortened(name: str) -> str:
    data = name.encode("utf-8", "replace")
    return name if len(data) <= MAX_NAME_BYTES else data[:MAX_NAME_BYTES].decode("utf-8", "ignore")


class SiteUrls:
    """Where everything of a day has its page; all addresses are relative to the site's root.

    Attributes:
        records: Address of each record by its path, those included that could not be read.
        stages: Address of each stage by id.
        owners: Address of each salesperson by name.
        views: Address of each saved view by name.
        aliases: Path of the record to which each former id leads, by the address that the id had.
    """

    def __init__(self, day: Day) -> None:
        self._names = names = _names(day)
        addresses = _addresses("customers", [*names.records, *names.aliases])
        self.records = {path: addresses[path] for path, _ in names.records}
        # One that another page has, or that could never be one, leads nowhere.
        self.aliases = {
            address: key.partition(_BETWEEN)[0]
            for key, alias in names.aliases
            if (address := addresses[key])
            == f"customers/{unicodedata.normalize('NFC', alias)}.html"
        }
        self.stages = _addresses("stages", names.stages)
        self.owners = _addresses("owners", names.owners)
        self.views = _addresses("views", names.views)

    def hold_for(self, day: Day, before: Day) -> bool:
        """Tell whether the addresses are those of another day too.

        Args:
            day: The other day.
            before: A day of which they are.
        """
        return _have_same_names(day, before) or self._names == _names(day)


class _Names(NamedTuple):
    """What gets a page, each with the name that its page should have."""

    records: list[tuple[str, str]]
    stages: list[tuple[str, str]]
    owners: list[tuple[str, str]]
    views: list[tuple[str, str]]
    aliases: list[tuple[str, str]]


_BETWEEN = "\0"
"""Between the path of a record and one of its former ids, in the key of a page."""


def _names(day: Day) -> _Names:
    library = day.library
    readable = [(customer.path, customer.id) for customer in library.customers]
    unreadable = [(entry.path, _stem(entry.path)) for entry in library.left_out]
    return _Names(
        [*readable, *unreadable],
        [(stage.id, stage.id) for stage in library.config.stages],
        [(name, name) for name in owner_names(day)],
        [(view.name, view.name) for view in library.config.views],
        [
            (f"{customer.path}{_BETWEEN}{alias}", alias)
            for customer in library.customers
            for alias in dict.fromkeys(customer.aliases)
        ],
    )


def _have_same_names(one: Day, other: Day) -> bool:
    """Tell whether the same things get pages, by a look at what is not the same in both days."""
    ours, theirs = one.library, other.library
    return (
        ours.config is theirs.config
        and len(ours.customers) == len(theirs.customers)
        and [entry.path for entry in ours.left_out] == [entry.path for entry in theirs.left_out]
        and all(
            each is last or _named(each) == _named(last)
            for each, last in zip(ours.customers, theirs.customers, strict=True)
        )
    )


def _named(customer: Customer) -> tuple[str, str, str | None, tuple[str, ...]]:
    return customer.path, customer.id, customer.owner, customer.aliases


def owner_names(day: Day) -> list[str]:
    """Return the salespeople in the order of `tracker.yaml`, then those only records name."""
    declared = [owner.label for owner in day.library.config.owners]
    named = {customer.owner for customer in day.library.customers if customer.owner}
    return [*declared, *sorted(named.difference(declared))]


def _addresses(folder: str, names: list[tuple[str, str]]) -> dict[str, str]:
    return {key: f"{folder}/{name}.html" for key, name in page_names(names).items()}


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


@lru_cache(maxsize=65536)
def encoded(address: str) -> str:
    """Return an address with everything but its separators percent-encoded."""
    path, mark, fragment = address.partition("#")
    return quote(path, safe="/") + mark + quote(fragment, safe="")


def relative(address: str, depth: int) -> str:
    """Return the link to an address from a page that lies `depth` folders below the root."""
    if address.startswith("#"):
        return encoded(address)
    return "../" * depth + encoded(address)


def beside(address: str, ending: str) -> str:
    """Return the address of the file beside a page that has its name: `customers/acme.vcf`.

    Names of pages differ without their ending, so those of such files do too.
    """
    return f"{address.removesuffix('.html')}.{ending}"


def relative_file(path: str, depth: int) -> str:
    """Return the link to a file of the site, whose name may hold any sign, `#` included."""
    return "../" * depth + quote(path, safe="/")


def edit_address(template: str, root: str, path: str, line: int) -> str:
    """Return the address that opens a file in an editor.

    Args:
        template: `edit_url` of `tracker.yaml`.
        root: Absolute path of the workspace, with `/`; a slash at its beginning is left out where
            the template has one before it.
        path: The file, relative to the workspace.
        line: The line, from 1.
    """
    folder = quote(root, safe="/:")
    address = template.replace("/{root}", "/" + folder.lstrip("/")).replace("{root}", folder)
    return address.replace("{line}", str(line)).replace("{path}", quote(path, safe="/"))


def followup_anchor(day: date, clock: time | None) -> str:
    """Return the anchor of a follow-up on its customer's page."""
    return f"f-{day.isoformat()}" + (clock.strftime("-%H%M") if clock else "")
