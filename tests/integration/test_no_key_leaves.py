"""I7: before the hand-in, no answer to a candidate holds anything of the key.

One run watches a whole exam on a bank whose secrets are words that occur nowhere else; another looks at papers that
hold every item of every sample bank.
"""

import html
import json
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest

from cbt.cli.demo_centre import SAMPLES
from cbt.delivery.services.paper_seals import paper_of
from cbt.delivery.services.preparing import prepare
from cbt.delivery.services.reading import room_attempts_in
from cbt.delivery.services.recording import ChoiceMaps
from cbt.delivery.services.releasing import release_code_for_room
from cbt.kernel.canonical import read_base64url
from cbt.kernel.runtime import Runtime
from cbt.kernel.score import score
from cbt.kernel.titles import Title
from cbt.people.core.actors import Role
from cbt.scheduling.core.exams import ExamInput
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.attendance import check_in_in, open_room_in
from cbt.scheduling.services.exams import create_exam
from cbt.scheduling.services.registrations import list_registrations
from itembank.core.blueprint import Blueprint, Cell, Part
from itembank.core.documents import content_document
from itembank.core.keys import MatchNumber, MatchText
from itembank.core.markup import visible_text
from itembank.formats.bank_file import parse_bank, read_bank
from itembank.formats.parsed import Parsed, ParsedItem
from itembank.services.blueprints import save_blueprint
from itembank.services.importing import ImportRequest, import_bank
from tests.factories_http import Service, Visitor, service
from tests.factories_itembank import TECHNICIAN
from tests.factories_scheduling import SYSTEM, exam_input, make_centre, make_room, make_sitting, make_staff, register

SECRET = re.compile("canary", re.IGNORECASE)
NUMBER = "918273.645"
BODY = '<p>빈칸 <span data-interaction="R1"></span></p><div data-interaction="R2"></div>'
ALL = Title(ko="모두", en="All")
KEY_WORDS = {
    "correct", "key", "keys", "key_version", "key_version_id", "correct_letter", "accepted", "tolerance", "value",
    "explanation", "references", "difficulty", "difficulty_logit", "area", "item", "item_code", "item_version_id",
    "seed", "points", "option_order", "canonical", "rule",
}  # fmt: skip
BANKS = (
    ("PRACTITIONER", SAMPLES / "practitioner"),
    ("SHOWCASE", SAMPLES / "showcase"),
    ("TECHNICIAN", TECHNICIAN / "technician-2026-2030.json"),
)
# HTML that a paper's fragment may use of attributes; none of them may tell anything of a key.
ATTRIBUTES = {
    "class", "data-control", "data-response", "data-max", "type", "name", "value", "inputmode", "size", "maxlength",
    "autocomplete", "autocapitalize", "spellcheck", "aria-label", "placeholder", "role", "data-name", "data-target",
    "data-x", "data-y", "data-mark", "data-mark-width", "data-mark-height", "data-center-x", "data-center-y", "rows",
    "min", "max", "step", "accept", "preload", "src", "aria-pressed",
}  # fmt: skip
STAFF_ONLY = ("/admin/", "/admin/banks", "/admin/banks/WHOLE", "/proctor/", "/admin/results", "/metrics")


def canary_items() -> list[dict[str, Any]]:
    """One item of each kind; every secret of it is a word that stands nowhere else, or a number."""
    secret = {"explanation": "CANARY-EXPLANATION", "references": "CANARY-REFERENCE", "difficulty": 0.7264}
    options = {"answers": ["하나", "둘", "셋", "넷"], "language": "ko", "area": "1"}
    return [
        {"id": "CANARY-1", "question": "하나를 고르시오", "type": "single", "correct": 2, **options, **secret},
        {"id": "CANARY-2", "question": "모두 고르시오", "type": "multiple", "correct": [0, 3], **options, **secret},
        {"id": "CANARY-3", "question": "적으시오", "type": "text", "accepted": ["CANARY-TEXT"], "area": "1", **secret},
        {"id": "CANARY-4", "question": "값은", "type": "number", "value": NUMBER, "tolerance": "7.8125", "area": "1"},
        {
            "id": "CANARY-5", "body": BODY,
            "responses": {
                "R1": {"type": "text", "accepted": ["CANARY-BLANK"]},
                "R2": {"type": "single", "answers": ["가", "나", "다"], "correct": 1},
            },
            "area": "1", **secret,
        },
    ]  # fmt: skip


