"""Keep the table of headings in docs/import.md in step with the code.

python tools/import_page.py           write the table between its markers
python tools/import_page.py --check   change nothing; exit with 1 where the table is stale
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tracker.config_file import default_config
from tracker.exchange.intake.synonyms import SYNONYMS
from tracker.exchange.intake.targets import NOTE, Targets

PAGE = Path(__file__).resolve().parent.parent / "docs" / "import.md"

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


def main() -> int:
    """Write the table, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args().check
    text = PAGE.read_text(encoding="utf-8")
    page = page_of(text)
    if page == text:
        return 0
    if check:
        print(f"{PAGE.name}: the table is stale; run: python tools/import_page.py", file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
