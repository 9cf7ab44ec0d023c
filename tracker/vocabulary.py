"""The built-in words of a sales team, in Chinese and English.

Each word has an id that never changes, a label a language, and other spellings that are
understood. A workspace that declares no list of its own uses these; one that does still
understands the spellings of the built-in words it keeps.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class StageKind(StrEnum):
    """What a stage means for the numbers."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Word(Struct, frozen=True):
    """One built-in word.

    Attributes:
        id: Stable name, used in the names of pages and in exports.
        zh: The Chinese label.
        en: The English label.
        others: Further spellings that mean the same.
    """

    id: str
    zh: str
    en: str
    others: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return every text that means this word."""
        return (self.id, self.zh, self.en, *self.others)


class StageDefaults(Struct, frozen=True):
    """What a built-in stage brings beside its word.

    Attributes:
        word: The word itself.
        kind: Open, won or lost.
        probability: Chance of winning, 0 to 1.
        max_idle_days: Days without contact after which a customer is stale; None for no limit.
    """

    word: Word
    kind: StageKind
    probability: Decimal
    max_idle_days: int | None


STAGES = (
    StageDefaults(
        Word(
            "contact",
            "初步接触",
            "initial contact",
            ("潜在客户", "lead", "prospect", "prospecting", "contacted", "contact made"),
        ),
        StageKind.OPEN,
        Decimal("0.1"),
        30,
    ),
    StageDefaults(
        Word(
            "needs",
            "需求分析",
            "needs analysis",
            ("需求确认", "qualified", "qualification", "qualified to buy", "discovery"),
        ),
        StageKind.OPEN,
        Decimal("0.25"),
        21,
    ),
    StageDefaults(
        Word(
            "proposal",
            "方案制定",
            "proposal",
            (
                "方案报价",
                "报价",
                "quotation",
                "quoted",
                "proposal sent",
                "proposal made",
                "proposal/price quote",
            ),
        ),
        StageKind.OPEN,
        Decimal("0.5"),
        14,
    ),
    StageDefaults(
        Word(
            "negotiation",
            "商务谈判",
            "negotiation",
            (
                "合同谈判",
                "谈判",
                "negotiating",
                "negotiations started",
                "negotiation/review",
                "contract sent",
            ),
        ),
        StageKind.OPEN,
        Decimal("0.75"),
        10,
    ),
    StageDefaults(
        Word("won", "成交", "won", ("已成交", "赢单", "closed won", "签约")),
        StageKind.WON,
        Decimal(1),
        None,
    ),
    StageDefaults(
        Word("after-sales", "售后服务", "after-sales", ("售后", "after sales service")),
        StageKind.WON,
        Decimal(1),
        None,
    ),
    StageDefaults(
        Word("lost", "未成交", "lost", ("流失", "丢单", "输单", "closed lost")),
        StageKind.LOST,
        Decimal(0),
        None,
    ),
)

LEVELS = (
    (Word("a", "A", "A", ("A类", "A级", "重点客户", "key", "key account", "hot", "high")), 14),
    (Word("b", "B", "B", ("B类", "B级", "普通客户", "regular", "warm", "medium")), 30),
    (Word("c", "C", "C", ("C类", "C级", "一般客户", "minor", "cold", "low")), 60),
)
"""Levels with the days without contact after which such a customer is stale."""

SOURCES = (
    Word("trade-show", "展会", "trade show", ("exhibition", "fair", "trade fair", "展览会")),
    Word(
        "referral",
        "转介绍",
        "referral",
        (
            "介绍",
            "推荐",
            "客户介绍",
            "recommendation",
            "word of mouth",
            "customer referral",
            "employee referral",
            "external referral",
        ),
    ),
    Word(
        "website",
        "官网",
        "website",
        ("网站", "官网咨询", "inbound", "web", "web form", "contact form"),
    ),
    Word("advertisement", "广告", "advertisement", ("ad", "advert", "advertising")),
    Word("cold-call", "电话开发", "cold call", ("陌生拜访", "电销", "cold calling")),
    Word(
        "web-search", "网络搜索", "web search", ("搜索引擎", "search", "Google", "organic search")
    ),
    Word("existing-customer", "老客户", "existing customer", ("复购", "repeat")),
    Word("partner", "合作伙伴", "partner", ("渠道", "channel", "代理", "partner referral")),
    Word(
        "social-media",
        "社交媒体",
        "social media",
        ("抖音", "小红书", "LinkedIn", "Facebook", "Instagram"),
    ),
    Word("other", "其他", "other", ("其它",)),
)

METHODS = (
    Word("call", "电话", "call", ("phone", "phone call", "tel", "telephone", "电话沟通")),
    Word("email", "邮件", "email", ("mail", "e-mail", "电子邮件")),
    Word(
        "visit",
        "面谈",
        "visit",
        ("拜访", "上门", "上门拜访", "meeting", "site visit", "face to face", "in person"),
    ),
    Word("wechat", "微信", "WeChat", ("企业微信",)),
    Word("sms", "短信", "SMS", ("text message",)),
    Word(
        "online-meeting",
        "视频会议",
        "online meeting",
        (
            "线上会议",
            "在线会议",
            "video call",
            "video meeting",
            "Zoom",
            "Zoom call",
            "Teams",
            "Teams call",
            "Teams meeting",
            "Google Meet",
        ),
    ),
    Word("customer-visit", "来访", "customer visit", ("客户来访", "showroom")),
    Word("other", "其他", "other", ("其它",)),
)

ATTITUDES = (
    Word(
        "positive",
        "积极",
        "positive",
        ("正面", "感兴趣", "interested", "keen", "enthusiastic", "warm"),
    ),
    Word("neutral", "中立", "neutral", ("一般", "中性", "undecided", "lukewarm")),
    Word("negative", "消极", "negative", ("负面", "抵触", "not interested", "unhappy", "cold")),
)

AUTHORITIES = (
    Word(
        "decision-maker",
        "决策者",
        "decision maker",
        ("决策人", "拍板人", "budget holder", "economic buyer"),
    ),
    Word("influencer", "影响者", "influencer", ("影响人",)),
    Word("user", "使用者", "user", ("使用人", "执行者", "end user")),
    Word("gatekeeper", "把关者", "gatekeeper", ("把关人",)),
)

INFLUENCES = (
    Word("high", "高", "high", ("大",)),
    Word("medium", "中", "medium", ("middle",)),
    Word("low", "低", "low", ("小",)),
)

LOSS_REASONS = (
    Word("price", "价格", "price", ("价格太高", "too expensive", "pricing")),
    Word("competitor", "竞争对手", "competitor", ("竞品", "lost to competitor")),
    Word("product-fit", "产品不符", "product fit", ("产品不匹配",)),
    Word("lead-time", "交期", "lead time", ("交货期", "delivery time")),
    Word("budget-cut", "预算取消", "budget cut", ("没有预算", "no budget", "budget")),
    Word("project-cancelled", "项目取消", "project cancelled", ("project canceled", "需求消失")),
    Word("no-response", "失去联系", "no response", ("联系不上", "unresponsive", "went quiet")),
    Word("other", "其他", "other", ("其它",)),
)

SERVICE_KINDS = (
    Word("delivery", "交付", "delivery", ("交货", "发货")),
    Word("training", "培训", "training", ()),
    Word("problem", "问题", "problem", ("故障", "报修", "issue")),
    Word("visit", "回访", "visit", ("巡检", "follow-up visit")),
    Word("resolved", "已解决", "resolved", ("解决", "closed", "fixed")),
)

NEXT_STATES = (
    Word("overdue", "逾期", "overdue", ("已逾期", "过期", "late")),
    Word("today", "今天", "today", ("今日", "当天", "今天到期", "due today")),
    Word("planned", "计划", "planned", ("已计划", "有计划", "计划中")),
    Word(
        "none",
        "无计划",
        "none",
        ("没有计划", "无", "没有", "无下次跟进", "unplanned", "no next step"),
    ),
)
"""States of a next step that customers are asked for by."""

STALE = Word("stale", "冷却", "stale", ("沉睡", "停滞", "久未联系", "cold", "idle"))
"""What a customer is whom nobody has spoken to for too long."""

NO_NEXT_STEP = ("none", "无", "没有", "no", "-")
"""Texts of a `next` field that end the plan on purpose."""

TRUE_WORDS = ("yes", "true", "是", "y", "1", "有", "对")
FALSE_WORDS = ("no", "false", "否", "n", "0", "无", "不")
