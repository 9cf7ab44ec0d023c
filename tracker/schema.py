"""The one table of fields.

Parsing, editing, documentation, JSON Schema, import columns and completion are all driven by it:
a field is added here and nowhere else.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from tracker.text import fold

PLACE_IN_LIST = re.compile(r"\[[0-9]+\]")
"""The place in a list as a path has it: `[0]` of `contacts[0].phone`."""


class Kind(StrEnum):
    """Type of a field's value."""

    TEXT = "text"
    SLUG = "slug"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    DATE = "date"
    MONEY = "money"
    MONEY_RANGE = "money or range"
    NUMBER = "number"
    BOOL = "bool"
    PATH = "path"
    LIST = "list"
    WORD = "word"
    CHOICE = "choice"
    OWNER = "owner"
    GROUP = "group"
    GROUPS = "list of groups"
    CONTACTS = "contacts"
    ATTITUDE = "attitude"
    CHANGE = "change"
    OFFERS = "quote numbers"
    SERVICE = "service entry"
    NEXT = "next step"


class Field(Struct, frozen=True, eq=False):
    """One field of a record. Compared by identity, which makes tables of them quick to look up.

    Attributes:
        key: The English key, also the attribute of the model.
        zh: The Chinese key.
        kind: Type of the value.
        meaning: What it says, in one sentence (a gettext message id).
        required: Whether a record without it is wrong.
        vocabulary: For words: the list of `tracker.yaml` that they come from.
        children: For groups: their fields.
        others: Further spellings of the key that are understood.
        choices: For a choice of the workspace's own: its words.
    """

    key: str
    zh: str
    kind: Kind
    meaning: str
    required: bool = False
    vocabulary: str | None = None
    children: tuple[Field, ...] = ()
    others: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return every key that means this field."""
        return (self.key, self.zh, *self.others)


CONTACT_FIELDS = (
    Field("name", "姓名", Kind.TEXT, "Name of the person", required=True),
    Field("title", "职位", Kind.TEXT, "Position in the company", others=("职务",)),
    Field("gender", "性别", Kind.TEXT, "Gender, in any words"),
    Field("age", "年龄", Kind.TEXT, "Age or age group"),
    Field("phone", "电话", Kind.PHONE, "Telephone number", others=("手机", "mobile")),
    Field("email", "邮箱", Kind.EMAIL, "E-mail address", others=("电子邮箱",)),
    Field("wechat", "微信", Kind.TEXT, "WeChat id", others=("微信号",)),
    Field("im", "即时通讯", Kind.TEXT, "Any other messenger"),
    Field("authority", "决策权限", Kind.WORD, "Part in the decision", vocabulary="authorities"),
    Field("influence", "影响力", Kind.WORD, "Weight in the decision", vocabulary="influences"),
    Field("preferences", "偏好", Kind.TEXT, "How the person likes to be dealt with"),
    Field("concerns", "关注点", Kind.LIST, "What the person cares about"),
    Field("primary", "主要", Kind.BOOL, "Whether this is the main contact"),
)

NEEDS_FIELDS = (
    Field("core", "核心需求", Kind.LIST, "What the customer says it needs"),
    Field("latent", "潜在需求", Kind.LIST, "What it needs without saying so"),
    Field("pains", "痛点与挑战", Kind.LIST, "What hurts today", others=("痛点",)),
    Field("expected", "期望解决方案", Kind.LIST, "What a solution must bring", others=("期望",)),
)

OFFER_FIELDS = (
    Field("date", "日期", Kind.DATE, "Day of the offer"),
    Field("product", "产品", Kind.TEXT, "What is offered"),
    Field("quote", "报价单号", Kind.TEXT, "Number of the quote"),
    Field("amount", "金额", Kind.MONEY_RANGE, "Price, or a range of prices"),
    Field("terms", "条款", Kind.TEXT, "Terms"),
    Field("proposal", "方案版本", Kind.TEXT, "Version of the proposal"),
    Field("summary", "方案概要", Kind.TEXT, "The proposal in a sentence"),
    Field("file", "附件", Kind.PATH, "File below the workspace, such as attachments/a/q.pdf"),
)

DEAL_ITEM_FIELDS = (
    Field("name", "名称", Kind.TEXT, "What was sold", required=True, others=("产品", "品名")),
    Field("quantity", "数量", Kind.NUMBER, "How many"),
    Field("price", "单价", Kind.MONEY, "Price of one", others=("价格",)),
)

DEAL_FIELDS = (
    Field("contract", "合同编号", Kind.TEXT, "Number of the contract"),
    Field("date", "成交日期", Kind.DATE, "Day of signing"),
    Field("amount", "成交金额", Kind.MONEY, "Amount of the contract"),
    Field("items", "明细", Kind.GROUPS, "Lines of the contract", children=DEAL_ITEM_FIELDS),
    Field("payment", "付款方式", Kind.TEXT, "How it is paid"),
    Field("delivery", "交付周期", Kind.TEXT, "When it is delivered"),
)

LOSS_FIELDS = (
    Field("date", "日期", Kind.DATE, "Day the customer was lost"),
    Field("reason", "原因", Kind.WORD, "Why", vocabulary="loss_reasons"),
    Field("competitor", "竞争对手", Kind.TEXT, "Who won instead"),
    Field("note", "说明", Kind.TEXT, "What to learn from it"),
)

FRONT_MATTER = (
    Field("id", "编号", Kind.SLUG, "Unique name; the file's name without .md where absent"),
    Field(
        "name",
        "客户名称",
        Kind.TEXT,
        "Name of the company",
        required=True,
        others=("公司名称", "company"),
    ),
    Field("short", "简称", Kind.TEXT, "Short name"),
    Field("industry", "所属行业", Kind.TEXT, "Industry", others=("行业",)),
    Field("size", "企业规模", Kind.TEXT, "Number of employees", others=("规模",)),
    Field("business", "主营业务", Kind.TEXT, "What the company makes or does"),
    Field("website", "官网", Kind.URL, "Website", others=("网站", "网址")),
    Field("address", "地址", Kind.TEXT, "Address"),
    Field("region", "地区", Kind.TEXT, "Region", others=("区域",)),
    Field("contacts", "联系人", Kind.GROUPS, "People at the customer", children=CONTACT_FIELDS),
    Field(
        "source",
        "客户来源",
        Kind.WORD,
        "How the customer came to us",
        vocabulary="sources",
        others=("来源",),
    ),
    Field(
        "level", "客户等级", Kind.WORD, "How important it is", vocabulary="levels", others=("等级",)
    ),
    Field(
        "stage",
        "客户阶段",
        Kind.WORD,
        "Where the deal is",
        required=True,
        vocabulary="stages",
        others=("阶段",),
    ),
    Field("owner", "负责人", Kind.OWNER, "Who of us is responsible", required=True),
    Field("created", "建档日期", Kind.DATE, "Day the record was begun"),
    Field("value", "预计金额", Kind.MONEY, "Expected amount"),
    Field("expected_close", "预计成交日期", Kind.DATE, "Expected day of signing"),
    Field("tags", "标签", Kind.LIST, "Free tags"),
    Field(
        "aliases",
        "曾用编号",
        Kind.LIST,
        "Former ids, also of records that were merged into this one; it is found by them too",
    ),
    Field(
        "not_duplicate_of",
        "并非重复",
        Kind.LIST,
        "Ids of customers that are like this one and are not the same; one of both says so",
    ),
    Field("needs", "需求", Kind.GROUP, "Needs analysis", children=NEEDS_FIELDS),
    Field("offers", "报价", Kind.GROUPS, "Products, quotes and proposals", children=OFFER_FIELDS),
    Field("deal", "成交", Kind.GROUP, "The deal", children=DEAL_FIELDS),
    Field("lost", "未成交", Kind.GROUP, "Why there was no deal", children=LOSS_FIELDS),
)
"""Fields of the front matter, in the order of the reference."""

FOLLOWUP_FIELDS = (
    Field("summary", "纪要", Kind.TEXT, "What was said"),
    Field("contact", "联系人", Kind.CONTACTS, "Whom we spoke to", others=("contacts",)),
    Field("topic", "议题", Kind.TEXT, "What it was about"),
    Field("needs", "需求", Kind.TEXT, "Needs that came up"),
    Field("pains", "痛点", Kind.TEXT, "What hurts"),
    Field("expected", "期望", Kind.TEXT, "What the customer expects"),
    Field("concerns", "顾虑", Kind.TEXT, "What holds the customer back"),
    Field("response", "回应", Kind.TEXT, "What we answered and provided"),
    Field(
        "attitude",
        "态度",
        Kind.ATTITUDE,
        "How the customer felt, then free text",
        vocabulary="attitudes",
    ),
    Field("stage", "阶段", Kind.CHANGE, "The change of stage made here", vocabulary="stages"),
    Field("level", "等级", Kind.CHANGE, "The change of level made here", vocabulary="levels"),
    Field(
        "offer",
        "报价",
        Kind.OFFERS,
        "Quote numbers of the record's offers",
        others=("报价单号", "quote"),
    ),
    Field(
        "service", "售后", Kind.SERVICE, "After-sales: KIND [#N] text", vocabulary="service_kinds"
    ),
    Field(
        "next",
        "下次",
        Kind.NEXT,
        "Next step: DATE [TIME] [METHOD] text; goal: text, or none",
        others=("下次跟进", "下一步", "next step"),
    ),
)
"""Fields of a dated section, in canonical order."""

TEXT_FIELDS = tuple(field.key for field in FOLLOWUP_FIELDS if field.kind is Kind.TEXT)


@lru_cache(maxsize=64)
def canonical_order(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields of front matter as they are written: values first, then groups."""
    return tuple(sorted(fields, key=lambda field: bool(field.children)))


@lru_cache(maxsize=64)
def by_spelling(fields: tuple[Field, ...]) -> dict[str, Field]:
    """Return the fields by each folded spelling of their keys."""
    return {fold(spelling): field for field in fields for spelling in field.spellings}


def chinese_name(path: str, fields: tuple[Field, ...]) -> str:
    """Return what a value of the front matter is called in Chinese; its path where nobody knows.

    Args:
        path: Its keys, with places in lists or without: `contacts[0].phone` is 联系人电话.
        fields: The fields of the front matter.
    """
    labels: list[str] = []
    for name in PLACE_IN_LIST.sub("", path).split("."):
        field = next((field for field in fields if field.key == name), None)
        if field is None:
            return path
        fields = field.children
        # 成交金额 and 核心需求 name their groups already.
        labels = [*(label for label in labels if label not in field.zh), field.zh]
    return "".join(labels)


def known_keys(fields: tuple[Field, ...]) -> list[str]:
    """Return the English and Chinese keys of the fields, for suggestions."""
    return [key for field in fields for key in (field.key, field.zh) if key]
