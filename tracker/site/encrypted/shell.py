"""The page that asks for the passphrase: all of an encrypted site that is not encrypted.

Its files hold nothing of the workspace but the language, and are none of the workspace's own
templates: what sees the passphrase comes with the program.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from tracker.page_policy import SHELL_POLICY
from tracker.site.encrypted.container import ITERATIONS
from tracker.site.render import LANGUAGE_TAGS
from tracker.site.template_files import builtin_templates
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.site.encrypted.container import SiteKeys

SHELL_DIR = "shell"
"""Its folder, among the built-in templates and in the site."""

_PAGE = "index.html"
_SHARED = ("assets/icon.svg", "assets/site.css")
"""What makes it look like the pages of the site."""


def shell_files(keys: SiteKeys, language: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that open an encrypted site, as path and content.

    Args:
        keys: The keys of the site.
        language: `zh` or `en`.

    Raises:
        OSError: One of them cannot be read.
    """
    folder = builtin_templates()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder / SHELL_DIR),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install: Callable[..., None] = environment.install_gettext_translations  # type: ignore[attr-defined]  # the extension adds it
    install(translations(language), newstyle=True)
    page = environment.get_template(_PAGE).render(
        language=LANGUAGE_TAGS[language],
        policy=Markup(SHELL_POLICY),  # noqa: S704  # ours, and read best without its quotes escaped
        salt=b64encode(keys.salt).decode(),
        iterations=ITERATIONS,
        check=b64encode(keys.sealed("", b"")).decode(),
    )
    yield _PAGE, page.encode()
    for file in sorted((folder / SHELL_DIR).iterdir()):
        if file.name != _PAGE:
            yield f"{SHELL_DIR}/{file.name}", file.read_bytes()
    for path in _SHARED:
        yield f"{SHELL_DIR}/{path.rpartition('/')[2]}", (folder / path).read_bytes()
