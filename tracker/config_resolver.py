"""From the settings that a team writes to a whole configuration, with the defaults filled in."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker import schema, vocabulary
from tracker.config import (
    AnyTerm,
    Config,
    Cost,
    Forecast,
    Level,
    Limits,
    Owner,
    Profile,
    Stage,
    Term,
    Terms,
    View,
)
from tracker.config_problems import invalid, locate
from tracker.config_shape import (
    FIELD_KINDS,
    ConfigFile,
    FieldSetting,
    LevelSetting,
    StageSetting,
    WordSetting,
)
from tracker.money import read_money
from tracker.period_words import read_fixed_period
from tracker.profile_fields import FieldWords
from tracker.text import fold
from tracker.text_files import name_as_text
from tracker.translation import Message
from tracker.vocabulary import StageKind, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.diagnostics import Problem
    from tracker.yamltree import Node


class Resolver:
    """Fills in the defaults, and finds words and fields that could be taken for one another.

    Args:
        settings: What the file says, without what is wrong in it.
        root: The file's tree.
        places: For each list, at which place of the file its items stand.
        problems: What is wrong; what is found here is added to it.
    """

    def __init__(
        self,
        settings: ConfigFile,
        root: Node | None,
        places: dict[str, list[int]],
        problems: list[Problem],
    ) -> None:
        self._settings = settings
        self._root = root
        self._places = places
        self._problems = problems
        self._chinese = settings.language == "zh"

    def config(self, default_title: str, fingerprint: str) -> Config:
        """Return the configuration.

        Args:
            default_title: The title where the file has none.
            fingerprint: Tells the text of the file from others.
        """
        settings = self._settings
        default_zone = "Asia/Shanghai" if self._chinese else "UTC"
        currency = settings.currency or ("CNY" if self._chinese else "USD")
        sources = self._words("sources", vocabulary.SOURCES)
        fields = self._fields("fields", settings.fields, schema.FRONT_MATTER)
        followup_fields = self._fields(
            "followup_fields", settings.followup_fields, schema.FOLLOWUP_FIELDS
        )
        return Config(
            title=settings.title or name_as_text(default_title),
            language=settings.language,
            timezone=ZoneInfo(settings.timezone or default_zone),
            currency=currency,
            rates=settings.rates,
            newest_first=settings.order == "newest-first",
            stages=Terms(self._stages()),
            levels=Terms(self._levels()),
            sources=sources,
            methods=self._words("methods", vocabulary.METHODS),
            attitudes=self._words("attitudes", vocabulary.ATTITUDES),
            authorities=self._words("authorities", vocabulary.AUTHORITIES),
            influences=self._words("influences", vocabulary.INFLUENCES),
            loss_reasons=self._words("loss_reasons", vocabulary.LOSS_REASONS),
            service_kinds=self._words("service_kinds", vocabulary.SERVICE_KINDS),
            owners=Terms(self._owners()),
            fields=fields,
            followup_fields=followup_fields,
            rules=dict(settings.rules),
            rule_spans={
                code: locate(self._root, ("rules", code), at_key=True)[0] for code in settings.rules
            },
            profiles=self._profiles(fields, followup_fields),
            views=tuple(self._views()),
            file_names=settings.file_names,
            forecast=Forecast(**settings.forecast.model_dump()),
            costs=self._costs(sources, currency),
            edit_url=settings.edit_url or "",
            limits=Limits(**settings.limits.model_dump()),
            fingerprint=fingerprint,
        )

    def _views(self) -> Iterator[View]:
        for name, view in self._settings.views.items():
            # The short form has its query right at the name.
            span, _ = locate(self._root, ("views", name, "query"))
            yield View(name, view.label or name, view.query, span)

    def _profiles(
        self, fields: tuple[schema.Field, ...], followup_fields: tuple[schema.Field, ...]
    ) -> dict[str, Profile]:
        if not self._settings.profiles:
            return {}  # All words of all fields cost more than the rest of the settings.
        words = FieldWords(fields, followup_fields)
        found: dict[str, Profile] = {}
        for name, profile in self._settings.profiles.items():
            hide, mask = (
                self._field_paths(("profiles", name, key), written, words)
                for key, written in (("hide", profile.hide), ("mask", profile.mask))
            )
            span, _ = locate(self._root, ("profiles", name, "only"))
            found[name] = Profile(
                name, tuple(sorted(hide)), tuple(sorted(mask - hide)), profile.only, span
            )
        return found

    def _field_paths(
        self, path: tuple[int | str, ...], written: list[str], words: FieldWords
    ) -> set[str]:
        found: set[str] = set()
        for index, word in enumerate(written):
            paths = words.paths(word)
            if paths is None:
                reason = Message("‘{word}’ is no field", {"word": word})
                self._report((*path, index), reason, words.nearest(word))
            else:
                found |= paths
        return found

    def _costs(self, sources: Terms[Term], currency: str) -> dict[str, tuple[Cost, ...]]:
        found: defaultdict[str, list[Cost]] = defaultdict(list)
        for name, entries in self._settings.costs.items():
            source = sources.find(name)
            if source is None:
                reason = Message("‘{word}’ is none of the sources", {"word": name})
                self._report(("costs", name), reason, sources.nearest(name), at_key=True)
                continue
            for written, text in entries.items():
                path = ("costs", name, written)
                period = read_fixed_period(written)
                if isinstance(period, Message):
                    self._report(path, period, at_key=True)
                    continue
                amount = read_money(text, currency)
                if isinstance(amount, Message):
                    self._report(path, amount)
                    continue
                found[source.id].append(Cost(period, amount))
        return {source: tuple(costs) for source, costs in found.items()}

    def _report(
        self,
        path: tuple[int | str, ...],
        reason: Message,
        near: str | None = None,
        *,
        at_key: bool = False,
    ) -> None:
        where = ".".join(map(str, path))
        span, _ = locate(self._root, path, at_key=at_key)
        self._problems.append(invalid(span, where, reason, near))

    def _reported(self, path: tuple[int | str, ...]) -> bool:
        """Tell whether something within a setting is reported already."""
        whole = locate(self._root, path)[0]
        return any(
            whole[:2] <= problem.span[:2] and problem.span[2:] <= whole[2:]
            for problem in self._problems
        )

    # --- words ---

    def _words(self, name: str, builtin: tuple[Word, ...]) -> Terms[Term]:
        declared: list[WordSetting] | None = getattr(self._settings, name)
        if declared is None:
            declared = [WordSetting(id=word.id) for word in builtin]
        terms = [Term(*parts) for parts, _ in self._term_parts(declared, builtin)]
        return Terms(self._distinct(name, terms, [setting.aliases for setting in declared]))

    def _stages(self) -> list[Stage]:
        builtin = [stage.word for stage in vocabulary.STAGES]
        declared = self._settings.stages
        if declared is None:
            declared = [StageSetting(id=word.id) for word in builtin]
        defaults = {stage.word.id: stage for stage in vocabulary.STAGES}
        stages = []
        for setting, (parts, word) in zip(
            declared, self._term_parts(declared, builtin), strict=True
        ):
            default = defaults[word.id] if word else None
            kind = setting.kind or (default.kind if default else StageKind.OPEN)
            probability = setting.probability
            if probability is None:
                same = default is not None and default.kind is kind
                probability = (
                    default.probability if default and same else Decimal(kind is StageKind.WON)
                )
            idle = setting.max_idle_days or (default.max_idle_days if default else None)
            stages.append(Stage(*parts, kind, probability, idle, setting.optional))
        return self._distinct("stages", stages, [setting.aliases for setting in declared])

    def _levels(self) -> list[Level]:
        builtin = [word for word, _ in vocabulary.LEVELS]
        declared = self._settings.levels
        if declared is None:
            declared = [LevelSetting(id=word.id) for word in builtin]
        days = {word.id: limit for word, limit in vocabulary.LEVELS}
        levels = [
            Level(*parts, setting.max_idle_days or (days[word.id] if word else None))
            for setting, (parts, word) in zip(
                declared, self._term_parts(declared, builtin), strict=True
            )
        ]
        return self._distinct("levels", levels, [setting.aliases for setting in declared])

    def _owners(self) -> list[Owner]:
        declared = self._settings.owners
        owners = [
            Owner(owner.name, owner.name, tuple(owner.aliases), email=owner.email)
            for owner in declared
        ]
        return self._distinct("owners", owners, [owner.aliases for owner in declared])

    def _term_parts(
        self, declared: Sequence[WordSetting], builtin: Sequence[Word]
    ) -> list[tuple[tuple[str, str, tuple[str, ...]], Word | None]]:
        """Return id, label and other spellings of each declared word, and the built-in one it is.

        A word that is also a built-in one keeps that one's id (where none is declared) and its
        spellings in both languages. Of several declared words that could be the same built-in
        one, the one that has its very name is.
        """
        taken: dict[int, Word] = {}
        for spellings in (_names, _spellings):
            for index, setting in enumerate(declared):
                named = {fold(text) for text in (setting.id, setting.label) if text}
                free = (word for word in builtin if word not in taken.values())
                known = next((word for word in free if named & spellings(word)), None)
                if known and index not in taken:
                    taken[index] = known
        found: list[tuple[tuple[str, str, tuple[str, ...]], Word | None]] = []
        for index, setting in enumerate(declared):
            word = taken.get(index)
            default = (word.zh if self._chinese else word.en) if word else setting.id or ""
            label = setting.label or default
            term_id = setting.id or (word.id if word else _slug(label) or f"word-{index + 1}")
            others = (*setting.aliases, *(word.spellings if word else ()))
            found.append(((term_id, label, others), word))
        return found

    def _distinct(
        self, name: str, terms: Sequence[AnyTerm], aliases: Sequence[Sequence[str]]
    ) -> list[AnyTerm]:
        """Return the words without those that repeat an earlier one; report both kinds of clash."""
        kept: list[AnyTerm] = []
        meaning: dict[str, AnyTerm] = {}
        places = self._places.get(name, range(len(terms)))
        for index, term, further in zip(places, terms, aliases, strict=True):
            if not term.label:
                if not self._reported((name, index)):
                    self._report((name, index), Message("a word needs an id or a label"))
                continue
            names = {fold(term.id): term.id, fold(term.label): term.label}
            if clash := next((key for key in names if key in meaning), None):
                self._report(
                    (name, index),
                    Message(
                        "‘{word}’ already means ‘{other}’",
                        {"word": names[clash], "other": meaning[clash].label},
                    ),
                )
                continue
            kept.append(term)
            meaning |= dict.fromkeys(names, term)
            clashes = [
                alias for alias in further if meaning.setdefault(fold(alias), term) is not term
            ]
            for alias in clashes:
                other = meaning[fold(alias)].label
                self._report(
                    (name, index),
                    Message("‘{word}’ already means ‘{other}’", {"word": alias, "other": other}),
                )
        return kept

    # --- fields ---

    def _fields(
        self, name: str, declared: dict[str, FieldSetting], builtin: tuple[schema.Field, ...]
    ) -> tuple[schema.Field, ...]:
        keys = {spelling: field.key for spelling, field in schema.by_spelling(builtin).items()}
        fields = []
        for key, setting in declared.items():
            label = setting.label or key
            if clash := next((text for text in (key, label) if fold(text) in keys), None):
                self._report(
                    (name, key),
                    Message(
                        "‘{word}’ already means ‘{other}’",
                        {"word": clash, "other": keys[fold(clash)]},
                    ),
                )
                continue
            kind = setting.type or ("choice" if setting.choices else "text")
            if kind == "choice" and not setting.choices:
                self._report((name, key), Message("a choice needs its choices"))
                continue
            keys |= {fold(key): key, fold(label): key}
            fields.append(
                schema.Field(
                    key,
                    label,
                    FIELD_KINDS[kind],
                    setting.help,
                    required=setting.required,
                    choices=tuple(setting.choices),
                )
            )
        return tuple(fields)


def _names(word: Word) -> set[str]:
    return {fold(text) for text in (word.id, word.zh, word.en)}


def _spellings(word: Word) -> set[str]:
    return {fold(text) for text in word.spellings}


def _slug(label: str) -> str:
    """Return a label as an id: what is neither letter nor digit becomes `-`."""
    return re.sub(r"[^\w]+", "-", fold(label)).strip("-_")
