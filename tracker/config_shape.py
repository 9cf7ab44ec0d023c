"""The keys of `tracker.yaml`, with what each may hold."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
)
from pydantic_core import PydanticCustomError

from tracker import schema
from tracker.config import DEFAULT_FORECAST, DEFAULT_LIMITS
from tracker.money import is_currency
from tracker.vocabulary import StageKind

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


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _word_from_text(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


_Days = Annotated[int, Field(ge=1, le=3650)]
_Id = Annotated[str, Field(pattern=r"^\w[\w.-]*$", max_length=80)]


class WordSetting(_Settings):
    """A word of a vocabulary; written as a text, that is its label."""

    id: _Id | None = None
    label: Annotated[str, Field(min_length=1)] | None = None
    aliases: list[str] = []


class StageSetting(WordSetting):
    """A stage."""

    kind: StageKind | None = None
    probability: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    max_idle_days: _Days | None = None
    optional: bool = False


class LevelSetting(WordSetting):
    """A level."""

    max_idle_days: _Days | None = None


def _owner_from_text(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class OwnerSetting(_Settings):
    """A person of the team; written as a text, that is the name."""

    name: Annotated[str, Field(min_length=1)]
    email: str | None = None
    aliases: list[str] = []


class FieldSetting(_Settings):
    """A field that a team declares."""

    label: str | None = None
    type: Literal["text", "number", "date", "money", "choice", "list", "url", "bool"] | None = None
    choices: list[str] = []
    help: str = ""
    required: bool = False


class LimitSettings(_Settings):
    """How large what is read may be."""

    file_size: Annotated[int, Field(ge=1024)] = DEFAULT_LIMITS.file_size
    front_matter: Annotated[int, Field(ge=256)] = DEFAULT_LIMITS.front_matter
    nesting: Annotated[int, Field(ge=2, le=100)] = DEFAULT_LIMITS.nesting


class ForecastSettings(_Settings):
    """What counts as certain in forecasts."""

    commit: Annotated[Decimal, Field(ge=0, le=1)] = DEFAULT_FORECAST.commit


class ProfileSetting(_Settings):
    """What an audience may see."""

    hide: list[str] = []
    mask: list[str] = []
    only: str = ""


def _view_from_text(value: object) -> object:
    return {"query": value} if isinstance(value, str) else value


class ViewSetting(_Settings):
    """A list of customers with an address; written as a text, that is its query."""

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


_NO_CURRENCY = PydanticCustomError("currency", "currency")
_NO_TIME_ZONE = PydanticCustomError("time_zone", "time_zone")
"""Errors that `config_problems` puts into words, as those of an `edit_url`."""


def _known_currency(value: str) -> str:
    if not is_currency(value):
        raise _NO_CURRENCY
    return value


_Currency = Annotated[str, AfterValidator(_known_currency)]
# With larger ones, sums of amounts would not be exact.
_Rate = Annotated[Decimal, Field(gt=0, le=10**9)]
_WordList = list[Annotated[WordSetting, BeforeValidator(_word_from_text)]]
_Severity = Literal["error", "warning", "info", "off"]


class ConfigFile(_Settings):
    """The keys of `tracker.yaml`."""

    title: str | None = None
    language: Literal["zh", "en"] = "en"
    timezone: str | None = None
    currency: _Currency | None = None
    rates: dict[_Currency, _Rate] = {}
    order: Literal["newest-first", "oldest-first"] = "newest-first"
    stages: list[Annotated[StageSetting, BeforeValidator(_word_from_text)]] | None = None
    levels: list[Annotated[LevelSetting, BeforeValidator(_word_from_text)]] | None = None
    sources: _WordList | None = None
    methods: _WordList | None = None
    attitudes: _WordList | None = None
    authorities: _WordList | None = None
    influences: _WordList | None = None
    loss_reasons: _WordList | None = None
    service_kinds: _WordList | None = None
    owners: list[Annotated[OwnerSetting, BeforeValidator(_owner_from_text)]] = []
    fields: dict[_Id, FieldSetting] = {}
    followup_fields: dict[_Id, FieldSetting] = {}
    rules: dict[str, _Severity] = {}
    profiles: dict[str, ProfileSetting] = {}
    views: dict[_Id, Annotated[ViewSetting, BeforeValidator(_view_from_text)]] = {}
    file_names: Literal["pinyin", "name"] = "pinyin"
    forecast: ForecastSettings = ForecastSettings()
    costs: dict[str, dict[str, str]] = {}
    edit_url: Annotated[str, AfterValidator(_sound_edit_url)] | None = None
    limits: LimitSettings = LimitSettings()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise _NO_TIME_ZONE from error
        return value


SHAPES: dict[str, type[BaseModel]] = {
    "stages": StageSetting,
    "levels": LevelSetting,
    "owners": OwnerSetting,
    "fields": FieldSetting,
    "followup_fields": FieldSetting,
    "profiles": ProfileSetting,
    "views": ViewSetting,
    "forecast": ForecastSettings,
    "limits": LimitSettings,
}
"""Which keys there are within a setting; words, where it is none of these."""
