"""The classic form of each customer: a workbook with a sheet each, or one page to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader

from tracker.exchange.paper_form import COLUMNS, form_of
from tracker.exchange.paper_form_sheet import write_form_sheets
from tracker.page_policy import policy_of

if TYPE_CHECKING:
    from tracker.exchange.export import Export

TEMPLATES = Path(__file__).parent.parent / "templates"


def write(export: Export, path: Path) -> None:
    """Write the forms; see `tracker.exchange.export.Writer`.

    Raises:
        MissingExtraError: A workbook is wanted, and its library is not installed.
    """
    forms = [form_of(found, export.config, export.today) for found in export.standings]
    title = export.config.title
    if export.suffix == ".xlsx":
        write_form_sheets(forms, path, title, export.today)
        return
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("form.html").render(
        forms=forms,
        title=f"{forms[0].name} · {title}" if len(forms) == 1 else title,
        language="zh-CN" if export.config.language == "zh" else "en",
        columns=COLUMNS,
        policy_of=policy_of,
    )
    path.write_text(page, "utf-8", "backslashreplace", newline="\n")
