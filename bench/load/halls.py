"""A sitting to load: made items, an exam, candidates who are checked in, rooms that are open; through the services."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cbt.delivery.services.preparing import prepare
from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from cbt.people.core.sheets import Row
from cbt.scheduling.core.exams import Calculator, ExamInput, ExamVersion, ResultPolicy
from cbt.scheduling.core.pass_rules import parse_rule
from cbt.scheduling.core.places import CentreInput, RoomId, RoomInput
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import SittingInput
from cbt.scheduling.services.attendance import check_in_in, open_room_in
from cbt.scheduling.services.exams import create_exam
from cbt.scheduling.services.places import add_room, create_centre
from cbt.scheduling.services.registrations import list_registrations, register_rows
from cbt.scheduling.services.sittings import create_sitting
from itembank.formats.bank_file import parse_bank
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.blueprints import save_blueprint
from itembank.services.importing import ImportRequest, import_bank

BY: Final = Actor.system("bench")
SEATS: Final = 50
_LETTERS: Final = "ABCD"
_WORDS: Final = (
    "문항 {}: 회로에서 스위치가 닫힌 뒤 충분한 시간이 지났을 때 저항에 흐르는 전류에 대한 설명으로 옳은 것은?"
)
_BLUEPRINT: Final = """
code = "bench"
title = {{ ko = "측정", en = "Measured" }}
shuffle_options = true
[[parts]]
code = "1"
title = {{ ko = "과목", en = "Subject" }}
[[parts.cells]]
area = "1"
count = {items}
points = "1"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """How many sit which exam; `started` is left to each run, so that one filled database serves all."""

    candidates: int
    items: int = 100
    seats: int = SEATS  # of each room

    def fill(self, rt: Runtime) -> None:
        """Fill an empty database: everybody checked in, every paper made, every room open."""
        exam = self._exam(rt)
        rooms = self._rooms(rt)
        now = rt.clock.now()
        sitting_id = create_sitting(
            rt,
            SittingInput(
                code="BENCH",
                title=_title("측정"),
                exam_version_id=exam.id,
                opens_at=now - timedelta(hours=1),
                closes_at=now + timedelta(hours=12),
                rooms=frozenset(rooms),
            ),
            by=BY,
        )
        done = register_rows(rt, sitting_id, self._rows(), by=BY)
        if done.problems:
            raise RuntimeError(done.problems[:3])
        prepare(rt, sitting_id, by=BY)
        self._let_in(rt, list_registrations(rt, sitting_id))

    def _exam(self, rt: Runtime) -> ExamVersion:
        parsed = parse_bank(json.dumps([_item(number) for number in range(self.items * 2)]).encode())
        report = import_bank(rt, parsed, ImportRequest(bank_code="BENCH", by=BY))
        toml = _BLUEPRINT.format(items=self.items).encode()
        blueprint = parse_blueprint_toml(toml).blueprint
        if blueprint is None:
            raise RuntimeError("the blueprint cannot be read")
        saved = save_blueprint(rt, "BENCH", blueprint, BY)
        if saved.stored is None or not report.stored:
            raise RuntimeError(saved.problems or report.problems)
        entered = ExamInput(
            code="BENCH",
            title=_title("측정"),
            blueprint_version_id=saved.stored.version_id,
            time_allowed=timedelta(minutes=150),
            grace=timedelta(seconds=10),
            pass_rule=parse_rule("subjects-and-average:40:60"),
            result_policy=ResultPolicy.PROVISIONAL,
            calculator=Calculator.PLAIN,
        )
        return create_exam(rt, entered, by=BY)

    def _rooms(self, rt: Runtime) -> list[RoomId]:
        centre = create_centre(rt, CentreInput(code="BENCH", title=_title("측정"), time_zone="Asia/Seoul"), by=BY)
        count = -(-self.candidates // self.seats)
        return [
            add_room(rt, centre, RoomInput(code=f"R{room + 1}", title=_title(f"{room + 1}"), seats=self.seats), by=BY)
            for room in range(count)
        ]

    def _rows(self) -> tuple[Row, ...]:
        return tuple(
            Row(number=place + 1, cells={"number": f"26-{place:05}", "name": "홍길동", "birth": "1999-03-14"})
            for place in range(self.candidates)
        )

    def _let_in(self, rt: Runtime, people: Sequence[RegistrationFacts]) -> None:
        with rt.transaction() as tx:
            now = rt.clock.now()
            for person in people:
                check_in_in(tx, now, person.registration.id, by=BY)
            for room_id in {person.sitting_room.id for person in people}:
                open_room_in(tx, now, room_id, by=BY)


def _title(words: str) -> Title:
    return Title(ko=words, en=words)


def _item(number: int) -> dict[str, object]:
    return {
        "id": f"Q{number:05}",
        "area": "1",
        "question": _WORDS.format(number),
        "answers": [f"{letter} 답 {number}" for letter in _LETTERS],
        "correct_letter": _LETTERS[number % 4],
        "explanation": "해설",
        "language": "ko",
    }
