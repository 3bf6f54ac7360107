"""The exam page: how much script and style goes over the line, packed as browsers take it."""

import gzip
import json
import re
import tempfile
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urljoin

from flask.testing import FlaskClient

from bench.figures import Limit
from cbt.app import create_app
from cbt.kernel.settings import Settings

MOST_KB: Final = 60.0
_BROWSER: Final = {"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "ko"}
_PLAIN: Final = {"Accept-Encoding": "identity"}
_LINKED: Final = re.compile(r'<(?:link rel="stylesheet" href|script[^>]* src)="([^"]+)"')
_IMPORTED: Final = re.compile(r'^(?:import|export|\})[^;]*?from "(\.[^"]+)"', re.MULTILINE)
_LATER: Final = re.compile(r'(?:import\(|new URL\()"(\.[^"]+)"')


def run() -> tuple[Limit, ...]:
    """Measure the page by itself, with everything that is fetched later, and the one stream for the service worker."""
    with tempfile.TemporaryDirectory(prefix="cbt-bench-") as home:
        client = create_app(Settings.from_env({"CBT_HOME": home})).test_client()
        own, later = _files(client)
        stream = len(client.get("/delivery/shell", headers=_BROWSER).data)
    parts = {"the screen": own, "what is opened later (tools, calculator, review)": later}
    for name, sizes in parts.items():
        print(f"   {name}: {len(sizes)} files, {sum(sizes.values()) / 1024:.1f} KB")
    print(f"   everything with pages and drawings in one stream, for the service worker: {stream / 1024:.1f} KB")
    return (Limit(name="exam page: JavaScript + CSS", value=sum(own.values()) / 1024, most=MOST_KB, unit="KB"),)


def _files(client: FlaskClient) -> tuple[dict[str, int], dict[str, int]]:
    """Return the packed sizes of what the page loads, and of what it may load later."""
    own: dict[str, int] = {}
    later: dict[str, int] = {}
    linked = _LINKED.findall(_exam_page(client))
    wanted_later = _load(client, linked, own)
    while wanted_later := [path for path in wanted_later if path not in own and path not in later]:
        wanted_later = _load(client, wanted_later, later, but=own)
    return own, later


def _load(client: FlaskClient, paths: list[str], into: dict[str, int], but: dict[str, int] | None = None) -> list[str]:
    wanted, found_later = list(paths), []
    while wanted:
        path = wanted.pop()
        if path in into or (but and path in but) or PurePosixPath(path).suffix not in {".js", ".css"}:
            continue
        into[path] = len(client.get(path, headers=_BROWSER).data)
        text = client.get(path, headers=_PLAIN).text
        wanted += [urljoin(path, found) for found in _IMPORTED.findall(text)]
        found_later += [urljoin(path, found) for found in _LATER.findall(text)]
    return found_later


def _exam_page(client: FlaskClient) -> str:
    """Return the page as the service worker keeps it."""
    stream = client.get("/delivery/shell", headers={"Accept-Encoding": "gzip", "Accept-Language": "ko"})
    return _unpacked(stream.data)["/exam/paper"]


def _unpacked(packed: bytes) -> dict[str, str]:
    head, _, body = gzip.decompress(packed).partition(b"\n")
    files, place = {}, 0
    for path, _kind, length in json.loads(head)["files"]:
        files[path] = body[place : place + length].decode()
        place += length
    return files
