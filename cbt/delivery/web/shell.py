"""The exam screen as one set: its pages, scripts and styles, versioned, for browsers to load without a line.

The set is the same for everybody who reads the same language. It is put together once per process: what stands on the
disk does not change while a server runs.
"""

import gzip
import json
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Response, current_app, make_response, render_template
from flask_babel import force_locale
from flask_wtf.csrf import generate_csrf

from cbt.delivery.web.candidate import routes
from cbt.kernel import canonical
from cbt.kernel.web.language import LANGUAGES, language

PAGES: Final = MappingProxyType({"/exam/paper": "delivery/exam.html", "/exam/recover": "delivery/recover.html"})
PACK: Final = "/delivery/shell"
_TYPES: Final = MappingProxyType({".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"})
_SHARED: Final = (
    "base.css", "components.css", "item.css", "exam.css", "exam_tools.css", "calm.css", "page.js", "theme.js", "icons.svg",
    "favicon.svg",
)  # fmt: skip
_WORKER: Final = "exam/sw.js"


@routes.get("/delivery/sw.js")
def worker() -> Response:
    """Return the service worker, with the version of the set that it keeps."""
    facts = {"version": _version(), "files": sorted(_files()), "pages": list(PAGES), "pack": PACK}
    script = f"self.CBT_SHELL = {json.dumps(facts)};\n{(_static() / _WORKER).read_text()}"
    headers = {"Content-Type": "text/javascript", "Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return make_response(script, headers)


@routes.get(PACK)
def shell() -> Response:
    """Return the whole set in the reader's language."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Vary": "Cookie, Accept-Language"}
    return make_response(_pack(language()), headers)


@routes.get("/exam/recover")
def recover() -> str:
    """Show what a browser still holds of exams, to save it as answer files; needs nobody to be signed in."""
    return render_template("delivery/recover.html")


@routes.get("/delivery/form-token")
def form_token() -> dict[str, str]:
    """Return what a form of this browser's session carries: the kept page has none of its own."""
    return {"token": generate_csrf()}


@lru_cache(maxsize=len(LANGUAGES))
def _pack(spoken: str) -> bytes:
    pages = {path: ("text/html; charset=utf-8", _page(path, spoken)) for path in PAGES}
    document = {"version": _version(), "language": spoken, "files": {**_files(), **pages}}
    return gzip.compress(json.dumps(document, ensure_ascii=False).encode(), mtime=0)


@lru_cache(maxsize=1)
def _version() -> str:
    pages = [_page(path, spoken) for path in PAGES for spoken in LANGUAGES]
    return canonical.digest(canonical.encode([_files(), pages, (_static() / _WORKER).read_text()])).hex()[:16]


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[str, str]]:
    folder = _static()
    own = [path for path in sorted(folder.glob("exam/**/*.js")) if path != folder / _WORKER]
    return {
        f"/static/{path.relative_to(folder).as_posix()}": (_TYPES[path.suffix], path.read_text())
        for path in [*own, *(folder / name for name in _SHARED)]
    }


def _page(path: str, spoken: str) -> str:
    with force_locale(spoken):
        return render_template(PAGES[path])


def _static() -> Path:
    return Path(str(current_app.static_folder))
