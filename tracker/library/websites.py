"""What tells one website from others."""

from __future__ import annotations

from urllib.parse import urlsplit

_SHARED = (
    *("1688.com", "alibaba.com", "baidu.com", "bilibili.com", "douyin.com", "facebook.com"),
    *("github.com", "github.io", "google.com", "instagram.com", "jd.com", "linkedin.com"),
    *("made-in-china.com", "qq.com", "taobao.com", "tmall.com", "twitter.com", "weibo.com"),
    *("x.com", "xiaohongshu.com", "youtube.com", "zhihu.com"),
)
"""Websites where anybody can have a page."""


def site_of(address: str) -> str:
    """Return what tells a website: its host, and its path where many have a page of their own.

    Nothing tells what is no address.
    """
    try:
        parts = urlsplit(address.casefold())
    except ValueError:  # Such as `http://[1:2]`, which looks like a numeric address.
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    many = any(host == shared or host.endswith(f".{shared}") for shared in _SHARED)
    return f"{host}{parts.path.rstrip('/')}" if many else host
