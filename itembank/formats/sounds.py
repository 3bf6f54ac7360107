"""Sound and film by their content, never by their name."""

from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 32 * 1024 * 1024
_MP3_SYNC: Final = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")


class MediaRefused(ValueError):
    """Says why a file is no sound or film that an item may play."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A checked file: its media type."""

    media_type: str


def look_into(payload: bytes) -> Media:
    """Return what sound or film `payload` is; raises MediaRefused for anything else."""
    if len(payload) > MOST_BYTES:
        raise MediaRefused(f"{len(payload):,} bytes; {MOST_BYTES:,} is the most")
    media_type = _media_type(payload)
    if media_type is None:
        raise MediaRefused("neither MP3, MP4, Ogg, WAV nor WebM by its content")
    return Media(media_type=media_type)


def _media_type(payload: bytes) -> str | None:
    if payload.startswith(_MP3_SYNC):
        return "audio/mpeg"
    if payload[4:8] == b"ftyp":
        return "audio/mp4" if payload[8:12] in {b"M4A ", b"M4B "} else "video/mp4"
    if payload.startswith(b"OggS"):
        return "video/ogg" if b"theora" in payload[:200] else "audio/ogg"
    if payload.startswith(b"RIFF") and payload[8:12] == b"WAVE":
        return "audio/wav"
    if payload.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in payload[:200]:
        return "video/webm"
    return None
