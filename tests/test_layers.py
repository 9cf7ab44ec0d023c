"""The layers of docs/architecture.md, read from the imports in the syntax trees.

A module imports from lower layers, or from an earlier line of its own layer, wherever the import
stands: at the top, in a function, or under TYPE_CHECKING. To add a module, give it a line here.
"""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).parent.parent
PACKAGE = "tracker"

# Lowest first. `x.*` stands for every module of the package x that has no line of its own; those
# may not import one another. A package's `__init__` comes before the first line of its modules as
# long as it imports none of ours, and after the last one otherwise.
LAYERS: Mapping[str, tuple[str, ...]] = {
    "ground": (
        "translation",
        "errors",
        "text",
        "pinyin",
        "sounds",
        "dates",
        "periods",
        "day_words.when",
        "day_words.text",
        "day_words.boundaries",
        "day_words.numbers",
        "day_words.turns",
        "day_words.day_form",
        "day_words.near_days",
        "day_words.weekdays",
        "day_words.calendar_days",
        "day_words.stretches",
        "day_words.distances",
        "day_words.days",
        "day_words.times",
        "day_words.moments",
        "day_words.reading",
        "period_words",
        "money",
        "processes",
        "collector",
        "page_policy",
        "digests",
        "command_lines",
        "diagnostics",
        "spans",
        "text_files",
        "files",
        "file_states",
        "program_stamp",
        "folders",
        "yamltree",
    ),
    "language": (
        "vocabulary",
        "schema",
        "model",
        "profile_fields",
        "config",
        "config_shape",
        "config_problems",
        "config_resolver",
        "config_file",
    ),
    "format": (
        "format.markdown_cost",
        "format.conflicts",
        "format.glance",
        "format.frontmatter",
        "format.comments",
        "format.sections",
        "format.values",
        "format.followup",
        "format.parser",
        "format.comparison",
        "format.scalar",
        "format.order",
        "format.matter_lines",
        "format.tidy_matter",
        "format.tidy_body",
        "format.formatter",
        "format.splice",
        "format.assignment",
        "format.front_matter_editor",
        "format.section_editor",
        "format.editor",
        "format.three_way",
        "format.merge_section",
        "format.merge_body",
        "format.matter_blocks",
        "format.meaning",
        "format.merge_matter",
        "format.merge_check",
        "format.unite_matter",
        "format.unite_body",
        "format.unite",
        "format.merge",
        "format.day_resolution",
        "format.conversion",
    ),
    "library": (
        "library.identity",
        "library.cache_files",
        "library.record_digests",
        "library.library",
        "library.config_cache",
        "library.cache",
        "library.record_paths",
        "library.sharing",
        "library.loader",
        "library.agenda_records",
        "library.record_files",
        "library.likeness",
        "library.mail_hosts",
        "library.websites",
        "library.duplicates",
        "library.naming",
        "library.outline",
        "library.stage_history",
        "library.status",
        "library.git",
        "library.git_place",
        "library.commit_reader",
        "library.commit_log",
        "library.commit_walk",
        "library.history",
        "library.drafts",
        "library.recording",
        "library.text_merge",
        "library.record_merge",
        "library.merge_labels",
        "library.git_settings",
        "library.followup_versions",
        "library.comparison",
        "library.revision_records",
        "library.revisions",
        "library.git_follower",
        "library.query.signs",
        "library.query.faults",
        "library.query.columns",
        "library.query.further_columns",
        "library.query.builtin_words",
        "library.query.near_words",
        "library.query.language",
        "library.query.language_data",
        "library.query.cells",
        "library.query.comparison",
        "library.query.word_values",
        "library.query.day_values",
        "library.query.number_values",
        "library.query.values",
        "library.query.parser",
        "library.plain_reading",
        "library.forms_of_address",
        "library.written_numbers",
        "library.withheld",
        "library.withheld_forms",
        "library.withheld_finder",
        "library.record_parts",
        "library.field_sorts",
        "library.masks",
        "library.censor",
        "library.profile",
        "library.selection",
    ),
    "rules": (
        "rules.rule",
        "rules.changes",
        "rules.references",
        "rules.documentation",
        "rules.*",
        "rules.registry",
        "rules.diagnose",
        "rules.kept_diagnostics",
        "rules.last_check",
        "rules.checking",
    ),
    "insight": (
        "insight.day",
        "insight.sums",
        "insight.late_records",
        "insight.activity",
        "insight.former_owners",
        "insight.ownership",
        "insight.agenda",
        "insight.changes",
        "insight.new_problems",
        "insight.range_changes",
        "insight.recent_changes",
        "insight.rows",
        "insight.changes_json",
        "insight.measure",
        "insight.measure_lines",
        "insight.record_lag",
        "insight.stage_stays",
        "insight.outcomes",
        "insight.cohort",
        "insight.measures.*",
        "insight.measure_registry",
        "insight.report_times",
        "insight.report_entries",
        "insight.report_outlook",
        "insight.report",
        "insight.measure_json",
        "insight.whole_time",
        "insight.search_texts",
        "insight.search",
        "insight.record_json",
    ),
    "outputs": (
        "reporters.report",
        "reporters.*",
        "exchange.contentlines",
        "exchange.entries",
        "exchange.extras",
        "exchange.spreadsheet_text",
        "exchange.columns",
        "exchange.sheets",
        "exchange.cell_text",
        "exchange.workbook",
        "exchange.paper_form",
        "exchange.paper_form_sheet",
        "exchange.export",
        "exchange.export_log",
        "exchange.record_lines",
        "exchange.intake.tables",
        "exchange.intake.synonyms",
        "exchange.intake.targets",
        "exchange.intake.headers",
        "exchange.intake.mapping",
        "exchange.intake.notation",
        "exchange.intake.cell_days",
        "exchange.intake.dated_texts",
        "exchange.intake.cells",
        "exchange.intake.followups",
        "exchange.intake.contributions",
        "exchange.intake.people",
        "exchange.intake.followup_reader",
        "exchange.intake.table_reader",
        "exchange.intake.placing",
        "exchange.intake.workbook",
        "exchange.intake.delimited",
        "exchange.intake.json_lines",
        "exchange.intake.cards",
        "exchange.intake.form",
        "exchange.intake.own_workbook",
        "exchange.intake.source",
        "exchange.intake.identity",
        "exchange.intake.new_record",
        "exchange.intake.told",
        "exchange.intake.matching",
        "exchange.intake.changing",
        "exchange.intake.plan",
        "exchange.intake.planner",
        "exchange.intake.rejects",
        "exchange.intake.writing",
        "exchange.*",
        "database.columns",
        "database.sql_text",
        "database.customer_tables",
        "database.followup_tables",
        "database.service_tables",
        "database.tables",
        "database.fill",
        "database.fulltext",
        "database.views",
        "database.functions",
        "database.mistakes",
        "database.reader",
        "exchange.exported_record",
        "exchange.formats.*",
        "starter.record_template",
        "starter.*",
        "site.attachments",
        "site.leak_proof",
        "site.markdown_whole",
        "site.markdown",
        "site.build_lock",
        "site.writer",
        "site.folder",
        "site.script_json",
        "site.urls",
        "site.chunks",
        "site.excerpt",
        "reports.document",
        "reports.words",
        "reports.*",
        "site.formats",
        "site.gathered",
        "site.recount",
        "site.later",
        "site.page",
        "site.fingerprint",
        "site.reading",
        "site.sections",
        "site.pipeline",
        "site.promises",
        "site.quiet",
        "site.chart",
        "site.activity",
        "site.report",
        "site.analysis",
        "site.today",
        "site.dashboard",
        "site.overdue",
        "site.calendar",
        "site.agenda",
        "site.moves",
        "site.customer",
        "site.changes",
        "site.search_data",
        "site.table_data",
        "site.owners",
        "site.board",
        "site.views",
        "site.listings",
        "site.problems",
        "site.redirects",
        "site.data_files",
        "site.pages",
        "site.compiled",
        "site.fixed_texts",
        "site.template_code",
        "site.own_templates",
        "site.template_files",
        "site.render",
        "site.encrypted.passphrase",
        "site.encrypted.container",
        "site.encrypted.shell",
        "site.encrypted.writer",
        "site.targets",
        "site.audience",
        "site.made",
        "site.output_cache",
        "site.kept_site",
        "site.build_result",
        "site.last_build",
        "site.build",
        "site.live",
        "site.live_workspace",
    ),
    "faces": (
        "doctor.finding",
        "doctor.checks.*",
        "doctor.registry",
        "server.files",
        "server.pages",
        "server.watching",
        "server.open_pages",
        "server.problems",
        "server.rebuilding",
        "server.http",
        "server.serving",
        "cli.table_widths",
        "cli.context",
        "cli.passphrase",
        "cli.language",
        "cli.completion",
        "cli.shells",
        "cli.query_argument",
        "cli.filters",
        "cli.audience",
        "cli.wording",
        "cli.editing",
        "lsp.uris",
        "lsp.text",
        "lsp.workspace",
        "lsp.session",
        "lsp.page",
        "lsp.diagnostics",
        "lsp.matter",
        "lsp.followup",
        "lsp.meanings",
        "lsp.completion.offers",
        "lsp.completion.days",
        "lsp.completion.values",
        "lsp.completion.followup",
        "lsp.completion.snippets",
        "lsp.completion.matter",
        "lsp.completion.complete",
        "lsp.occurrences",
        "lsp.declared_words",
        "lsp.references",
        "lsp.cards",
        "lsp.hover",
        "lsp.edits",
        "lsp.word_settings",
        "lsp.fixes",
        "lsp.*",
        "lsp.features",
        "lsp.server",
        "cli.briefing",
        "cli.change_report",
        "cli.figures",
        "cli.draft",
        "cli.followup_writer",
        "cli.draft_editor",
        "cli.markdown_page",
        "cli.card",
        "cli.find_customer",
        "cli.merge_preview",
        "cli.merge_undo",
        "cli.import_report",
        "cli.sql_results",
        "cli.sql_prompt",
        "cli.*",
        "cli.main",
        "__main__",
    ),
}

