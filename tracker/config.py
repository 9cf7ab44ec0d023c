"""The settings of a workspace, with every default filled in: the team's words and rules.

`tracker.config_file` reads them from `tracker.yaml`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo  # noqa: TC003  # the cache reads the types at run time

from msgspec import Struct, field

from tracker import schema
from tracker.diagnostics import FILE_START, Span
from tracker.errors import WorkspaceNotFoundError
from tracker.money import Money  # noqa: TC001  # likewise
from tracker.periods import Period  # noqa: TC001  # likewise
from tracker.text import fold, nearest
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tracker.vocabulary import Word

CONFIG_NAME = "tracker.yaml"
RECORDS_DIR = "records"
ATTACHMENTS_DIR = "attachments"
TEMPLATES_DIR = "site_templates"
OUTPUT_DIR = "output"
"""Where the site is, unless another folder is named."""

VOCABULARIES = {
    "stages": Message("stages"),
    "levels": Message("levels"),
    "sources": Message("sources"),
    "methods": Message("methods"),
    "attitudes": Message("attitudes"),
    "authorities": Message("authorities"),
    "influences": Message("influences"),
    "loss_reasons": Message("loss_reasons"),
    "service_kinds": Message("service_kinds"),
}
"""What people call the lists of words in `tracker.yaml`, by their names there."""

MAX_CONFIG_BYTES = 1024 * 1024


class Term(Struct, frozen=True):
    """A word of the workspace's vocabulary.

    Attributes:
        id: Stable name; part of page names and exports.
        label: What people see.
        others: Further spellings that are understood.
    """

    id: str
    label: str
    others: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return every text that means this word."""
        return (self.label, self.id, *self.others)


class Stage(Term, frozen=True):
    """A stage of the pipeline.

    Attributes:
        kind: Open, won or lost.
        probability: Chance of winning, 0 to 1.
        max_idle_days: Days without contact after which a customer is stale; None for no limit.
        optional: Whether a customer may go past it without having been in it.
    """

    kind: StageKind = StageKind.OPEN
    probability: Decimal = Decimal(0)
    max_idle_days: int | None = None
    optional: bool = False


class Level(Term, frozen=True):
    """A level of importance; `max_idle_days` as a stage's."""

    max_idle_days: int | None = None


class Owner(Term, frozen=True):
    """A salesperson; id and label are the name."""

    email: str | None = None


class View(Struct, frozen=True):
    """A saved view: a query that has a page and an entry in the menu.

    Attributes:
        name: Stable name of its page.
        label: What people see.
        query: Which customers it shows, in the query language.
        span: Where the query stands in `tracker.yaml`.
    """

    name: str
    label: str
    query: str
    span: Span


class Profile(Struct, frozen=True):
    """A variant of the site for readers who may not see everything.

    Attributes:
        name: Its name, after `--profile`.
        hide: Paths of the fields that are left out, such as `contacts.phone`, in order.
        mask: Paths of those of which a shape is left, in order; none of them is hidden too.
        only: Which customers it shows, in the query language; empty for all. Whether the query can
            be read is checked by a rule.
        span: Where the query stands in `tracker.yaml`.
    """

    name: str
    hide: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    only: str = ""
    span: Span = FILE_START


class Cost(Struct, frozen=True):
    """What was spent on a source of customers in a time."""

    period: Period
    amount: Money


AnyTerm = TypeVar("AnyTerm", bound=Term)


class Terms(Generic[AnyTerm]):
    """An ordered list of words that can be looked up by any spelling.

    Attributes:
        longest: The most blank-separated parts that a spelling has.
    """

    __slots__ = ("_by_id", "_by_spelling", "_terms", "longest")

    def __init__(self, terms: Iterable[AnyTerm]) -> None:
        self._terms = tuple(terms)
        self._by_id = {term.id: term for term in self._terms}
        self._by_spelling: dict[str, AnyTerm] = {}
        # Labels and ids of all words come before the further spellings of any.
        for term in self._terms:
            for spelling in (term.label, term.id):
                self._by_spelling.setdefault(fold(spelling), term)
        for term in self._terms:
            for spelling in term.others:
                self._by_spelling.setdefault(fold(spelling), term)
        self._by_spelling.pop("", None)
        self.longest = max((spelling.count(" ") + 1 for spelling in self._by_spelling), default=0)

    def __iter__(self) -> Iterator[AnyTerm]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, term_id: str) -> AnyTerm:
        return self._by_id[term_id]

    def get(self, term_id: str | None) -> AnyTerm | None:
        """Return the word with an id, or None where there is none."""
        return self._by_id.get(term_id) if term_id else None

    def find(self, text: str) -> AnyTerm | None:
        """Return the word that the text means, in any spelling of either language."""
        return self._by_spelling.get(fold(text))

    def find_at_start(self, text: str) -> tuple[AnyTerm, str] | None:
        """Return the word that the text begins with, and the rest after it.

        The longest run of blank-separated parts that is a word is taken: `online meeting Li Lei`
        begins with `online meeting`.
        """
        parts = text.split(maxsplit=self.longest)[: self.longest]
        for count in range(len(parts), 0, -1):
            if term := self.find(" ".join(parts[:count])):
                rest = text
                for part in parts[:count]:
                    rest = rest.lstrip().removeprefix(part)
                return term, rest.strip()
        return None

    def label(self, term_id: str | None) -> str:
        """Return the label of an id; the id itself where there is none, empty for None."""
        if term_id is None:
            return ""
        term = self._by_id.get(term_id)
        return term.label if term else term_id

    def nearest(self, text: str) -> str | None:
        """Return the label most like the text, or None."""
        found = nearest(text, [spelling for term in self._terms for spelling in term.spellings])
        term = self.find(found) if found else None
        return term.label if term else None


