"""A file that the record names is not there.

Why: whoever opens the link finds nothing. Mostly the file was not committed, or was renamed. The
paths of `offers` begin at the workspace; links in the text begin at the record, as everywhere in
Markdown: `../attachments/…`.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    offers:
      - quote: Q-2026-031
        file: attachments/hengda/Q-2026-031.pdf
    ---

Good, once the file is there:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    offers:
      - quote: Q-2026-031
        file: attachments/quote.pdf
    ---
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from tracker.config import ATTACHMENTS_DIR
from tracker.diagnostics import Problem, Severity, did_you_mean
from tracker.rules.references import Place, Reference, is_file, references_of
from tracker.rules.rule import Origin, RecordCase
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEVERITY = Severity.ERROR
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each name of a file below `attachments/` that does not exist."""
    for reference in references_of(case):
        if reference.place is Place.MISSING:
            yield Problem(
                "attachment-missing",
                reference.span,
                Message("there is no file {path}", {"path": reference.path}),
                did_you_mean(_near(case.library.root, reference)),
            )
        elif reference.place is Place.FOLDER:
            yield Problem(
                "attachment-missing",
                reference.span,
                Message("{path} is a folder, not a file", {"path": reference.path}),
            )


def _near(root: Path, reference: Reference) -> str | None:
    """Return what was probably meant, written as the reference is."""
    if not reference.path.startswith(f"{ATTACHMENTS_DIR}/"):
        meant = reference.path.removeprefix(reference.folder).lstrip("/")
        return posixpath.relpath(meant, reference.folder) if is_file(root / meant) else None
    # Folders may be misspelt too: capitals make no difference on Windows, and do elsewhere.
    found: list[str] = []
    for part in reference.path.split("/"):
        try:
            beside = sorted(path.name for path in root.joinpath(*found).iterdir())
        except (OSError, ValueError):
            return None
        near = part if part in beside else nearest(part, beside)
        if near is None:
            return None
        found.append(near)
    path = "/".join(found)
    if path == reference.path:
        return None  # It is a link that leads nowhere.
    return posixpath.relpath(path, reference.folder) if reference.folder else path
