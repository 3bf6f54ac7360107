"""A corpus of files that are meant to do harm, made here byte by byte: every importer must refuse them in time."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator

from tests.factories_qti_bank import ASI, choice, declared, document, manifest, png, resource, simple, zipped

MANIFEST = "imsmanifest.xml"
ITEM = "q.xml"


def xml_files() -> Iterator[tuple[str, bytes]]:
    """Yield documents by name."""
    item = f'<qti-assessment-item {ASI} identifier="Q">%s</qti-assessment-item>'
    laughs = "".join(f'<!ENTITY l{place} "{f"&l{place - 1};" * 10}">' for place in range(1, 10))
    for name, declaration, use in (
        ("xxe", '<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        ("xxe-parameter", '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd">%x;', ""),
        ("billion-laughs", f'<!ENTITY l0 "lol">{laughs}', "&l9;"),
        ("quadratic", f'<!ENTITY x "{"x" * 50_000}">', "&x;" * 10_000),
    ):
        text = f"<!DOCTYPE i [{declaration}]>" + item % use
        yield f"{name}.xml", text.encode()
        yield f"{name}-wide.xml", f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")
    yield "deep.xml", (item % ("<p>" * 200_000)).encode()
    yield "wide.xml", (item % ("<p/>" * 200_000)).encode()
    attributes = " ".join(f'a{place}="1"' for place in range(20_000))
    yield "attributes.xml", (item % f"<p {attributes}/>").encode()
    yield "long.xml", (item % ("x" * 5_000_000)).encode()
    yield "wrong-utf-8.xml", b'<?xml version="1.0" encoding="UTF-8"?>' + (item % "\xe9").encode("latin-1")
    yield "utf-7.xml", b'<?xml version="1.0" encoding="utf-7"?>' + (item % "+ADw-").encode()
    yield "half.xml", simple()[:-40]
    yield "nothing.xml", b"\0" * 1000
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    yield "include.xml", document(include, processing="")
    yield "script.xml", document("<p>a</p><script>fetch('//x')</script>", processing="")
    huge = f'<qti-slider-interaction response-identifier="RESPONSE" lower-bound="0" upper-bound="1e{"9" * 90}"/>'
    yield "huge-bound.xml", document(huge, declared(kind="float"), processing="")


def zip_files() -> Iterator[tuple[str, bytes]]:
    """Yield zips by name."""
    listed = manifest(resource(ITEM))
    good = {MANIFEST: listed, ITEM: simple()}
    yield "bomb-ratio.zip", zipped({**good, "zeros": b"\0" * 64_000_000})
    yield "bomb-total.zip", zipped({**good, **{f"part{place}": bytes(1_000_000) for place in range(300)}})
    yield "slip.zip", zipped({**good, "../../evil.xml": b"x"})
    yield "absolute.zip", zipped({**good, "/etc/evil.xml": b"x"})
    yield "drive.zip", zipped({**good, "C:\\evil.xml": b"x"})
    yield "symlink.zip", _with(good, "link", b"/etc/passwd", lambda one: _mode(one, stat.S_IFLNK | 0o777))
    yield "encrypted.zip", _patched(zipped({ITEM: simple()}))
    yield "many-files.zip", zipped({**good, **{f"f{place}": b"" for place in range(10_000)}})
    yield "many-claimed.zip", zipped(good)[:-22] + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 2**31, 0, 0)
    yield "truncated.zip", zipped(good)[:-60]
    yield "only-a-zip.zip", zipped({"inner.zip": zipped(good)})
    yield "zip-of-a-bomb.zip", zipped({MANIFEST: manifest(resource("inner.zip")), "inner.zip": zipped(good)})
    yield "laughing-manifest.zip", zipped({MANIFEST: b'<!DOCTYPE m [<!ENTITY a "a">]><manifest>&a;</manifest>'})
    yield "endless-manifest.zip", zipped({MANIFEST: manifest(*(resource(f"q{place}.xml") for place in range(60_000)))})
    yield "outside-manifest.zip", zipped({MANIFEST: manifest(resource("../../../etc/passwd"))})
    yield "far-manifest.zip", zipped({MANIFEST: manifest(resource("http://127.0.0.1:9/q.xml"))})
    for name, payload in pictures():
        shown = document(f'<img src="{name}" alt="a"/>{choice("one")}', declared("RESPONSE", "A"))
        yield f"{name}.zip", zipped({MANIFEST: listed, ITEM: shown, name: payload})


def pictures() -> Iterator[tuple[str, bytes]]:
    """Yield what pretends to be a picture, or is one and something else as well."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
    yield "script.svg", svg.format("<script>alert(1)</script>").encode()
    yield "handler.svg", svg.format('<path onload="alert(1)"/>').encode()
    yield "foreign.svg", svg.format("<foreignObject><p/></foreignObject>").encode()
    yield "entity.svg", ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg.format("&x;")).encode()
    yield "deep.svg", svg.format("<g>" * 30_000).encode()
    yield "page.png", png() + b"<script>alert(1)</script>"
    yield "zip.png", png() + zipped({"a": b"b"})
    yield "cut.png", png()[:-20]
    yield "vast.png", png().replace(struct.pack(">LL", 1, 1), struct.pack(">LL", 2**31 - 1, 2**31 - 1))
    yield "script.gif", b"GIF89a/*" + bytes(6) + b"*/=alert(1);"
    yield "page.jpg", b"\xff\xd8\xff\xe0<html><script>alert(1)</script>"
    yield "page.html", b"<html><script>alert(1)</script></html>"
    yield "program.png", b"MZ" + bytes(200)


def _with(files: dict[str, bytes], name: str, payload: bytes, change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for other, bytes_ in files.items():
            archive.writestr(other, bytes_)
        info = zipfile.ZipInfo(name)
        change(info)
        archive.writestr(info, payload)
    return buffer.getvalue()


def _mode(info: zipfile.ZipInfo, mode: int) -> None:
    info.create_system = 3
    info.external_attr = mode << 16


def _patched(payload: bytes) -> bytes:
    """Return the zip with its only member marked as encrypted."""
    place = payload.rfind(b"PK\1\2")
    return payload[: place + 8] + b"\1\0" + payload[place + 10 :]