def builtin_terms(words: Iterable[Word], language: str) -> Terms[Term]:
    """Return built-in words with their labels in a language, and with all their spellings."""
    chinese = language == "zh"
    return Terms(Term(word.id, word.zh if chinese else word.en, word.spellings) for word in words)


class Limits(Struct, frozen=True):
    """Bounds of what is read.

    Attributes:
        file_size: Bytes of a record.
        front_matter: Bytes of its front matter.
        nesting: Levels of nested YAML collections and of nested Markdown.
    """

    file_size: int = 1024 * 1024
    front_matter: int = 64 * 1024
    nesting: int = 20


DEFAULT_LIMITS = Limits()


class Forecast(Struct, frozen=True):
    """What a forecast goes by.

    Attributes:
        commit: Probability from which a stage's amounts are counted on, 0 to 1.
    """

    commit: Decimal = Decimal("0.7")


DEFAULT_FORECAST = Forecast()


class Config(Struct, frozen=True):
    """The settings of a workspace, with every default filled in.

    Attributes:
        language: Language of the interface and of the default vocabulary, `zh` or `en`.
        timezone: The team's time zone.
        currency: Currency of amounts that name none.
        rates: Value of one unit of another currency in `currency`.
        newest_first: Whether sections stand newest first.
        fields: Fields declared for the front matter.
        followup_fields: Fields declared for dated sections.
        rules: Severity by code: `error`, `warning`, `info` or `off`.
        rule_spans: Where each of them is set.
        profiles: The profiles by name.
        views: The saved views, in the order of the menu. Whether their queries can be read is
            checked by a rule.
        file_names: How the file of a new record is named: by the `pinyin` of the customer's name,
            or by the `name` itself.
        forecast: What a forecast goes by.
        costs: What was spent, by the id of the source that it was spent on.
        edit_url: Address that opens a file of the workspace in an editor, with the placeholders
            of `EDIT_PLACEHOLDERS`; empty for none.
        withholds: Whether they are those of a site that does not show everything.
        fingerprint: Changes whenever the settings do.
    """

    title: str
    language: Literal["zh", "en"]
    timezone: ZoneInfo
    currency: str
    rates: dict[str, Decimal]
    newest_first: bool
    stages: Terms[Stage]
    levels: Terms[Level]
    sources: Terms[Term]
    methods: Terms[Term]
    attitudes: Terms[Term]
    authorities: Terms[Term]
    influences: Terms[Term]
    loss_reasons: Terms[Term]
    service_kinds: Terms[Term]
    owners: Terms[Owner]
    fields: tuple[schema.Field, ...] = ()
    followup_fields: tuple[schema.Field, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)
    rule_spans: dict[str, Span] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    views: tuple[View, ...] = ()
    file_names: Literal["pinyin", "name"] = "pinyin"
    forecast: Forecast = DEFAULT_FORECAST
    costs: dict[str, tuple[Cost, ...]] = field(default_factory=dict)
    edit_url: str = ""
    limits: Limits = DEFAULT_LIMITS
    withholds: bool = False
    fingerprint: str = ""

    @property
    def front_matter_fields(self) -> tuple[schema.Field, ...]:
        """Return all fields of the front matter, the declared ones last."""
        return (*schema.FRONT_MATTER, *self.fields)

    @property
    def all_followup_fields(self) -> tuple[schema.Field, ...]:
        """Return all fields of a dated section, the declared ones last."""
        return (*schema.FOLLOWUP_FIELDS, *self.followup_fields)

    def terms(self, name: str) -> Terms[Any]:
        """Return a vocabulary by its name in `tracker.yaml`, such as `loss_reasons`."""
        terms: Terms[Any] = getattr(self, name)
        return terms

    def field_label(self, field: schema.Field) -> str:
        """Return what a field is called in the workspace's language; a declared one has a label."""
        if self.language == "zh" or field in self.fields or field in self.followup_fields:
            return field.zh
        return field.key.replace("_", " ").capitalize()

    def owner_name(self, text: str) -> str:
        """Return the salesperson's name as `owners` writes it; the text itself where unknown."""
        owner = self.owners.find(text)
        return owner.label if owner else text


def find_workspace(start: Path) -> Path:
    """Return the nearest folder with a `tracker.yaml`, from `start` upwards.

    Raises:
        WorkspaceNotFoundError: There is none.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / CONFIG_NAME).is_file():
            return candidate
    raise WorkspaceNotFoundError(
        Message(
            "no {name} in {folder} or above it; make a workspace with: tracker init, or name one "
            "with -C DIR",
            {"name": CONFIG_NAME, "folder": folder},
        )
    )
