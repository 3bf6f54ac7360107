"""Builders of places, exams and sittings through the real services."""

from datetime import date, timedelta
from uuid import UUID

from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor, ActorKind, Role, StaffId
from cbt.people.services.staff import create_staff
from cbt.scheduling.core.exams import Calculator, ExamInput, ExamVersion, ResultPolicy
from cbt.scheduling.core.pass_rules import parse_rule
from cbt.scheduling.core.places import CentreId, CentreInput, RoomId, RoomInput
from cbt.scheduling.core.sittings import SittingId, SittingInput
from cbt.scheduling.services.exams import create_exam
from cbt.scheduling.services.places import add_room, create_centre
from cbt.scheduling.services.registrations import import_registrations
from cbt.scheduling.services.sittings import create_sitting

SYSTEM = Actor.system("test")
PASSWORD = "correct-horse-battery"
BIRTH = date(1999, 1, 31)


def title(text: str) -> Title:
    return Title(ko=text, en=text)


def make_staff(rt: Runtime, login: str = "admin1", *roles: Role, name: str = "한출제") -> Actor:
    staff_id = create_staff(
        rt, login=login, name=name, password=PASSWORD, roles=roles or (Role.ADMIN,), by=Actor.system("test")
    )
    return Actor(kind=ActorKind.STAFF, id=StaffId(staff_id), name=name)


def make_centre(rt: Runtime, code: str = "SEOUL", time_zone: str = "Asia/Seoul") -> CentreId:
    entered = CentreInput(code=code, title=title(code.title()), time_zone=time_zone)
    return create_centre(rt, entered, by=SYSTEM)


def make_room(rt: Runtime, centre_id: CentreId, code: str = "R1", seats: int = 5) -> RoomId:
    return add_room(rt, centre_id, RoomInput(code=code, title=title(code), seats=seats), by=SYSTEM)


def exam_input(code: str = "IP", rule: str = "subjects-and-average:40:60", minutes: int = 150) -> ExamInput:
    return ExamInput(
        code=code,
        title=title("Information processing"),
        blueprint_version_id=UUID(int=7),
        time_allowed=timedelta(minutes=minutes),
        grace=timedelta(seconds=10),
        pass_rule=parse_rule(rule),
        result_policy=ResultPolicy.PROVISIONAL,
        calculator=Calculator.PLAIN,
    )


def make_exam(rt: Runtime, code: str = "IP") -> ExamVersion:
    return create_exam(rt, exam_input(code), by=SYSTEM)


def make_sitting(rt: Runtime, *, code: str = "S1", rooms: tuple[RoomId, ...] = (), exam: ExamVersion | None = None):
    """A sitting that began an hour ago and ends in five hours."""
    now = rt.clock.now()
    chosen = rooms or (make_room(rt, make_centre(rt)),)
    entered = SittingInput(
        code=code,
        title=title("Round 4"),
        exam_version_id=(exam or make_exam(rt)).id,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=5),
        rooms=frozenset(chosen),
    )
    return create_sitting(rt, entered, by=SYSTEM)


def register(rt: Runtime, sitting_id: SittingId, *rows: str, dry_run: bool = False):
    """Register rows of `number,name,birth,seat,time_factor`."""
    table = "\n".join(("number,name,birth,seat,time_factor", *rows))
    return import_registrations(rt, sitting_id, table.encode(), by=SYSTEM, dry_run=dry_run)