def whole_blueprint(parsed: Parsed, code: str) -> Blueprint:
    """Every item of the bank, in one part."""
    areas = groupby(sorted(item.area_code for item in parsed.items))
    cells = tuple(Cell(areas=(area,), count=len(tuple(items)), points=score(1)) for area, items in areas)
    return Blueprint(code=code, title=ALL, parts=(Part(code="1", title=ALL, cells=cells),))


def sit_everything(rt: Runtime, parsed: Parsed, code: str) -> tuple[RegistrationFacts, ...]:
    """Two candidates with papers of every item of the bank, the room open."""
    report = import_bank(rt, parsed, ImportRequest(bank_code=code, by=SYSTEM))
    assert report.stored, report.problems[:3]
    saved = save_blueprint(rt, code, whole_blueprint(parsed, code.lower()), SYSTEM)
    assert saved.stored is not None, saved.problems
    plain = exam_input(code, "overall:60")
    fields = {name: getattr(plain, name) for name in plain.__slots__}
    exam = create_exam(rt, ExamInput(**{**fields, "blueprint_version_id": saved.stored.version_id}), by=SYSTEM)
    sitting_id = make_sitting(rt, code=code, rooms=(make_room(rt, make_centre(rt, code)),), exam=exam)
    register(rt, sitting_id, "2611-0001,김하늘,1999-01-31,,", "2611-0002,박바다,2000-02-03,,")
    prepare(rt, sitting_id, by=SYSTEM)
    people = list_registrations(rt, sitting_id)
    now = rt.clock.now()
    with rt.transaction() as tx:
        for person in people:
            check_in_in(tx, now, person.registration.id, by=SYSTEM)
        open_room_in(tx, now, people[0].sitting_room.id, by=SYSTEM)
    return people


def walk_to_the_hand_in(web: Service, person: RegistrationFacts) -> Visitor:
    """Everything that a candidate may ask for before the hand-in, and some things that nobody may."""
    visitor = web.visitor("ko")
    visitor.post("/", {"number": "nobody", "birth": "19990131"})
    visitor.sign_in(person)
    for path in ("/exam/identity", "/exam/notice"):
        visitor.get(path)
        visitor.post(path, seen=path)
    visitor.get("/exam/wait")
    seat = visitor.get("/delivery/seat").json()
    for path in (seat["sealed"], *(asset["url"] for asset in seat["assets"])):
        visitor.get(path)
    visitor.first_event("/delivery/wait", {"token": seat["seat_token"]})
    state = visitor.start().json()
    page = visitor.get("/exam/paper")
    paper = visitor.paper(state["key"])
    visitor.get("/delivery/state")
    visitor.first_event("/delivery/stream", state)
    for slot in paper["slots"]:
        for control in slot["controls"]:
            answer_in_every_way(visitor, state, slot["slot"], control)
    for path in re.findall(r'(?:href|src)="(/[^"#]+)"', page.text):
        visitor.get(path)
    visitor.get("/delivery/state")
    visitor.ask("POST", "/delivery/beat", json={"lease": 1}, headers={"Authorization": f"Bearer {state['token']}"})
    for path in ("/delivery/clock", "/result", "/result/sheet/X.pdf", "/nothing", *STAFF_ONLY):
        visitor.get(path)
        visitor.get(path, headers={"Accept": "application/json"})
    return visitor


def answer_in_every_way(visitor: Visitor, state: dict[str, Any], slot: int, control: dict[str, Any]) -> None:
    """Right and wrong, malformed and refused: none may be told from another by what comes back."""
    values = [[choice] for choice in control.get("choices", ())] or [["CaNaRy-TEXT"[:6]], [NUMBER], ["1"], [""]]
    values += [["A"], ["nonsense"], ["A", "B", "C", "D", "E"]]
    for value in values:
        response = {"kind": "answered", "slot": slot, "responses": {control["response"]: value}}
        visitor.entries(state, response)
    visitor.entries(state, {"kind": "answered", "slot": 999, "responses": {"RESPONSE": ["A"]}})
    visitor.entries(state, {"kind": "flagged", "slot": slot, "on": True})


