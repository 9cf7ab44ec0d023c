"""Keep the table of headings in docs/import.md in step with the code.

python tools/import_page.py           write the table between its markers
python tools/import_page.py --check   change nothing; exit with 1 where the table is stale
"""

from __future__ import annotations

import re
import sys

from tools.generated_page import DOCS, keep_page
from tracker.config_file import default_config
from tracker.exchange.intake.synonyms import SYNONYMS
from tracker.exchange.intake.targets import NOTE, Targets

PAGE = DOCS / "import.md"

_TABLE = re.compile(r"(<!-- table: headings -->\n).*?(<!-- end of table -->)", re.DOTALL)


def page_of(text: str) -> str:
    """Return the page with the table as the code has it."""
    return _TABLE.sub(lambda match: f"{match[1]}\n{_table()}\n\n{match[2]}", text)


def _table() -> str:
    lines = ["| field | headings that mean it |", "| --- | --- |"]
    for path, target in Targets(default_config()).by_path.items():
        if path != NOTE:
            words = dict.fromkeys((*target.field.spellings, *SYNONYMS.get(path, ())))
            lines.append(f"| `{path}` | {', '.join(filter(None, words))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, lambda: page_of(PAGE.read_text(encoding="utf-8")), __doc__))
