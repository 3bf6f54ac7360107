"""The exam screen as one set: its pages, scripts and styles, versioned, for browsers to load without a line.

The set is the same for everybody who reads the same language. It is put together once per process: what stands on the
disk does not change while a server runs. It goes out as one stream, without comments: sixty files packed one by one
are half as large again, and they could belong to two versions.
"""

import json
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Response, current_app, make_response, render_template, request
from flask_babel import force_locale
from flask_wtf.csrf import generate_csrf

from cbt.delivery.web.candidate import routes
from cbt.kernel import canonical
from cbt.kernel.web.language import LANGUAGES, language
from cbt.kernel.web.static import best_packing, lean, packings

PAGES: Final = MappingProxyType({"/exam/paper": "delivery/exam.html", "/exam/recover": "delivery/recover.html"})
PACK: Final = "/delivery/shell"
_TYPES: Final = MappingProxyType({".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"})
_SHARED: Final = (
    "base.css", "components.css", "item.css", "exam.css", "exam_tools.css", "calm.css",
    "page.js", "theme.js", "icons.svg", "favicon.svg",
)  # fmt: skip
_WORKER: Final = "exam/sw.js"
_ELSEWHERE: Final = ("exam/wait.js", "exam/waiting.js", "exam/leftover.js")  # of pages that need the line anyway


@routes.get("/delivery/sw.js")
def worker() -> Response:
    """Return the service worker, with the version of the set that it keeps."""
    facts = {"version": _version(), "files": sorted(_files()), "pages": list(PAGES), "pack": PACK}
    script = f"self.EXAM_SHELL = {json.dumps(facts)};\n{(_static() / _WORKER).read_text()}"
    headers = {"Content-Type": "text/javascript", "Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return make_response(script, headers)


@routes.get(PACK)
def shell() -> Response:
    """Return the whole set in the reader's language."""
    best = best_packing(request.accept_encodings) or "gzip"
    headers = {"Content-Type": "application/octet-stream", "Content-Encoding": best}
    headers["Vary"] = "Cookie, Accept-Language, Accept-Encoding"
    return make_response(_pack(language(), best), headers)


@routes.get("/exam/recover")
def recover() -> str:
    """Show what a browser still holds of exams, to save it as answer files; needs nobody to be signed in."""
    return render_template("delivery/recover.html")


@routes.get("/delivery/form-token")
def form_token() -> dict[str, str]:
    """Return what a form of this browser's session carries: the kept page has none of its own."""
    return {"token": generate_csrf()}


@lru_cache(maxsize=2 * len(LANGUAGES))
def _pack(spoken: str, packing: str) -> bytes:
    """Return one line of JSON that tells what follows (path, type and bytes of each file), and the files, packed."""
    pages = {path: ("text/html; charset=utf-8", _page(path, spoken)) for path in PAGES}
    files = [(path, kind, text.encode()) for path, (kind, text) in {**_files(), **pages}.items()]
    index = {
        "version": _version(),
        "language": spoken,
        "files": [(path, kind, len(body)) for path, kind, body in files],
    }
    return packings()[packing](b"\n".join([json.dumps(index).encode(), b"".join(body for _, _, body in files)]))


@lru_cache(maxsize=1)
def _version() -> str:
    pages = [_page(path, spoken) for path in PAGES for spoken in LANGUAGES]
    return canonical.digest(canonical.encode([_files(), pages, (_static() / _WORKER).read_text()])).hex()[:16]


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[str, str]]:
    folder = _static()
    apart = {folder / _WORKER, *(folder / name for name in _ELSEWHERE)}
    own = [path for path in sorted(folder.glob("exam/**/*.js")) if path not in apart]
    return {
        f"/static/{path.relative_to(folder).as_posix()}": (_TYPES[path.suffix], lean(path))
        for path in [*own, *(folder / name for name in _SHARED)]
    }


def _page(path: str, spoken: str) -> str:
    with force_locale(spoken):
        return render_template(PAGES[path])


def _static() -> Path:
    return Path(str(current_app.static_folder))
