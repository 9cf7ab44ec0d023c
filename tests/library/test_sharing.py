"""Values that the records of a library have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.record_strategies import CONFIGS, PATH, configs, near_records, records
from tracker.format.parser import parse_record
from tracker.library.cache import packed
from tracker.library.sharing import Sharing

if TYPE_CHECKING:
    from tracker.config import Config

FOLLOWUP = "## 2026-11-{day:02} 14:30 电话 李雷\n\n- 联系人: 王芳\n- 态度: 积极\n- [ ] 报价\n"
MATTER = "---\nname: 恒达\nstage: 商务谈判\nowner: 李雷\n---\n"


@settings(max_examples=40)
@given(st.lists(records() | near_records(), max_size=3), configs)
def test_records_say_what_they_said(texts: list[str], config: Config) -> None:
    sharing = Sharing()
    for text in texts:
        alone = parse_record(text, PATH, config)
        shared = parse_record(text, PATH, config)
        if shared.customer and alone.customer:
            sharing.share(shared.customer)
            assert shared.customer == alone.customer
            # Values that are equal may be written differently, such as `1` and `1.0`.
            assert packed(text, shared) == packed(text, alone)


def test_what_is_equal_is_one_object() -> None:
    text = MATTER + "".join(FOLLOWUP.format(day=day) for day in range(1, 9))
    one, other = (parse_record(text, path, CONFIGS[0]).customer for path in (PATH, "records/b.md"))
    assert one
    assert other
    sharing = Sharing()
    sharing.share(one)
    sharing.share(other)
    followups = (*one.followups, *other.followups)
    assert len({id(each.contacts) for each in followups}) == 1
    assert len({id(each.fields) for each in followups}) == 1
    assert one.followups[3].span is other.followups[3].span
