"""What a build of the site did."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.translation import Message  # noqa: TC001  # the last build is read from the cache


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did.

    Attributes:
        pages: Pages of the site.
        files: Its files, pages included.
        records: Records in the site.
        left_out: Records that could not be read at all.
        errors: Errors found in the workspace; of a site for an audience, in the records shown.
        warnings: Warnings, likewise.
        templates_without_effect: What is said of templates of the workspace that no page shows.
        folder: Number, in the file system, of the folder that was put in place; None where that
            is not known.
        finished: When the last file of the site was written, in nanoseconds since 1970: what was
            written to its folder later is of somebody else. None where that is not known.
        commit: Full name of the newest commit of the history that the site tells; empty where it
            tells of none.
        refused: Whether the system refused to read any file, which it may not do the next time.
    """

    pages: int
    files: int
    records: int
    left_out: int
    errors: int
    warnings: int
    templates_without_effect: tuple[Message, ...] = ()
    folder: int | None = field(default=None, compare=False)
    finished: int | None = field(default=None, compare=False)
    commit: str = field(default="", compare=False)
    refused: bool = field(default=False, compare=False)
