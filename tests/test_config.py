"""`tracker.yaml`: defaults, every key, and what is wrong in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.config import DEFAULT_LIMITS, Config, Cost, Term, Terms, find_workspace
from tracker.config_file import default_config, load_config, parse_config
from tracker.diagnostics import Problem, Span
from tracker.errors import WorkspaceNotFoundError
from tracker.money import Money
from tracker.periods import Period, year_of
from tracker.schema import Kind
from tracker.translation import translations
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARIES = (
    "stages", "levels", "sources", "methods", "attitudes", "authorities", "influences",
    "loss_reasons", "service_kinds",
)  # fmt: skip


def valid(text: str) -> Config:
    config, problems = parse_config(text)
    assert problems == []
    return config


def problem_of(text: str) -> Problem:
    _, problems = parse_config(text)
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "language: en\n", "stages:\n"])
def test_an_empty_file_is_a_valid_one(text: str) -> None:
    config = valid(text)
    assert (config.language, config.currency, str(config.timezone)) == ("en", "USD", "UTC")
    assert [stage.label for stage in config.stages][:2] == ["initial contact", "needs analysis"]
    assert config.newest_first
    assert config.limits == DEFAULT_LIMITS


def test_the_defaults_of_a_chinese_workspace() -> None:
    config = default_config("zh")
    assert (config.currency, str(config.timezone)) == ("CNY", "Asia/Shanghai")
    assert [stage.label for stage in config.stages] == [
        "初步接触", "需求分析", "方案制定", "商务谈判", "成交", "售后服务", "未成交",
    ]  # fmt: skip


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_words_of_the_other_language_are_understood(name: str) -> None:
    chinese: Terms[Term] = default_config("zh").terms(name)
    english: Terms[Term] = default_config("en").terms(name)
    assert len(chinese) == len(english) >= 3
    for zh, en in zip(chinese, english, strict=True):
        assert zh.id == en.id
        assert chinese.find(en.label) is zh
        assert english.find(zh.label) is en
        assert chinese.find(en.label.upper()) is zh


@pytest.mark.parametrize("name", VOCABULARIES)
def test_no_built_in_spelling_means_two_words(name: str) -> None:
    terms = default_config("zh").terms(name)
    for term in terms:
        for spelling in term.spellings:
            assert terms.find(spelling) is term, spelling


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("stages", "Contract Sent", "negotiation"),
        ("stages", "closed-won", "won"),
        ("levels", "key account", "a"),
        ("levels", "Warm", "b"),
        ("sources", "word of mouth", "referral"),
        ("sources", "Web", "website"),
        ("methods", "Zoom", "online-meeting"),
        ("methods", "Teams call", "online-meeting"),
        ("methods", "site visit", "visit"),
        ("attitudes", "not interested", "negative"),
        ("loss_reasons", "No budget", "budget-cut"),
    ],
)
def test_words_of_english_sales_teams_are_understood(name: str, written: str, meant: str) -> None:
    term = default_config("en").terms(name).find(written)
    assert term is not None
    assert term.id == meant


def test_every_key_at_once() -> None:
    config = valid(
        """
title: 启航
language: zh
timezone: Europe/Berlin
currency: EUR
rates: {USD: 0.9, CNY: 0.13}
order: oldest-first
stages:
  - {id: talk, label: 洽谈, kind: open, probability: 0.3, max_idle_days: 9, aliases: [谈],
     optional: true}
  - {label: 成交}
  - 未成交
levels: [{id: vip, label: VIP, max_idle_days: 5}, B]
sources: [展会, 直播]
methods: [电话]
attitudes: [积极, 消极]
authorities: [决策者]
influences: [高]
loss_reasons: [价格, other]
service_kinds: [问题, 已解决]
owners:
  - {name: 李雷, email: lilei@example.com, aliases: [Li Lei]}
  - 韩梅梅
fields:
  lines: {label: 产线数量, type: number, help: 条数, required: true}
  brand: {label: 品牌, choices: [国产, 日系]}
followup_fields:
  rival: {label: 竞品}
rules: {stale: off, no-next-step: error}
profiles:
  board: {hide: [phone], mask: [value], only: "level:A"}
