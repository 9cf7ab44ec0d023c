"""How like two customers are: by names without what many share, numbers, accounts, addresses.

Names are compared without legal form, place, punctuation, case and width. The places are China's
provinces and prefecture-level cities (GB/T 2260), as companies there put one before their name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from rapidfuzz import fuzz

from tracker.format.values import EXTENSION
from tracker.sounds import sounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.model import Contact, Customer

_CHINESE_FORMS = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|总公司|公司|集团|股份|控股|有限合伙|合伙企业)$"
)
_LATIN_FORMS = frozenset(
    (  # noqa: SIM905  # one word a line would take a page
        "ab ag and as asa bhd bv co company corp corporation gbr gmbh group holding holdings inc "
        "incorporated kft kg kgaa kk limited llc llp ltd ltda mbh nv ohg oy oyj plc pte pty sa "
        "sarl sas sdn se sl spa srl sro spzoo ug und"
    ).split()
)
_WORDS = re.compile(r"[^\W_]+")
_EXTENSION = re.compile(rf"{EXTENSION.pattern}[0-9]+\s*$", re.IGNORECASE)
_INTERNATIONAL = re.compile(r"\s*(?:\+|00)\s*")
_WECHAT = re.compile(r"[a-z][a-z0-9_-]{5,19}")
_NO_DIGITS = re.compile(r"[^0-9]+")
_TRUNK = "(0)"
_HOME = "86"
_FEWEST_DIGITS = 7
"""Digits below which a number is a short one that many may share."""

_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 中国"
)
_CITIES = (
    "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 "
    "朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 沈阳 大连 "
    "鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 长春 四平 辽源 通化 白山 松原 "
    "白城 延边 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 "
    "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 张家港 常熟 "
    "太仓 江阴 宜兴 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪 余姚 "
    "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 "
    "厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 "
    "宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 "
    "滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 "
    "信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 "
    "株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳 珠海 "
    "汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 "
    "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 成都 "
    "自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 "
    "贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 拉萨 "
    "日喀则 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 天水 "
    "武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 "
    "克拉玛依 吐鲁番 哈密 喀什"
)
_PLACES = re.compile(
    rf"(?:(?:{'|'.join(_PROVINCES.split())})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)?)?"
    rf"(?:(?:{'|'.join(_CITIES.split())})(?:市|地区)?)?"
    r"(?:(?:工业园区|高新区|经济技术开发区|经济开发区|开发区|新区))?"
)
_IN_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_FEWEST_SIGNS = 3
"""Characters that have to be left of a name for a place to be taken away from it."""

NEAR = 75.0
"""Least likeness, of 100 (share of equal characters in order), of names that may mean one company:
恒达精密 and 恒大精密 have it."""

CONTAINED = 3
"""Characters of a name, at least, that make it like a longer one it stands in."""

_CONTAINED_IN_WORDS = 6
"""The same for a Latin name that stands within words of the longer one, as few letters do by
chance: Foo in Larkfield Foods."""

SAME_SOUND = 95.0
"""Likeness of two names that sound the same; below that of the same name."""


class Likeness(Struct, frozen=True):
    """A customer that may be the one that is meant.

    Attributes:
        customer: The customer.
        shared: What both have, by the kind of a mark; `near` for a name that is like it.
        score: How like the names are, of 100; 100 for what is shared.
    """

    customer: Customer
    shared: str
    score: float


def customers_like(
    name: str, contacts: Iterable[Contact], customers: Iterable[Customer]
) -> list[Likeness]:
    """Return the customers that may be the same as one with this name and these contacts.

    Args:
        name: The name.
        contacts: Its people.
        customers: Those to compare with.

    Returns:
        The most alike first.
    """
    own = {mark[:2] for mark in marks_of(name, contacts)}
    core = core_name(name)
    found = []
    for customer in customers:
        theirs = marks_of(customer.name, customer.contacts)
        if same := next((mark.kind for mark in theirs if mark[:2] in own), None):
            found.append(Likeness(customer, same, 100.0))
            continue
        score = max(
            max(name_likeness(core, core_name(other)), NEAR * contains(name, other))
            for other in (customer.name, customer.short)
            if other
        )
        if score >= NEAR:
            found.append(Likeness(customer, "near", score))
    return sorted(found, key=lambda one: (-one.score, one.customer.path))


def name_likeness(core: str, other: str) -> float:
    """Return how like two names are, of 100; from `NEAR` on they may mean one company.

    Args:
        core: A name as `core_name` gives it.
        other: Likewise.
    """
    score = fuzz.ratio(core, other)
    if score <= NEAR and core.isascii() and other.isascii():
        return 0.0  # Three letters of four are shared by chance: Foo and Foods.
    if score < SAME_SOUND and len(core) == len(other) and sounds_same(core, other):
        score = SAME_SOUND
    return score


def contains(one: str, other: str) -> bool:
    """Tell whether of two names of companies one stands in the other one."""
    (shorter, _), (longer, name) = sorted(
        ((core_name(each), each) for each in (one, other)), key=lambda pair: len(pair[0])
    )
    if len(shorter) < CONTAINED or shorter not in longer:
        return False
    if not shorter.isascii() or len(shorter) >= _CONTAINED_IN_WORDS:
        return True
    letters = r"[\W_]*".join(shorter)
    text = unicodedata.normalize("NFKC", name).casefold()
    return bool(re.search(rf"(?<![a-z0-9]){letters}(?![a-z0-9])", text))


def sounds_same(core: str, other: str) -> bool:
    """Tell whether two Chinese names are read the same."""
    sound = name_sound(core)
    return bool(sound) and name_sound(other) == sound


class Mark(NamedTuple):
    """What tells a customer from others.

    Attributes:
        kind: `name`, `phone`, `email` or `wechat`.
        value: It in comparable form.
        place: The path of its value in the front matter.
    """

    kind: str
    value: str
    place: str


def marks_of(name: str, contacts: Iterable[Contact]) -> Iterator[Mark]:
    """Yield what tells a customer with this name and these people."""
    yield Mark("name", normal_name(name), "name")
    for index, contact in enumerate(contacts):
        place = f"contacts[{index}]"
        if contact.phone and (digits := normal_phone(contact.phone)):
            yield Mark("phone", digits, f"{place}.phone")
        if contact.email:
            yield Mark("email", contact.email.casefold(), f"{place}.email")
        if contact.wechat and (account := normal_wechat(contact.wechat)):
            yield Mark("wechat", account, f"{place}.wechat")


@lru_cache(maxsize=65536)
def normal_name(name: str) -> str:
    """Return a company's name without legal form, punctuation, white space, case and width."""
    text = unicodedata.normalize("NFKC", name).casefold().replace(".", "").replace("'", "")
    words = [word for word in map(_without_form, _WORDS.findall(text)) if word]
    while len(words) > 1 and words[-1] in _LATIN_FORMS:
        words.pop()
    return "".join(words or _WORDS.findall(text))


