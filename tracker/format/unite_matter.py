"""One front matter out of two of the same customer.

The record that stays gets what only the other one says. Where both say something different one
value is taken; the other one is given out, like all that has no place in the front matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.diagnostics import Problem
from tracker.format.assignment import IDENTITIES, NewGroup, Operation, Step
from tracker.format.comments import comments_of
from tracker.format.editor import set_value
from tracker.format.frontmatter import split
from tracker.format.meaning import meaning_of, texts_of
from tracker.format.scalar import write_list, write_scalar
from tracker.format.values import Fault, read_value
from tracker.schema import CONTACT_FIELDS, Field, Kind, by_spelling
from tracker.text import fold
from tracker.yamltree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.config import Config
    from tracker.format.assignment import Value, Way
    from tracker.format.editor import RecordFile

_IDS = frozenset({"id", "aliases", "not_duplicate_of"})
"""Keys that are looked after by themselves."""

_OUTCOMES = frozenset({"deal", "lost"})
"""Groups whose values belong together: two that contradict each other are never mixed."""

_PRIMARY = by_spelling(CONTACT_FIELDS)["primary"]


class Fact(Struct, frozen=True):
    """A value with the keys that lead to it, or a comment.

    Attributes:
        keys: The keys that lead to it, outermost first; a group of a list goes by what
            identifies it. Empty for a comment.
        text: The value on one line: as it was written, or quoted where it has several lines.
    """

    keys: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{' · '.join(self.keys)}: {self.text}" if self.keys else f"`{self.text}`"


class UnitedMatter(Struct):
    """What became of two front matters.

    Attributes:
        file: The record that stays, with what was taken from the other one.
        added: What the other one alone said.
        replaced: What was taken from the other one although this one said something else.
        left: What the other one said and this one does not.
        displaced: What this one said until the other one's was taken.
    """

    file: RecordFile
    added: list[Fact] = field(default_factory=list)
    replaced: list[Fact] = field(default_factory=list)
    left: list[Fact] = field(default_factory=list)
    displaced: list[Fact] = field(default_factory=list)


def unite_matter(  # noqa: PLR0913  # two records, and what is to be known of them
    ours: RecordFile,
    theirs: RecordFile,
    config: Config,
    takes: Callable[[str], bool],
    idle: frozenset[str],
    *,
    chinese: bool,
) -> UnitedMatter:
    """Put what the front matter of another record says into that of the one that stays.

    Args:
        ours: The record that stays; it may lack its body.
        theirs: The other one.
        config: The workspace's settings.
        takes: Tells for a key of the front matter whether the other one's value is taken where
            both say something different.
        idle: Comments that say nothing of a customer, and are not given out.
        chinese: Whether the keys of facts are Chinese.
    """
    mine, other = (split(file.text, config.limits).root for file in (ours, theirs))
    if mine is None or other is None:
        raise AssertionError  # Both were read before.
    uniter = _Uniter(UnitedMatter(ours), config, takes, chinese)
    uniter.ids(theirs)
    uniter.fields(mine, other, config.front_matter_fields, (), ())
    known = idle.union(comments_of(ours.text, mine))
    comments = (
        text for text in dict.fromkeys(comments_of(theirs.text, other)) if text not in known
    )
    uniter.result.left += [Fact((), text) for text in comments]
    return uniter.result


class _Uniter(Struct, frozen=True):
    """Walks down both trees, and changes one value of the record that stays at a time.

    Attributes:
        result: What was done so far.
        config: The workspace's settings.
        takes: Which values of the other record are taken in any case.
        chinese: Whether the keys of facts are Chinese.
    """

    result: UnitedMatter
    config: Config
    takes: Callable[[str], bool]
    chinese: bool

    def ids(self, theirs: RecordFile) -> None:
        """Keep the other one's ids as former ones, and what both were found not to be."""
        way = {
            key: (Step(by_spelling(self.config.front_matter_fields)[fold(key)]),) for key in _IDS
        }
        ours, other = self.result.file.customer, theirs.customer
        gone = {fold(name) for name in (other.id, *other.aliases)}
        stays = {fold(name) for name in (ours.id, *ours.aliases)}
        former = [name for name in (other.id, *other.aliases) if fold(name) != fold(ours.id)]
        wrong = [name for name in ours.not_duplicate_of if fold(name) in gone]
        others = [name for name in other.not_duplicate_of if fold(name) not in gone | stays]
        self._assign(way["aliases"], Operation.ADD, tuple(former))
        self._assign(way["not_duplicate_of"], Operation.REMOVE, tuple(wrong))
        self._assign(way["not_duplicate_of"], Operation.ADD, tuple(others))

    def fields(
        self,
        ours: Mapping,
        theirs: Mapping,
        fields: tuple[Field, ...],
        way: Way,
        keys: tuple[str, ...],
    ) -> None:
        """Take over what a mapping says.

        Args:
            ours: The mapping that stays.
            theirs: The other one.
            fields: The fields of both.
            way: The way to it.
            keys: The keys that lead to it, as they are shown.
        """
        known, present = by_spelling(fields), _by_field(ours, fields)
        seen = set(_IDS) if not way else set()
        for key, node in theirs.entries:
            found = known.get(fold(key.text))
            if found is None or (found.key in seen and found.key not in _IDS):
                self._leave(node, None, (*keys, key.text))
            elif found.key not in seen and not _is_empty(node):
                seen.add(found.key)
                self._entry(
                    found,
                    present.get(found.key),
                    node,
                    (*way, Step(found)),
                    (*keys, self._key(found)),
                )

    def _entry(
        self, found: Field, ours: Node | None, theirs: Node, way: Way, keys: tuple[str, ...]
    ) -> None:
        unite = {Kind.LIST: self._list, Kind.GROUP: self._group, Kind.GROUPS: self._groups}
        ours = None if ours is None or _is_empty(ours) else ours
        unite.get(found.kind, self._scalar)(found, ours, theirs, way, keys)

    def _scalar(
        self, found: Field, ours: Node | None, theirs: Node, way: Way, keys: tuple[str, ...]
    ) -> None:
        if ours is None and isinstance(theirs, Scalar):
            self._add(way, theirs.text, theirs, found, keys)
        elif len(way) > 1 and IDENTITIES.get(way[-2].field.key) == found.key:
            return  # The two groups were found to be one by it.
        elif ours is None or self._meaning(ours, found) != self._meaning(theirs, found):
            taken = self.takes(way[0].field.key) and isinstance(theirs, Scalar)
            if taken and self._assign(way, Operation.SET, _text(theirs)):
                self.result.replaced += self._facts(theirs, found, keys)
                self.result.displaced += self._facts(ours, found, keys) if ours else []
            else:
                self._leave(theirs, found, keys)

    def _list(
        self, found: Field, ours: Node | None, theirs: Node, way: Way, keys: tuple[str, ...]
    ) -> None:
        if isinstance(theirs, Mapping) or not all(map(_is_scalar, _items(theirs))):
            self._leave(theirs, found, keys)
            return
        known = set(map(fold, texts_of(ours))) if ours else set()
        missing = {
            fold(text): text for text in reversed(texts_of(theirs)) if fold(text) not in known
        }
        new = tuple(reversed(missing.values()))
        if new and self._assign(way, Operation.ADD, new):
            self.result.added.append(Fact(keys, write_list(new)))
        elif new:
            self.result.left.append(Fact(keys, write_list(new)))

    def _group(
        self, found: Field, ours: Node | None, theirs: Node, way: Way, keys: tuple[str, ...]
    ) -> None:
        if not isinstance(theirs, Mapping):
            self._leave(theirs, found, keys)
            return
        mine = ours if isinstance(ours, Mapping) else Mapping((), theirs.span)
        if found.key not in _OUTCOMES or not self._contradicts(mine, theirs, found):
            self.fields(mine, theirs, found.children, way, keys)
        elif self.takes(found.key) and self._emptied(mine, found, way):
            self.result.displaced += self._facts(mine, found, keys)
            before = len(self.result.added)
            self.fields(Mapping((), theirs.span), theirs, found.children, way, keys)
            self.result.replaced += self.result.added[before:]
            del self.result.added[before:]
        else:
            self._leave(theirs, found, keys)

    def _contradicts(self, ours: Mapping, theirs: Mapping, found: Field) -> bool:
        """Tell whether two groups say something different of anything."""
        present = _by_field(ours, found.children)
        return any(
            self._meaning(present[key], child) != self._meaning(node, child)
            for key, node in _by_field(theirs, found.children).items()
            for child in [by_spelling(found.children)[fold(key)]]
            if key in present and not _is_empty(node) and not _is_empty(present[key])
        )

    def _emptied(self, ours: Mapping, found: Field, way: Way) -> bool:
        """Take all values out of a group; nothing is done where one of them cannot be."""
        before = self.result.file
        for key in _by_field(ours, found.children):
            child = by_spelling(found.children)[fold(key)]
            if not self._assign((*way, Step(child)), Operation.SET, ""):
                self.result.file = before
                return False
        return True

    # --- Lists of groups ---

    def _groups(
        self, found: Field, ours: Node | None, theirs: Node, way: Way, keys: tuple[str, ...]
    ) -> None:
        free = [item for item in _items(ours) if isinstance(item, Mapping)] if ours else []
        waiting = []
        for item in _items(theirs):
            same = next(
                (
                    own
                    for own in free
                    if self._meaning(own, None, found.children)
                    == self._meaning(item, None, found.children)
                ),
                None,
            )
            if same:
                free.remove(same)
            else:
                waiting.append(item)
        for item in waiting:
            name = _identity(item, found)
            twin = next(
                (own for own in free if name and fold(_identity(own, found)) == fold(name)), None
            )
            if twin and isinstance(item, Mapping):
                free.remove(twin)
                inner = (*way[:-1], Step(found, _identity(twin, found)))
                self.fields(twin, item, found.children, inner, (*keys, name))
            else:
                self._new_group(found, item, free, way, keys)

    def _new_group(
        self, found: Field, item: Node, free: list[Mapping], way: Way, keys: tuple[str, ...]
    ) -> None:
        """Add a group whole, but for what in it cannot be read or has no place."""
        name = _identity(item, found)
        entries: dict[str, tuple[Field, str | tuple[str, ...]]] = {}
        rest: list[tuple[Node, Field | None, str]] = []
        for key, node in item.entries if isinstance(item, Mapping) else ():
            child = by_spelling(found.children).get(fold(key.text))
            value = self._readable(child, node) if child and child.key not in entries else None
            if child and value and not (child is _PRIMARY and self._has_primary()):
                entries[child.key] = child, value
            elif not _is_empty(node):
                rest.append((node, child, self._key(child) if child else key.text))
        whole = all(child.key in entries for child in found.children if child.required)
        order = [child.key for child in found.children]
        group = NewGroup(tuple(entries[key] for key in order if key in entries))
        stands = not name and any(self._says(own, group, found) for own in free)
        if entries and whole and (stands or self._assign(way, Operation.ADD, group)):
            texts = (given for _, given in group.entries if isinstance(given, str))
            if not stands:
                self.result.added.append(Fact(keys, _one_line(name or next(texts, ""))))
            for node, child, label in rest:
                self._leave(node, child, (*keys, *filter(None, [name]), label))
        else:
            self._leave(item, found, keys)

    def _says(self, ours: Mapping, group: NewGroup, found: Field) -> bool:
        """Tell whether a group that is there says just what a new one would."""
        wanted = {
            child.key: given if isinstance(given, tuple) else read_value(child, given, self.config)
            for child, given in group.entries
        }
        return self._meaning(ours, None, found.children) == wanted

    def _readable(self, child: Field, node: Node) -> str | tuple[str, ...] | None:
        """Return a value of a new group; None where it cannot be read or is empty."""
        if child.kind is Kind.LIST:
            fitting = not isinstance(node, Mapping) and all(map(_is_scalar, _items(node)))
            return texts_of(node) or None if fitting else None
        if not isinstance(node, Scalar) or not node.text:
            return None
        return None if isinstance(read_value(child, node.text, self.config), Fault) else node.text

    def _has_primary(self) -> bool:
        return any(contact.primary for contact in self.result.file.customer.contacts)

    # --- Doing ---

    def _add(self, way: Way, text: str, node: Node, found: Field, keys: tuple[str, ...]) -> None:
        second_primary = found is _PRIMARY and self._has_primary()
        if not second_primary and self._assign(way, Operation.SET, text):
            self.result.added += self._facts(node, found, keys)
        else:
            self._leave(node, found, keys)

    def _assign(self, way: Way, operation: Operation, value: Value) -> bool:
        """Change a value of the record that stays; tell whether that could be done."""
        if not value and operation is not Operation.SET:
            return True
        after = set_value(self.result.file, self.config, way, operation, value)
        if isinstance(after, Problem):
            return False
        self.result.file = after
        return True

    def _leave(self, node: Node, found: Field | None, keys: tuple[str, ...]) -> None:
        self.result.left += self._facts(node, found, keys)

    # --- Reading ---

    def _meaning(self, node: Node, found: Field | None, fields: tuple[Field, ...] = ()) -> object:
        """Return what a value says; keys without a value say nothing."""
        return _without_empty(meaning_of(node, found, self.config, fields))

    def _key(self, found: Field) -> str:
        return found.zh if self.chinese and found.zh else found.key

    def _facts(self, node: Node, found: Field | None, keys: tuple[str, ...]) -> Iterator[Fact]:
        """Yield each value in a node."""
        children = by_spelling(found.children) if found else {}
        if isinstance(node, Mapping):
            for key, inner in node.entries:
                child = children.get(fold(key.text))
                yield from self._facts(
                    inner, child, (*keys, self._key(child) if child else key.text)
                )
        elif isinstance(node, Sequence) and not all(map(_is_scalar, node.items)):
            for number, item in enumerate(node.items, 1):
                name = (found and _identity(item, found)) or f"{number}"
                yield from self._facts(item, found, (*keys, name))
        elif isinstance(node, Sequence) and node.items:
            yield Fact(keys, write_list(_text(item) for item in node.items))
        elif isinstance(node, Scalar) and node.text:
            yield Fact(keys, _one_line(node.text))


