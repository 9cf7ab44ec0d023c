"""How people are spoken of by their family name: 王总, 小王, 王经理, Mr Wang, Director Wang."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.library.plain_reading import folded
from tracker.pinyin import readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHINESE = re.compile(r"[\u3400-\u9fff]{2,4}")
_DOUBLE_NAMES = (
    *("欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容"),
    *("司徒", "司空", "令狐", "端木", "长孙", "宇文", "南宫", "独孤", "百里"),
)
_BEFORE = "[老小大阿]"
_TITLES = (
    "总(?:经理|监|工(?:程师)?|裁)?|副?董(?:事长|事|秘)?|副总(?:经理|裁)?|副?[经襄]理|主[任管席]|工(?:程师)?|"
    "副?[部厂处科院所校局站店行区组队班课股]长|老师|老板|先生|女士|小姐|太太|夫人|师傅|书记|博士|教授|"
    "医生|大夫|律师|会计|助理|秘书|采购|专员|顾问|代表|[哥姐叔姨嫂]"
)
_LATIN_TITLES = (
    "mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|manager|director|president|chairman|"
    "chairwoman|engineer|herr|frau|monsieur|madame"
)
_LEAST_LATIN = 2


def spoken_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds people spoken of by their family names in a folded text.

    Args:
        names: Names of people. A name of several words has its family name first or last.

    Returns:
        The pattern; None where no name tells which part is the family name.
    """
    chinese: set[str] = set()
    latin: set[str] = set()
    for name in names:
        plain = folded(name).strip()
        if _CHINESE.fullmatch(plain):
            is_double = len(plain) > len("欧阳") and plain.startswith(_DOUBLE_NAMES)
            family = plain[: 1 + is_double]
            chinese.add(family)
            latin.update(_in_latin(family))
        elif len(words := plain.split()) > 1:
            latin.update((words[0], words[-1]))
    latin = {each for each in latin if len(each) >= _LEAST_LATIN}
    parts = []
    if chinese:
        family = "|".join(map(re.escape, sorted(chinese)))
        parts.append(rf"(?:{family})(?:{_TITLES})|{_BEFORE}(?:{family})")
    if latin:
        family = "|".join(map(re.escape, sorted(latin)))
        parts.append(rf"(?<!\w)(?:{_LATIN_TITLES})\.?\s+(?:{family})(?![a-z0-9])")
    return re.compile("|".join(parts)) if parts else None


def _in_latin(family: str) -> Iterator[str]:
    syllables = [readings(char) for char in family]
    if all(syllables):
        yield from syllables[0] if len(syllables) == 1 else ["".join(each[0] for each in syllables)]
