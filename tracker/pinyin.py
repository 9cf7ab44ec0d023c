"""How Chinese is read: characters, for finding names by their sound, and texts by their words.

pypinyin's table of words takes three quarters of the time that its import takes, and single
characters are read the same without it; so it is loaded only where a text is read by its words.
"""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_SURNAMES = {
    "万": "mo",
    "仇": "qiu",
    "任": "ren",
    "会": "gui",
    "俟": "qi",
    "冼": "xian",
    "区": "ou",
    "单": "shan",
    "卜": "bu",
    "句": "gou",
    "召": "shao",
    "员": "yun",
    "哈": "ha",
    "宁": "ning",
    "宓": "fu",
    "尉": "yu",
    "尹": "yin",
    "折": "she",
    "晟": "cheng",
    "曾": "zeng",
    "朴": "piao",
    "查": "zha",
    "柏": "bai",
    "洗": "xian",
    "澹": "tan",
    "盖": "ge",
    "祭": "zhai",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "缪": "miao",
    "翟": "zhai",
    "能": "nai",
    "藏": "zang",
    "行": "xing",
    "覃": "qin",
    "角": "jue",
    "解": "xie",
    "谌": "shen",
    "贠": "yun",
    "费": "bi",
    "车": "che",
    "适": "kuo",
    "那": "na",
    "郇": "xun",
    "郗": "xi",
    "都": "du",
    "长": "zhang",
    "阚": "kan",
    "隗": "wei",
    "隽": "juan",
    "黑": "he",
}
"""Characters whose reading in surnames is not the common one, or not the only one."""

HAN = r"[〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
"""Pattern of one Chinese character."""

_HAN = re.compile(HAN)


@lru_cache(maxsize=65536)
def readings(char: str) -> tuple[str, ...]:
    """Return all readings of a Chinese character, none of any other.

    They are syllables without tones: 单 gives shan, dan, chan. A `ü` is given as `v`, as keyboards
    have it, and as `u`, as many write it.

    Args:
        char: One character.

    Returns:
        The reading in surnames first, where the character has one of its own; then the others,
        the most common first.
    """
    if not _HAN.fullmatch(char):
        return ()
    pypinyin = _pypinyin()
    normal = pypinyin.Style.NORMAL
    found = pypinyin.pinyin(char, style=normal, heteronym=True, errors="ignore")
    surname = (_SURNAMES[char],) if char in _SURNAMES else ()
    syllables = (*surname, *(found[0] if found else ()))
    plain = (syllable.replace("v", "u") for syllable in syllables)
    return tuple(dict.fromkeys((*syllables, *plain)))


def sound_alike(first: str, second: str) -> bool:
    """Tell whether two Chinese words are read the same, tone by tone, and share a character.

    So are words of which one character was picked wrongly from those that an input method offers:
    `态渡` for `态度`. Without their tones many good words would be alike: `保价` and `报价`.
    """
    pairs = list(zip(first, second, strict=False))
    return (
        len(first) == len(second)
        and any(one == other for one, other in pairs)
        and all(one == other or (_toned(one) or one) == _toned(other) for one, other in pairs)
    )


def _toned(char: str) -> str:
    """Return the most common reading of a Chinese character with its tone, empty for any other."""
    if not _HAN.fullmatch(char):
        return ""
    pypinyin = _pypinyin()
    found = pypinyin.pinyin(char, style=pypinyin.Style.TONE, errors="ignore")
    return found[0][0] if found else ""


def syllables_by_words(text: str) -> list[str]:
    """Return how a Chinese text is read: its syllables without tones, each as its word has it.

    What is no Chinese is returned as it is, each run of it as one item.
    """
    return _pypinyin_with_words().lazy_pinyin(text)  # type: ignore[no-any-return]  # untyped there


@cache
def _pypinyin() -> ModuleType:
    """Return the library without its table of words, unless somebody has loaded both before."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    # Late: also its other tables take a while to load, and only a search needs them.
    import pypinyin

    return pypinyin


@cache
def _pypinyin_with_words() -> ModuleType:
    pypinyin = _pypinyin()
    # Late: this is the table that takes long.
    from pypinyin.phrases_dict import phrases_dict

    pypinyin.load_phrases_dict(phrases_dict)
    return pypinyin
