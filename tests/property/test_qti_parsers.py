"""Fuzzing of the QTI importers: whatever bytes come in, the answer is items and reasons, never an exception."""

from pathlib import PurePosixPath

from hypothesis import assume, given
from hypothesis import strategies as st

from itembank.core.documents import content_document, content_from
from itembank.core.markup import clean, places
from itembank.formats.archive import ArchiveRefused, open_archive
from itembank.formats.images import PictureRefused, look_at
from itembank.formats.parsed import Parsed
from itembank.formats.picture_size import measure
from itembank.formats.qti.bank import parse_item_file
from itembank.formats.qti.metadata import read_lom
from itembank.formats.qti.package import parse_package
from itembank.formats.qti.shelf import FileRefused, resolve
from itembank.formats.qti.usage import read_usage
from itembank.formats.xml_door import DocumentRefused, open_xml
from tests.factories_qti_bank import choice, declared, document, manifest, png, resource, simple, zipped


def _words(text):
    return text.split()


ELEMENTS = [
    *("p", "div", "img", "object", "table", "td", "math", "script", "qti-prompt", "qti-simple-choice", "qti-gap"),
    *(
        "qti-hottext",
        "qti-gap-text",
        "qti-gap-img",
        "qti-hotspot-choice",
        "qti-associable-hotspot",
        "qti-inline-choice",
    ),
    *("qti-simple-match-set", "qti-simple-associable-choice", "qti-position-object-stage", "qti-rubric-block"),
    *("qti-feedback-inline", "qti-feedback-block", "qti-printed-variable", "qti-template-inline", "qti-stylesheet"),
    *(
        f"qti-{name}-interaction"
        for name in _words(
            "choice order associate match inline-choice gap-match hottext text-entry extended-text "
            "hotspot select-point graphic-order graphic-associate graphic-gap-match position-object "
            "slider upload drawing media end-attempt custom portable-custom"
        )
    ),
]
ATTRIBUTES = _words(
    "identifier response-identifier outcome-identifier show-hide max-choices min-choices "
    "match-max shape coords lower-bound upper-bound step src data type width height class view "
    "format expected-length shuffle fixed center-point"
)
VALUES = ["RESPONSE", "A", "B", "1", "0", "-3", "1e400", "true", "rect", "circle", "0,0,4,4", "p.png", "", "é<", "  "]
words = st.sampled_from(VALUES) | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@st.composite
def elements(draw, depth=3):
    """Draw an element of QTI or HTML with attributes and children that need not fit it."""
    name = draw(st.sampled_from(ELEMENTS))
    given_ = draw(st.dictionaries(st.sampled_from(ATTRIBUTES), words, max_size=4))
    if "interaction" in name and draw(st.booleans()):
        given_["response-identifier"] = "RESPONSE"
    attributes = "".join(f' {key}="{_escaped(value)}"' for key, value in given_.items())
    inner = "".join(draw(st.lists(elements(depth - 1), max_size=3))) if depth else ""
    return f"<{name}{attributes}>{_escaped(draw(words))}{inner}</{name}>"


class Picture:
    """One picture under every name."""

    def find(self, _name):
        return png(4, 4)


def _holds(parsed: Parsed) -> None:
    for one in parsed.items:
        assert content_from(content_document(one.content)) == one.content
        assert clean(one.content.body) == one.content.body
        assert sorted(places(one.content.body)) == sorted(item.response for item in one.content.interactions)
    for refused in parsed.refused:
        assert refused.notes
    assert parsed.items or parsed.refused or parsed.problems


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader_of_items(payload):
    _holds(parse_item_file(payload, name="q.xml"))


@given(st.lists(elements(), max_size=4), st.sampled_from(["identifier", "string", "point", "directedPair", "float"]))
def test_no_elements_break_the_reader_of_items(inner, kind):
    _holds(parse_item_file(document("".join(inner), declared("RESPONSE", kind=kind)), name="q.xml", beside=Picture()))


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_no_damaged_document_breaks_the_reader_of_items(chance, times):
    payload = bytearray(document(f"<p>a</p>{choice('one', 'two')}", declared("RESPONSE", "B")))
    for _ in range(times):
        place = chance.randrange(len(payload))
        payload[place : place + chance.randrange(4)] = chance.choice(
            [b"", b"<", b">", b"&", b'"', b"\0", b"\xff", b"x"]
        )
    _holds(parse_item_file(bytes(payload), name="q.xml"))


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_no_damaged_package_breaks_its_reader(chance, times):
    listed = manifest(resource("q.xml", "<metadata><lom/></metadata>"), resource("u.xml", kind="qtiusagedata/xml"))
    payload = bytearray(zipped({"imsmanifest.xml": listed, "q.xml": simple(), "u.xml": b"<usageData/>"}))
    for _ in range(times):
        payload[chance.randrange(len(payload))] = chance.randrange(256)
    try:
        archive = open_archive(bytes(payload))
    except ArchiveRefused:
        return
    _holds(parse_package(archive))


@given(st.lists(st.tuples(st.text("abc/.%2e: \\é", max_size=12), st.sampled_from(["imsqti_item_xmlv3p0", "", "x"]))))
def test_no_manifest_breaks_the_reader_of_packages(named):
    listed = manifest(*(resource(_escaped(href), kind=kind) for href, kind in named))
    _holds(parse_package(open_archive(zipped({"imsmanifest.xml": listed, "a": simple()}))))


@given(st.text(max_size=30), st.text("ab/.", max_size=8))
def test_a_path_never_leaves_the_package(href, folder):
    try:
        path = resolve(href, PurePosixPath(folder.strip("/").replace("..", "a")))
    except FileRefused:
        return
    assert not path.startswith("/")
    assert ".." not in path.split("/")


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF", b"<svg "]), st.binary(max_size=200))
def test_no_bytes_break_the_reader_of_pictures(start, rest):
    try:
        kind = look_at(start + rest)
        size = measure(start + rest, kind.media_type)
    except PictureRefused:
        return
    assert size.width > 0
    assert size.height > 0


@given(elements())
def test_no_elements_break_the_readers_of_metadata_and_statistics(inner):
    try:
        root = open_xml(f"<metadata>{inner}</metadata>".encode())
    except DocumentRefused:
        assume(False)
    read_lom(root)
    read_usage(f"<usageData>{inner}</usageData>".encode(), {})
