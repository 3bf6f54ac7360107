"""What the demonstration centre has: a centre, and three exams, each with its bank, its rules and its room."""

from dataclasses import dataclass
from typing import Final

from cbt.kernel.score import score
from cbt.kernel.titles import Title
from cbt.scheduling.core.pass_rules import Count, Overall, PassRule, SubjectsAndAverage
from cbt.scheduling.core.places import CentreInput

ZONE: Final = "Asia/Seoul"
CENTRE: Final = CentreInput(code="SEOUL", title=Title(ko="서울 시험장", en="Seoul test centre"), time_zone=ZONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoExam:
    """One exam of the demonstration: its bank, its blueprint, its rules and its room."""

    code: str
    bank: str
    folder: str | None  # of the sample bank; None: somebody else loads it
    blueprint: str
    bank_title: Title
    title: Title
    minutes: int
    rule: PassRule
    room: str
    room_title: Title
    seats: int
    first_number: int
    candidates: int


EXAMS: Final = (
    DemoExam(
        code="PRACTITIONER",
        bank="practitioner",
        folder="practitioner",
        blueprint="practitioner/blueprint.toml",
        bank_title=Title(ko="정보처리실무사 필기", en="Information Processing Practitioner, written"),
        title=Title(ko="정보처리실무사 필기 모의시험", en="Information Processing Practitioner, written (practice)"),
        minutes=150,
        rule=SubjectsAndAverage(floor=score(40), average=score(60)),
        room="R1",
        room_title=Title(ko="제1시험실", en="Room 1"),
        seats=40,
        first_number=401,
        candidates=40,
    ),
    DemoExam(
        code="SHOWCASE",
        bank="showcase",
        folder="showcase",
        blueprint="showcase/blueprint-whole.toml",
        bank_title=Title(ko="문항 유형 견본", en="Item type showcase"),
        title=Title(ko="문항 유형 견본", en="Item type showcase"),
        minutes=60,
        rule=Overall(least=score(60)),
        room="R2",
        room_title=Title(ko="제2시험실", en="Room 2"),
        seats=12,
        first_number=501,
        candidates=6,
    ),
    DemoExam(
        code="TECHNICIAN",
        bank="technician",
        folder=None,
        blueprint="technician-blueprint.toml",
        bank_title=Title(ko="아마추어무선 Technician", en="Amateur radio, Technician class"),
        title=Title(ko="아마추어무선 Technician", en="Amateur radio, Technician class"),
        minutes=60,
        rule=Count(least=26, of=35),
        room="R3",
        room_title=Title(ko="제3시험실", en="Room 3"),
        seats=12,
        first_number=601,
        candidates=6,
    ),
)
