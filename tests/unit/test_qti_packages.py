"""QTI packages: what the manifest names is taken, what is not there refuses its item, metadata come along."""

import pytest

from itembank.core.qti.scoring import ScoredBy
from itembank.formats.archive import ArchiveRefused
from itembank.formats.qti.package import parse_package
from tests.factories_qti_bank import codes, declared, document, manifest, package, png, resource, simple

MANIFEST = "imsmanifest.xml"
LOM = "http://ltsc.ieee.org/xsd/LOM"


def test_items_come_with_their_pictures_from_other_folders():
    shown = document('<img src="../pictures/a%20b.png" alt="a"/>', identifier="Q1", processing="")
    found = package(
        {
            "p/imsmanifest.xml": manifest(resource("maths/q1.xml"), resource("../other/q2.xml")),
            "p/maths/q1.xml": shown,
            "other/q2.xml": simple("Q2"),
            "p/pictures/a b.png": png(),
        }
    )
    assert found.problems == ()
    assert found.refused == ()
    assert [(one.code, one.area_code, one.where) for one in found.items] == [
        ("Q1", "maths", "p/maths/q1.xml"),
        ("Q2", "other", "other/q2.xml"),
    ]
    assert found.format == "qti3"
    assert found.items[0].key.scored_by is ScoredBy.NOBODY
    assert len(found.items[0].assets) == 1


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("missing.xml", "file-missing"),
        ("../q.xml", "outside-file"),
        ("https://elsewhere.example/q.xml", "external-file"),
        ("file:///etc/passwd", "external-file"),
        ("broken.xml", "qti-document"),
        ("test.xml", "not-an-item"),
    ],
)
def test_a_wrong_resource_refuses_its_item_and_no_other(href, code):
    files = {"broken.xml": b"<a", "test.xml": b"<qti-assessment-test/>", "good.xml": simple()}
    found = package({MANIFEST: manifest(resource(href), resource("good.xml")), **files})
    assert [one.code for one in found.items] == ["Q1"]
    assert [note.code for one in found.refused for note in one.notes] == [code]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({MANIFEST: b"<manifest"}, "wrong-manifest"),
        ({MANIFEST: b"<other/>"}, "wrong-manifest"),
        ({MANIFEST: manifest()}, "no-items"),
        ({MANIFEST: manifest(resource("t.xml", kind="imsqti_test_xmlv2p1"))}, "file-missing"),
        ({MANIFEST: manifest(resource("q.xml", kind="imsqti_test_xmlv2p1")), "q.xml": simple()}, "wrong-manifest"),
        ({"a.txt": b"no"}, "no-manifest"),
        ({"a.xml": b"<html/>"}, "no-manifest"),
    ],
)
def test_a_package_that_is_none_is_a_problem(files, code):
    found = package(files)
    assert found.items == ()
    assert [one.code for one in found.problems] == [code]


def test_a_package_without_manifest_is_read_with_a_warning():
    found = package({"a/q1.xml": simple("Q1"), "b/q2.xml": simple("Q2"), "notes.txt": b""})
    assert [one.code for one in found.items] == ["Q1", "Q2"]
    assert "no-manifest" in [one.code for one in found.warnings]


def test_an_identifier_that_is_taken_gives_way_to_the_name_in_the_manifest():
    listed = manifest(resource("a.xml", identifier="R1"), resource("b.xml", identifier="R2"))
    found = package({MANIFEST: listed, "a.xml": simple("Q1"), "b.xml": simple("Q1", "Other?")})
    assert [one.code for one in found.items] == ["Q1", "R2"]
    assert codes(found.items[1]) == ["id-changed"]


def test_an_identifier_that_is_taken_twice_is_refused():
    listed = manifest(resource("a.xml", identifier="Q1"), resource("b.xml", identifier="Q1"))
    found = package({MANIFEST: listed, "a.xml": simple("Q1"), "b.xml": simple("Q1")})
    assert [codes(one) for one in found.refused] == [["duplicate-id"]]


def test_classification_names_the_area_and_metadata_come_along():
    lom = (
        f'<metadata><lom xmlns="{LOM}"><general><language>ko</language><keyword><string>cells</string></keyword>'
        "</general><educational><typicalLearningTime><duration>PT1M30S</duration></typicalLearningTime>"
        "</educational><classification><purpose><source>LOMv1.0</source><value>discipline</value></purpose>"
        "<taxonPath><source><string>ours</string></source><taxon><id>Bio</id></taxon><taxon><id>Cells 1</id>"
        "</taxon></taxonPath></classification></lom></metadata>"
    )
    plain = simple().replace(b' xml:lang="en"', b"")
    (item,) = package({MANIFEST: manifest(resource("x/q.xml", lom)), "x/q.xml": plain}).items
    assert (item.area_code, item.content.language) == ("Bio.Cells-1", "ko")
    assert item.metadata.time_estimate_s == 90
    assert dict(item.metadata.fields) == {"discipline": "Bio / Cells 1", "keywords": "cells"}


def test_metadata_in_a_file_of_their_own_are_found():
    lom = f'<lom xmlns="{LOM}"><general><keyword><string>far</string></keyword></general></lom>'.encode()
    listed = manifest(
        resource("q.xml", '<dependency identifierref="M"/>'),
        resource("m.xml", kind="resourcemetadata/xml", identifier="M"),
    )
    (item,) = package({MANIFEST: listed, "q.xml": simple(), "m.xml": lom}).items
    assert item.metadata.fields["keywords"] == "far"


def test_statistics_are_kept_as_somebody_elses():
    usage = (
        b'<usageData xmlns="http://www.imsglobal.org/xsd/imsqti_usagedata_v2p1">'
        b'<ordinaryStatistic name="P-Value" caseCount="120" stdError="0.02" context="pilot">'
        b'<targetObject identifier="Q1"/><value baseType="float">0.63</value></ordinaryStatistic>'
        b'<ordinaryStatistic name="PTbis" context="pilot"><targetObject identifier="Q1"/><value>0.4</value>'
        b"</ordinaryStatistic></usageData>"
    )
    listed = manifest(resource("q.xml"), resource("u.xml", kind="qtiusagedata/xml"))
    (item,) = package({MANIFEST: listed, "q.xml": simple(), "u.xml": usage}).items
    assert item.metadata.p_observed == 0.63
    assert dict(item.metadata.fields) == {
        "external:P-Value": "0.63 (n=120, se=0.02, pilot)",
        "external:PTbis": "0.4 (pilot)",
    }


def test_a_file_that_is_named_but_not_there_is_told():
    listed = manifest(resource("q.xml", '<file href="a.css"/><dependency identifierref="NONE"/>'))
    (item,) = package({MANIFEST: listed, "q.xml": simple()}).items
    assert sorted(codes(item)) == ["dependency-missing", "file-missing"]


def test_a_missing_picture_refuses_its_item_only():
    shown = document('<img src="a.png" alt="a"/>', declared(), identifier="Q1", processing="")
    found = package({MANIFEST: manifest(resource("a.xml"), resource("b.xml")), "a.xml": shown, "b.xml": simple("Q2")})
    assert [one.code for one in found.items] == ["Q2"]
    assert codes(found.refused[0])[0] == "file-missing"


def test_a_member_that_breaks_while_it_is_read_is_a_problem_of_its_item():
    class Broken:
        def names(self):
            return ("imsmanifest.xml", "q.xml")

        def find(self, name):
            if name == "q.xml":
                raise ArchiveRefused("q.xml cannot be unpacked")
            return manifest(resource("q.xml"))

    found = parse_package(Broken())
    assert [note.code for one in found.refused for note in one.notes] == ["file-broken"]
