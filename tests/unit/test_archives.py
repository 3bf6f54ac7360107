"""Zips: how many files they may hold, and what their end says before anybody reads on."""

import struct

import pytest

from itembank.formats.archive import MOST_MEMBERS, ArchiveRefused, open_archive
from itembank.formats.zip_directory import look_at_end
from tests.factories_qti_bank import manifest, png, resource, zipped

MANY = [f"q{place}.xml" for place in range(MOST_MEMBERS + 5)]


def test_a_package_may_hold_as_many_files_as_its_manifest_names():
    named = manifest(*(resource(name) for name in MANY))
    archive = open_archive(zipped({"p/imsmanifest.xml": named, **{f"p/{name}": b"x" for name in MANY}}))
    assert len(archive.names()) == len(MANY) + 1


@pytest.mark.parametrize("files", [{}, {"imsmanifest.xml": manifest(resource("q1.xml"))}])
def test_files_that_no_manifest_names_are_limited(files):
    with pytest.raises(ArchiveRefused, match="2,000 is the most"):
        open_archive(zipped({**files, **dict.fromkeys(MANY, b"x")}))


def test_the_end_of_a_zip_tells_of_its_directory():
    payload = zipped({"a": b"1", "b": b"2"})
    assert look_at_end(payload).members == 2
    assert look_at_end(b"no zip") is None


def test_the_larger_of_two_directories_counts():
    payload = zipped({"a": b"1"})
    start = len(payload) - 22
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, 10**8, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start, 1)
    crafted = payload[:start] + wide + locator + payload[start:]
    assert look_at_end(crafted).members == 10**6
    with pytest.raises(ArchiveRefused, match="1,000,000 files"):
        open_archive(crafted)


def test_files_that_overlap_are_refused():
    payload = bytearray(zipped({"a": png(), "b": png()}))
    place = payload.rfind(b"PK\1\2")
    payload[place + 20 : place + 24] = struct.pack("<L", len(payload))
    with pytest.raises(ArchiveRefused, match="overlap"):
        open_archive(bytes(payload))
