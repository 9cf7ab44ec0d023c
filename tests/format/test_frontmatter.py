"""Front matter: every element in both languages, and what is wrong in it."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tracker.config import Limits
from tracker.config_file import default_config, parse_config
from tracker.diagnostics import Problem, Span
from tracker.format.frontmatter import HANDLER, split
from tracker.format.parser import Parsed, parse_record
from tracker.model import Contact, Customer, Deal, DealItem, Loss, Needs, Offer
from tracker.money import Money, MoneyRange
from tracker.spans import NO_SPANS

LIMITS = Limits()
ZH = default_config("zh")


def parse(matter: str, path: str = "records/a.md", settings: str = "language: zh") -> Parsed:
    return parse_record(f"---\n{matter}\n---\n", path, parse_config(settings)[0])


def record(matter: str, settings: str = "language: zh") -> Customer:
    parsed = parse(matter, settings=settings)
    assert parsed.problems == ()
    assert parsed.customer
    return parsed.customer


def problem_of(matter: str, settings: str = "language: zh") -> Problem:
    parsed = parse(f"name: 恒达\nstage: 初步接触\nowner: 李雷\n{matter}", settings=settings)
    assert len(parsed.problems) == 1, parsed.problems
    assert parsed.customer
    return parsed.problems[0]


REQUIRED = "name: 恒达\nstage: won\nowner: 李雷\n"

ENGLISH = """\
id: hengda
name: 恒达精密机械有限公司
short: 恒达
industry: 制造业
size: 200-500人
business: 数控机床零部件
website: https://www.example.com/a?b=1
address: 江苏省苏州市工业园区示例路 8 号
region: 华东
contacts:
  - name: 王芳
    title: 采购经理
    gender: 女
    age: 35
    phone: 0512-66881234
    email: wang.fang@example.com
    wechat: wangfang_hd
    im: "@wang"
    authority: influencer
    influence: high
    preferences: 喜欢先看数据
    concerns: [价格, 交期]
    primary: yes
  - name: 李明
source: trade show
level: a
stage: negotiation
owner: 李雷
created: 2026-09-02
value: 480000 CNY
expected_close: 2026/12/20
tags: [机床, 华东]
needs:
  core: [缩短交期]
  latent: [设备远程运维]
  pains:
    - 旧设备精度下降导致返工
  expected: 分批交付、首批 30 天内到位
offers:
  - date: 2026年10月18日
    product: X200 加工中心
    quote: Q-2026-031
    amount: 450000-500000 CNY
    terms: 三年质保
    proposal: v2
    summary: 两台 X200,分两批交付
    file: attachments/hengda/Q-2026-031.pdf
deal:
  contract: HT-1
  date: 2026-11-01
  amount: ¥48万
  items:
    - name: X200
      quantity: 2
      price: 240,000
  payment: 三三四
  delivery: 90 天
lost:
  date: 2026-11-02
  reason: price
  competitor: 某公司
  note: 下次早报价"""

CHINESE = """\
编号: hengda
客户名称: 恒达精密机械有限公司
简称: 恒达
所属行业: 制造业
企业规模: 200-500人
主营业务: 数控机床零部件
官网: https://www.example.com/a?b=1
地址: 江苏省苏州市工业园区示例路 8 号
地区: 华东
联系人:
  - 姓名: 王芳
    职位: 采购经理
    性别: 女
    年龄: 35
    电话: 0512-66881234
    邮箱: wang.fang@example.com
    微信: wangfang_hd
    即时通讯: "@wang"
    决策权限: 影响者
    影响力: 高
    偏好: 喜欢先看数据
    关注点: [价格, 交期]
    主要: 是
  - 姓名: 李明
客户来源: 展会
客户等级: A
客户阶段: 商务谈判
负责人: 李雷
建档日期: 2026年9月2日
预计金额: 48万元
预计成交日期: 2026-12-20
标签: 机床、华东
需求:
  核心需求: [缩短交期]
  潜在需求: [设备远程运维]
  痛点与挑战: [旧设备精度下降导致返工]
  期望解决方案: [分批交付, 首批 30 天内到位]
报价:
  - 日期: 2026-10-18
    产品: X200 加工中心
    报价单号: Q-2026-031
    金额: 45-50万
    条款: 三年质保
    方案版本: v2
    方案概要: 两台 X200,分两批交付
    附件: attachments/hengda/Q-2026-031.pdf