@lru_cache(maxsize=65536)
def core_name(name: str) -> str:
    """Return a company's normal name without its place: 苏州恒达精密 is 恒达精密."""
    normal = normal_name(_IN_BRACKETS.sub("", name)) or normal_name(name)
    place = _PLACES.match(normal)
    rest = normal[place.end() :] if place else normal
    return rest if len(rest) >= _FEWEST_SIGNS else normal


@lru_cache(maxsize=65536)
def name_sound(name: str) -> str:
    """Return how a Chinese name sounds; empty for any other."""
    sounds = sounds_of(name)
    if name.isascii() or not all(sound.forms for sound in sounds):
        return ""
    return " ".join(sound.forms[0] for sound in sounds)


def _without_form(word: str) -> str:
    while (shorter := _CHINESE_FORMS.sub("", word)) != word:
        word = shorter
    return word


def normal_wechat(text: str) -> str | None:
    """Return a WeChat account without case; None for what is none, such as “the same number”."""
    account = text.strip().casefold()
    return account if _WECHAT.fullmatch(account) else normal_phone(text)


@lru_cache(maxsize=65536)
def normal_phone(phone: str) -> str | None:
    """Return a telephone number's digits without extension and the home country's code.

    None for a number too short to tell who has it.
    """
    text = _EXTENSION.sub("", phone).replace(_TRUNK, "")
    abroad = _INTERNATIONAL.match(text)
    digits = _NO_DIGITS.sub("", text[abroad.end() :] if abroad else text)
    if abroad and not digits.startswith(_HOME):
        return f"+{digits}" if len(digits) >= _FEWEST_DIGITS else None
    national = (digits.removeprefix(_HOME) if abroad else digits).lstrip("0")
    return national if len(national) >= _FEWEST_DIGITS else None
