"""`tracker.yaml`: read, typed and validated.

Every setting has a default, so an empty file is a valid one. A wrong setting is a located problem
and leaves that setting at its default, so that the records can still be read.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError

from tracker import schema, vocabulary
from tracker.config import (
    CONFIG_NAME,
    DEFAULT_FORECAST,
    DEFAULT_LIMITS,
    MAX_CONFIG_BYTES,
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
from tracker.diagnostics import FILE_START, Problem, Span
from tracker.files import name_as_text, read_text_file
from tracker.money import is_currency, read_money
from tracker.period_words import read_fixed_period
from tracker.profile_fields import FieldWords
from tracker.text import fold, nearest
from tracker.translation import Message
from tracker.vocabulary import StageKind, Word
from tracker.yamltree import Mapping, Node, Scalar, duplicate_key, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

FIELD_KINDS = {
    "text": schema.Kind.TEXT,
    "number": schema.Kind.NUMBER,
    "date": schema.Kind.DATE,
    "money": schema.Kind.MONEY,
    "choice": schema.Kind.CHOICE,
    "list": schema.Kind.LIST,
    "url": schema.Kind.URL,
    "bool": schema.Kind.BOOL,
}
"""Types that a declared field can have."""


_Plain: TypeAlias = "dict[str, Any] | list[Any] | str | None"
"""A tree of settings as plain data."""


# --- The file's own shape ---------------------------------------------------------------------


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _word_from_text(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


_Days = Annotated[int, Field(ge=1, le=3650)]
_Id = Annotated[str, Field(pattern=r"^\w[\w.-]*$", max_length=80)]


class _WordSetting(_Settings):
    id: _Id | None = None
    label: Annotated[str, Field(min_length=1)] | None = None
    aliases: list[str] = []


class _StageSetting(_WordSetting):
    kind: StageKind | None = None
    probability: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    max_idle_days: _Days | None = None
    optional: bool = False


class _LevelSetting(_WordSetting):
    max_idle_days: _Days | None = None


def _owner_from_text(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class _OwnerSetting(_Settings):
    name: Annotated[str, Field(min_length=1)]
    email: str | None = None
    aliases: list[str] = []


class _FieldSetting(_Settings):
    label: str | None = None
    type: Literal["text", "number", "date", "money", "choice", "list", "url", "bool"] | None = None
    choices: list[str] = []
    help: str = ""
    required: bool = False


class _LimitSettings(_Settings):
    file_size: Annotated[int, Field(ge=1024)] = DEFAULT_LIMITS.file_size
    front_matter: Annotated[int, Field(ge=256)] = DEFAULT_LIMITS.front_matter
    nesting: Annotated[int, Field(ge=2, le=100)] = DEFAULT_LIMITS.nesting


class _ForecastSettings(_Settings):
    commit: Annotated[Decimal, Field(ge=0, le=1)] = DEFAULT_FORECAST.commit


class _ProfileSetting(_Settings):
    hide: list[str] = []
    mask: list[str] = []
    only: str = ""


_NO_CURRENCY = PydanticCustomError("currency", "currency")
_NO_TIME_ZONE = PydanticCustomError("time_zone", "time_zone")
"""Errors that `_REASONS` puts into words."""


def _view_from_text(value: object) -> object:
    return {"query": value} if isinstance(value, str) else value


class _ViewSetting(_Settings):
    label: Annotated[str, Field(min_length=1)] | None = None
    query: Annotated[str, Field(min_length=1)]


EDIT_PLACEHOLDERS = ("path", "root", "line")
"""What `edit_url` may hold in braces: the file, the workspace's folder, the line."""

