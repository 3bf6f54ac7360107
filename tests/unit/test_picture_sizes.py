"""The size of pictures from their own bytes, and what is no picture to its last byte."""

import base64
import struct

import pytest

from itembank.formats.images import PictureRefused, look_at
from itembank.formats.picture_size import Size, measure
from itembank.formats.sounds import MediaRefused, look_into
from tests.factories_qti_bank import png

GIF = base64.b64decode("R0lGODlhAgADAIAAAP///wAAACH5BAAAAAAALAAAAAACAAMAAAICjF8AOw==")
HEAD = b"\xff\xd8\xff\xe0\0\x04ab"
JPEG = HEAD + b"\xff\xc0\0\x0b\x08\0\x05\0\x07\x01\x01\x11\0\xff\xff\xda\0\x08\x01\x01\0\0\x3f\0xyz\xff\xd9"
LOSSLESS = b"WEBPVP8L" + struct.pack("<LBL", 5, 0x2F, 8 | 4 << 14)
LOSSY = b"WEBPVP8 " + struct.pack("<L6xHH", 10, 9, 5)
EXTENDED = b"WEBPVP8X" + struct.pack("<LL", 10, 0) + b"\x08\0\0\x04\0\0"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" %s/>'


def riff(inner: bytes) -> bytes:
    return b"RIFF" + struct.pack("<L", len(inner)) + inner


@pytest.mark.parametrize(
    ("payload", "size"),
    [
        (png(7, 5), Size(7, 5)),
        (GIF, Size(2, 3)),
        (JPEG, Size(7, 5)),
        (riff(LOSSLESS), Size(9, 5)),
        (riff(LOSSY), Size(9, 5)),
        (riff(EXTENDED), Size(9, 5)),
        (SVG % b'width="9px" height="5"', Size(9, 5)),
        (SVG % b'viewBox="0 0 9 5"', Size(9, 5)),
        (SVG % b'width="100%"', Size(300, 150)),
    ],
)
def test_a_picture_tells_its_size(payload, size):
    assert measure(payload, look_at(payload).media_type) == size


@pytest.mark.parametrize(
    "payload",
    [
        png() + b"more",
        png()[:-4],
        GIF + b"more",
        GIF[:-2],
        GIF[:13] + b"x" + GIF[14:30],
        JPEG + b"more",
        JPEG[:12],
        riff(LOSSY) + b"more",
        riff(b"WEBPVP8 "),
        png(0, 5),
        png().replace(struct.pack(">LL", 1, 1), struct.pack(">LL", 10**6, 10**6)),
    ],
)
def test_what_is_broken_or_goes_on_is_refused(payload):
    with pytest.raises(PictureRefused):
        measure(payload, look_at(payload).media_type)


@pytest.mark.parametrize("words", [b"<script>", b"<HTML ", b"<?php "])
def test_markup_in_a_picture_is_refused(words):
    with pytest.raises(PictureRefused, match="markup"):
        look_at(png() + words)


@pytest.mark.parametrize(
    ("payload", "media_type"),
    [
        (b"ID3rest", "audio/mpeg"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"OggS", "audio/ogg"),
        (b"OggS theora", "video/ogg"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        (b"\x1a\x45\xdf\xa3 webm", "video/webm"),
    ],
)
def test_sound_and_film_are_known_by_their_content(payload, media_type):
    assert look_into(payload).media_type == media_type


def test_what_is_no_sound_is_refused():
    with pytest.raises(MediaRefused):
        look_into(b"<html>")
