"""Keep docs/rules.md in step with the docstrings of the rules.

python tools/rules_page.py           write the page
python tools/rules_page.py --check   change nothing; exit with 1 where the page is stale
"""

from __future__ import annotations

import sys

from tools.generated_page import DOCS, keep_page
from tracker.rules.documentation import markdown_of
from tracker.rules.registry import all_rules

PAGE = DOCS / "rules.md"

_INTRODUCTION = """\
# Rules

<!-- Written by tools/rules_page.py from the docstrings in tracker/rules; change those instead. -->

What `tracker check` can find, one section a rule.

Every problem has a stable code. How serious it is can be set for each in `tracker.yaml`:

```yaml
rules:
  time-missing: off        # error, warning, info or off
  next-missing: error
```

Only errors make a command exit with 1; `tracker check --strict` counts warnings too. What a rule
finds may depend on the day: such a rule is never an error by itself, so that a record that passed
yesterday does not break a build today.

Rules whose codes begin with `change-` look at how records were changed, not at how they are: they
run where `tracker check --since REV` names a state to compare with, and are warnings, since a
change can be right for reasons that no file tells. [Changes](changes.md) tells more.
"""


def page() -> str:
    """Return the page."""
    rules = all_rules().values()
    lines = [
        _INTRODUCTION,
        "| code | severity | depends on the day | what is wrong |",
        "| --- | --- | --- | --- |",
    ]
    for rule in rules:
        day = "yes" if rule.depends_on_day else ""
        link = f"[`{rule.code}`](#{rule.code})"
        lines.append(f"| {link} | {rule.severity} | {day} | {rule.summary} |")
    for rule in rules:
        day = ", depends on the day" if rule.depends_on_day else ""
        lines += [
            "",
            f"## {rule.code}",
            "",
            f"{rule.summary} ({rule.severity}{day})",
            "",
            markdown_of(rule),
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, page, __doc__))