EDIT_SCHEMES = (
    *("https", "http", "vscode", "vscode-insiders", "vscodium", "cursor", "windsurf", "zed"),
    *("idea", "pycharm", "jetbrains", "subl", "txmt", "mvim", "emacs", "obsidian"),
)
"""Schemes of web addresses and editors. Any other could run something, or be no link at all."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def _edit_fault(value: str) -> PydanticCustomError | None:
    """Return what keeps an address from being one that opens a file."""
    scheme, colon, _ = value.partition(":")
    if not colon or scheme.lower() not in EDIT_SCHEMES:
        return PydanticCustomError("edit_scheme", "_", {"expected": ", ".join(EDIT_SCHEMES)})
    names = _PLACEHOLDER.findall(value)
    rest = _PLACEHOLDER.sub("", value)
    if "{" in rest or "}" in rest or set(names).difference(EDIT_PLACEHOLDERS):
        known = ", ".join(f"{{{name}}}" for name in EDIT_PLACEHOLDERS)
        return PydanticCustomError("edit_placeholder", "_", {"expected": known})
    if "path" not in names:
        return PydanticCustomError("edit_path", "_", {"expected": "{path}"})
    if " " in rest or not rest.isprintable():
        return PydanticCustomError("edit_blank", "_")
    return None


def _sound_edit_url(value: str) -> str:
    if fault := _edit_fault(value):
        raise fault
    return value


def _known_currency(value: str) -> str:
    if not is_currency(value):
        raise _NO_CURRENCY
    return value


_Currency = Annotated[str, AfterValidator(_known_currency)]
# With larger ones, sums of amounts would not be exact.
_Rate = Annotated[Decimal, Field(gt=0, le=10**9)]
_WordList = list[Annotated[_WordSetting, BeforeValidator(_word_from_text)]]
_Severity = Literal["error", "warning", "info", "off"]


class _File(_Settings):
    """The keys of `tracker.yaml`."""

    title: str | None = None
    language: Literal["zh", "en"] = "en"
    timezone: str | None = None
    currency: _Currency | None = None
    rates: dict[_Currency, _Rate] = {}
    order: Literal["newest-first", "oldest-first"] = "newest-first"
    stages: list[Annotated[_StageSetting, BeforeValidator(_word_from_text)]] | None = None
    levels: list[Annotated[_LevelSetting, BeforeValidator(_word_from_text)]] | None = None
    sources: _WordList | None = None
    methods: _WordList | None = None
    attitudes: _WordList | None = None
    authorities: _WordList | None = None
    influences: _WordList | None = None
    loss_reasons: _WordList | None = None
    service_kinds: _WordList | None = None
    owners: list[Annotated[_OwnerSetting, BeforeValidator(_owner_from_text)]] = []
    fields: dict[_Id, _FieldSetting] = {}
    followup_fields: dict[_Id, _FieldSetting] = {}
    rules: dict[str, _Severity] = {}
    profiles: dict[str, _ProfileSetting] = {}
    views: dict[_Id, Annotated[_ViewSetting, BeforeValidator(_view_from_text)]] = {}
    file_names: Literal["pinyin", "name"] = "pinyin"
    forecast: _ForecastSettings = _ForecastSettings()
    costs: dict[str, dict[str, str]] = {}
    edit_url: Annotated[str, AfterValidator(_sound_edit_url)] | None = None
    limits: _LimitSettings = _LimitSettings()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise _NO_TIME_ZONE from error
        return value


# --- Reading ----------------------------------------------------------------------------------


def load_config(root: Path) -> tuple[Config, list[Problem]]:
    """Read the settings of a workspace; what is wrong in them comes beside them."""
    content = read_text_file(root / CONFIG_NAME, MAX_CONFIG_BYTES)
    if isinstance(content, Problem):
        return parse_config("", root.name)[0], [content]
    return parse_config(content.text, root.name)


def parse_config(text: str, default_title: str = "tracker") -> tuple[Config, list[Problem]]:
    """Type the text of a `tracker.yaml`.

    Returns:
        The settings, wrong ones at their defaults; and the problems with the codes of YAML
        itself, `duplicate-key`, `config-unknown-key` and `config-invalid`.
    """
    tree = read_yaml(text)
    root = tree.mapping("config-invalid", Message("tracker.yaml must hold `key: value` lines"))
    problems = list(tree.problems)
    data = _plain_mapping(root, problems) if root is not None else {}
    settings, places = _validate(data, root, problems)
    fingerprint = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    config = _Resolver(settings, root, places, problems).config(default_title, fingerprint)
    problems.sort(key=lambda problem: problem.span)
    return config, problems


def _plain(node: Node, problems: list[Problem]) -> _Plain:
    """Return a tree as dicts, lists and texts; an empty value is None."""
    if isinstance(node, Mapping):
        return _plain_mapping(node, problems)
    if isinstance(node, Scalar):
        return node.text if node.text or not node.plain else None
    return [_plain(item, problems) for item in node.items]


def _plain_mapping(node: Mapping, problems: list[Problem]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for key, value in node.entries:
        if key.text in seen:
            problems.append(duplicate_key(key, seen[key.text]))
            continue
        seen[key.text] = key.span.line
        plain = _plain(value, problems)
        if plain is not None:
            result[key.text] = plain
    return result


def _validate(
    data: dict[str, Any], root: Node | None, problems: list[Problem]
) -> tuple[_File, dict[str, list[int]]]:
    """Type the settings; of a wrong one, no more is dropped than is wrong in it.

    Returns:
        The settings; and for each list, at which place of the file its items stand.
    """
    places = {
        name: list(range(len(items))) for name, items in data.items() if isinstance(items, list)
    }
    try:
        return _File.model_validate(data), places
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems += [_config_problem(detail["loc"], detail, root) for detail in details]
    for detail in details:
        _drop(data, detail["loc"])
    places = {
        name: [place for place in kept if data[name][place] is not _GONE]
        for name, kept in places.items()
        if data[name] is not _GONE
    }
    data = _kept(data)
    try:
        return _File.model_validate(data), places
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors(include_url=False)}
        places = {name: kept for name, kept in places.items() if name not in wrong}
        return _File.model_validate({key: data[key] for key in data if key not in wrong}), places


_GONE = object()
"""Stands where a wrong setting stood, so that the places of the others stay."""


_NEEDED = frozenset({("owners", "name"), ("views", "query")})
"""Keys without which the group that they stand in means nothing."""


def _drop(data: dict[str, Any], path: tuple[int | str, ...]) -> None:
    """Take the deepest part of the settings that a path leads to out of them."""
    holder: Any = data
    place: Any = path[0]
    for part in path[1:]:
        inner = holder[place]
        needed = (path[0], part) in _NEEDED
        within = isinstance(inner, dict) and part in inner and not needed
        if not within and not (isinstance(inner, list) and isinstance(part, int)):
            break
        holder, place = inner, part
    holder[place] = _GONE


def _kept(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings without what is gone."""
    return {key: _compact(value) for key, value in settings.items() if value is not _GONE}


