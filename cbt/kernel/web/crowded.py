"""The calm page for whoever comes when the server is overrun: there before it is needed, and it loads itself again."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, render_template
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from cbt.kernel.web.context import own_address
from cbt.kernel.web.language import LANGUAGES

_DEFAULT: Final = LANGUAGES[0]


def crowded_pages(app: Flask) -> Mapping[str, bytes]:
    """Return the page in each language."""
    pages: dict[str, bytes] = {}
    for language in LANGUAGES:
        with app.test_request_context("/", headers={"Accept-Language": language}):
            pages[language] = render_template("crowded.html").encode()
    return pages


def choose_language(cookie: str, accepts: str) -> str:
    """Return the language of a reader: the one of the cookie, else the one that the browser prefers."""
    if cookie in LANGUAGES:
        return cookie
    return parse_accept_header(accepts, LanguageAccept).best_match(LANGUAGES) or _DEFAULT


def refresh(method: str, referer: str, after_s: int) -> str:
    """Return the Refresh header: the same page again; after a form was sent, the page that the form stands on."""
    if method in {"GET", "HEAD"}:
        return f"{after_s}"
    parts = urlsplit(referer)
    path = own_address(f"{parts.path}?{parts.query}" if parts.query else parts.path) or "/"
    return f"{after_s}; url={path}"