def _without_empty(meaning: object) -> object:
    if isinstance(meaning, list):
        return [_without_empty(item) for item in meaning]
    if isinstance(meaning, dict):
        said = {key: _without_empty(value) for key, value in meaning.items()}
        return {key: value for key, value in said.items() if value not in ("", (), [], {})}
    return meaning


def _by_field(mapping: Mapping, fields: tuple[Field, ...]) -> dict[str, Node]:
    """Return the values of a mapping by the keys of their fields, of two the first one."""
    known = by_spelling(fields)
    values: dict[str, Node] = {}
    for key, node in mapping.entries:
        if found := known.get(fold(key.text)):
            values.setdefault(found.key, node)
    return values


def _items(node: Node) -> tuple[Node, ...]:
    return tuple(node.items) if isinstance(node, Sequence) else (node,)


def _identity(item: Node, found: Field) -> str:
    """Return what tells a group from others of its list; empty where it does not say."""
    if not isinstance(item, Mapping):
        return ""
    node = _by_field(item, found.children).get(IDENTITIES.get(found.key, ""))
    return _text(node) if node else ""


def _is_scalar(node: Node) -> bool:
    return isinstance(node, Scalar)


def _is_empty(node: Node) -> bool:
    """Tell whether a node says nothing."""
    if isinstance(node, Scalar):
        return not node.text
    return not (node.items if isinstance(node, Sequence) else node.entries)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _one_line(text: str) -> str:
    """Return a text as it is where that is one line without blanks around it, else quoted."""
    return text if text == text.strip() and len(text.splitlines()) <= 1 else write_scalar(text)