成交:
  合同编号: HT-1
  成交日期: 2026-11-01
  成交金额: 480000
  明细:
    - 名称: X200
      数量: 2
      单价: 24万
  付款方式: 三三四
  交付周期: 90 天
未成交:
  日期: 2026-11-02
  原因: 价格
  竞争对手: 某公司
  说明: 下次早报价"""


def without_places(customer: Customer) -> Customer:
    return replace(customer, spans=NO_SPANS)


def test_every_element_of_the_form() -> None:
    yuan = Money(Decimal(480000), "CNY")
    assert without_places(record(ENGLISH)) == Customer(
        path="records/a.md",
        id="hengda",
        name="恒达精密机械有限公司",
        short="恒达",
        industry="制造业",
        size="200-500人",
        business="数控机床零部件",
        website="https://www.example.com/a?b=1",
        address="江苏省苏州市工业园区示例路 8 号",
        region="华东",
        contacts=(
            Contact(
                name="王芳",
                title="采购经理",
                gender="女",
                age="35",
                phone="0512-66881234",
                email="wang.fang@example.com",
                wechat="wangfang_hd",
                im="@wang",
                authority="influencer",
                influence="high",
                preferences="喜欢先看数据",
                concerns=("价格", "交期"),
                primary=True,
            ),
            Contact("李明"),
        ),
        source="trade-show",
        level="a",
        stage="negotiation",
        owner="李雷",
        created=date(2026, 9, 2),
        value=yuan,
        expected_close=date(2026, 12, 20),
        tags=("机床", "华东"),
        needs=Needs(
            core=("缩短交期",),
            latent=("设备远程运维",),
            pains=("旧设备精度下降导致返工",),
            expected=("分批交付", "首批 30 天内到位"),
        ),
        offers=(
            Offer(
                date=date(2026, 10, 18),
                product="X200 加工中心",
                quote="Q-2026-031",
                amount=MoneyRange(Money(Decimal(450000), "CNY"), Money(Decimal(500000), "CNY")),
                terms="三年质保",
                proposal="v2",
                summary="两台 X200,分两批交付",
                file="attachments/hengda/Q-2026-031.pdf",
            ),
        ),
        deal=Deal(
            contract="HT-1",
            date=date(2026, 11, 1),
            amount=yuan,
            items=(DealItem("X200", Decimal(2), Money(Decimal(240000), "CNY")),),
            payment="三三四",
            delivery="90 天",
        ),
        lost=Loss(date(2026, 11, 2), "price", "某公司", "下次早报价"),
    )


def test_chinese_and_english_keys_and_words_give_the_same_record() -> None:
    assert without_places(record(CHINESE)) == without_places(record(ENGLISH))
    english = record(CHINESE, settings="language: en\ncurrency: CNY")
    assert without_places(english) == without_places(record(ENGLISH))


def test_the_id_is_the_file_s_name_where_none_is_written() -> None:
    parsed = parse("name: A\nstage: won\nowner: B", path="records/华东/恒达.md")
    assert parsed.customer
    assert parsed.customer.id == "恒达"


def test_places_lead_to_the_values() -> None:
    customer = record(ENGLISH)
    lines = ENGLISH.split("\n")
    value = lines.index("value: 480000 CNY") + 2
    email = lines.index("    email: wang.fang@example.com") + 2
    assert customer.span("value") == Span(value, 8, value, 18)
    assert customer.span("contacts[0].email") == Span(email, 12, email, 33)
    assert customer.span("contacts[1].email") == customer.span("contacts[1]")
    assert customer.span("contacts[7].email") == customer.span("contacts")
    assert customer.span("deal.items[0].price").line == lines.index("      price: 240,000") + 2
    assert customer.span("tags[1]") == Span(value + 2, 12, value + 2, 14)
    assert customer.span("nothing") == Span(1, 1, 1, 1)


def test_declared_fields_of_every_type() -> None:
    settings = """
language: zh
fields:
  on: {label: 开机, type: bool}
  content: {label: 内容}
  handler: {label: 经手, type: list}
  lines: {label: 产线数量(条), type: number}
  audit: {label: 验厂, type: date}
  budget: {label: 预算, type: money}
  brand: {label: 品牌, choices: [国产, 日系]}
  shop: {label: 网店, type: url}
