"""Content security policies: what a browser lets our pages load and do, whatever stands in them.

Nothing that a record could bring in runs, is loaded or is sent anywhere, even if it got past the
escaping of texts: there is no inline script, no inline style, no frame, no form, no other host.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode

SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""For the pages of a site, which load nothing but files of the site."""

SHELL_POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self'; img-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'"
)
"""For the page that opens an encrypted site, and for what it has decrypted: scripts and pictures
that were files of the site are `blob:`s then, which only a script of the page can make."""


def policy_of(style: str) -> str:
    """Return the policy of a page that stands alone: a report to be sent on, a form to be printed.

    It allows the one style sheet that the page has in it, and nothing else.

    Args:
        style: What stands between `<style>` and `</style>`, to the last sign.
    """
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def policy_meta(style: str) -> str:
    """Return the element of a page's head that gives it the policy of `policy_of`."""
    return f'<meta http-equiv="Content-Security-Policy" content="{policy_of(style)}">'
