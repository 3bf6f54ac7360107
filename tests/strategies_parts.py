"""What strategies of interactions are made from: words, options, pictures, and one interaction with what is right."""

import io
import struct
import wave
import zlib
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from hypothesis import strategies as st

from itembank.core import interactions as qti
from itembank.core.items import AssetRef
from itembank.core.keys import (
    Rule,
)
from itembank.core.markup import clean
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.parsed import Asset

WORDS = ("전압", "전류", "ohm", "R & D", "x < y", '"quoted"', "저항 5Ω", "It's", "100 %", "a=b", "{x}", "~", "#1")
SIZE = (40, 30)


def png(shade: int) -> bytes:
    """Return a small grey picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", *SIZE, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + bytes([shade]) * SIZE[0] for _ in range(SIZE[1]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def sound() -> bytes:
    """Return a short silence."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 80)
    return target.getvalue()


def asset(payload: bytes, media_type: str, name: str) -> Asset:
    """Return the file with its digest."""
    digest = sha256(payload).hexdigest()
    return Asset(ref=AssetRef(sha256=digest, media_type=media_type, name=name), payload=payload)


PICTURES = tuple(asset(png(shade), "image/png", f"figure-{shade}.png") for shade in (0, 120, 250))
SOUND = asset(sound(), "audio/wav", "listen.wav")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One interaction with its declaration, its rule (None: no simple one) and what is right."""

    interaction: qti.Interaction
    cardinality: Cardinality
    base_type: BaseType
    rule: Rule | None = None
    right: tuple[str, ...] = ()
    block: bool = True
    assets: tuple[Asset, ...] = ()


words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
lines = words.map(lambda text: escape(text, quote=False)) | st.builds(
    "{} <em>{}</em> <sub>2</sub>".format, words.map(escape), st.sampled_from(["x", "뜻"])
).map(clean)
MATHS = (
    "<math><mfrac><mn>1</mn><mi>R</mi></mfrac></math>",
    "<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mn>4</mn></math>",
)
paragraphs = st.builds("<p>{}</p>".format, lines) | st.builds("<p>{} {}</p>".format, lines, st.sampled_from(MATHS))


def identifiers(least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Return so many different identifiers, as authors name them."""
    pools = (list("ABCDEFGH"), [f"choice_{n}" for n in range(1, 9)], [f"ID-{n}.x" for n in range(8)])
    return st.sampled_from(pools).flatmap(
        lambda pool: st.lists(st.sampled_from(pool), min_size=least, max_size=most, unique=True)
    )


@st.composite
def choices_of(draw: st.DrawFn, least: int = 2, most: int = 5, *, pins: bool = True) -> tuple[qti.Choice, ...]:
    """Return options that differ."""
    names = draw(identifiers(least, most))
    texts = draw(st.lists(lines, min_size=len(names), max_size=len(names), unique=True))
    return tuple(
        qti.Choice(identifier=name, content=text, pinned=pins and draw(st.booleans()))
        for name, text in zip(names, texts, strict=True)
    )


def prompt_of(draw: st.DrawFn) -> str:
    """Return a prompt or none."""
    return draw(st.just("") | lines)


def picture_of(one: Asset, alt: str) -> qti.Picture:
    """Return the picture of a file."""
    return qti.Picture(sha256=one.ref.sha256, width=SIZE[0], height=SIZE[1], alt=alt)
