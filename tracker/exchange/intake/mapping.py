"""Which column goes where: by its heading, by what was saved before, by what is asked for now.

A mapping is saved as YAML in the workspace, `imports/NAME.map.yaml`, where the next import of a
file of that name finds it. People may edit it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.errors import UsageError
from tracker.exchange.intake.headers import CUSTOMERS_TOO
from tracker.exchange.intake.tables import Layout, cell_text
from tracker.exchange.intake.targets import (
    COMPUTED,
    FOLLOWUP,
    IGNORED,
    MANY,
    NOTE,
    Target,
    Targets,
)
from tracker.format.scalar import write_scalar
from tracker.schema import Kind
from tracker.text import fold, is_ascii_digits, nearest
from tracker.translation import Message
from tracker.yamltree import Mapping as Tree
from tracker.yamltree import Scalar, read_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tracker.exchange.intake.headers import Heading, Table

FOLDER = "imports"
"""Where in the workspace mappings are saved."""

_SUFFIX = ".map.yaml"
_COLUMNS, _WORDS = "columns", "words"
_SHARED = frozenset({Kind.TEXT, Kind.LIST, Kind.PHONE, Kind.EMAIL})
_DAY = "followup.date"
_METHOD = "followup.method"
_AGE = "contacts.age"
_PEOPLE = frozenset(
    f"contacts.{key}" for key in ("name", "given_name", "family_name", "title", "phone", "email")
)
"""Columns beside which an age is that of a person; without them it is that of the deal."""

_FEWEST_DIGITS = 7
_DOMAIN = "domain"
"""What headings say that hold the host of a website alone."""

_ONE_ONLY = frozenset({"name", "id", "short", "followup.who", "contacts.name"})
_MOST_BYTES = 1024 * 1024


class Column(Struct, frozen=True):
    """A column with where its cells go.

    Attributes:
        heading: Its heading.
        index: Its place, from 0.
        target: Where its cells go; None where they are not taken.
        number: Which of several contacts or offers it belongs to, from 1.
        on_purpose: Whether somebody said so, or it holds nothing that a record keeps.
    """

    heading: Heading
    index: int
    target: Target | None = None
    number: int = 1
    on_purpose: bool = False

    @property
    def path(self) -> str:
        """Return the target's name as `--map` takes it; `-` for none."""
        if self.target is None:
            return IGNORED
        group, _, key = self.target.path.rpartition(".")
        return f"{group}.{self.number}.{key}" if self.number > 1 else self.target.path


class Choices(Struct):
    """What people have decided about a file's columns and words.

    Attributes:
        columns: Targets by folded heading; empty for one that nobody has given a target.
        words: What words of the file mean, by folded word.
    """

    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def check(self, targets: Targets) -> None:
        """See to it that every target is one.

        Raises:
            UsageError: One is not.
        """
        for path in self.columns.values():
            _resolved(path, targets)


def with_assignments(
    choices: Choices, columns: Iterable[str], words: Iterable[str], targets: Targets
) -> Choices:
    """Return choices with those of the command line before them.

    Args:
        choices: Those that were saved.
        columns: `heading=target` each.
        words: `word=meaning` each.
        targets: The places there are.

    Raises:
        UsageError: One is not of that form, or names no target or no word.
    """
    result = Choices(dict(choices.columns), dict(choices.words))
    result.columns.update(
        (fold(left), right or IGNORED) for left, right in _pairs("--map", columns)
    )
    for word, meaning in _pairs("--word", words):
        if not targets.is_word(meaning):
            near = nearest(meaning, targets.words)
            values = {"word": meaning, "near": targets.words[near] if near else ""}
            raise UsageError(
                Message("--word: ‘{word}’ is no word; did you mean ‘{near}’?", values)
                if near
                else Message(
                    "--word: ‘{word}’ is no word of the team's; they are in tracker.yaml", values
                )
            )
        result.words[fold(word)] = meaning
    result.check(targets)
    return result


def check_columns(columns: Iterable[str], headings: Collection[str]) -> None:
    """See to it that the columns of the command line are there.

    Args:
        columns: `heading=target` each.
        headings: The headings of the file.

    Raises:
        UsageError: One is not.
    """
    known = {fold(heading): heading for heading in headings if heading}
    for name, _ in _pairs("--map", columns):
        if fold(name) in known:
            continue
        near = nearest(name, known)
        values = {"name": name, "near": known[near] if near else "", "names": tuple(headings)}
        raise UsageError(
            Message("--map: there is no column ‘{name}’; did you mean ‘{near}’?", values)
            if near
            else Message("--map: there is no column ‘{name}’; there are: {names}", values)
        )


