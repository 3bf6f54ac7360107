"""Bank files are recognised by what they hold."""

import io
import zipfile

import pytest

from itembank.formats.archive import open_archive
from itembank.formats.bank_file import parse_bank, read_bank
from itembank.formats.sniffing import Kind, NotABank, recognise, recognise_package

CANVAS = b'<quiz identifier="g1" xmlns="http://canvas.instructure.com/xsd/cccv1p0"><title>T</title></quiz>'
MOODLE = b'<?xml version="1.0"?><quiz><!-- question: 1 --><question type="truefalse"></question></quiz>'
QTI3 = b'<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a"/>'
QTI2 = b'\xef\xbb\xbf<?xml version="1.0"?>\n<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>'
QTI12 = b'<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd"><questestinterop><item/></questestinterop>'
MANIFEST = b'<manifest><resources><resource type="%s"/></resources></manifest>'


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"id,question\nQ1,?", Kind.TEXT),
        (b"::T1:: 1+1? {=2 ~3}", Kind.TEXT),
        (b"[html]<p>x</p> {T}", Kind.TEXT),
        (b"{T}", Kind.TEXT),
        (b'[{"id": 1}]', Kind.JSON),
        (b'  {"items": []}', Kind.JSON),
        (b"[]", Kind.JSON),
        (MOODLE, Kind.MOODLE),
        (QTI3, Kind.QTI),
        (QTI2, Kind.QTI),
        (QTI2.decode("utf-8-sig").encode("utf-16"), Kind.QTI),
        (QTI12, Kind.QTI12),
        (b"<problem><p>?</p></problem>", Kind.OLX),
        (b"\x1f\x8b\x08", Kind.OLX),
    ],
)
def test_a_document_is_known_by_its_content(payload, kind):
    assert recognise(payload) is kind


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (CANVAS, "settings of a Canvas quiz"),
        (b"<html><body/></html>", "web page"),
        (b"<svg/>", "holds no items"),
        (b"<quiz", "broken"),
        (b"<questestintero::NSW>", "holds no items"),
        (b" \n", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0", "XLSX"),
    ],
)
def test_what_is_no_bank_is_called_by_its_name(payload, words):
    with pytest.raises(NotABank, match=words):
        recognise(payload)
    [problem] = parse_bank(payload).problems
    assert words in problem.hint


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, payload in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), payload)
    return out.getvalue()


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"imsmanifest_xml": MANIFEST % b"imsqti_item_xmlv2p1"}, Kind.QTI),
        ({"inner__imsmanifest_xml": MANIFEST % b"imsqti_test_xmlv3p0"}, Kind.QTI),
        ({"imsmanifest_xml": MANIFEST % b"imsqti_xmlv1p2/imscc_xmlv1p1/assessment"}, Kind.QTI12),
        ({"imsmanifest_xml": MANIFEST % b"webcontent", "a_xml": QTI12}, Kind.QTI12),
        ({"imsmanifest_xml": MANIFEST % b"webcontent", "a_xml": QTI3}, Kind.QTI),
        ({"a_xml": QTI3, "b_xml": CANVAS}, Kind.QTI),
        ({"a_xml": MOODLE}, Kind.MOODLE),
        ({"h5p.json": b"{}", "content__content.json": b"{}"}, Kind.H5P),
        ({"problem__p_xml": b"<problem/>", "course_xml": b"<course/>"}, Kind.OLX),
        ({"xl__workbook_xml": b"<workbook/>"}, Kind.XLSX),
        ({"items.csv": b"id"}, Kind.ZIP),
    ],
)
def test_a_package_is_known_by_its_files(files, kind):
    assert recognise_package(open_archive(packed(**files))) is kind


def test_a_package_with_nothing_for_a_bank_says_so():
    [problem] = parse_bank(packed(readme=b"hello")).problems
    assert (problem.code, problem.hint) == ("unknown-format", "there is no item, bank or package manifest in it")


def test_a_gift_file_in_a_zip_is_read():
    parsed = parse_bank(packed(**{"questions.gift": b"::T1:: 1+1? {=2 ~3}"}))
    assert (parsed.format, len(parsed.items), parsed.problems) == ("gift", 1, ())


def test_an_unpacked_folder_is_read_as_a_package_and_its_links_are_not_followed(tmp_path):
    (tmp_path / "secret.csv").write_text("id,question\n")
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "readme.md").write_text("hello")
    assert [problem.code for problem in read_bank(folder).problems] == ["unknown-format"]
