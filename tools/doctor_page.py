"""Keep docs/doctor.md in step with the docstrings of the doctor's checks.

python tools/doctor_page.py           write the page
python tools/doctor_page.py --check   change nothing; exit with 1 where the page is stale
"""

from __future__ import annotations

import sys

from tools.generated_page import DOCS, keep_page
from tracker.doctor.registry import all_checks

PAGE = DOCS / "doctor.md"

_INTRODUCTION = """\
# What is wrong here

<!-- Written by tools/doctor_page.py from the docstrings in tracker/doctor/checks; change those
instead. -->

`tracker check` looks at what records say. `tracker doctor` looks at what is around them: files that
cannot be read, a clone that is not set up, what a killed command has left.

```
$ tracker doctor
error: records/con.md: ‘con’ is the name of a device on Windows [portable-names]
    a colleague whose system cannot have the file cannot check out the repository
    $ git -C /srv/crm mv records/con.md records/con-1.md
warning: merge.tracker.driver: this clone is not set up for merging records [merge-driver]
    git merges records line by line, and marks conflicts where there are none
    $ tracker -C /srv/crm git-setup
wrong: 2; good to know: 0
```

Each finding says where, what, why it matters, and which command mends it. Errors keep somebody from
working, warnings will; what is only good to know does not count. The exit code is 1 where anything
is wrong and 0 otherwise; `--format json`, `jsonl` or `csv` gives the findings to programs, with the
keys `check`, `severity`, `where`, `what`, `why` and `mend`.

`--fix` removes what killed commands have left: temporary files, whose names end in `.tracker.tmp`,
once they are a minute old, and folders beside `output/` in which a site was begun that no build
works on any more. Nothing else is touched. Commands clear such things away by themselves when they
come by: the next one that writes records those beside records, the next build those of a build.

## What is looked at
"""


def page() -> str:
    """Return the page."""
    rows = [
        f"| `{code}` | {' '.join((sys.modules[check.__module__].__doc__ or '').split())} |"
        for code, check in all_checks().items()
    ]
    return "\n".join([_INTRODUCTION, "| check | all is well where |", "| --- | --- |", *rows, ""])


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, page, __doc__))