def test_no_answer_before_the_hand_in_holds_a_secret(rt):
    parsed = parse_bank(json.dumps(canary_items()).encode())
    people = sit_everything(rt, parsed, "WHOLE")
    make_staff(rt, "admin1", Role.ADMIN)
    with service(rt) as web:
        visitor = walk_to_the_hand_in(web, people[0])
    answered = {one.asked for one in visitor.seen if one.status == 200}
    reads = ("seat", "sealed/paper", "wait", "state", "stream")
    assert {f"GET /delivery/{name}" for name in reads} | {"POST /delivery/start"} <= answered
    assert {"POST /delivery/entries", "GET /exam/paper", "GET /result"} <= answered
    own_words = re.compile("CaNaRy")  # typed by the candidate, who may read it again
    leaks = [one.asked for one in visitor.seen if SECRET.search(own_words.sub("", one.text))]
    assert leaks == []
    assert [one.asked for one in visitor.seen if "7.8125" in one.text or "0.7264" in one.text] == []
    assert [one.asked for one in visitor.seen if NUMBER in one.text and "/delivery/state" not in one.asked] == []
    for one in visitor.seen:
        if one.headers.get("content-type", "").startswith("application/json") and "health" not in one.asked:
            names = set(names_in(json.loads(one.body)))
            if one.asked.endswith(("/delivery/state", "/delivery/start")):
                names.discard("key")  # of the paper; given to the browser that holds the exam
            assert names & KEY_WORDS == set(), one.asked