Place = tuple[int, int, int]
"""The layer, the line in it, and -1 or 1 for an `__init__` before or after that line."""

LOWEST: Place = (-1, 0, 0)


class Import(NamedTuple):
    """One module of the package, imported by another."""

    module: str
    line: int
    within: str
    """The name of the function that it stands in; empty at the top of the module."""


def module_name(path: Path, root: Path) -> str:
    """Return the dotted name of a source file, without the package's own: `site.page`."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def place_of(
    module: str, layers: Mapping[str, tuple[str, ...]], *, bare: bool = False
) -> Place | None:
    """Return where a module stands, or None for one without a line.

    Args:
        module: Its name.
        layers: The table.
        bare: For an `__init__`: it imports no other module of ours.
    """
    if not module:
        return LOWEST  # The version number: everybody may ask for it, and it imports nothing.
    lines = {
        line: (layer, number, 0)
        for layer, names in enumerate(layers.values())
        for number, line in enumerate(names)
    }
    if module in lines:
        return lines[module]
    of_package = [place for line, place in lines.items() if line.startswith(f"{module}.")]
    if of_package:
        layer, number, _ = min(of_package) if bare else max(of_package)
        return layer, number, -1 if bare else 1
    return lines.get(f"{module.rpartition('.')[0]}.*")


def imports_of(tree: ast.Module, module: str, *, package: bool, known: set[str]) -> list[Import]:
    """Return every import of the package's own modules, relative ones included."""
    found = []
    for node, within in _with_functions(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, module, package=package)
            # `from tracker.site import page` takes a module, `… import Page` takes a name.
            names = [
                whole if whole.removeprefix(f"{PACKAGE}.") in known else base
                for alias in node.names
                for whole in [f"{base}.{alias.name}"]
            ]
        else:
            continue
        found += [
            Import(name.removeprefix(PACKAGE).removeprefix("."), node.lineno, within)
            for name in dict.fromkeys(names)
            if name == PACKAGE or name.startswith(f"{PACKAGE}.")
        ]
    return found


