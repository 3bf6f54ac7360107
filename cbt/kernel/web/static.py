"""Static files, lean and packed: without comments, compressed once per process, as the browser takes them.

There is no build step: what is sent is made of the file as it stands, and made anew when the file has changed.
"""

import gzip
import mimetypes
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

import brotli
from flask import Flask, Response, make_response, request, send_from_directory
from rjsmin import jsmin
from werkzeug.datastructures import Accept

Packing: TypeAlias = Callable[[bytes], bytes]
PACKED: Final = frozenset({".js", ".css", ".svg"})
_KEPT_FILES: Final = 400
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT: Final = re.compile(r"\n\s*")


def packings() -> Mapping[str, Packing]:
    """Return the ways to pack by their names in `Accept-Encoding`, the closest first."""
    return MappingProxyType({"br": brotli.compress, "gzip": partial(gzip.compress, mtime=0)})


def lean(path: Path) -> str:
    """Return the text of a script or style without what only its readers need."""
    text = path.read_text()
    if path.suffix == ".js":
        return str(jsmin(text))
    return _INDENT.sub("\n", _COMMENT.sub("", text)) if path.suffix == ".css" else text


def init_static(app: Flask) -> None:
    """Let `app` send its scripts, styles and drawings lean and packed."""
    folder = Path(str(app.static_folder)).resolve()

    def static(filename: str) -> Response:
        plain = send_from_directory(folder, filename)
        path = (folder / filename).resolve()
        if path.suffix not in PACKED or not path.is_file():
            return plain
        plain.headers["Vary"] = "Accept-Encoding"
        packing = best_packing(request.accept_encodings)
        return plain if packing is None else _packed(path, packing, plain)

    app.view_functions["static"] = static


def best_packing(accepted: Accept) -> str | None:
    """Return the name of the closest packing that a request accepts."""
    return next((name for name in packings() if accepted[name]), None)


def _packed(path: Path, packing: str, plain: Response) -> Response:
    body, tag = _pack(path, packing, path.stat().st_mtime_ns)
    kept = {name: plain.headers[name] for name in ("Cache-Control", "Vary")}
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    plain.close()
    headers = {**kept, "Content-Type": f"{content_type}; charset=utf-8", "Content-Encoding": packing}
    response = make_response(body, headers)
    response.set_etag(tag)
    response.make_conditional(request)
    return response


@lru_cache(maxsize=_KEPT_FILES)
def _pack(path: Path, packing: str, _changed_ns: int) -> tuple[bytes, str]:
    """Return the packed file and its tag; asked anew once the file has changed."""
    body = packings()[packing](lean(path).encode())
    return body, sha256(body).hexdigest()[:24]
