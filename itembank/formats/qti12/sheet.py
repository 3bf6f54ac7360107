"""What is found while one item is read: notes, warnings and pictures; and the refusal that ends its reading."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from cbt.kernel.errors import Problem
from itembank.core.items import AssetRef
from itembank.formats.figures import Figures
from itembank.formats.images import PictureRefused, look_at
from itembank.formats.parsed import Asset

_BASE: Final = re.compile(r"^(?:\$|%24)(?:IMS[-_]CC[-_]FILE_?BASE|CANVAS_COURSE_REFERENCE)(?:\$|%24)/?", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_FOLDERS: Final = ("", "web_resources/")


class ItemRefused(Exception):
    """The item cannot be taken over; `code` and `hint` say why."""

    def __init__(self, code: str, hint: str) -> None:
        super().__init__(hint)
        self.code = code
        self.hint = hint


@dataclass(slots=True)
class Sheet:
    """The notes on one item; a note makes it partial, a warning does not."""

    where: str
    media: "Media"
    notes: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    used: dict[str, Asset] = field(default_factory=dict)

    def note(self, code: str, hint: str) -> None:
        """Add what was not understood or could not be kept; the same is said once."""
        problem = Problem(where=self.where, code=code, hint=hint)
        if problem not in self.notes:
            self.notes.append(problem)

    def warn(self, code: str, hint: str) -> None:
        """Add what a person should look at, although all was understood; the same is said once."""
        problem = Problem(where=self.where, code=code, hint=hint)
        if problem not in self.warnings:
            self.warnings.append(problem)

    def picture(self, source: str) -> Asset | None:
        """Return the picture that `source` names, kept with the item; None and a note when there is none."""
        found = self.media.find(source)
        if isinstance(found, str):
            self.note("figure-refused", f"{source[:80]}: {found}")
            return None
        if found is None:
            self.note("figure-missing", f"there is no picture {source[:80]!r} with the file")
            return None
        return self.keep(found)

    def keep(self, asset: Asset) -> Asset:
        """Return the picture, kept with the item."""
        self.used[asset.ref.sha256] = asset
        return asset

    def address(self, source: str) -> str | None:
        """Return the `asset:` address of the picture that `source` names, or None and a note."""
        if source.removeprefix("asset:") in self.used:
            return source
        asset = self.picture(source)
        return None if asset is None else f"asset:{asset.ref.sha256}"


class Media:
    """The pictures of one document, each looked up, checked and hashed once."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._seen: dict[str, Asset | str | None] = {}

    def find(self, source: str) -> Asset | str | None:
        """Return the picture, why it is refused, or None when it is not there."""
        if source not in self._seen:
            self._seen[source] = self._look_up(source)
        return self._seen[source]

    def embedded(self, text: str, name: str) -> Asset | str:
        """Return the picture that base64 text holds, or why it is refused."""
        try:
            return _checked(base64.b64decode("".join(text.split()), validate=True), name)
        except (binascii.Error, ValueError) as broken:
            return str(broken)

    def _look_up(self, source: str) -> Asset | str | None:
        if source[:11].lower() == "data:image/" and ";base64," in source[:60]:
            return self.embedded(source.partition(",")[2], "picture")
        if _OUTSIDE.match(source):
            return "it lies outside of the file"
        name = unquote(_BASE.sub("", source.strip()).partition("?")[0].partition("#")[0]).lstrip("/")
        for folder in _FOLDERS:
            payload = self._figures.find(folder + name)
            if payload is not None:
                return _checked(payload, name)
        return None


def _checked(payload: bytes, name: str) -> Asset | str:
    try:
        picture = look_at(payload)
    except PictureRefused as refusal:
        return str(refusal)
    ref = AssetRef(sha256=sha256(payload).hexdigest(), media_type=picture.media_type, name=name[:200])
    return Asset(ref=ref, payload=payload)
