"""A sitting that is ready to run, made through the real services: a small bank, an exam, candidates, a room."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.seat_token import read_seat_token
from cbt.delivery.core.token import TokenFacts, read_token
from cbt.delivery.services.paper_seals import paper_of
from cbt.delivery.services.preparing import prepare
from cbt.delivery.services.recording import ChoiceMaps, Outcome, RecordRequest, record
from cbt.delivery.services.seat import SEAT_PURPOSE, seat_document
from cbt.delivery.services.seating import TOKEN_PURPOSE, NotAdmitted, Seating, look, seated_state
from cbt.delivery.services.starting import StartMemory, read_start, start_many
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor, Role
from cbt.scheduling.core.exam_parts import PartTimes, time_of
from cbt.scheduling.core.exams import MOST_EXTRA, ExamInput, Navigation
from cbt.scheduling.core.registrations import RegistrationFacts, RegistrationId
from cbt.scheduling.core.sittings import SittingInput, SittingRoomId
from cbt.scheduling.services.attendance import check_in_in, open_room_in
from cbt.scheduling.services.exams import create_exam
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import change_sitting, get_sitting
from itembank.core.interactions import ExtendedTextInteraction
from itembank.core.keys import QtiProgram
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.bank_file import parse_bank
from itembank.formats.parsed import ParsedItem
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.blueprints import save_blueprint
from itembank.services.importing import ImportRequest, import_bank
from tests.factories_scheduling import SYSTEM, exam_input, make_centre, make_room, make_sitting, make_staff, register

LETTERS = "ABCD"
BLUEPRINT = """
code = "small"
title = { ko = "작은 시험", en = "Small exam" }
shuffle_options = true
[[parts]]
code = "1"
title = { ko = "첫째 과목", en = "First subject" }
[[parts.cells]]
area = "1"
count = 4
points = "25"
[[parts]]
code = "2"
title = { ko = "둘째 과목", en = "Second subject" }
[[parts.cells]]
area = "2"
count = 4
points = "25"
"""


@dataclass(frozen=True, slots=True)
class World:
    """What the tests of a running sitting need."""

    rt: Runtime
    staff: Actor
    room_id: SittingRoomId
    people: tuple[RegistrationFacts, ...]

    def registration(self, place: int = 0) -> RegistrationId:
        return self.people[place].registration.id


def items(per_area: int = 6) -> list[dict[str, Any]]:
    """Items whose right option says so, so that a test can answer right without the key."""
    return [
        {
            "id": f"A{area}-{number:02}",
            "area": str(area),
            "question": f"문제 {area}-{number}",
            "answers": [f"{'정답' if LETTERS[number % 4] == letter else '오답'} {letter}" for letter in LETTERS],
            "correct_letter": LETTERS[number % 4],
            "explanation": "KEY-CANARY 해설",
            "language": "ko",
        }
        for area in (1, 2)
        for number in range(per_area)
    ]


Change = Callable[[ParsedItem], ParsedItem]


def essay(item: ParsedItem) -> ParsedItem:
    """The item as a question that only a person can mark."""
    declared = ResponseDeclaration(identifier="RESPONSE", cardinality=Cardinality.SINGLE, base_type=BaseType.STRING)
    content = replace(
        item.content, declarations=(declared,), interactions=(ExtendedTextInteraction(response="RESPONSE"),)
    )
    program = QtiProgram(source="<qti-assessment-item/>", scored_by=ScoredBy.HUMAN)
    return replace(item, content=content, key=replace(item.key, responses=(), program=program))


def load_small_bank(rt: Runtime, change: Change = lambda item: item) -> None:
    read = parse_bank(json.dumps(items()).encode())
    parsed = replace(read, items=tuple(change(item) for item in read.items))
    report = import_bank(rt, parsed, ImportRequest(bank_code="SMALL", by=SYSTEM))
    assert report.stored, report.problems


def make_small_exam(
    rt: Runtime,
    rule: str = "subjects-and-average:40:60",
    minutes: int = 10,
    change: Change = lambda item: item,
    parts: Sequence[tuple[int | None, int]] = (),
    *,
    most_extra: timedelta = MOST_EXTRA,
):
    """An exam of two subjects; `parts` are minutes and break of each where there is no way back."""
    load_small_bank(rt, change)
    saved = save_blueprint(rt, "SMALL", parse_blueprint_toml(BLUEPRINT.encode()).blueprint, SYSTEM)
    assert saved.stored is not None, saved.problems
    plain = exam_input("SMALL", rule, minutes)
    fields = {name: getattr(plain, name) for name in plain.__slots__}
    fields |= {"blueprint_version_id": saved.stored.version_id, "most_extra": most_extra}
    entered = ExamInput(**fields)
    return create_exam(rt, in_parts(entered, parts) if parts else entered, by=SYSTEM)


def in_parts(entered: ExamInput, parts: Sequence[tuple[int | None, int]]) -> ExamInput:
    """The exam with parts that are passed in one direction, each with minutes (or None) and the break after it."""
    times = tuple(
        PartTimes(time_allowed=None if own is None else timedelta(minutes=own), break_after=timedelta(minutes=pause))
        for own, pause in parts
    )
    whole = time_of(times) or entered.time_allowed
    return replace(entered, navigation=Navigation.PARTS, parts=times, time_allowed=whole)


def make_world(
    rt: Runtime,
    *,
    candidates: int = 2,
    minutes: int = 10,
    rule: str = "subjects-and-average:40:60",
    change: Change = lambda item: item,
    parts: Sequence[tuple[int | None, int]] = (),
    factor: str = "",
    most_extra: timedelta = MOST_EXTRA,
    checked_in: bool = True,
    opened: bool = True,
) -> World:
    """A sitting with its papers; candidates are checked in and the room is open, unless told otherwise."""
    staff = make_staff(rt, "proctor1", Role.PROCTOR)
    exam = make_small_exam(rt, rule, minutes, change, parts, most_extra=most_extra)
    room = make_room(rt, make_centre(rt), seats=candidates + 1)
    sitting_id = make_sitting(rt, code="R4", rooms=(room,), exam=exam)
    rows = [
        f"2611-{1000 + place},홍길동{'가나다라마바사아자차'[place % 10]},1999-03-14,,{factor}"
        for place in range(candidates)
    ]
    done = register(rt, sitting_id, *rows)
    assert not done.problems, done.problems
    people = list_registrations(rt, sitting_id)
    prepare(rt, sitting_id, by=SYSTEM)
    now = rt.clock.now()
    with rt.transaction() as tx:
        for person in people if checked_in else ():
            check_in_in(tx, now, person.registration.id, by=staff)
        if opened:
            open_room_in(tx, now, people[0].sitting_room.id, by=staff)
    return World(rt=rt, staff=staff, room_id=people[0].sitting_room.id, people=people)


def add_room(world: World) -> SittingRoomId:
    """A second room of the sitting, R2 with five seats; nobody sits there."""
    rt, first = world.rt, world.people[0]
    room_id = make_room(rt, first.centre.id, code="R2")
    sitting = get_sitting(rt, first.sitting.id).sitting
    entered = SittingInput(
        code=sitting.code,
        title=sitting.title,
        exam_version_id=sitting.exam_version_id,
        opens_at=sitting.opens_at,
        closes_at=sitting.closes_at,
        rooms=frozenset({first.room.id, room_id}),
    )
    change_sitting(rt, first.sitting.id, entered, by=SYSTEM)
    rooms = get_sitting(rt, first.sitting.id).rooms
    return next(room.sitting_room.id for room in rooms if room.room.id == room_id)


@dataclass(slots=True)
class Page:
    """A candidate's page as the server sees it: token, lease, the next number, and what it may choose."""

    rt: Runtime
    facts: TokenFacts
    next: int
    paper: dict[str, Any]
    maps: ChoiceMaps

    def send(self, *entries: dict[str, Any], number: int | None = None) -> Outcome:
        start = self.next if number is None else number
        numbered = [
            {"number": start + place, "claimed_at": "2026-11-22T03:00:00Z", **e} for place, e in enumerate(entries)
        ]
        batch = parse_batch({"lease": self.facts.lease, "entries": numbered})
        outcome = record(self.rt, self.maps, [RecordRequest(facts=self.facts, batch=batch)])[0]
        if number is None:
            self.next += len(entries)
        return outcome

    def answer(self, slot: int, *, right: bool = True) -> dict[str, Any]:
        return {"kind": "answered", "slot": slot, "responses": {"RESPONSE": [self.choice(slot, right=right)]}}

    def choice(self, slot: int, *, right: bool) -> str:
        html = self.paper["slots"][slot - 1]["html"]
        words = "정답" if right else "오답"
        before = html[: html.index(words)]
        return before.rsplit('value="', 1)[1].split('"', 1)[0]


def start_exam(rt: Runtime, registration_id: RegistrationId, device: str) -> Seating:
    """Fetch the seat and start at the door, as a browser does; return how it stands then."""
    with suppress(NotAdmitted):
        token = seat_document(rt, registration_id, device)["seat_token"]
        seat = read_seat_token(rt.keys.derive(SEAT_PURPOSE), token, rt.clock.now())
        start_many(rt, StartMemory(rt.keys), [read_start(seat, {})])
    return look(rt, registration_id, device)


def sit_down(world: World, place: int = 0, device: str = "first browser") -> Page:
    """The candidate opens the exam at this browser."""
    rt, registration_id = world.rt, world.registration(place)
    seating = start_exam(rt, registration_id, device)
    assert seating.attempt is not None
    state = seated_state(rt, registration_id, device)
    facts = read_token(rt.keys.derive(TOKEN_PURPOSE), state["token"], rt.clock.now())
    paper = json.loads(paper_of(rt, seating.attempt.id))
    return Page(rt=rt, facts=facts, next=state["next"], paper=paper, maps=ChoiceMaps())
