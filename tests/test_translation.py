"""Messages with their values in the languages of the interface."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import os_error_message
from tracker.translation import Message, translations

CHINESE = translations("zh").gettext


def test_values_that_are_messages_are_translated_with_their_sentence() -> None:
    message = Message("{path}: {reason}", {"path": "a.md", "reason": Message("Permission denied")})
    assert str(message) == "a.md: Permission denied"
    assert message.render(CHINESE) == "a.md：权限不足"


def test_a_tuple_is_listed_as_the_language_lists() -> None:
    names = ("李雷", Message("‘{text}’", {"text": "{b}"}), 3)
    message = Message("kept as they are: {names}", {"names": names})
    assert str(message) == "kept as they are: 李雷, ‘{b}’, 3"
    assert message.render(CHINESE) == "保持原样：李雷、“{b}”、3"


@given(st.lists(st.text()))
def test_a_list_is_its_items_whatever_they_hold(items: list[str]) -> None:
    message = Message("{reason}", {"reason": tuple(items)})
    assert str(message) == ", ".join(items)
    assert message.render(CHINESE) == "、".join(items)


@pytest.mark.parametrize("code", [errno.EACCES, errno.ENOENT, errno.ENOSPC, errno.EROFS])
def test_what_the_system_refuses_is_told_in_any_language(code: int) -> None:
    message = os_error_message(OSError(code, os.strerror(code), "a.md"))
    assert str(message) == f"a.md: {os.strerror(code)}"
    assert message.render(CHINESE).startswith("a.md：")
    assert not message.render(CHINESE).removeprefix("a.md：").isascii()
