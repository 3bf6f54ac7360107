"""What readers and writers of files have to say stands on the pages in the reader's language."""

import re
from html import unescape
from io import BytesIO

import pytest

from cbt.app import create_app
from cbt.kernel.errors import Problem
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor, Role
from itembank.formats.bank_file import parse_bank
from itembank.services.banks import list_banks
from itembank.services.importing import ImportRequest, import_bank
from itembank.services.pages import create_bank
from itembank.web.sentences import place_words, sentence
from tests.factories_http import service
from tests.factories_jobs import working
from tests.factories_qti_bank import choice, declared, document, manifest, resource, simple, zipped
from tests.factories_scheduling import PASSWORD, make_staff

HANGUL = re.compile(r"[가-힣]")
VENDOR = (
    '<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-custom-operator class="x.Y"/>'
    "</qti-set-outcome-value></qti-response-processing>"
)
ODD = document(
    f"<p>Which?<blink>now</blink></p>{choice('A', 'B', odd='1')}",
    declared("RESPONSE", "A"),
    identifier="Q2",
    processing=VENDOR,
)
BROKEN = document(choice("A", "B", response="NONE"), declared("RESPONSE", "A"), identifier="Q3")
PACKAGE = {
    "imsmanifest.xml": manifest(resource("q1.xml"), resource("q2.xml"), resource("q3.xml"), resource("q4.xml")),
    "q1.xml": simple(),
    "q2.xml": ODD,
    "q3.xml": BROKEN,
}
GIFT_OF_ALL_KINDS = (
    b"::Essay:: Tell. {}\n\n::Pairs:: Which? {=a -> b =c -> d}\n\n::One:: What? {=right#Yes ~wrong#No}\n"
)
EXPORT = "/admin/banks/B/export"
GIFT = b"::One:: What? {=right ~%-50%wrong}\n\n::Two:: How much? {#1..x}\n\n::Three:: Which? {=a -> b}\n"


@pytest.fixture
def said(rt):
    """A way to ask for the sentence and the place of a problem in Korean or English."""
    app = create_app(rt.settings, rt=rt)

    def ask(where, code, hint, language="ko"):
        with app.test_request_context(headers={"Accept-Language": language}):
            place, _ = place_words(where)
            return place, sentence(Problem(where=where, code=code, hint=hint))

    return ask


@pytest.fixture
def look(rt):
    """A way to look at a file on the Korean page: the rows of its findings."""
    app = create_app(rt.settings, rt=rt)
    app.testing = True
    client = app.test_client()
    person = make_staff(rt, "author1", Role.AUTHOR)
    create_bank(rt, {"code": "B", "title_ko": "은행"}, person)

    def send(path, **fields):
        page = client.get(path if "sign-in" in path else "/admin/banks/B/load").get_data(as_text=True)
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
        return client.post(path, data={**fields, "csrf_token": token}, headers={"Referer": "http://localhost/"})

    send("/staff/sign-in", login="author1", password=PASSWORD)

    def looked(name, payload):
        sent = send("/admin/banks/B/load", file=(BytesIO(payload), name), status="draft")
        page = client.get(sent.location, headers={"Accept-Language": "ko"}).get_data(as_text=True)
        rows = re.findall(r"<tr[^>]*>(<td.*?)</tr>", page, re.DOTALL)
        return page, [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row.split("</td>")] for row in rows]

    with working(rt):
        yield looked


def test_notes_on_the_items_of_a_package_are_korean(rt, look):
    page, rows = look("items.zip", zipped(PACKAGE))
    assert "알림이 있는 문제" in page
    told = {row[3]: row for row in rows}
    assert {
        "custom-operator",
        "unknown-response",
        "attribute-left-out",
        "element-left-out",
        "file-missing",
    } <= told.keys()
    for row in rows:
        assert HANGUL.search(row[2]), row
    assert re.fullmatch(r"\d+번째 줄, qti-custom-operator", told["custom-operator"][1])
    assert "'NONE'" in told["unknown-response"][2]
    assert "Q3" in page
    assert list_banks(rt)[0].items == 0


def test_notes_on_the_questions_of_a_text_are_korean(look):
    _page, rows = look("questions.gift", GIFT)
    told = {row[3]: row for row in rows}
    assert {"negative", "gift-number", "gift-matching"} <= told.keys()
    for row in rows:
        assert HANGUL.search(row[2]), row


def test_what_an_exact_sentence_knows_keeps_its_facts(said):
    assert said("line 25, qti-match", "wrong-operands", "takes 2 to 4 expressions, not 1") == (
        "25번째 줄, qti-match",
        "딸린 식은 2~4개여야 하는데 1개입니다.",
    )
    assert said(
        "items.xml, item Q7, line 9", "duplicate-option", "the option 'A' is there twice; the first one counts"
    ) == (
        "items.xml, 문제 Q7, 9번째 줄",
        "보기 'A': 두 번 나와서 첫 번째 것만 씁니다.",
    )


def test_reasons_inside_a_hint_are_said_in_the_same_language(said):
    _, words = said("item 1 (Q1), field figure", "figure-refused", "a.gif: the picture is cut off")
    assert words == "A.gif: 그림이 중간에 잘려 있습니다."
    _, words = said("file", "xml-refused", "The document declares entities, which are never read")
    assert words == "엔티티를 선언한 문서는 읽지 않습니다."


def test_an_unknown_hint_is_said_in_general_with_what_it_quotes(said):
    _, words = said("package", "file-missing", "nobody has 'a.png' among 12 files")
    assert words == "파일이 없습니다 ('a.png', 12)."
    _, words = said("package", "file-missing", "nobody has 'a.png' among 12 files", "en")
    assert words == "Nobody has 'a.png' among 12 files."


def test_what_a_format_cannot_carry_is_said_in_korean(rt):
    make_staff(rt, "author", Role.AUTHOR)
    wish = ImportRequest(bank_code="B", by=Actor.system("test"), title=Title(ko="은행", en="Bank"))
    assert import_bank(rt, parse_bank(GIFT_OF_ALL_KINDS), wish).stored
    with service(rt) as made, working(rt):
        person = made.staff("author", "ko")
        where = person.post(EXPORT, {"format": "csv"}, seen=EXPORT).headers["location"]
        page = person.get(where).text
    notes = re.findall(r'<div>([^<]*) <span class="muted small mono">', page)
    assert notes
    assert all(HANGUL.search(one) for one in notes), notes