def names_in(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, inner in document.items():
            yield name
            yield from names_in(inner)
    elif isinstance(document, list):
        for inner in document:
            yield from names_in(inner)


def test_nothing_of_a_paper_can_be_read_before_the_start(rt):
    """What a browser holds until then is cipher; only the code or the start opens it, and neither is in any answer."""
    parsed = parse_bank(json.dumps(canary_items()).encode())
    people = sit_everything(rt, parsed, "WHOLE")
    with service(rt) as web:
        visitor = web.visitor("ko")
        visitor.sign_in(people[0])
        seat = visitor.get("/delivery/seat").json()
        for path in ("/exam/identity", "/exam/notice", "/exam/wait", seat["sealed"], "/exam/paper", "/delivery/state"):
            visitor.get(path)
        visitor.first_event("/delivery/wait", {"token": seat["seat_token"]})
        key = visitor.start().json()["key"]
        paper = visitor.paper(key)
    code = release_code_for_room(rt, people[0].sitting_room.id, by=SYSTEM, reason="to compare")
    before = [one for one in visitor.seen if one.asked != "POST /delivery/start"]
    questions = [item.content.body for item in parsed.items if item.content.body]
    assert questions
    for one in before:
        assert not any(word in one.body for word in (code.encode(), key.encode(), read_base64url(key)))
        assert not any(slot["html"].encode() in one.body for slot in paper["slots"])
        assert not any(question.encode() in one.body for question in questions)
        assert b'"slots"' not in one.body


def test_right_and_wrong_answers_get_the_same_answer(rt):
    """What comes back is a receipt and a state; the two differ in nothing but instants, digests and numbers."""
    people = sit_everything(rt, parse_bank(json.dumps(canary_items()).encode()), "WHOLE")
    with service(rt) as web:
        visitor = web.visitor()
        visitor.sign_in(people[0])
        state = visitor.start().json()
        paper = visitor.paper(state["key"])
        shapes = set()
        single = next(slot for slot in paper["slots"] if slot["controls"][0].get("max") == 1)
        for choice in single["controls"][0]["choices"]:
            document = visitor.entries(
                state, {"kind": "answered", "slot": single["slot"], "responses": {"RESPONSE": [choice]}}
            ).json()
            for changing in ("head", "signature", "number"):
                document["receipt"].pop(changing)
            document["state"].pop("next")
            shapes.add(json.dumps(document, sort_keys=True))
    assert len(shapes) == 1


@pytest.mark.parametrize(("code", "source"), BANKS, ids=[code for code, _source in BANKS])
def test_papers_of_every_sample_item_hold_nothing_of_their_keys(rt, code, source):
    if not source.exists():
        pytest.skip(f"the bank is not here: {source}")
    parsed = read_bank(source)
    people = sit_everything(rt, parsed, code)
    with rt.reading() as tx:
        views = room_attempts_in(tx, [person.registration.id for person in people])
        maps = ChoiceMaps().load(tx, [view.attempt.id for view in views.values()])
    papers = [paper_of(rt, views[person.registration.id].attempt.id).decode() for person in people]
    assert len(json.loads(papers[0])["slots"]) == len(parsed.items)
    for paper in papers:
        assert secrets_in(paper, parsed.items) == []
        assert set(names_in(json.loads(paper))) & KEY_WORDS == set()
        assert strange_attributes(json.loads(paper)) == set()
    names = [canonical_by_name(maps[views[person.registration.id].attempt.id]) for person in people]
    assert_names_are_blind(names)


def test_a_planted_secret_is_found():
    parsed = read_bank(SAMPLES / "showcase")
    paper = " ".join(item.content.body for item in parsed.items)
    assert secrets_in(paper, parsed.items) == []
    item = next(item for item in parsed.items if item.code == "M-01")
    number = next(item for item in parsed.items if item.code == "N-01")
    planted = f"{paper} {item.code} {item.key.explanation} {next(typed_keys(number))}"
    assert len(secrets_in(planted, parsed.items)) == 3


def secrets_in(paper: str, items: tuple[ParsedItem, ...]) -> list[str]:
    """Codes, explanations and typed keys that stand in the paper though no item shows them to candidates."""
    shown = plain(paper)
    public = plain(" ".join(item.content.body for item in items)) + " ".join(
        plain(text) for item in items for text in texts_in(content_document(item.content)["interactions"])
    )
    found = [item.code for item in items if re.search(rf"\b{re.escape(item.code)}\b", shown)]
    for item in items:
        told = plain(item.key.explanation)
        if told and told in shown and told not in public:
            found.append(f"{item.code}: {told}")
        found += [f"{item.code}: {typed}" for typed in typed_keys(item) if typed in shown and typed not in public]
    return [secret for secret in found if secret not in public]


def texts_in(document: Any) -> Iterator[str]:
    """Every text of interactions, whatever it is for: identifiers too, which a paper must not hold."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for inner in document.values() if isinstance(document, dict) else document:
            yield from texts_in(inner)


def typed_keys(item: ParsedItem) -> Iterator[str]:
    for response in item.key.responses:
        if isinstance(response.rule, MatchText):
            yield from response.rule.accepted
        elif isinstance(response.rule, MatchNumber) and len(str(response.rule.value)) > 3:
            yield str(response.rule.value)


def plain(fragment: str) -> str:
    return html.unescape(visible_text(fragment))


def strange_attributes(paper: dict[str, Any]) -> set[str]:
    """Attributes of controls beside those that a paper needs."""
    fragments = " ".join(slot["html"] for slot in paper["slots"])
    controls = re.findall(
        r"<(?:input|label|fieldset|select|option|textarea|audio|video|button|g|li|tr)\b([^>]*)>", fragments
    )
    return {name for one in controls for name in re.findall(r"([a-z-]+)=", one)} - ATTRIBUTES


def canonical_by_name(choices: Any) -> dict[tuple[int, str], dict[str, str]]:
    return {
        (slot, response): {**control.canonical, **control.targets}
        for slot, controls in choices.slots.items()
        for response, control in controls.items()
        if control.canonical
    }


def assert_names_are_blind(papers: list[dict[tuple[int, str], dict[str, str]]]) -> None:
    """Names are nobody's canonical ids, differ from paper to paper, and their order says nothing."""
    names = [name for paper in papers for controls in paper.values() for name in controls]
    canonical = {identifier for paper in papers for controls in paper.values() for identifier in controls.values()}
    assert all(re.fullmatch("[a-z2-7]{6}", name) for name in names)
    assert not canonical & set(names)
    first, second = ({name for controls in paper.values() for name in controls} for paper in papers)
    assert len(first & second) <= len(names) // 100
    fours = [controls for paper in papers for controls in paper.values() if len(controls) == 4]
    in_order = [one for one in fours if [one[name] for name in sorted(one)] == sorted(one.values())]
    # One of 24 orders; far more would tell where the first option of the author went.
    assert len(in_order) <= max(6, len(fours) // 8)
