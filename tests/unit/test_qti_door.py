"""The door for QTI documents: what comes in, under which names, and what is refused before it goes far."""

import pytest

from itembank.formats.qti.door import DEEPEST, LARGEST_DOCUMENT, MOST_ELEMENTS, DocumentRefused, open_document
from itembank.formats.qti.elements import children, name_of, text_of
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti.whole_test import parse_test

SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
NAMES = {
    "responseElseIf": "qti-response-else-if",
    "durationGTE": "qti-duration-gte",
    "durationLT": "qti-duration-lt",
    "anyN": "qti-any-n",
    "mapResponsePoint": "qti-map-response-point",
    "correct": "qti-correct",
    "prompt": "qti-prompt",
    "div": "div",
    "h3": "h3",
    "label": "label",
}


@pytest.mark.parametrize(
    "space", [SPACE, "http://www.imsglobal.org/xsd/imsqti_v2p2", "", "http://www.imsglobal.org/xsd/imsqti_v2p0"]
)
def test_names_of_qti_2_become_those_of_qti_3(space):
    inner = "".join(f"<{name}/>" for name in NAMES)
    root = open_document(f'<assessmentItem xmlns="{space}" timeDependent="false">{inner}</assessmentItem>'.encode())
    assert [child.tag for child in children(root)] == list(NAMES.values())
    assert dict(root.attrib) == {"time-dependent": "false"}


def test_names_of_qti_3_stay_without_their_namespace():
    space = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
    root = open_document(
        f'<qti-assessment-item xmlns="{space}"><qti-item-body><p/></qti-item-body></qti-assessment-item>'.encode()
    )
    assert [one.tag for one in root.iter()] == ["qti-assessment-item", "qti-item-body", "p"]


def test_other_namespaces_keep_theirs():
    math = "http://www.w3.org/1998/Math/MathML"
    root = open_document(f'<assessmentItem xmlns="{SPACE}"><math xmlns="{math}"><mi/></math></assessmentItem>'.encode())
    assert name_of(children(root)[0]) == f"{{{math}}}math"


def test_a_doctype_without_entities_is_accepted_and_never_loaded():
    payload = (
        b'<!DOCTYPE assessmentItem SYSTEM "file:///etc/passwd"><assessmentItem identifier="I">&nbsp;</assessmentItem>'
    )
    assert open_document(payload).get("identifier") == "I"
    assert open_document(b"<!DOCTYPE assessmentItem><assessmentItem/>").tag == "qti-assessment-item"


LAUGHS = (
    "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};'>" for n in range(1, 30)) + "]>"
)
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    "payload",
    [
        ENTITY.encode(),
        ENTITY.encode("utf-16"),
        ENTITY.encode("utf-16-le"),
        ENTITY.encode("utf-16-be"),
        ENTITY.encode("utf-32"),
        f"{LAUGHS}<a>&a29;</a>".encode(),
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://x.org/x.dtd"> %x;]><a/>',
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        b'<?xml version="1.0" encoding="cp037"?><a/>',
        b"",
        b"no xml",
        b"<a>",
        b"<a></b>",
        b"<a>&undefined;</a>",
        b"<a b='1' b='2'/>",
        b"<a>\xff\xfe</a>",
        b"<a>" * (DEEPEST + 2) + b"</a>" * (DEEPEST + 2),
        b"<a>" * 100_000,
        b"<r>" + b"<a/>" * (MOST_ELEMENTS + 1) + b"</r>",
        b"<r>" + b" " * LARGEST_DOCUMENT + b"</r>",
        b"<r " + b" ".join(b"a%d='1'" % number for number in range(50_000)) + b"></r>",
        b"<r " + b" ".join(b"a%d='1'" % number for number in range(300_000)) + b"/>",
    ],
    ids=range(22),
)
def test_hostile_and_broken_documents_are_refused(payload):
    with pytest.raises(DocumentRefused):
        open_document(payload)
    assert [one.code for one in parse_scoring(payload).problems] == ["qti-document"]
    assert [one.code for one in parse_test(payload).problems] == ["qti-document"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "euc-kr", "iso-8859-1"])
def test_real_encodings_are_read(encoding):
    word = "\uc2dc\ud5d8" if encoding != "iso-8859-1" else "\u00e9t\u00e9"
    declared = "" if encoding.startswith("utf") else f'<?xml version="1.0" encoding="{encoding}"?>'
    root = open_document(f"{declared}<assessmentItem><p>{word}</p></assessmentItem>".encode(encoding))
    assert text_of(root) == word


def test_another_document_is_not_an_item():
    assert [one.code for one in parse_scoring(b"<assessmentTest/>").problems] == ["not-an-item"]
    assert [one.code for one in parse_test(b"<assessmentItem/>").problems] == ["not-a-test"]


def test_comments_and_instructions_do_not_split_values():
    declared = (
        b'<outcomeDeclaration identifier="O" baseType="string" cardinality="single">'
        b"<defaultValue><value>a<!-- x -->b<?x?>c<![CDATA[d]]></value></defaultValue></outcomeDeclaration>"
    )
    item = parse_scoring(b"<assessmentItem>" + declared + b"</assessmentItem>").item
    assert item.declarations[0].default.scalars == ("abcd",)
