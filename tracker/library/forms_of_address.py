"""How people are spoken of by a part of their names: 王总, 小王, Mr Wang, Grace, 芳菲."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.library.plain_reading import folded, readings, without_accents
from tracker.pinyin import readings as pinyin_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CHINESE = re.compile(r"[\u3400-\u9fff]{2,4}")
_DOUBLE_NAMES = (
    *("欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容"),
    *("司徒", "司空", "令狐", "端木", "长孙", "宇文", "南宫", "独孤", "百里"),
)
_BEFORE = "[老小大阿]"
_FAMILIAR = "[哥姐弟妹]"
"""What stands behind a given name of one character, as 小 and 阿 do before it: 芳姐, 小芳."""

_POSITIONS = (
    "总(?:经理|监|工(?:程师)?|裁)?|副?董(?:事长|事|秘)?|副总(?:经理|裁)?|副?[经襄]理|主[任管席]|工(?:程师)?|"
    "副?[部厂处科院所校局站店行区组队班课股]长|书记|博士|教授|医生|大夫|律师|会计|助理|秘书|采购|专员|顾问|代表"
)
_TITLES = rf"{_POSITIONS}|老师|老板|先生|女士|小姐|太太|夫人|师傅|[哥姐叔姨嫂]"
_LATIN_TITLES = (
    "mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|manager|director|president|chairman|"
    "chairwoman|engineer|herr|frau|monsieur|madame"
)
_LATIN_WORK = (
    "chief|head|buyer|ceo|cfo|coo|cto|vp|hr|it|sales|purchasing|procurement|"
    "marketing|finance|accounting|accounts|billing|engineering|logistics|production|quality|service|"
    "support|admin|reception|assistant|secretary|supervisor"
)
_WORK = (
    "财务|行政|人事|商务|业务|技术|工程|生产|设备|质量|质检|品质|品控|研发|仓库|仓管|"
    "物流|销售|市场|客服|售后|前台|司机|经办|负责人"
)
_ROLE = re.compile(
    rf"{_LATIN_TITLES}|{_LATIN_WORK}|"
    "customer|general|front|main|desk|office|team|group|center|centre|"
    "department|dept|company|the|of|and|for|"
    rf"(?:{_TITLES}|{_WORK}|联系人){{1,4}}|.{{1,3}}[部处室]"
)
"""Words in the names of contacts that say what somebody does, and stand in any text."""

_BESIDE_WORK = (
    "高级|资深|首席|执行|常务|副|区域|大区|项目|产品|运营|供应链|信息|外贸|法务|人力资源|安全|"
    "维修|车间"
)
_POSITION = re.compile(
    rf"(?:{_BESIDE_WORK}|{_POSITIONS}|{_WORK}|hr|it|.{{1,3}}[部处室]){{1,4}}|法人|股东|合伙人|创始人|出纳"
)
_LATIN_POSITION = re.compile(
    rf"(?!(?:mr|mrs|ms|miss|mx|dr|sir|madam|herr|frau|monsieur|madame)$)(?:{_LATIN_TITLES})|"
    rf"{_LATIN_WORK}|owner|founder|partner|officer|accountant|controller|planner|coordinator|"
    "specialist|analyst|executive|representative|technician"
)
_BESIDE_POSITION = re.compile(
    "of|and|for|the|&|-|senior|junior|deputy|vice|managing|general|regional|technical|operations|"
    "product|project|plant|site|maintenance|business|development|account|key|export|supply|chain|"
    "office|customer|financial|executive|human|resources|legal|warehouse"
)
"""Words that stand beside one for a position, and say nothing alone."""
_LEAST_LATIN = 2
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SECOND_NAME = re.compile(
    r"(?<!\s)\s*(?:[(（\[【]([^()（）\[\]【】]+)[)）\]】]|[“\"]([^“”\"]+)[”\"]|(?<!\w)[‘']([^‘’']+)[’'](?!\w))"
)
"""What stands in brackets or quotes beside a name, or within it: Robert “Bob” McAllister."""

_MOST_WORDS = 5
"""Words of a name with titles; more of them are no name, but say what somebody does."""

_LETTER = r"[a-z0-9\u00c0-\u052f]"
"""A letter of a script that sets its words apart: Latin, Greek, Cyrillic. Wide ranges take long to
compile, and there is a pattern for each record."""

_APART = re.compile(_LETTER)
_ONE_WORD = re.compile(rf"{_LETTER}+")


class People:
    """Finds where texts speak of people by a part of their names.

    Args:
        names: Their names.
        with_families: Whether their family names with a form of address count too.
    """

    def __init__(self, names: Sequence[str], *, with_families: bool) -> None:
        self._called = called(names)
        found = (spoken_of(names) if with_families else None, self._called)
        self._patterns = [pattern for pattern in found if pattern]

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a text as it is written speaks of them: first character, and end."""
        for reading in readings(text) if self._patterns else ():
            plain = folded(reading.text)
            patterns = [pattern for pattern in self._patterns if pattern.search(plain)]
            if not patterns:
                continue
            placed = reading.placed().folded()
            for pattern in patterns:
                for match in pattern.finditer(placed.text):
                    first, end = placed.places[match.start()][0], placed.places[match.end() - 1][1]
                    # A word that begins with a small letter is an ordinary one: will, grace.
                    if pattern is not self._called or not text[first].islower():
                        yield first, end


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
            family, _given = family_and_given(plain)
            chinese.add(family)
            latin.update(_in_latin(family))
        elif len(words := plain.split()) > 1:
            latin.update((words[0], words[-1]))
    latin = {each for each in latin if len(each) >= _LEAST_LATIN}
    parts = []
    if chinese:
        parts.append(rf"(?:{_any_of(chinese)})(?:{_TITLES})|{_BEFORE}(?:{_any_of(chinese)})")
    if latin:
        parts.append(rf"(?<!\w)(?:{_LATIN_TITLES})\.?\s+(?:{_any_of(latin)})(?![a-z0-9])")
    return re.compile("|".join(parts)) if parts else None


