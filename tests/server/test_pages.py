"""What the server adds to pages, and what it finds in them."""

from __future__ import annotations

import pytest

from tracker.server.pages import client_file, resources_of, with_client

POLICY = '<meta http-equiv="Content-Security-Policy" content="{}">'


@pytest.mark.parametrize(
    ("policy", "listening"),
    [
        (
            "default-src 'none'; script-src 'self'",
            "default-src 'none'; script-src 'self'; connect-src 'self'",
        ),
        ("default-src 'none';", "default-src 'none'; connect-src 'self'"),
        ("connect-src 'none'; img-src data:", "connect-src  'self'; img-src data:"),
        ("connect-src https://a.example", "connect-src https://a.example 'self'"),
    ],
)
def test_a_page_may_listen_to_the_server(policy: str, listening: str) -> None:
    html = f"<html><head>{POLICY.format(policy)}</head><body></body></html>"
    served = with_client(html, "index.html", "s.1")
    assert POLICY.format(listening) in served


def test_the_script_stands_at_the_end_of_the_head() -> None:
    served = with_client("<head><title>x</title></HEAD><body>", 'a"b.html', "s.1")
    assert served == (
        '<head><title>x</title><script src="/_tracker/live.js" data-page="a&quot;b.html" '
        'data-seen="s.1" defer></script>\n</HEAD><body>'
    )
    assert with_client("text", "a.html", "s.1").startswith("text<script ")


def test_nothing_else_of_a_page_changes() -> None:
    html = "<head></head><body><p>content='x' content-security-policy</p></body>"
    served = with_client(html, "a.html", "s.1")
    script = served[served.index("<script") : served.index("</script>\n") + len("</script>\n")]
    assert served.replace(script, "") == html


def test_resources_are_found_from_where_the_page_is() -> None:
    html = (
        '<script src="../data/today.js" defer></script><link rel="stylesheet" href="x.css">'
        '<link rel="icon" href="data:,"><link rel="alternate" href="../feed.xml">'
        '<img src="../attachments/%E5%9B%BE.png"><img src="https://example.com/x.png">'
        '<img src="//[x"><a href="other.html">x</a>'
    )
    assert resources_of(html, "customers/a.html") == {
        "data/today.js",
        "customers/x.css",
        "attachments/图.png",
    }


def test_the_servers_own_files() -> None:
    assert client_file("_tracker/live.js")
    assert client_file("_tracker/live.css")
    assert client_file("_tracker/../pages.py") is None