"""
    base = "name: A\nstage: won\nowner: B\n"
    english = record(
        f"{base}on: yes\ncontent: c\nhandler: [a, b]\nlines: 1,200.5\naudit: 2026-01-02\n"
        "budget: 5万\nbrand: 日系\nshop: http://a.example",
        settings,
    )
    chinese = record(
        f"{base}开机: 是\n内容: c\n经手: a、b\n产线数量(条): 1200.5\n验厂: 2026年1月2日\n"
        "预算: 50000\n品牌: 日系\n网店: http://a.example",
        settings,
    )
    assert (
        english.fields
        == chinese.fields
        == {
            "on": True,
            "content": "c",
            "handler": ("a", "b"),
            "lines": Decimal("1200.5"),
            "audit": date(2026, 1, 2),
            "budget": Money(Decimal(50000), "CNY"),
            "brand": "日系",
            "shop": "http://a.example",
        }
    )


def test_integers_and_words_of_yaml_stay_text() -> None:
    customer = record("name: 010\nshort: no\nsize: 12:30\naddress: 1_000\nstage: won\nowner: ~")
    assert (customer.name, customer.short, customer.size) == ("010", "no", "12:30")
    assert (customer.address, customer.owner) == ("1_000", "~")


@pytest.mark.parametrize(
    ("matter", "code", "words"),
    [
        ("created: 2026-02-30", "invalid-date", "there is no day 2026-02-30"),
        ("created: ２０２６-01-02", "invalid-date", "is not a date"),
        ("value: lots", "invalid-money", "‘lots’ is not an amount"),
        ("website: www.example.com", "invalid-url", "write it as https://"),
        ("website: ftp://a.example", "invalid-url", "not a web address"),
        ("contacts: [{name: A, email: a@b}]", "invalid-email", "not an e-mail address"),
        ("contacts: [{name: A, phone: call me}]", "invalid-phone", "not a telephone number"),
        ("contacts: [{name: A, phone: 12}]", "invalid-phone", "not a telephone number"),
        ("contacts: [{name: A, primary: maybe}]", "invalid-bool", "neither yes nor no"),
        ("contacts: [{title: A}]", "missing-required", "‘name’ (姓名) is missing"),
        ("contacts: [A]", "wrong-shape", "‘contacts’ takes `key: value` lines"),
        ("contacts: A", "wrong-shape", "a list of `key: value` groups"),
        ("deal: [a]", "wrong-shape", "‘deal’ takes `key: value` lines"),
        ("tags: {a: b}", "wrong-shape", "‘tags’ takes a list"),
        ("short: [a]", "wrong-shape", "‘short’ takes one value"),
        ("deal: {items: [{name: a, quantity: 2 Stück}]}", "invalid-number", "‘2 Stück’"),
        (f"deal: {{items: [{{name: a, quantity: {10**20}}}]}}", "invalid-number", "20 characters"),
        ("id: a b", "invalid-id", "‘a b’ is not an id"),
        ("id: ../x", "invalid-id", "is not an id"),
        ("level: X", "unknown-word", "‘X’ is not one of levels"),
        ("source: 展绘", "unknown-word", "‘展绘’ is not one of sources"),
        ("lost: {reason: bad luck}", "unknown-word", "‘bad luck’ is not one of loss_reasons"),
        ("industy: x", "unknown-key", "‘industy’ is not a known key"),
        ("short: a\nshort: b", "duplicate-key", "‘short’ stands twice: here and in line 5"),
        ("short: a\n简称: b", "duplicate-key", "‘简称’ stands twice: here and in line 5"),
        ("short: &a b", "yaml-feature", "an anchor"),
        ("short: a #2", "cut-by-comment", "‘#2’ is read as a comment"),
    ],
)  # fmt: skip
def test_wrong_values_are_located_by_their_kind(matter: str, code: str, words: str) -> None:
    problem = problem_of(matter)
    assert problem.code == code
    assert words in str(problem.message)
    assert problem.span.line == matter.count("\n") + 5


@pytest.mark.parametrize(
    ("matter", "hint"),
    [
        ("industy: x", "did you mean ‘industry’?"),
        ("客户来原: x", "did you mean ‘客户来源’?"),
        ("source: 展绘", "did you mean ‘展会’?"),
        ("lost: {reason: prize}", "did you mean ‘价格’?"),
    ],
)
def test_the_nearest_word_is_named(matter: str, hint: str) -> None:
    assert str(problem_of(matter).hint) == hint


def test_what_is_required() -> None:
    parsed = parse("short: a")
    assert [problem.code for problem in parsed.problems] == ["missing-required"] * 3
    assert [str(p.message) for p in parse("name:\nstage: won\nowner: B").problems] == [
        "‘name’ is empty"
    ]
    # An unknown stage is one problem, not a missing stage as well.
    (problem,) = parse("name: A\nstage: nowhere\nowner: B").problems
    assert problem.code == "unknown-word"


@pytest.mark.parametrize(
    "phone", ["+86 512 6688 1234", "(0512) 6688-1234", "400-800-1234 转 8", "110"]
)
def test_telephone_numbers_of_many_shapes(phone: str) -> None:
    (contact,) = record(
        f"name: A\nstage: won\nowner: B\ncontacts: [{{name: C, phone: '{phone}'}}]"
    ).contacts
    assert contact.phone == phone


def test_one_broken_entry_does_not_hide_the_others() -> None:
    parsed = parse("name: 恒达\naddress: 'open\nstage: won\nlevel: A\nvalue: a: b\nowner: 李雷")
    assert [(p.code, p.span.line) for p in parsed.problems] == [
        ("yaml-syntax", 3),
        ("yaml-syntax", 6),
    ]
    assert parsed.customer
    assert (parsed.customer.name, parsed.customer.stage) == ("恒达", "won")
    assert (parsed.customer.level, parsed.customer.owner) == ("a", "李雷")


def test_a_line_above_the_first_entry_is_reported() -> None:
    parsed = parse("--\nname: 恒达\nstage: won\nowner: 李雷")
    assert [problem.code for problem in parsed.problems] == ["yaml-syntax"]
    assert parsed.customer
    assert parsed.customer.name == "恒达"


@pytest.mark.parametrize(
    ("matter", "places"),
    [
        ("name：恒达\nstage: won\nowner: 李雷", [(2, 5)]),
        ("name: 恒达\nstage：won\nowner：李雷", [(3, 6), (4, 6)]),
        ("客户名称：恒达\n阶段：成交\n负责人：李雷", [(2, 5), (3, 3), (4, 4)]),
        (f"{REQUIRED}contacts:\n  - name：王芳\n    phone：110", [(6, 9), (7, 10)]),
        (f"{REQUIRED}contacts:\n  - name: 王芳\n    phone：110", [(7, 10)]),
        (f"{REQUIRED}needs:\n  core：a", [(6, 7)]),
        (f"{REQUIRED}deal:\n  items:\n    - name：a", [(7, 11)]),
    ],
)  # fmt: skip
def test_full_width_colons_are_mended_and_reported(
    matter: str, places: list[tuple[int, int]]
) -> None:
    parsed = parse(matter)
    assert [problem.code for problem in parsed.problems] == ["full-width-colon"] * len(places)
    assert [problem.span[:2] for problem in parsed.problems] == places
    assert parsed.customer
    assert (parsed.customer.name, parsed.customer.stage) == ("恒达", "won")
    assert parsed.customer.owner == "李雷"
    for contact in parsed.customer.contacts:
        assert (contact.name, contact.phone) == ("王芳", "110")


def test_full_width_colons_in_texts_are_left_alone() -> None:
    customer = record(
        "name: 恒达：苏州\nstage: won\nowner: 李雷\nbusiness: |\n  产品：机床\n"
        "needs:\n  core:\n    - 产品：精度"
    )
    assert customer.name == "恒达：苏州"
    assert customer.business == "产品：机床"
    assert customer.needs.core == ("产品：精度",)


def test_a_declared_key_with_a_full_width_colon_is_mended() -> None:
    parsed = parse(
        "name: A\nstage: won\nowner: B\n产线数量：3",
        settings="language: zh\nfields: {lines: {label: 产线数量, type: number}}",
    )
    assert [problem.code for problem in parsed.problems] == ["full-width-colon"]
    assert parsed.customer
    assert parsed.customer.fields == {"lines": 3}


def test_a_key_without_its_blank_is_told_how_to_write_it() -> None:
    parsed = parse("name: A\nstage: won\nowner: B\nlevel:A")
    (problem,) = parsed.problems
    assert (problem.code, problem.span.line) == ("yaml-syntax", 5)
    assert "blank before the value" in str(problem.hint)


def test_missing_front_matter() -> None:
    parsed = parse_record("# 恒达\n\n## 2026-13-40 电话\n", "records/a.md", ZH)
    assert parsed.customer is None
    assert [problem.code for problem in parsed.problems] == [
        "front-matter-missing",
        "heading-unreadable",
    ]


def test_blank_lines_before_front_matter_are_an_error_and_read_over() -> None:
    parsed = parse_record(
        "\n \n---\nname: A\nstage: won\nowner: B\nx: y\n---\nText", "records/a.md", ZH
    )
    assert [(p.code, p.span.line) for p in parsed.problems] == [
        ("front-matter-missing", 1), ("unknown-key", 7),
    ]  # fmt: skip
    assert str(parsed.problems[0].hint) == "take away what is blank before the first line ---"
    assert parsed.customer
    assert (parsed.customer.name, parsed.customer.background) == ("A", "Text")


@pytest.mark.parametrize(
    "text",
    [
        "---\nname: A\nstage: won\nowner: B\n\n## 2026-11-20 10:00 电话\n\nHello\n",
        "---\nname: A\nstage: won\nowner: B\n\n## 2026-11-20 10:00 电话\n\nHello\n\n---\n\nmore\n",
    ],
    ids=["no line of dashes", "a rule in the body"],
)
def test_unterminated_front_matter_ends_at_the_first_dated_heading(text: str) -> None:
    parsed = parse_record(text, "records/a.md", ZH)
    assert [(p.code, p.span.line) for p in parsed.problems] == [("front-matter-unterminated", 1)]
    assert parsed.customer
    assert parsed.customer.stage == "won"
    assert parsed.customer.followups[0].span.line == 6
    assert "Hello" in parsed.customer.followups[0].summary


@pytest.mark.parametrize("text", ["---", "---\n", "---\n---", "---\n---\n", "---  \n--- \n"])
def test_empty_front_matter_misses_what_is_required(text: str) -> None:
    parsed = parse_record(text, "records/a.md", ZH)
    codes = {problem.code for problem in parsed.problems}
    assert codes <= {"missing-required", "front-matter-unterminated"}
    assert "missing-required" in codes
    assert parsed.customer
    assert parsed.customer.name == "a"


def test_the_limits_are_the_workspace_s() -> None:
    settings = "limits: {front_matter: 300, nesting: 3}"
    parsed = parse(f"name: {'x' * 300}", settings=settings)
    assert [problem.code for problem in parsed.problems] == ["front-matter-size"]
    assert parsed.customer is None
    assert "yaml-depth" in [p.code for p in parse("name: [[[[a]]]]", settings=settings).problems]


def test_markers_of_a_merge_are_reported_and_both_sides_read() -> None:
    text = (
        "---\nname: A\n<<<<<<< HEAD\nstage: won\n||||||| base\nstage: needs\n=======\n"
        "stage: lost\n>>>>>>> b\nowner: B\n---\n\nTitle\n=======\n\n"
        "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> b\n"
    )
    parsed = parse_record(text, "records/a.md", ZH)
    assert [(p.code, p.span.line) for p in parsed.problems] == [
        ("conflict-marker", 3),
        ("conflict-marker", 5),
        ("duplicate-key", 6),
        ("conflict-marker", 7),
        ("duplicate-key", 8),
        ("conflict-marker", 9),
        ("conflict-marker", 16),
        ("conflict-marker", 18),
        ("conflict-marker", 20),
    ]
    assert parsed.customer
    assert (parsed.customer.stage, parsed.customer.owner) == ("won", "B")


def test_the_handler_serves_python_frontmatter() -> None:
    matter, body = HANDLER.split("---\na: 1\n---\nb")
    assert (matter.strip(), body.strip()) == ("a: 1", "b")
    assert [key.text for key, _ in HANDLER.load(matter).root.entries] == ["a"]


def test_lines_of_the_body_are_numbered_in_the_file() -> None:
    parts = split("---\nname: A\n---\nfirst\n", LIMITS)
    assert parts.body_line == 3
    assert parts.body == "\nfirst\n"


@pytest.mark.parametrize(
    "unit",
    [
        *("a\n", "a：b\n", "a: [\n", "- a\n", "a: 'b\n", "[", "{", "a: b\n", "?\n", "a: &x b\n"),
        "contacts:\n  - {}\n",
    ],
)
def test_front_matter_full_of_one_thing_is_read_at_once(unit: str) -> None:
    begin = time.process_time()
    parsed = parse(unit * (60_000 // len(unit)))
    assert parsed.problems
    assert time.process_time() - begin < 5