views: {hot: {label: 热点, query: "level:A"}, mine: "owner:李雷"}
forecast: {commit: 0.8}
costs: {展会: {2026-09: 8.6万, 2026-Q4: 900 USD}, trade show: {2026: 1200}}
limits: {file_size: 2000000, front_matter: 100000, nesting: 30}
"""
    )
    assert config.title == "启航"
    assert str(config.timezone) == "Europe/Berlin"
    assert config.rates == {"USD": Decimal("0.9"), "CNY": Decimal("0.13")}
    assert not config.newest_first
    talk, won, lost = config.stages
    assert (talk.id, talk.kind, talk.probability) == ("talk", StageKind.OPEN, Decimal("0.3"))
    assert talk.max_idle_days == 9
    assert (talk.optional, config.stages["won"].optional) == (True, False)
    assert config.stages.find("谈") is talk
    assert (won.id, won.kind, won.probability) == ("won", StageKind.WON, Decimal(1))
    assert (lost.id, lost.kind, lost.probability) == ("lost", StageKind.LOST, Decimal(0))
    assert [(level.id, level.max_idle_days) for level in config.levels] == [("vip", 5), ("b", 30)]
    assert [source.id for source in config.sources] == ["trade-show", "直播"]
    assert [reason.label for reason in config.loss_reasons] == ["价格", "other"]
    assert config.owner_name("li lei") == "李雷"
    assert config.owner_name("nobody") == "nobody"
    lines, brand = config.fields
    assert (lines.key, lines.zh, lines.kind, lines.required) == (
        "lines",
        "产线数量",
        Kind.NUMBER,
        True,
    )
    assert (brand.kind, brand.choices) == (Kind.CHOICE, ("国产", "日系"))
    assert config.followup_fields[0].kind is Kind.TEXT
    assert config.rules == {"stale": "off", "no-next-step": "error"}
    board = config.profiles["board"]
    assert (board.name, board.hide, board.mask) == ("board", ("contacts.phone",), ("value",))
    assert board.only == "level:A"
    assert [(view.name, view.label) for view in config.views] == [("hot", "热点"), ("mine", "mine")]
    assert config.forecast.commit == Decimal("0.8")
    september = Period(date(2026, 9, 1), date(2026, 9, 30))
    autumn = Period(date(2026, 10, 1), date(2026, 12, 31))
    assert config.costs == {
        "trade-show": (
            Cost(september, Money(Decimal(86000), "EUR")),
            Cost(autumn, Money(Decimal(900), "USD")),
            Cost(year_of(date(2026, 1, 1)), Money(Decimal(1200), "EUR")),
        )
    }
    assert config.limits.nesting == 30
    assert config.front_matter_fields[-2:] == config.fields


def test_a_declared_word_keeps_the_spellings_of_the_built_in_one() -> None:
    stages = valid("language: zh\nstages: [潜在客户, 谈判, 成交]").stages
    assert [stage.id for stage in stages] == ["contact", "negotiation", "won"]
    assert [stage.label for stage in stages] == ["潜在客户", "谈判", "成交"]
    assert stages.find("initial contact") is stages["contact"]
    assert stages.find("商务谈判") is stages["negotiation"]
    assert stages["negotiation"].probability == Decimal("0.75")
    assert stages.find("方案制定") is None


def test_of_two_words_like_one_built_in_the_namesake_is_it() -> None:
    stages = valid("stages: [报价, 方案制定]").stages
    assert [(stage.id, stage.label) for stage in stages] == [
        ("报价", "报价"),
        ("proposal", "方案制定"),
    ]
    assert stages.find("报价") is stages["报价"]
    assert stages.find("quotation") is stages["proposal"]


def test_the_id_of_a_word_can_be_part_of_a_file_name() -> None:
    stages = valid("stages: ['A/B: test?', '..贰级', '###', '/']").stages
    assert [stage.id for stage in stages] == ["a-b-test", "贰级", "word-3", "word-4"]


def test_an_open_stage_without_probability_weighs_nothing() -> None:
    (stage,) = valid("stages: [试用]").stages
    assert (stage.kind, stage.probability, stage.max_idle_days) == (
        StageKind.OPEN,
        Decimal(0),
        None,
    )


def test_a_built_in_stage_of_another_kind_does_not_keep_its_probability() -> None:
    (stage,) = valid("stages: [{id: after-sales, kind: open}]").stages
    assert stage.probability == 0


@pytest.mark.parametrize(
    ("text", "code", "place", "words"),
    [
        ("titel: x", "config-unknown-key", (1, 1), "‘titel’ is not a setting"),
        ("language: fr", "config-invalid", (1, 11), "‘fr’ is none of: zh, en"),
        ("timezone: Mars", "config-invalid", (1, 11), "no time zone ‘Mars’"),
        ("timezone: ../x", "config-invalid", (1, 11), "no time zone"),
        ("currency: RMB", "config-invalid", (1, 11), "‘RMB’ is not a currency code"),
        ("rates: {XXQ: 1}", "config-invalid", (1, 9), "‘XXQ’ is not a currency code"),
        ("rates: {USD: 1e400}", "config-invalid", (1, 14), "‘1e400’ is above 1000000000"),
        ("rates: {USD: 0}", "config-invalid", (1, 14), "‘0’ is not above 0"),
        ("rates: {USD: much}", "config-invalid", (1, 14), "‘much’ is not a number"),
        ("order: random", "config-invalid", (1, 8), "none of: newest-first, oldest-first"),
        ("order: [newest-first]", "config-invalid", (1, 1), "order: one text is wanted"),
        ("stages: [{id: a, probability: {b: 1}}]", "config-invalid", (1, 18), "one text is wanted"),
        ("stages: open", "config-invalid", (1, 9), "a list is wanted"),
        ("stages: [[a]]", "config-invalid", (1, 10), "`key: value` lines are wanted"),
        ("stages: [{kind: odd, id: a}]", "config-invalid", (1, 17), "none of: open, won, lost"),
        ("stages: [{id: a, probability: 2}]", "config-invalid", (1, 31), "‘2’ is above 1"),
        ("levels: [{id: a, max_idle_days: 0}]", "config-invalid", (1, 33), "‘0’ is below 1"),
        ("levels: [{id: a, max_idle_days: x}]", "config-invalid", (1, 33), "no whole number"),
        ("levels: [{id: a b}]", "config-invalid", (1, 15), "may hold letters"),
        ("levels: [{max_idle_days: 3}]", "config-invalid", (1, 10), "needs an id or a label"),
        ("owners: [{email: a}]", "config-invalid", (1, 10), "it is missing"),
        ("owners: [a, a]", "config-invalid", (1, 13), "‘a’ already means ‘a’"),
        ("fields: {x: {type: float}}", "config-invalid", (1, 20), "‘float’ is none of"),
        ("fields: {x: {requird: y}}", "config-unknown-key", (1, 14), "‘requird’"),
        ("fields: {x: {required: maybe}}", "config-invalid", (1, 24), "neither true nor false"),
        ("fields: {x: {type: choice}}", "config-invalid", (1, 10), "a choice needs its choices"),
        ("fields: {name: {}}", "config-invalid", (1, 10), "‘name’ already means ‘name’"),
        ("fields: {x: {label: 报价}}", "config-invalid", (1, 10), "‘报价’ already means ‘offers’"),
        ("fields: {x: {}, y: {label: X}}", "config-invalid", (1, 17), "‘X’ already means ‘x’"),
        ("followup_fields: {n: {label: 下次}}", "config-invalid", (1, 19), "already means ‘next’"),
        ("rules: {stale: of}", "config-invalid", (1, 16), "none of: error, warning, info, off"),
        ("limits: {nesting: 1}", "config-invalid", (1, 19), "‘1’ is below 2"),
        ("limits: {depth: 1}", "config-unknown-key", (1, 10), "‘depth’"),
        ("profiles: {a: {hide: b}}", "config-invalid", (1, 22), "a list is wanted"),
        ("profiles: {a: {hide: [value, b]}}", "config-invalid", (1, 30), "‘b’ is no field"),
        ("profiles: {a: {hidden: []}}", "config-unknown-key", (1, 16), "‘hidden’"),
        ("views: {a: {label: b}}", "config-invalid", (1, 9), "it is missing"),
        ("views: {a b: x}", "config-invalid", (1, 9), "may hold letters"),
        ("views: {a: ''}", "config-invalid", (1, 9), "the text is empty"),
        ("forecast: {commit: 70}", "config-invalid", (1, 20), "‘70’ is above 1"),
        ("forecast: {comit: 0.7}", "config-unknown-key", (1, 12), "‘comit’"),
        ("costs: {trade show: 300}", "config-invalid", (1, 21), "`key: value` lines"),
        ("costs: {trade shw: {2026: 3}}", "config-invalid", (1, 9), "none of the sources"),
        ("costs: {website: {Q4: 3}}", "config-invalid", (1, 19), "‘Q4’ names no time"),
        ("costs: {website: {2026-..: 3}}", "config-invalid", (1, 19), "names no time"),
        ("costs: {website: {2026: much}}", "config-invalid", (1, 25), "is not an amount"),
        ("edit_url: 'javascript:{path}'", "config-invalid", (1, 11), "none of the schemes https,"),
        ("edit_url: /edit/{path}", "config-invalid", (1, 11), "none of the schemes"),
        ("edit_url: https://a/{pth}", "config-invalid", (1, 11), "none of {path}, {root}, {line}"),
        ("edit_url: https://a/{path", "config-invalid", (1, 11), "a placeholder that is none of"),
        ("edit_url: https://a/{line}", "config-invalid", (1, 11), "with {path} which file"),
        ("edit_url: https://a b/{path}", "config-invalid", (1, 11), "write %20 for one"),
        ("title: [a]", "config-invalid", (1, 1), "one text is wanted"),
        ("title: a\ntitle: b", "duplicate-key", (2, 1), "‘title’ stands twice"),
        ("just words", "config-invalid", (1, 1), "must hold `key: value` lines"),
        ("title: [", "yaml-syntax", (1, 9), "is not closed"),
    ],
)
def test_wrong_settings_are_located(
    text: str, code: str, place: tuple[int, int], words: str
) -> None:
    problem = problem_of(text)
    assert problem.code == code
    assert words in str(problem.message)
    assert words not in problem.message.render(translations("zh").gettext)
    assert problem.span[:2] == place


def test_an_unknown_setting_names_the_nearest() -> None:
    assert str(problem_of("langauge: zh").hint) == "did you mean ‘language’?"
    assert str(problem_of("stages: [{id: a, probabilty: 1}]").hint) == "did you mean ‘probability’?"
    assert str(problem_of("costs: {webste: {2026: 1}}").hint) == "did you mean ‘website’?"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("stages: [{id: a}, {id: a, label: b}]", Span(1, 19, 1, 36)),
        ("levels: [甲, 乙, 甲]", Span(1, 16, 1, 17)),
        ("sources: [{id: a, label: x}, {id: b, label: X}]", Span(1, 30, 1, 47)),
        ("methods: [电话, {id: call}]", Span(1, 15, 1, 25)),
        ("owners: [李雷, {name: 韩, aliases: [李雷]}]", Span(1, 14, 1, 38)),
    ],
)
def test_two_words_that_could_be_taken_for_one_another(text: str, where: Span) -> None:
    problem = problem_of(text)
    assert "already means" in str(problem.message)
    assert problem.span == where


def test_no_more_is_dropped_than_is_wrong() -> None:
    config, problems = parse_config(
        "title: T\nlanguage: fr\nstages: [{id: a, probability: 7, max_idle_days: 3}, [b], c]\n"
        "owners: [{email: x}, 李雷, 李雷]\nrates: {USD: 7, EUR: x}\nrules: {stale: off, x: y}\n"
        "fields: {name: {}, a: {type: nope, label: 甲}, b: {}}\n"
        "views: {a: {query: ''}, b: 'level:A'}\n"
    )
    assert [(view.name, view.query) for view in config.views] == [("b", "level:A")]
    assert config.title == "T"
    assert [stage.id for stage in config.stages] == ["a", "c"]
    assert config.stages["a"].max_idle_days == 3
    assert [owner.label for owner in config.owners] == ["李雷"]
    assert config.rates == {"USD": 7}
    assert config.rules == {"stale": "off"}
    assert [(field.key, field.zh) for field in config.fields] == [("a", "甲"), ("b", "b")]
    lines = [problem.span.line for problem in problems]
    assert lines == sorted(lines)
    # The second 李雷 is the third item of the list, though the first item was dropped.
    assert problems[4].span == Span(4, 26, 4, 28)


def test_the_longest_words_are_found_at_the_start() -> None:
    methods = valid("methods: [{id: om, label: online meeting with many guests}, online]").methods
    found = methods.find_at_start("Online  meeting with many guests Li Lei")
    assert found is not None
    assert (found[0].id, found[1]) == ("om", "Li Lei")
    found = methods.find_at_start("online Li Lei")
    assert found is not None
    assert (found[0].id, found[1]) == ("online", "Li Lei")
    assert methods.find_at_start("") is None
    assert methods.find("-") is None


def test_labels_and_suggestions() -> None:
    stages = default_config("zh").stages
    assert stages.label("won") == "成交"
    assert stages.label("gone") == "gone"
    assert stages.label(None) == ""
    assert stages.nearest("negotation") == "商务谈判"
    assert stages.get(None) is None


def test_the_workspace_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text("", encoding="utf-8")
    below = tmp_path / "records" / "华东"
    below.mkdir(parents=True)
    assert find_workspace(below) == tmp_path.resolve()
    assert find_workspace(tmp_path) == tmp_path.resolve()


def test_no_workspace_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFoundError, match=r"no tracker\.yaml in"):
        find_workspace(tmp_path)


def test_a_file_that_cannot_be_decoded_leaves_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_bytes("title: 启航".encode("gb18030"))
    config, problems = load_config(tmp_path)
    assert [problem.code for problem in problems] == ["encoding"]
    assert config.title == tmp_path.name


def test_the_fingerprint_follows_the_text() -> None:
    assert valid("title: a").fingerprint != valid("title: b").fingerprint
    assert valid("title: a").fingerprint == valid("title: a").fingerprint


KEYS = st.sampled_from(
    [
        *("title", "language", "timezone", "currency", "rates", "order", *VOCABULARIES, "owners"),
        *(
            "fields",
            "followup_fields",
            "rules",
            "profiles",
            "limits",
            "costs",
            "id",
            "label",
            "kind",
            "x",
        ),
        *("name", "type", "choices", "probability", "max_idle_days", "aliases", "nesting"),
        "optional",
    ]
)
VALUES = st.recursive(
    st.sampled_from(
        ["", "a", "'1'", "0.5", "-1", "zh", "won", "name", "报价", "off", "'?'", "999999999999"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(KEYS, inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_no_settings_raise(entries: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in entries.items())
    config, problems = parse_config(text)
    assert len(config.stages) >= 0
    assert all(1 <= problem.span.line <= len(entries) + 1 for problem in problems)


# --- Saved views ------------------------------------------------------------------------------


def test_views_are_named_queries() -> None:
    config, problems = parse_config(
        "language: zh\nviews:\n  逾期: is:overdue\n  hot:\n    label: A 类\n    query: 'level:A'\n"
    )
    assert problems == []
    assert [(view.name, view.label, view.query) for view in config.views] == [
        ("逾期", "逾期", "is:overdue"),
        ("hot", "A 类", "level:A"),
    ]
    assert [view.span[:2] for view in config.views] == [(3, 7), (6, 12)]


def test_a_wrong_view_is_left_out_and_the_others_stay() -> None:
    config, problems = parse_config(
        "views:\n  a/b: is:none\n  empty: {label: x}\n  list: [1]\n"
        "  more: {query: is:won, sort: name}\n  good: is:lost\n"
    )
    assert [view.name for view in config.views] == ["more", "good"]
    assert [(problem.code, *problem.span[:2]) for problem in problems] == [
        ("config-invalid", 2, 3),
        ("config-invalid", 3, 3),
        ("config-invalid", 4, 3),
        ("config-unknown-key", 5, 25),
    ]
