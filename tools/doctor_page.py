"""Keep the tables of docs/doctor.md and docs/doctor.zh.md in step with the doctor's checks.

python tools/doctor_page.py           write the tables between their markers
python tools/doctor_page.py --check   change nothing; exit with 1 where a table is stale

What is looked at is told by the docstrings of the checks, and in Chinese by `_IN_CHINESE`.
"""

from __future__ import annotations

import re
import sys
from functools import partial

from tools.generated_page import DOCS, keep_page
from tracker.doctor.registry import all_checks

PAGES = {"en": DOCS / "doctor.md", "zh": DOCS / "doctor.zh.md"}

_TABLE = re.compile(r"(<!-- table: checks -->\n).*?(<!-- end of table -->)", re.DOTALL)
_HEADS = {"en": "| check | all is well where |", "zh": "| 检查 | 没问题就是 |"}
_IN_CHINESE = {
    "busy": "没有命令正在写记录，也没有一直占着不放的。",
    "cache": "缓存可以写，也没有大到不值得。",
    "characters": "终端和系统能显示记录里的文字。",
    "clock": "电脑的时钟是准的，至少不比最新的提交早。",
    "drafts": "写过的每次跟进都已经存进记录。",
    "encodings": "每条记录都是 UTF-8，也没有大到读不了。",
    "extras": "只有某些命令才用的库都装了。",
    "git-identity": "git 知道是谁在这里工作。",
    "ignored-files": "由记录生成的网站和缓存，git 不管。",
    "leftovers": "没有临时文件和没生成完的网站，是命令中途被关掉留下的。",
    "line-endings": "每份克隆里，记录的换行都一样。",
    "merge-driver": "git 按内容合并记录，合并用的程序也能运行。",
    "portable-names": "每种系统都能有这些文件名，所有同事都能克隆。",
    "records-folder": "`records/` 文件夹在，能列出，里面的文件能读能写。",
    "repository": "工作区在 git 仓库里，历史完整。",
    "settings": "`tracker.yaml` 读得出来，每项设置都有意义。",
    "shown-names": "git 显示的文件名就是本来的样子，中文不变成数字。",
    "site-folder": "网站的文件夹是空的，或者里面就是我们的网站。",
    "time-zones": "系统或 Python 认得时区，“今天”要靠它。",
    "versions": "程序不比工作区要求的旧。",
}


def page(language: str) -> str:
    """Return the page of a language with the table as the code has it.

    Raises:
        KeyError: A check has no Chinese text.
    """
    rows = [f"| `{code}` | {_told(code, language)} |" for code in all_checks()]
    table = "\n".join([_HEADS[language], "| --- | --- |", *rows])
    text = PAGES[language].read_text(encoding="utf-8")
    return _TABLE.sub(lambda match: f"{match[1]}\n{table}\n\n{match[2]}", text)


def _told(code: str, language: str) -> str:
    if language == "zh":
        return _IN_CHINESE[code]
    return " ".join((sys.modules[all_checks()[code].__module__].__doc__ or "").split())


if __name__ == "__main__":
    sys.exit(max([keep_page(PAGES[each], partial(page, each), __doc__) for each in PAGES]))
