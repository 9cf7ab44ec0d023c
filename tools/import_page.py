"""Keep the tables of headings in docs/import.md and docs/import.zh.md in step with the code.

python tools/import_page.py           write the tables between their markers
python tools/import_page.py --check   change nothing; exit with 1 where a table is stale
"""

from __future__ import annotations

import re
import sys
from functools import partial

from tools.generated_page import DOCS, keep_page
from tracker.config_file import default_config
from tracker.exchange.intake.synonyms import SYNONYMS
from tracker.exchange.intake.targets import NOTE, Targets

PAGES = {"en": DOCS / "import.md", "zh": DOCS / "import.zh.md"}

_TABLE = re.compile(r"(<!-- table: headings -->\n).*?(<!-- end of table -->)", re.DOTALL)


_HEADS = {"en": "| field | headings that mean it |", "zh": "| 字段 | 认得的标题 |"}


def page_of(language: str) -> str:
    """Return the page of a language with the table as the code has it."""
    text = PAGES[language].read_text(encoding="utf-8")
    return _TABLE.sub(lambda match: f"{match[1]}\n{_table(language)}\n\n{match[2]}", text)


def _table(language: str) -> str:
    lines = [_HEADS[language], "| --- | --- |"]
    for path, target in Targets(default_config()).by_path.items():
        if path != NOTE:
            words = list(dict.fromkeys((*target.field.spellings, *SYNONYMS.get(path, ()))))
            if language == "zh":
                words.sort(key=str.isascii)
            between = "、" if language == "zh" else ", "
            lines.append(f"| `{path}` | {between.join(filter(None, words))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(max([keep_page(PAGES[each], partial(page_of, each), __doc__) for each in PAGES]))
