"""Working out what an import would do, without writing anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.collector import collector_off
from tracker.config import RECORDS_DIR
from tracker.diagnostics import Problem, Severity
from tracker.exchange.intake.changing import (
    NOTE_HEADINGS,
    Changer,
    RefusedError,
    note_line,
    written_values,
)
from tracker.exchange.intake.identity import DEFAULT_KEY, Register, Subject, name_key
from tracker.exchange.intake.new_record import record_text
from tracker.exchange.intake.placing import (
    CHANGES,
    newest_changes,
    plans_apart,
    with_plans_placed,
    without_repeated_changes,
)
from tracker.exchange.intake.plan import SHARED, Likely, Outcome, Plan, RecordChange, RowResult
from tracker.format.editor import RecordFile, read_record_file
from tracker.format.section_editor import section_text
from tracker.library.library import Entry, Library
from tracker.library.naming import file_stems
from tracker.library.record_files import open_record
from tracker.library.status import status_of
from tracker.rules.diagnose import Checker
from tracker.rules.unusable_id import unusable_because
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from tracker.diagnostics import Diagnostic
    from tracker.exchange.intake.cells import Value
    from tracker.exchange.intake.changing import Kept
    from tracker.exchange.intake.contributions import Contribution, Origin

_DEFAULTED = frozenset({"owner", "created", *CHANGES})
"""What a new record has by itself where no row says it."""

_STRANGER = "unknown-owner"
_SURE = frozenset({"name", "phone", "email", "wechat", "core"})
"""What two customers have in common where a new one is not begun without being asked to."""


class Choice(Struct, frozen=True):
    """How rows become records.

    Attributes:
        key: What tells customers; see `Register`.
        owner: Who is responsible for new customers whose row names nobody; empty for nobody.
        overwrite: Whether values that differ are replaced.
        similar: Whether customers that are most likely there already are begun all the same.
        today: The day.
    """

    today: date
    key: str = DEFAULT_KEY
    owner: str = ""
    overwrite: bool = False
    similar: bool = False


def plan_import(contributions: Iterable[Contribution], library: Library, choice: Choice) -> Plan:
    """Return what an import would do.

    Args:
        contributions: What the rows say, in the order of the file.
        library: The workspace.
        choice: How rows become records.

    Raises:
        OSError: A record that is to be changed cannot be read.
    """
    with collector_off():
        return _Planner(library, choice).plan(contributions)


class _Planner:
    def __init__(self, library: Library, choice: Choice) -> None:
        self._library = library
        self._config = library.config
        self._choice = choice
        self._plan = Plan()
        self._register = Register(library, choice.key)
        self._taken = {fold(known) for known in library.by_id}
        self._taken |= {
            path.removeprefix(f"{RECORDS_DIR}/").removesuffix(".md").casefold()
            for path in library.by_path
        }
        self._checker = Checker(library.config)
        self._claimed: defaultdict[str, set[str]] = defaultdict(set)
        self._results: dict[Origin, RowResult] = {}

    def plan(self, contributions: Iterable[Contribution]) -> Plan:
        order: list[Origin] = []
        subjects: dict[int, Subject] = {}
        taken: list[Contribution] = []
        for contribution in contributions:
            order += contribution.origins
            self._count_misfits(contribution)
            if contribution.refusal is None:
                taken.append(contribution)
            else:
                self._reject(contribution, contribution.refusal)
        self._claim_ids(taken)
        # Rows that name nobody may mean a customer of any other row, below them as well.
        for contribution in sorted(taken, key=lambda one: not one.text("name").strip()):
            found = self._subject(contribution)
            if isinstance(found, Message):
                self._reject(contribution, found)
            else:
                subjects.setdefault(id(found), found)
        for subject in subjects.values():
            if subject.customer is None:
                self._begin(subject)
            else:
                self._change(subject)
        self._plan.rows = [self._results[origin] for origin in order]
        return self._plan

    def _subject(self, contribution: Contribution) -> Subject | Message:
        """Return the customer that a row speaks of, or why none can be told."""
        found = self._register.find(contribution)
        if isinstance(found, Message):
            return found
        if found is not None:
            found.contributions.append(contribution)
            return found
        name = contribution.text("name")
        if not name.strip():
            if own_id := contribution.text("id"):
                return Message("there is no customer with the id ‘{id}’", {"id": own_id})
            return Message("the row names no customer")
        twin = self._register.twin(contribution)
        if twin is not None:
            refused = twin.shared in _SURE and not self._choice.similar
            origin = contribution.origins[0]
            self._plan.likely.append(Likely(origin, name, twin, refused))
            if refused:
                return Message(
                    "it seems to be {name} in {place} ({shared}); --similar begins another record",
                    {
                        "name": twin.subject.name,
                        "place": twin.subject.place,
                        "shared": SHARED[twin.shared],
                    },
                )
        stems = self._stems(contribution)
        stem = next(stem for stem in stems if self._may_begin(contribution, stem))
        self._taken.update((stem.casefold(), fold(stem)))
        return self._register.add(contribution, stem)

    def _claim_ids(self, contributions: Iterable[Contribution]) -> None:
        """Keep the ids that rows give their customers from being made up for others."""
        for contribution in contributions:
            if (own_id := contribution.text("id")) and contribution.text("name").strip():
                self._claimed[own_id.casefold()].add(name_key(contribution))

    def _may_begin(self, contribution: Contribution, stem: str) -> bool:
        """Tell whether a new customer's file may have a name."""
        claimed = self._claimed.get(stem.casefold())
        return self._is_free(stem) and (not claimed or name_key(contribution) in claimed)

    def _count_misfits(self, contribution: Contribution) -> None:
        for misfit in contribution.misfits:
            key = (misfit.column, misfit.text)
            count = self._plan.misfits[key][1] if key in self._plan.misfits else 0
            self._plan.misfits[key] = (misfit, count + 1)

    # --- Outcomes ---

    def _reject(self, contribution: Contribution, reason: Message) -> None:
        for origin in contribution.origins:
            self._results[origin] = RowResult(
                origin, Outcome.REJECTED, name=contribution.text("name"), reason=reason
            )

    def _result(
        self,
        contribution: Contribution,
        outcome: Outcome,
        file: RecordFile,
        changed: Iterable[str] = (),
        kept: Iterable[Kept] = (),
    ) -> None:
        for origin in contribution.origins:
            before = self._results.get(origin)  # Of the same row, whose plan comes last.
            if before and before.outcome is Outcome.REJECTED:
                continue
            self._results[origin] = RowResult(
                origin,
                before.outcome if before and outcome is Outcome.SKIPPED else outcome,
                file.path,
                file.customer.name,
                (*(before.changed if before else ()), *changed),
                (*(before.kept if before else ()), *kept),
            )

    def _placed(self, subject: Subject) -> list[Contribution]:
        """Return what rows say of a customer, its follow-ups where they stand in the record."""
        known = subject.customer
        contributions = without_repeated_changes(subject.contributions, known)
        return with_plans_placed(contributions, self._choice.today, known)

    # --- New customers ---

    def _begin(self, subject: Subject) -> None:
        contributions, plans = plans_apart(self._placed(subject))
        first, *others = contributions
        file = self._base(subject.stem, [*contributions, *plans])
        if isinstance(file, Message):
            for contribution in contributions:
                self._reject(contribution, file)
            return
        changer = self._changer(file)
        changer.begin(first)
        self._result(first, Outcome.CREATED, file)
        self._apply(changer, [*others, *plans], Outcome.CREATED)
        self._plan.plans += changer.plans
        self._write(None, changer.file)

    def _base(self, stem: str, contributions: Sequence[Contribution]) -> RecordFile | Message:
        """Return a new record with what its first row says, under the name of its own file."""
        first = contributions[0]
        defaults = {} if first.whole else self._defaults(contributions)
        values = {"owner": self._choice.owner, **defaults, **first.values}
        if not values.get("owner"):
            return Message("nobody is responsible; name the owner with --owner NAME")
        groups = {
            name: [written_values(name, group, self._config) for group in found]
            for name, found in first.groups.items()
        }
        if values.get("id") == stem:
            values.pop("id")
        data = record_text(values, groups, self._body(first), self._config)
        file = read_record_file(f"{RECORDS_DIR}/{stem}.md", data.encode(), self._config)
        if isinstance(file, Problem):
            return file.message
        followups = file.customer.followups
        if len(followups) != len(first.followups):
            return Message("this follow-up cannot be written so that it reads back the same")
        if file.customer.id != stem:
            if not self._is_free(file.customer.id):
                return Message("there is a record {id} already", {"id": file.customer.id})
            self._taken.add(fold(file.customer.id))
        return file

    def _body(self, first: Contribution) -> Iterator[str]:
        """Yield the blocks below the front matter of a new record."""
        chinese = self._config.language == "zh"
        if first.background:
            yield first.background
        for heading, level, text in first.sections:
            yield "\n\n".join(filter(None, (f"{'#' * level} {heading}".rstrip(), text)))
        if first.notes:
            lines = (note_line(title, text) for title, text in first.notes)
            heading = NOTE_HEADINGS[self._config.language][0]
            yield f"## {heading}\n\n" + "\n".join(dict.fromkeys(lines))
        entries = sorted(first.followups, key=lambda entry: entry.followup.order)
        for entry in reversed(entries) if self._config.newest_first else entries:
            yield section_text(entry.draft, chinese=chinese)

    def _stems(self, first: Contribution) -> Iterator[str]:
        """Yield names for a record's file, without its ending: the id, then by its name."""
        if own_id := first.text("id"):
            yield own_id
        yield from file_stems(first.text("name"), first.text("short"), self._config)

    def _is_free(self, name: str) -> bool:
        """Tell whether a record may have a name, as its id or as its file's."""
        taken = name.casefold() in self._taken or fold(name) in self._taken
        return not taken and unusable_because(name) is None

    def _defaults(self, contributions: Sequence[Contribution]) -> dict[str, Value]:
        """Return what a new record has where its first row does not say it."""
        moments = [
            entry.followup for contribution in contributions for entry in contribution.followups
        ]
        moments.sort(key=lambda followup: followup.order)
        days = [followup.date for followup in moments]
        values: dict[str, Value] = {
            "stage": next(iter(self._config.stages)).label,
            "created": min([*days, self._choice.today]).isoformat(),
        }
        for key in CHANGES:
            newest = next((one for one in reversed(moments) if getattr(one, key)), None)
            if newest:
                change = getattr(newest, key)
                values[key] = self._config.terms(f"{key}s").label(change.new)
        for contribution in reversed(contributions):
            said = {
                key: contribution.values[key] for key in _DEFAULTED & contribution.values.keys()
            }
            values.update(said)
        return values

    # --- Known customers ---

    def _change(self, subject: Subject) -> None:
        contributions, plans = plans_apart(self._placed(subject))
        customer = subject.customer
        if customer is None:
            return
        before = open_record(self._library.root, customer.path, self._config)
        if isinstance(before, Problem):
            for contribution in contributions:
                self._reject(contribution, before.message)
            return
        changer = self._changer(before)
        self._apply(changer, [*contributions, *plans], Outcome.UPDATED)
        for key, row, followup in newest_changes(subject.contributions):
            changed, kept = len(changer.changed), len(changer.kept)
            outcome = Outcome.UPDATED if changer.carry(followup, key) else Outcome.SKIPPED
            self._result(row, outcome, changer.file, changer.changed[changed:], changer.kept[kept:])
        if changer.file.data != before.data:
            self._plan.plans += changer.plans
            self._write(before, changer.file)

    def _apply(
        self, changer: Changer, contributions: Iterable[Contribution], news: Outcome
    ) -> None:
        """Write what further contributions add; what each one does is the result of its row."""
        for contribution in contributions:
            changed, kept = len(changer.changed), len(changer.kept)
            try:
                is_new = changer.apply(contribution)
            except RefusedError as error:
                self._reject(contribution, error.problem.message)
                continue
            self._result(
                contribution,
                news if is_new else Outcome.SKIPPED,
                changer.file,
                changer.changed[changed:] if news is Outcome.UPDATED else (),
                changer.kept[kept:],
            )

    # --- Records ---

    def _changer(self, file: RecordFile) -> Changer:
        choice = self._choice
        return Changer(file, self._config, choice.today, overwrite=choice.overwrite)

    def _write(self, before: RecordFile | None, after: RecordFile) -> None:
        self._plan.records.append(RecordChange(before, after))
        known = Counter(found.code for found in self._diagnostics(before)) if before else Counter()
        for found in self._diagnostics(after):
            if known[found.code]:
                known[found.code] -= 1
                continue
            if found.code == _STRANGER:
                self._plan.strangers[str(found.problem.message.values["name"])] += 1
            if found.severity is Severity.ERROR:
                self._plan.problems.append(found)

    def _diagnostics(self, file: RecordFile) -> list[Diagnostic]:
        """Return the errors of a record that it alone can tell, and its unknown salespeople."""
        entry = Entry(file.path, file.text, file.customer, file.problems)
        status = status_of(file.customer, self._config, self._choice.today)
        found = self._checker.entry(entry, status, self._library, self._choice.today)
        return [one for one in found if one.severity is Severity.ERROR or one.code == _STRANGER]
