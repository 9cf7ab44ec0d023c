from __future__ import annotations

from tracker.command_lines import command_line


def test_commands_are_quoted_for_the_shells_of_the_system() -> None:
    words = ("git", "-C", r"C:\客户 资料", "add", "a&b.md", "tracker-records[xlsx]", "")
    assert command_line(*words, windows=True) == (
        r'git -C "C:\客户 资料" add "a&b.md" "tracker-records[xlsx]" ""'
    )
    assert command_line(*words[3:], windows=False) == "add 'a&b.md' 'tracker-records[xlsx]' ''"