def _compact(value: _Plain) -> _Plain:
    if isinstance(value, dict):
        return _kept(value)
    if isinstance(value, list):
        return [_compact(inner) for inner in value if inner is not _GONE]
    return value


def _config_problem(
    path: tuple[int | str, ...], detail: ErrorDetails, root: Node | None
) -> Problem:
    unknown = detail["type"] == "extra_forbidden"
    span, keys = _locate(root, path, at_key=unknown or path[-1:] == ("[key]",))
    if unknown:
        key = str(path[-1])
        near = nearest(key, keys if len(path) > 1 else list(_File.model_fields))
        return Problem(
            "config-unknown-key",
            span,
            Message("‘{key}’ is not a setting", {"key": key}),
            _meant(near),
        )
    where = ".".join(str(part) for part in path if part != "[key]")
    return _invalid(span, where, _reason(detail))


def _invalid(span: Span, where: str, reason: Message, near: str | None = None) -> Problem:
    return Problem(
        "config-invalid",
        span,
        Message("{where}: {reason}; this is left out", {"where": where, "reason": reason}),
        _meant(near),
    )


def _meant(word: str | None) -> Message | None:
    return Message("did you mean ‘{word}’?", {"word": word}) if word else None


def _reason(detail: ErrorDetails) -> Message:
    """Return what is wrong with a setting, in words that can be translated."""
    context = detail.get("ctx", {})
    found = next((reason for types, reason in _REASONS if detail["type"] in types), None)
    if found is None:
        return Message("{reason}", {"reason": detail["msg"]})
    if "{value}" in found.template and not isinstance(detail["input"], str):
        return _ONE_TEXT
    expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    limit = next((context[key] for key in ("ge", "gt", "le", "max_length") if key in context), "")
    return Message(found.template, {"value": detail["input"], "words": expected, "limit": limit})


_ONE_TEXT = Message("one text is wanted")
_REASONS = (
    (("literal_error", "enum"), Message("‘{value}’ is none of: {words}")),
    (
        ("int_parsing", "int_type", "int_from_float", "int_parsing_size"),
        Message("‘{value}’ is no whole number"),
    ),
    (("decimal_parsing", "decimal_type", "finite_number"), Message("‘{value}’ is not a number")),
    (("greater_than_equal",), Message("‘{value}’ is below {limit}")),
    (("greater_than",), Message("‘{value}’ is not above {limit}")),
    (("less_than_equal",), Message("‘{value}’ is above {limit}")),
    (("bool_parsing", "bool_type"), Message("‘{value}’ is neither true nor false")),
    (("string_too_short",), Message("the text is empty")),
    (("string_too_long",), Message("the text is longer than {limit} characters")),
    (("string_pattern_mismatch",), Message("‘{value}’ may hold letters, digits, and - _ . only")),
    (("string_type",), _ONE_TEXT),
    (("list_type",), Message("a list is wanted")),
    (
        ("dict_type", "model_type", "model_attributes_type"),
        Message("`key: value` lines are wanted"),
    ),
    (("missing",), Message("it is missing")),
    (("currency",), Message("‘{value}’ is not a currency code")),
    (("edit_scheme",), Message("‘{value}’ begins with none of the schemes {words}")),
    (("edit_placeholder",), Message("‘{value}’ holds a placeholder that is none of {words}")),
    (("edit_path",), Message("‘{value}’ does not say with {words} which file is meant")),
    (("edit_blank",), Message("‘{value}’ holds a blank; write %20 for one")),
    (("time_zone",), Message("there is no time zone ‘{value}’; write one such as Asia/Shanghai")),
)
"""What is wrong, by pydantic's name for it."""


