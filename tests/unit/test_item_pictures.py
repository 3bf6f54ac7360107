"""Pictures and zips: judged by their content and their directory, before anything is shown or unpacked."""

import io
import stat
import zipfile

import pytest

from itembank.formats.archive import ArchiveRefused, open_archive, unsafe_path
from itembank.formats.images import PictureRefused, look_at
from tests.factories_itembank import PNG, zip_file

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    b'<style>.a { fill: red }</style><path class="a" d="M0 0"/></svg>'
)


@pytest.mark.parametrize(
    ("payload", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (SVG, "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<!-- drawn -->\n' + SVG, "image/svg+xml"),
    ],
)
def test_a_picture_is_known_by_its_content(payload, media_type):
    assert look_at(payload).media_type == media_type


@pytest.mark.parametrize(
    "inner",
    [
        b"<script>alert(1)</script>",
        b"<foreignObject><p/></foreignObject>",
        b'<path onload="x()"/>',
        b'<image href="https://elsewhere.example/x.png"/>',
        b'<use xmlns:x="http://www.w3.org/1999/xlink" x:href="other.svg#a"/>',
        b"<style>@import 'x.css';</style>",
        b"<style>.a { fill: url(https://elsewhere.example) }</style>",
        b'<path style="fill:url(//elsewhere.example)"/>',
        b'<a href="javascript:alert(1)"><path/></a>',
        b'<image href="data:image/svg+xml;base64,AAAA"/>',
        b'<animate attributeName="href" to="javascript:alert(1)"/>',
        b"<?xml-stylesheet href='x'?>",
        b"<g>" * 100 + b"</g>" * 100,
        b"<unclosed>",
    ],
)
def test_an_active_or_broken_svg_is_refused(inner):
    with pytest.raises(PictureRefused):
        look_at(b'<svg xmlns="http://www.w3.org/2000/svg">' + inner + b"</svg>")


def test_an_svg_with_entities_is_refused():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    with pytest.raises(PictureRefused, match="entity"):
        look_at(bomb)


@pytest.mark.parametrize("payload", [b"", b"MZ", b"<html></html>", b"<svg>", b"x" * 6_000_000])
def test_other_things_are_refused(payload):
    with pytest.raises(PictureRefused):
        look_at(payload)


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "a\\b", "C:a", "", "a\0b"])
def test_paths_out_of_the_folder_are_unsafe(name):
    assert unsafe_path(name)


def test_a_zip_bomb_is_refused_by_its_directory():
    with pytest.raises(ArchiveRefused, match="packs"):
        open_archive(zip_file(**{"items.csv": b"0" * 20_000_000}))


def test_too_many_files_are_refused():
    with pytest.raises(ArchiveRefused, match="files"):
        open_archive(zip_file(**{f"{number}.png": b"" for number in range(2500)}))


def test_links_and_paths_out_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveRefused, match="link"):
        open_archive(out.getvalue())
    with pytest.raises(ArchiveRefused, match="leaves"):
        open_archive(zip_file(**{"../items.csv": b"x"}))


def test_a_member_larger_than_it_says_is_refused():
    honest = zip_file(**{"items.csv": b"x" * 1000})
    lying = honest.replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    archive = open_archive(lying)
    with pytest.raises(ArchiveRefused):
        archive.find("items.csv")
