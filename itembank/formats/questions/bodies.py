"""Bodies of items as other formats write them: where the place of an answer stands, and how pictures are named."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from itembank.core.markup import INTERACTION
from itembank.formats.exported import ExportItem
from itembank.formats.questions.carried import CannotWrite

_IMAGE: Final = re.compile(r' src="asset:([0-9a-f]{64})"')
_INLINE: Final = re.compile(rf'<span {INTERACTION}="([A-Za-z_][A-Za-z0-9_.-]{{0,63}})"></span>')
_BLOCK: Final = re.compile(rf'<div {INTERACTION}="[A-Za-z_][A-Za-z0-9_.-]{{0,63}}"></div>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body without its block places; `inline` tells whether a place stands inside a line."""

    html: str
    inline: bool


def body_of(item: ExportItem) -> Body:
    """Return the body as a format writes it that puts block questions below their text."""
    html = _BLOCK.sub("", item.content.body)
    return Body(html=html, inline=_INLINE.search(html) is not None)


def around(html: str) -> tuple[str, str]:
    """Return what stands before and after the only place of an answer."""
    before, _name, after = _INLINE.split(html)
    return before, after


def with_pictures(html: str, source: Callable[[str], str]) -> str:
    """Return HTML whose pictures have the address that `source` returns for their digest."""
    return _IMAGE.sub(lambda found: f' src="{source(found[1])}"', html)


def data_address(item: ExportItem, sha256: str) -> str:
    """Return a picture as an address that holds it."""
    payload, media_type = picture_of(item, sha256)
    return f"data:{media_type};base64,{b64encode(payload).decode()}"


def picture_of(item: ExportItem, sha256: str) -> tuple[bytes, str]:
    """Return the bytes and the media type of a picture; raises CannotWrite when it is not there."""
    payload = item.read_asset(sha256)
    ref = next((one for one in item.content.assets if one.sha256 == sha256), None)
    if payload is None or ref is None:
        raise CannotWrite("one of its pictures is not in the bank")
    return payload, ref.media_type
