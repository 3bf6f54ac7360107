"""Static files, compressed: each is packed once per process and sent packed to whoever takes it so."""

import gzip
import mimetypes
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Flask, Response, make_response, request, send_from_directory

PACKED: Final = frozenset({".js", ".css", ".svg"})
_KEPT_FILES: Final = 300


def init_static(app: Flask) -> None:
    """Let `app` send its scripts, styles and drawings packed."""
    folder = Path(str(app.static_folder)).resolve()

    def static(filename: str) -> Response:
        plain = send_from_directory(folder, filename)
        path = (folder / filename).resolve()
        if path.suffix not in PACKED or not path.is_file():
            return plain
        plain.headers["Vary"] = "Accept-Encoding"
        return _packed(path, plain) if request.accept_encodings["gzip"] else plain

    app.view_functions["static"] = static


def _packed(path: Path, plain: Response) -> Response:
    body, tag = _pack(path, path.stat().st_mtime_ns)
    kept = {name: plain.headers[name] for name in ("Cache-Control", "Vary")}
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    plain.close()
    headers = {**kept, "Content-Type": f"{content_type}; charset=utf-8", "Content-Encoding": "gzip"}
    response = make_response(body, headers)
    response.set_etag(tag)
    response.make_conditional(request)
    return response


@lru_cache(maxsize=_KEPT_FILES)
def _pack(path: Path, _changed_ns: int) -> tuple[bytes, str]:
    """Return the packed file and its tag; asked anew once the file has changed."""
    body = gzip.compress(path.read_bytes(), mtime=0)
    return body, sha256(body).hexdigest()[:24]
