"""How much time one candidate has for an exam: the exam's times with the accommodation's exact factor."""

from datetime import timedelta
from fractions import Fraction

from cbt.delivery.core.entries import ZERO
from cbt.delivery.core.part_plan import PartPlan
from cbt.delivery.core.timing import allowed_with_factor
from cbt.scheduling.core.exams import ExamVersion


def time_for(exam: ExamVersion, factor: Fraction) -> timedelta:
    """Return the whole working time: with minutes for each part the sum of what each part allows, each rounded up."""
    own = [part.time_allowed for part in plan_for(exam, factor) if part.time_allowed is not None]
    return sum(own, ZERO) if own else allowed_with_factor(exam.time_allowed, factor)


def plan_for(exam: ExamVersion, factor: Fraction) -> tuple[PartPlan, ...]:
    """Return the plan of an exam whose parts are passed in one direction, empty for any other.

    The factor is for working time: a break is as long for everybody.
    """
    plan: list[PartPlan] = []
    for part in exam.parts:
        first = plan[-1].last + 1 if plan else 1
        limit = None if part.time_allowed is None else allowed_with_factor(part.time_allowed, factor)
        last = first + part.items - 1
        plan.append(PartPlan(first=first, last=last, time_allowed=limit, break_after=part.break_after))
    return tuple(plan)
