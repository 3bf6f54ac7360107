"""The files that an item names: found beside it, judged by their content, each read once for all items of a package."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from itembank.core.items import AssetRef
from itembank.formats.archive import ArchiveRefused
from itembank.formats.images import PictureRefused, look_at
from itembank.formats.parsed import Asset
from itembank.formats.picture_size import Size, measure
from itembank.formats.sounds import MediaRefused, look_into

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
_INLINE: Final = re.compile(r"data:image/[a-z+.-]{1,20};base64,", re.IGNORECASE)
_LONGEST: Final = 400
_TOP: Final = PurePosixPath()


class FileRefused(ValueError):
    """Says why a file that an item names cannot be used; `code` is the kind of reason."""

    def __init__(self, code: str, hint: str) -> None:
        super().__init__(hint)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture with its size, or sound and film without."""

    asset: Asset
    size: Size | None = None


@dataclass(slots=True)
class Store:
    """Finds files by their path in the package and keeps what became of them."""

    find: Callable[[str], bytes | None]
    seen: dict[tuple[str, str], Shown | FileRefused] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files beside one item, which lies in `folder` of the package."""

    store: Store
    folder: PurePosixPath = _TOP

    def read(self, href: str) -> bytes:
        """Return the bytes of the file that `href` names; raises FileRefused."""
        path = resolve(href, self.folder)
        try:
            payload = self.store.find(path)
        except ArchiveRefused as refusal:
            raise FileRefused("file-broken", str(refusal)) from refusal
        if payload is None:
            raise FileRefused("file-missing", f"names {href[:80]!r}, which is not there")
        return payload

    def picture(self, href: str) -> Shown:
        """Return the picture that `href` names; raises FileRefused."""
        if _INLINE.match(href):
            return _picture(_inline(href), "inline picture")
        return self._kept("picture", href, _picture)

    def media(self, href: str) -> Shown:
        """Return the sound, film or picture that `href` names; raises FileRefused."""
        return self._kept("media", href, _media)

    def inline(self, payload: bytes) -> Shown:
        """Return a picture that stands in the document itself; raises FileRefused."""
        return _picture(payload, "inline picture")

    def _kept(self, kind: str, href: str, judge: Callable[[bytes, str], Shown]) -> Shown:
        key = (kind, resolve(href, self.folder))
        if key not in self.store.seen:
            try:
                self.store.seen[key] = judge(self.read(href), key[1])
            except FileRefused as refusal:
                self.store.seen[key] = refusal
        found = self.store.seen[key]
        if isinstance(found, FileRefused):
            raise FileRefused(found.code, str(found))
        return found


def resolve(href: str, folder: PurePosixPath) -> str:
    """Return the path in the package that `href` in `folder` means; raises FileRefused for one outside of it."""
    plain = href.strip()
    if not plain or len(plain) > _LONGEST or "\0" in plain:
        raise FileRefused("file-missing", "names no file")
    if _SCHEME.match(plain):
        raise FileRefused("external-file", f"names {plain[:80]!r}, which is not in the package; nothing is fetched")
    path = unquote(re.split(r"[?#]", plain, maxsplit=1)[0]).replace("\\", "/")
    parts = [] if path.startswith("/") else [part for part in folder.parts if part != "."]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                raise FileRefused("outside-file", f"names {plain[:80]!r}, which lies outside the package")
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    if not parts or "\0" in path:
        raise FileRefused("file-missing", f"names {plain[:80]!r}, which is no file")
    return "/".join(parts)


def _inline(href: str) -> bytes:
    try:
        return base64.b64decode("".join(href.partition(",")[2].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FileRefused("picture-refused", "holds a picture whose base64 is broken") from error


def _picture(payload: bytes, name: str) -> Shown:
    try:
        kind = look_at(payload)
        size = measure(payload, kind.media_type)
    except PictureRefused as refusal:
        raise FileRefused("picture-refused", f"{name[:80]}: {refusal}") from refusal
    return Shown(asset=_asset(payload, kind.media_type, name), size=size)


def _media(payload: bytes, name: str) -> Shown:
    try:
        return Shown(asset=_asset(payload, look_into(payload).media_type, name))
    except MediaRefused as refusal:
        try:
            return _picture(payload, name)
        except FileRefused:
            raise FileRefused("media-refused", f"{name[:80]}: {refusal}") from refusal


def _asset(payload: bytes, media_type: str, name: str) -> Asset:
    ref = AssetRef(sha256=sha256(payload).hexdigest(), media_type=media_type, name=name[:200])
    return Asset(ref=ref, payload=payload)
