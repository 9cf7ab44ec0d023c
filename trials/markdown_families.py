"""Families of Markdown that are known to make some renderer slow, each of any length.

Some are cmark's (`test/pathological_tests.py`), some are those of Python-Markdown's issues, and
some were found by measuring each construct of the language alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Family = Callable[[int], str]


def repeated(unit: str) -> Family:
    """Return the family of texts that repeat a unit."""
    return lambda length: unit * max(1, length // len(unit))


def family(name: str, length: int) -> str:
    """Return the text of a family that has about so many characters, and no more than those."""
    return FAMILIES[name](length - 8)[:length]


FAMILIES: dict[str, Family] = {
    "open brackets": repeated("["),
    "close brackets": repeated("]"),
    "bracket pairs": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "nested links": lambda n: "[" * (n // 6) + "a" + "](b)" * (n // 6),
    "links": repeated("[a](b) "),
    "links lines": repeated("[a](b)\n"),
    "link open": repeated("[a]("),
    "link open angle": repeated("[a](<b"),
    "link title": repeated('[a](b "c'),
    "image open": repeated("![[]()"),
    "image refs": repeated("![a][b] "),
    "refs": repeated("[a][b] "),
    "shortrefs": repeated("[a] "),
    "emph star": repeated("*"),
    "emph open": repeated("*a "),
    "emph close": repeated("a* "),
    "emph open2": repeated("**a "),
    "emph mixed": repeated("*a _b "),
    "emph a**b": repeated("a**b"),
    "emph pairs": repeated("*a* "),
    "emph nested": lambda n: "*a **a " * (n // 14) + "b" + " a** a*" * (n // 14),
    "under": repeated("_a "),
    "under mid": repeated("a_b"),
    "x_": repeated("x_"),
    "stars mixed": lambda n: "a***b" * (n // 10) + "c*" * (n // 4),
    "backticks": repeated("`"),
    "backtick runs": lambda n: "".join("e" + "`" * i for i in range(1, int((2 * n) ** 0.5))),
    "backtick pairs": repeated("`a` "),
    "unclosed codes": lambda n: "".join(f"{'`' * (1 + i % 9)}a " for i in range(n // 7)),
    "escapes": repeated("\\*"),
    "backslashes": repeated("\\"),
    "entities": repeated("&amp;"),
    "amps": repeated("&"),
    "charrefs": repeated("&#38;"),
    "longentity": lambda n: "&" + "a" * n,
    "cdata": repeated("<![CDATA["),
    "decl": repeated("<!A "),
    "pi": repeated("<?"),
    "comments": repeated("<!-- a -->"),
    "comment open": repeated("<!--"),
    "comment open nl": repeated("\n<!--"),
    "lt": repeated("<"),
    "lt a": repeated("<a "),
    "tags": repeated("<b>x</b>"),
    "autolink": repeated("<http://a"),
    "autolinks": repeated("<http://a.b> "),
    "automail": repeated("<a@b"),
    "urls": repeated("http://a.b "),
    "long url": lambda n: "http://" + "a" * n,
    "url punct": lambda n: "http://a" + "." * n + " ",
    "urls punct": repeated("http://a..... "),
    "quotes nested": lambda n: ">" * n + "a",
    "quotes nested sp": lambda n: "> " * (n // 2) + "a",
    "quotes lines": repeated("> a\n"),
    "quotes paras": repeated("> a\n\n"),
    "quote deepening": lambda n: "\n".join("> " * (i % 12) + "a" for i in range(n // 14)),
    "bullets": repeated("- a\n"),
    "bullets loose": repeated("- a\n\n"),
    "bullets nested": lambda n: "\n".join(" " * 2 * i + "- a" for i in range(int(n**0.5))),
    "bullets nested12": lambda n: "\n".join("  " * (i % 12) + "- a" for i in range(n // 15)),
    "bullets nested12 loose": lambda n: "\n\n".join(
        "    " * (i % 12) + "- a" for i in range(n // 28)
    ),
    "bullets on a line": lambda n: "- " * (n // 2) + "a",
    "star bullets on a line": lambda n: "* " * (n // 2) + "a",
    "numbers": repeated("1. a\n"),
    "number paras": repeated("1. a\n\n    b\n\n"),
    "mixed lists": repeated("- a\n1. b\n"),
    "list of quotes": repeated("- > a\n"),
    "list codes": repeated("- a\n\n        code\n\n"),
    "code indented": repeated("    a\n"),
    "code indented loose": repeated("    a\n\n"),
    "code loose many blank": repeated("    a\n\n\n"),
    "headings": repeated("# a\n"),
    "heading hashes": lambda n: "# a " + "#" * n,
    "heading hashes2": lambda n: "# " + "#a" * (n // 2),
    "hashes": repeated("#"),
    "setext": repeated("a\n=\n"),
    "setext dashes": repeated("a\n-\n"),
    "dashes": repeated("-"),
    "hr": repeated("---\n"),
    "hr spaced": repeated("- - -\n"),
    "hr fail": lambda n: "- " * (n // 2) + "x",
    "stars hr": lambda n: "* " * (n // 2) + "x",
    "fences": repeated("```\n"),
    "fences unclosed": repeated("```a\nb\n"),
    "fence tildes": repeated("~~~ a\n"),
    "fence pairs": repeated("```\na\n```\n\n"),
    "fence growing": lambda n: "\n".join("`" * (3 + i) for i in range(int((2 * n) ** 0.5))),
    "table wide": lambda n: (
        "|" + "a|" * (n // 6) + "\n|" + "-|" * (n // 6) + "\n|" + "b|" * (n // 6)
    ),
    "table long": lambda n: "|a|b|\n|-|-|\n" + "|c|d|\n" * (n // 6),
    "table short rows": lambda n: (
        "|"
        + "a|" * int((n // 8) ** 0.5 * 1)
        + "\n|"
        + "-|" * int((n // 8) ** 0.5)
        + "\n"
        + "b\n" * (n // 2)
    ),
    "table wide short": lambda n: "|" + "a|" * 390 + "\n|" + "-|" * 390 + "\n" + "b\n" * (n // 2),
    "table w40 short": lambda n: (
        "|" + "a|" * 40 + "\n|" + "-|" * 40 + "\n" + "b|\n" * min(390, n // 3)
    ),
    "tables": repeated("|a|\n|-|\n|b|\n\n"),
    "table ticks": lambda n: "|a|b|\n|-|-|\n" + "|`c|d|\n" * (n // 7),
    "pipes": repeated("|"),
    "pipe lines": repeated("a|b\n"),
    "link definitions": lambda n: "".join(f"[a{i}]: b\n" for i in range(n // 10)),
    "link definitions loose": lambda n: "".join(f"[a{i}]: b\n\n" for i in range(n // 11)),
    "definitions used": lambda n: "[a]: " + "b" * (n // 2) + "\n\n" + "[a] " * (n // 8),
    "definition title": repeated('[a]: b "\n'),
    "definition title2": lambda n: "[a]: b\n" + " " * n + '"x',
    "definition sp": lambda n: "[a]:" + " " * n + "x y",
    "definition sp2": lambda n: "[a]: b" + " " * n + '"',
    "spaces": lambda n: "a" + " " * n + "b",
    "spaces nl": repeated("a  \n"),
    "tabs": repeated("a\t"),
    "tabs lead": lambda n: "\t" * n + "a",
    "lines": repeated("*a*\nb\n"),
    "short lines": repeated("b\n"),
    "paras": repeated("*a*\n\n"),
    "words": repeated("word "),
    "words amp": repeated("word & "),
    "chinese": lambda n: "王芳来电询问交付周期,**方案**。\n" * (n // 18),
    "blank lines": repeated("*\n\n\n\n\n\n\n\n"),
    "stx": repeated("\x02"),
    "stx klz": lambda n: "\x02klzzwxh:0000\x03" * (n // 14),
    "stx wz": lambda n: "\x02wzxhzdk:0\x03" * (n // 12),
    "stx amp": repeated("\x02amp\x03"),
    "task boxes": repeated("- [ ] a\n"),
    "colon": repeated(":"),
    "quotes": repeated('"'),
    "paren": lambda n: "[a](" + "(" * n,
    "paren2": lambda n: "[a](" + "(" * (n // 2) + ")" * (n // 2),
    "paren many": lambda n: "[a]((" * (n // 5),
    "link quote": lambda n: '[a](b "' + 'c"' * (n // 2),
    "img paren": repeated("![a](("),
    "lt bang": repeated("<!"),
    "indent growing": lambda n: "- a\n" + "\n".join(" " * (i % 60) + "b" for i in range(n // 32)),
    "list continuation": lambda n: "- a\n" + "  b\n" * (n // 4),
    "list continuation para": lambda n: "- a\n\n" + "  b\n\n" * (n // 5),
    "dash newline mix": repeated("-\n a\n"),
    "plus": repeated("+ "),
    "nul-ish": repeated("&#0;"),
    "email": repeated("a@b.c "),
    "mixture": repeated("*a `b [c](d) <e> &f; \\g _h_ |\n"),
    "numbers on a line": lambda n: "1. " * (n // 3) + "a",
    "mixed on a line": lambda n: "> - 1. " * (n // 7) + "a",
    "quote in list deep": lambda n: "\n".join(
        "    " * i + "- > a" for i in range(int((n / 2) ** 0.5))
    ),
    "list indents tabs": lambda n: "\n".join("\t" * i + "- a" for i in range(int(n**0.5))),
    "img alt nested": lambda n: "![" * (n // 4) + "](" * (n // 4),
    "paren nest open": lambda n: "[a](b" * (n // 5) + ")",
    "bracket text": lambda n: ("[" + "a" * 8) * (n // 9),
    "bracket closed text": lambda n: "[a" * (n // 3) + "]" * (n // 3),
    "ref then long": lambda n: "[a][" * (n // 4),
    "ref colon": lambda n: "[a]:" * (n // 4),
    "em in links": repeated("[*a](b)* "),
    "code in bracket": repeated("[`a](b)` "),
    "codes of two lengths in bracket": repeated("[``a](b)`` [`a](b)` "),
    "code begun by a run in bracket": repeated("[```a](b)`` "),
    "escapes in bracket": repeated("[a\\](b) "),
    "star nest": lambda n: "*a " * (n // 6) + "a* " * (n // 6),
    "dstar nest": lambda n: "**a " * (n // 8) + "a** " * (n // 8),
    "under nest": lambda n: "_a " * (n // 6) + "a_ " * (n // 6),
    "mix nest": lambda n: "*a _b **c __d " * (n // 28) + "d__ c** b_ a* " * (n // 28),
    "tripple": lambda n: "***a " * (n // 10) + "a*** " * (n // 10),
    "code in table cells": lambda n: (
        "|" + "`a`|" * (n // 10) + "\n|" + "-|" * (n // 10) + "\n|" + "`b`|" * (n // 10)
    ),
    "rows beyond the head": lambda n: "|a|b|\n|-|-|\n" + "|c" * (n // 2),
    "links to nowhere": repeated("[a](b.md 'c') "),
    "definitions of one name": repeated("[a]: b 'c'\n"),
}