def called(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds people called by one word of their names alone in a folded text.

    That is either end of a name of several words, a name of one Latin word, and the given name of a
    Chinese one, also in pinyin; one of a single character has a word with it: 芳姐, 小芳. What
    somebody does is no name: 王经理, Grace (buyer), Sales Team. Many such words mean something else
    where they are written without a capital (will, grace), which a folded text does not tell.

    Args:
        names: Names of people.

    Returns:
        The pattern; None where no name has such a part.
    """
    found: set[str] = set()
    familiar: set[str] = set()
    for name in names:
        plain = folded(name).strip()
        if _ONE_WORD.fullmatch(plain) and not _ROLE.fullmatch(plain):
            found.add(plain)
            continue
        words = _WORD.findall(plain)
        if len(words) > _MOST_WORDS:
            continue
        words = [word for word in words if not _ROLE.fullmatch(word)]
        chinese = list(filter(_CHINESE.fullmatch, words))
        if len(chinese) == 1:
            _family, given = family_and_given(chinese[0])
            if len(given) == 1:
                familiar.add(given)
            elif not _ROLE.fullmatch(given):
                found.update((given, *_in_latin(given)))
        if len(words) > 1:
            second = _WORD.findall(" ".join(_second_names(plain)))
            found.update((words[0], words[-1], *(each for each in second if each in words)))
        elif words != [plain] and (chinese or "(" in plain):
            found.update(words)
    found |= {without_accents(word) for word in found}
    found = {word for word in found if len(word) >= _LEAST_LATIN}
    apart = {word for word in found if _APART.match(word)}
    parts = [rf"(?<!{_LETTER})(?:{_any_of(apart)})(?!{_LETTER})"] if apart else []
    parts += [_any_of(found - apart)] if found - apart else []
    if familiar:
        one = _any_of(familiar)
        parts.append(rf"(?:{one}){_FAMILIAR}|[小阿](?:{one})")
    return re.compile("|".join(parts)) if parts else None


def full_names(name: str) -> Iterator[str]:
    """Yield the names of somebody in what a record calls them, without what else stands there.

    That may be a second name, a title or what they do: 王芳 (Fiona), 王芳 采购经理.

    Args:
        name: What the record says.
    """
    main = _SECOND_NAME.sub(" ", name)
    second = _second_names(name)
    for part in (*main.split("/"), *second):
        words = [word for word in part.split() if not _is_role(word)]
        chinese = list(filter(_CHINESE.fullmatch, words))
        yield from chinese
        if 1 < len(words) <= _MOST_WORDS and not chinese:
            yield " ".join(words)
            if part == main:
                nicknames = (each for each in second if " " not in each and not _is_role(each))
                yield from (f"{each} {words[-1]}" for each in nicknames)


def _is_role(word: str) -> bool:
    return _ROLE.fullmatch(folded(word).strip(".,")) is not None


def is_position(text: str) -> bool:
    """Tell whether a text says what somebody does, and nothing else: 采购经理, Head of Sales.

    A form of address is none, as in 王芳 女士, nor is one behind a family name: 王经理.

    Args:
        text: The text.
    """
    words = [word.strip(".,") for word in folded(text).split()]
    known = [bool(_POSITION.fullmatch(word) or _LATIN_POSITION.fullmatch(word)) for word in words]
    return any(known) and all(
        is_known or _BESIDE_POSITION.fullmatch(word)
        for word, is_known in zip(words, known, strict=True)
    )


def _second_names(name: str) -> list[str]:
    return [next(filter(None, match.groups())).strip() for match in _SECOND_NAME.finditer(name)]


def family_and_given(name: str) -> tuple[str, str]:
    """Return the family name and the given name of a Chinese name."""
    is_double = len(name) > len("欧阳") and name.startswith(_DOUBLE_NAMES)
    return name[: 1 + is_double], name[1 + is_double :]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words)))


def _in_latin(family: str) -> Iterator[str]:
    syllables = [pinyin_readings(char) for char in family]
    if all(syllables):
        yield from syllables[0] if len(syllables) == 1 else ["".join(each[0] for each in syllables)]