_SHAPES: dict[str, type[BaseModel]] = {
    "stages": _StageSetting,
    "levels": _LevelSetting,
    "owners": _OwnerSetting,
    "fields": _FieldSetting,
    "followup_fields": _FieldSetting,
    "profiles": _ProfileSetting,
    "views": _ViewSetting,
    "forecast": _ForecastSettings,
    "limits": _LimitSettings,
}


def _locate(
    root: Node | None, path: tuple[int | str, ...], *, at_key: bool = False
) -> tuple[Span, list[str]]:
    """Return the span of the deepest node on a path, or its key's; and the keys known there."""
    span = root.span if root else FILE_START
    node = root
    for part in path:
        if isinstance(node, Mapping):
            found = [(key, value) for key, value in node.entries if key.text == part]
            if not found:
                break
            span, node = found[0][0].span, found[0][1]
            if not isinstance(node, Mapping) and not at_key:
                span = node.span if isinstance(node, Scalar) and node.text else span
        elif node is not None and not isinstance(node, Scalar) and isinstance(part, int):
            node = node.items[part]
            span = node.span
    shape = _SHAPES.get(str(path[0]) if path else "", _WordSetting)
    return span, list(shape.model_fields)


# --- From settings to a configuration ---------------------------------------------------------


class _Resolver:
    """Fills in the defaults, and finds words and fields that could be taken for one another."""

    def __init__(
        self,
        settings: _File,
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
                code: _locate(self._root, ("rules", code), at_key=True)[0]
                for code in settings.rules
            },
            profiles=self._profiles(FieldWords(fields, followup_fields)),
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
            span, _ = _locate(self._root, ("views", name, "query"))
            yield View(name, view.label or name, view.query, span)

    def _profiles(self, words: FieldWords) -> dict[str, Profile]:
        found: dict[str, Profile] = {}
        for name, profile in self._settings.profiles.items():
            hide, mask = (
                self._field_paths(("profiles", name, key), written, words)
                for key, written in (("hide", profile.hide), ("mask", profile.mask))
            )
            span, _ = _locate(self._root, ("profiles", name, "only"))
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
        span, _ = _locate(self._root, path, at_key=at_key)
        self._problems.append(_invalid(span, where, reason, near))

    def _reported(self, path: tuple[int | str, ...]) -> bool:
        """Tell whether something within a setting is reported already."""
        whole = _locate(self._root, path)[0]
        return any(
            whole[:2] <= problem.span[:2] and problem.span[2:] <= whole[2:]
            for problem in self._problems
        )

    # --- words ---

    def _words(self, name: str, builtin: tuple[Word, ...]) -> Terms[Term]:
        declared: list[_WordSetting] | None = getattr(self._settings, name)
        if declared is None:
            declared = [_WordSetting(id=word.id) for word in builtin]
        terms = [Term(*parts) for parts, _ in self._term_parts(declared, builtin)]
        return Terms(self._distinct(name, terms, [setting.aliases for setting in declared]))

    def _stages(self) -> list[Stage]:
        builtin = [stage.word for stage in vocabulary.STAGES]
        declared = self._settings.stages
        if declared is None:
            declared = [_StageSetting(id=word.id) for word in builtin]
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
            declared = [_LevelSetting(id=word.id) for word in builtin]
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
        self, declared: Sequence[_WordSetting], builtin: Sequence[Word]
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
        self, name: str, declared: dict[str, _FieldSetting], builtin: tuple[schema.Field, ...]
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


def default_config(language: Literal["zh", "en"] = "en") -> Config:
    """Return the settings of an empty `tracker.yaml` in a language."""
    return parse_config(f"language: {language}")[0]
