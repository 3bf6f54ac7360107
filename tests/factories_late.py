"""What tests of late answers need: an exam with a written rule, and a second person who decides."""

from datetime import timedelta

from sqlalchemy import update

from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor, Role
from cbt.scheduling.core.exams import ResultPolicy
from cbt.scheduling.tables import ExamVersionRow
from tests.factories_scheduling import make_staff


def set_late_rule(rt: Runtime, minutes: int = 30, *, policy: ResultPolicy = ResultPolicy.FINAL) -> None:
    """Every exam of this database has the rule, as if it had been entered with it."""
    values = {
        "late_rule": "claimed-in-time" if minutes else "none",
        "late_window": timedelta(minutes=minutes),
        "result_policy": policy.value,
    }
    with rt.transaction() as tx:
        tx.session.execute(update(ExamVersionRow).values(**values))


def two_admins(rt: Runtime) -> tuple[Actor, Actor]:
    return make_staff(rt, "admin1", Role.ADMIN), make_staff(rt, "admin2", Role.ADMIN)