def _base(node: ast.ImportFrom, module: str, *, package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = [PACKAGE, *module.split(".")] if module else [PACKAGE]
    up = node.level - package
    parts = parts[: len(parts) - up] if up else parts
    return ".".join([*parts, node.module] if node.module else parts)


def _with_functions(node: ast.AST, within: str = "") -> Iterator[tuple[ast.stmt, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child, within
        inner = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else within
        yield from _with_functions(child, inner)


def late_without_reason(source: str, tree: ast.Module) -> list[int]:
    """Return the lines of imports in functions with no comment beside or above that says why.

    One comment is enough for imports that follow one another without a gap.
    """
    comments = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
        and not token.string.lstrip("# ").startswith(("noqa", "type:", "ruff:"))
    }
    explained: set[int] = set()
    missing = []
    for node, within in _with_functions(tree):
        if not within or not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        if node.lineno - 1 in comments | explained or comments.intersection(lines):
            explained.update(lines)
        else:
            missing.append(node.lineno)
    return missing


def violations(root: Path, layers: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield what is wrong in the package in a folder, one sentence each."""
    files = {module_name(path, root): path for path in sorted(root.rglob("*.py"))}
    sources = {module: path.read_text("utf-8") for module, path in files.items()}
    trees = {module: ast.parse(source, str(files[module])) for module, source in sources.items()}
    imports = {
        module: imports_of(
            tree, module, package=files[module].name == "__init__.py", known=set(files)
        )
        for module, tree in trees.items()
    }
    places = {module: place_of(module, layers, bare=not found) for module, found in imports.items()}
    for module, path in files.items():
        where = path.relative_to(root).as_posix()
        own = places[module]
        if own is None:
            yield f"{where}: has no line in LAYERS; give it one"
            continue
        for found in imports[module]:
            other = places.get(found.module) or place_of(found.module, layers)
            if other is not None and found.module != module and other >= own:
                yield f"{where}:{found.line}: {_sentence(module, own, found, other, layers)}"
        for line in late_without_reason(sources[module], trees[module]):
            yield f"{where}:{line}: is an import in a function without a comment that says why"


def _sentence(
    module: str, own: Place, found: Import, other: Place, layers: Mapping[str, tuple[str, ...]]
) -> str:
    names = list(layers)
    place = f" in {found.within}()" if found.within else ""
    if other[0] != own[0]:
        whose = "higher layer" if own[0] >= 0 else "layer"
        return (
            f"{module or PACKAGE} imports {found.module}{place} from the {whose} {names[other[0]]}"
        )
    same = "the same" if other == own else "a later"
    return f"{module} imports {found.module}{place} from {same} line of the layer {names[own[0]]}"


def _lines(layers: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    return (line for names in layers.values() for line in names)


def test_imports_point_downwards() -> None:
    found = list(violations(ROOT / PACKAGE, LAYERS))
    assert not found, "\n".join(["", *found])


def test_no_module_has_two_lines() -> None:
    lines = list(_lines(LAYERS))
    assert len(lines) == len(set(lines))


# The checker itself, on small packages with one planted mistake each.

SMALL = {
    "low": ("text", "dates"),
    "middle": ("format.lines", "format.parser", "rules.rule", "rules.*", "rules.zoo"),
    "high": ("cli.*", "__main__"),
}


def _check(folder: Path, **sources: str) -> list[str]:
    root = folder / PACKAGE
    for name, source in sources.items():
        path = root / f"{name.replace('__in__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    return list(violations(root, SMALL))


def test_a_sound_package_passes(tmp_path: Path) -> None:
    assert not _check(
        tmp_path,
        __init__='__version__ = "1"\n',
        __main__="from tracker.cli.build import main\n",
        text="",
        dates="from tracker.text import fold\n",
        format__in____init__="from tracker.format.parser import parse\n",
        format__in__lines="from tracker import __version__\n",
        format__in__parser="from . import lines\nfrom ..dates import today\nimport tracker.text\n",
        rules__in__rule="from tracker.format import parse\n",
        rules__in__stale="from tracker.rules.rule import Rule\n",
        rules__in____init__='"""All rules."""\n',
        rules__in__zoo="from tracker import rules\nfrom tracker.rules import stale\n",
        cli__in__build=(
            "def main():\n"
            "    # Late: only this command needs it.\n"
            "    import json\n"
            "    from tracker.rules import zoo\n"
            "    from tracker import text  # slow to load\n"
        ),
    )


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (
            {"text": "", "format__in__lines": "from tracker.cli import build\n"},
            "format/lines.py:1: format.lines imports cli from the higher layer high",
        ),
        (
            {"text": "import tracker.dates\n"},
            "text.py:1: text imports dates from a later line of the layer low",
        ),
        (
            {
                "text": "from typing import TYPE_CHECKING\n"
                "if TYPE_CHECKING:\n    from .dates import Day\n"
            },
            "text.py:3: text imports dates from a later line of the layer low",
        ),
        (
            {"text": "def f():\n    # a reason\n    from tracker.format.parser import parse\n"},
            "text.py:3: text imports format.parser in f() from the higher layer middle",
        ),
        (
            {"text": "class A:\n    def f(self):\n        import json\n"},
            "text.py:3: is an import in a function without a comment that says why",
        ),
        (
            {"text": "def f():\n    import json  # noqa: PLC0415\n"},
            "text.py:2: is an import in a function without a comment that says why",
        ),
        (
            {"text": "# far above\n\ndef f():\n    pass\n    import json\n"},
            "text.py:5: is an import in a function without a comment that says why",
        ),
        (
            {"rules__in__a": "", "rules__in__b": "from . import a\n"},
            "rules/b.py:1: rules.b imports rules.a from the same line of the layer middle",
        ),
        (
            {"rules__in__rule": "from .zoo import RULES\n"},
            "rules/rule.py:1: rules.rule imports rules.zoo from a later line of the layer middle",
        ),
        (
            {
                "format__in____init__": "from .parser import parse\n",
                "format__in__lines": "from tracker.format import parse\n",
                "format__in__parser": "",
            },
            "format/lines.py:1: format.lines imports format from a later line of the layer middle",
        ),
        (
            {"__init__": "from tracker.text import fold\n", "text": ""},
            "__init__.py:1: tracker imports text from the layer low",
        ),
        ({"new": ""}, "new.py: has no line in LAYERS; give it one"),
        ({"odd__in__new": ""}, "odd/new.py: has no line in LAYERS; give it one"),
    ],
)
def test_a_planted_mistake_is_found(tmp_path: Path, sources: dict[str, str], expected: str) -> None:
    assert _check(tmp_path, **sources) == [expected]
