"""Exams: a new one, and a new version of one that is there."""

from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import refuse
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.exam_parts import MINUTE, ExamPart, PartTimes
from cbt.scheduling.core.exams import (
    EXAM_HINTS,
    Exam,
    ExamId,
    ExamInput,
    ExamVersion,
    ExamVersionId,
    Navigation,
    NoSuchExam,
)
from cbt.scheduling.core.pass_rules import Count, rule_text
from cbt.scheduling.store import exams as store
from itembank.core.blueprint import Blueprint
from itembank.services.forms import blueprint_version_in


def list_exams(rt: Runtime) -> tuple[ExamVersion, ...]:
    """Return the latest version of every exam."""
    with rt.reading() as tx:
        return store.list_latest(tx)


def list_versions(rt: Runtime, exam_id: ExamId) -> tuple[ExamVersion, ...]:
    """Return all versions of one exam, the latest first; raises NoSuchExam."""
    with rt.reading() as tx:
        return store.list_versions(tx, exam_id)


def get_exam_by_code(rt: Runtime, code: str) -> ExamVersion:
    """Return the latest version of the exam under `code`; raises NoSuchExam."""
    for version in list_exams(rt):
        if version.exam_code == code.upper():
            return version
    raise NoSuchExam(code=code)


def get_exam_version_in(tx: Transaction, version_id: ExamVersionId) -> ExamVersion:
    """Return one version; raises NoSuchExam."""
    version = store.find_version(tx, version_id)
    if version is None:
        raise NoSuchExam(version_id=version_id)
    return version


def create_exam(rt: Runtime, entered: ExamInput, *, by: Actor) -> ExamVersion:
    """Enter an exam and return its first version; raises InputRefused when its code is in use."""
    now = rt.clock.now()
    exam = Exam(id=ExamId(new_id(now)), code=entered.code)
    version_id = ExamVersionId(new_id(now))
    with rt.transaction() as tx:
        if store.find_exam(tx, entered.code) is not None:
            raise refuse("code", "code-taken", EXAM_HINTS)
        parts = _fitting_parts(tx, entered)
        store.add_exam(tx, exam)
        store.add_version(tx, now, store.NewVersion(id=version_id, exam_id=exam.id, version=1, parts=parts), entered)
        audit_in(tx, now, by=by, act="scheduling.exam-added", subject=exam.code, details=_details(1, entered))
        return get_exam_version_in(tx, version_id)


def revise_exam(rt: Runtime, exam_id: ExamId, entered: ExamInput, *, by: Actor) -> ExamVersion:
    """Return the new version that `entered` makes; sittings keep the version they name. The code stays."""
    now = rt.clock.now()
    version_id = ExamVersionId(new_id(now))
    with rt.transaction() as tx:
        exam = store.lock_exam(tx, exam_id)
        parts = _fitting_parts(tx, entered)
        version = store.list_versions(tx, exam_id)[0].version + 1
        new = store.NewVersion(id=version_id, exam_id=exam_id, version=version, parts=parts)
        store.add_version(tx, now, new, entered)
        details = _details(version, entered)
        audit_in(tx, now, by=by, act="scheduling.exam-revised", subject=exam.code, details=details)
        return get_exam_version_in(tx, version_id)


def _fitting_parts(tx: Transaction, entered: ExamInput) -> tuple[ExamPart, ...]:
    """Return the parts that are passed in one direction, none where the paper is free.

    Raises InputRefused when they are not those of the blueprint, and when a rule that counts items counts others than
    the blueprint draws.
    """
    rule = entered.pass_rule
    if entered.navigation is not Navigation.PARTS and not isinstance(rule, Count):
        return ()
    blueprint = blueprint_version_in(tx, entered.blueprint_version_id).blueprint
    if isinstance(rule, Count) and blueprint.item_count() != rule.of:
        raise refuse("of", "not-the-items", EXAM_HINTS)
    return _parts(blueprint, entered) if entered.navigation is Navigation.PARTS else ()


def _parts(blueprint: Blueprint, entered: ExamInput) -> tuple[ExamPart, ...]:
    if len(blueprint.parts) == 1:
        raise refuse("navigation", "one-part", EXAM_HINTS)
    if len(blueprint.parts) != len(entered.parts):
        raise refuse("navigation", "not-the-parts", EXAM_HINTS)
    return tuple(
        ExamPart(
            code=part.code,
            title=part.title,
            items=part.item_count(),
            time_allowed=times.time_allowed,
            break_after=times.break_after,
        )
        for part, times in zip(blueprint.parts, entered.parts, strict=True)
    )


def _details(version: int, entered: ExamInput) -> dict[str, object]:
    return {
        "version": version,
        "blueprint_version_id": entered.blueprint_version_id,
        "minutes": int(entered.time_allowed.total_seconds()) // 60,
        "rule": rule_text(entered.pass_rule),
        "result_policy": entered.result_policy,
        "navigation": entered.navigation,
        "parts": [_part_words(part) for part in entered.parts],
        "extra_minutes": int(entered.most_extra.total_seconds()) // 60,
        "late_rule": entered.late_rule.text,
        "tools": entered.tools,
    }


def _part_words(part: PartTimes) -> str:
    own = "" if part.time_allowed is None else f"{part.time_allowed // MINUTE} min"
    pause = f"break {part.break_after // MINUTE} min" if part.break_after else ""
    return ", ".join(filter(None, (own, pause))) or "no limit"