def words_given(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words of the file that the command line gives meanings.

    Args:
        words: `word=meaning` each.

    Raises:
        UsageError: One is not of that form.
    """
    return tuple(word for word, _ in _pairs("--word", words))


def _pairs(option: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the two sides of the arguments of an option.

    Raises:
        UsageError: One is not of the form A=B.
    """
    for text in texts:
        left, sign, right = text.rpartition("=")
        if not sign or not left.strip():
            values = {"option": option, "text": text}
            raise UsageError(Message("{option}: ‘{text}’ is not of the form A=B", values))
        yield left.strip(), right.strip()


def map_columns(table: Table, targets: Targets, choices: Choices) -> tuple[Column, ...]:
    """Return the columns of a table, each with its target.

    A table of customers that tells of no follow-up has no method of one (its `Type` is that of the
    deal), and one without people no age of theirs.

    What people have chosen comes first, then headings that mean one thing only, then the others;
    of each those that are the name of their field (`Website` before `Domain`), then the others in
    the order of the columns, hosts behind whole addresses (`Website URL` before `Domain Name`). A
    second column for a place that takes one value becomes a note; one of a number or an address
    fills it where the first is empty.

    A column whose cells hold telephone numbers is none of methods: 联系方式 may be either.
    """
    columns = [
        Column(heading, index, number=number)
        for index, (heading, number) in enumerate(_numbered(table.headings))
    ]
    candidates: dict[int, tuple[str, ...]] = {}
    taken: set[tuple[str, int]] = set()
    for column in columns:
        chosen = choices.columns.get(fold(column.heading.title))
        if chosen:
            target, number = _resolved(chosen, targets)
            columns[column.index] = Column(
                column.heading, column.index, target, number, on_purpose=True
            )
            if target:
                taken.add((target.path, number))
        elif fold(column.heading.plain) in COMPUTED:
            columns[column.index] = Column(column.heading, column.index, on_purpose=True)
        elif column.heading.plain:
            candidates[column.index] = targets.candidates(
                column.heading.plain, table.layout, column.heading.group
            )
            if _METHOD in candidates[column.index] and _holds_numbers(table, column.index):
                candidates[column.index] = tuple(
                    path for path in candidates[column.index] if path != _METHOD
                )
    dated = {columns[at].heading.number for at, paths in candidates.items() if _DAY in paths}
    dated |= {number for path, number in taken if path == _DAY}
    if table.layout is Layout.CUSTOMERS:
        found = {path for paths in candidates.values() for path in paths}
        described = not _PEOPLE.isdisjoint(found | {path for path, _ in taken})
        for index, paths in candidates.items():
            heading = fold(columns[index].heading.plain)
            candidates[index] = tuple(
                path
                for path in paths
                if (described or path != _AGE)
                and (dated or path != _METHOD or heading not in CUSTOMERS_TOO)
            )
    for index in sorted(
        candidates,
        key=lambda at: (
            len(candidates[at]) != 1,
            not _is_named(columns[at].heading, candidates[at], targets),
            _DOMAIN in fold(columns[at].heading.plain),
        ),
    ):
        columns[index] = _placed(columns[index], candidates[index], targets, taken, dated)
    return tuple(columns)


def _holds_numbers(table: Table, index: int) -> bool:
    """Tell whether most cells of a column have as many digits as telephone numbers."""
    texts = [cell_text(cell) for row in table.rows if (cell := row.cell(index)) is not None]
    numbers = sum(sum(map(str.isdigit, text)) >= _FEWEST_DIGITS for text in texts)
    return numbers * 2 > len(texts)


def _is_named(heading: Heading, paths: Sequence[str], targets: Targets) -> bool:
    """Tell whether a heading is the name of the first field that it may mean."""
    if not paths:
        return False
    field = targets.by_path[paths[0]].field
    return fold(heading.plain) in {fold(field.key), fold(field.zh)}


def _number_in(group: str, column: Column, dated: Collection[int]) -> int:
    """Return which of several of a group a column belongs to.

    Args:
        group: The group.
        column: The column.
        dated: The numbers of follow-ups that have a day: a column of any other one is of the first,
            as every one that has no number.
    """
    if group == FOLLOWUP:
        return column.heading.number if column.heading.number in dated else 1
    return column.number if group in MANY else 1


def _numbered(headings: Iterable[Heading]) -> Iterator[tuple[Heading, int]]:
    """Yield headings with the number of the contact or offer that each belongs to.

    Where none is written, the second column of one heading belongs to the second of them.
    """
    seen: Counter[str] = Counter()
    for heading in headings:
        seen[fold(heading.plain)] += 1
        yield heading, heading.number if heading.number > 1 else seen[fold(heading.plain)]


def _placed(
    column: Column,
    paths: Sequence[str],
    targets: Targets,
    taken: set[tuple[str, int]],
    dated: Collection[int],
) -> Column:
    heading = column.heading
    found: Target | None = None
    for path in paths:
        target = targets.by_path[path]
        number = _number_in(target.group, column, dated)
        if (path, number) not in taken:
            taken.add((path, number))
            return Column(heading, column.index, target, number)
        found = found or target
    if found is None:
        return column
    # The place has a column: where it takes several values they are put together, a number or an
    # address is taken in rows where the other column is empty, and all else is a note.
    shared = found.field.kind in _SHARED and found.path not in _ONE_ONLY
    number = _number_in(found.group, column, dated) if shared else 1
    return Column(heading, column.index, found if shared else targets.by_path[NOTE], number)


def _resolved(path: str, targets: Targets) -> tuple[Target | None, int]:
    """Return the target that a person names, in either language, and its number.

    Raises:
        UsageError: There is none.
    """
    if path in {IGNORED, ""}:
        return None, 1
    parts = path.split(".")
    number = 1
    if len(parts) > 2 and parts[0] in MANY and is_ascii_digits(parts[1]):  # noqa: PLR2004  # group, number, key
        number = max(int(parts[1]), 1)
        del parts[1]
    plain = ".".join(parts)
    if target := targets.by_path.get(plain):
        return target, number
    named = {
        spelling: target
        for target in targets.by_path.values()
        if not target.group
        for spelling in map(fold, target.field.spellings)
    }
    if target := named.get(fold(plain)):
        return target, number
    near = nearest(plain, [*targets.by_path, *named])
    values = {"path": path, "near": near}
    raise UsageError(
        Message("‘{path}’ is no field; did you mean ‘{near}’?", values)
        if near
        else Message("‘{path}’ is no field; for their names see: tracker docs import", values)
    )


# --- Saved mappings ---------------------------------------------------------------------------


def mapping_file(root: Path, source: Path) -> Path:
    """Return where the mapping of a file is saved in a workspace."""
    return root / FOLDER / f"{source.stem}{_SUFFIX}"


def read_choices(path: Path) -> Choices:
    """Return what was saved; nothing where there is no such file.

    Raises:
        UsageError: The file is not of its form.
        OSError: It cannot be read.
    """
    try:
        text = path.read_bytes()[:_MOST_BYTES].decode("utf-8-sig")
    except FileNotFoundError:
        return Choices()
    except UnicodeDecodeError as error:
        raise _unreadable(path) from error
    tree = read_yaml(text)
    if tree.root is None and not tree.problems:
        return Choices()
    if tree.problems or not isinstance(tree.root, Tree):
        raise _unreadable(path)
    parts = {key.text: value for key, value in tree.root.entries}
    return Choices(_texts(path, parts.get(_COLUMNS)), _texts(path, parts.get(_WORDS)))


def _texts(path: Path, node: object) -> dict[str, str]:
    if node is None or (isinstance(node, Scalar) and not node.text):
        return {}
    if not isinstance(node, Tree):
        raise _unreadable(path)
    texts = {}
    for key, value in node.entries:
        if not isinstance(value, Scalar):
            raise _unreadable(path)
        texts[fold(key.text)] = value.text
    return texts


def _unreadable(path: Path) -> UsageError:
    return UsageError(
        Message("{path} cannot be read as a mapping; mend it or delete it", {"path": path})
    )


def mapping_text(
    columns: Iterable[Column], words: Mapping[str, str], comment: Sequence[str]
) -> bytes:
    """Return a mapping as it is saved.

    Args:
        columns: The columns of all tables of the file.
        words: What words of the file mean.
        comment: Lines that explain the file.
    """
    lines = [f"# {line}" for line in comment]
    lines.append(f"{_COLUMNS}:")
    known: dict[str, set[str]] = {}
    for column in columns:
        if column.heading.title:
            # A column that no field takes is left open, for people to say where it goes.
            is_open = column.target is None and not column.on_purpose
            known.setdefault(column.heading.title, set()).add("" if is_open else column.path)
    # A heading that goes to several places is told apart by where it stands, not by its text.
    lines += [
        f"  {write_scalar(title)}: {write_scalar(path) if (path := min(paths)) else ''}".rstrip()
        for title, paths in known.items()
        if len(paths) == 1
    ]
    lines.append(f"{_WORDS}:")
    lines += [f"  {write_scalar(word)}: {write_scalar(meaning)}" for word, meaning in words.items()]
    return ("\n".join(lines) + "\n").encode()
