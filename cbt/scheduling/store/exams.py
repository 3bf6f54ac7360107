"""Rows of exams and their versions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from cbt.kernel.canonical import decode, encode
from cbt.kernel.db import for_update
from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from cbt.people.store.unique import unique
from cbt.scheduling.core.exam_parts import ExamPart, parts_document, parts_from
from cbt.scheduling.core.exams import (
    Calculator,
    Exam,
    ExamId,
    ExamInput,
    ExamVersion,
    ExamVersionId,
    Navigation,
    NoSuchExam,
    ResultPolicy,
)
from cbt.scheduling.core.late_rules import LateKind, LateRule
from cbt.scheduling.core.needs import Tool
from cbt.scheduling.core.pass_rules import from_document as rule_from
from cbt.scheduling.core.pass_rules import to_document as rule_document
from cbt.scheduling.tables import ExamRow, ExamVersionRow


def exam_version(row: ExamVersionRow, exam: ExamRow) -> ExamVersion:
    """Return the version of a row."""
    return ExamVersion(
        id=ExamVersionId(row.id),
        exam_id=ExamId(row.exam_id),
        exam_code=exam.code,
        version=row.version,
        title=Title(ko=row.title_ko, en=row.title_en),
        blueprint_version_id=row.blueprint_version_id,
        time_allowed=row.time_allowed,
        grace=row.grace,
        navigation=Navigation(row.navigation),
        pass_rule=rule_from(decode(row.pass_rule)),
        result_policy=ResultPolicy(row.result_policy),
        calculator=Calculator(row.calculator),
        parts=() if row.parts is None else parts_from(decode(row.parts)),
        most_extra=row.most_extra,
        late_rule=LateRule(kind=LateKind(row.late_rule), window=row.late_window),
        tools=tuple(Tool(tool) for tool in row.tools.split()),
    )


def list_latest(tx: Transaction) -> tuple[ExamVersion, ...]:
    """Return the latest version of every exam, by code."""
    latest = (
        select(ExamVersionRow.exam_id, func.max(ExamVersionRow.version).label("version"))
        .group_by(ExamVersionRow.exam_id)
        .subquery()
    )
    statement = (
        select(ExamVersionRow, ExamRow)
        .join(ExamRow, ExamRow.id == ExamVersionRow.exam_id)
        .join(latest, (latest.c.exam_id == ExamVersionRow.exam_id) & (latest.c.version == ExamVersionRow.version))
        .order_by(ExamRow.code)
    )
    return tuple(exam_version(row, exam) for row, exam in tx.session.execute(statement))


def list_versions(tx: Transaction, exam_id: ExamId) -> tuple[ExamVersion, ...]:
    """Return all versions of one exam, the latest first; raises NoSuchExam."""
    statement = (
        select(ExamVersionRow, ExamRow)
        .join(ExamRow, ExamRow.id == ExamVersionRow.exam_id)
        .where(ExamVersionRow.exam_id == exam_id)
        .order_by(ExamVersionRow.version.desc())
    )
    found = tuple(exam_version(row, exam) for row, exam in tx.session.execute(statement))
    if not found:
        raise NoSuchExam(exam_id=exam_id)
    return found


def find_version(tx: Transaction, version_id: ExamVersionId) -> ExamVersion | None:
    """Return one version."""
    statement = (
        select(ExamVersionRow, ExamRow)
        .join(ExamRow, ExamRow.id == ExamVersionRow.exam_id)
        .where(ExamVersionRow.id == version_id)
    )
    found = tx.session.execute(statement).first()
    return None if found is None else exam_version(found[0], found[1])


def find_exam(tx: Transaction, code: str) -> Exam | None:
    """Return the exam under `code`."""
    row = tx.session.scalar(select(ExamRow).where(ExamRow.code == code))
    return None if row is None else Exam(id=ExamId(row.id), code=row.code)


def lock_exam(tx: Transaction, exam_id: ExamId) -> Exam:
    """Return the exam and hold its row; raises NoSuchExam."""
    row = tx.session.scalar(for_update(select(ExamRow).where(ExamRow.id == exam_id)))
    if row is None:
        raise NoSuchExam(exam_id=exam_id)
    return Exam(id=ExamId(row.id), code=row.code)


def add_exam(tx: Transaction, exam: Exam) -> None:
    """Write a new exam without a version."""
    with unique():
        tx.session.execute(insert(ExamRow).values(id=exam.id, code=exam.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What a new version is beside what was entered."""

    id: ExamVersionId
    exam_id: ExamId
    version: int
    parts: tuple[ExamPart, ...]


def add_version(tx: Transaction, now: datetime, new: NewVersion, entered: ExamInput) -> None:
    """Write one version."""
    with unique():
        tx.session.execute(
            insert(ExamVersionRow).values(
                id=new.id,
                exam_id=new.exam_id,
                version=new.version,
                title_ko=entered.title.ko,
                title_en=entered.title.en,
                blueprint_version_id=entered.blueprint_version_id,
                time_allowed=entered.time_allowed,
                grace=entered.grace,
                navigation=entered.navigation.value,
                parts=encode(parts_document(new.parts)) if new.parts else None,
                most_extra=entered.most_extra,
                late_rule=entered.late_rule.kind.value,
                late_window=entered.late_rule.window,
                pass_rule=encode(rule_document(entered.pass_rule)),
                result_policy=entered.result_policy.value,
                calculator=entered.calculator.value,
                tools=" ".join(entered.tools),
                created_at=now,
            )
        )
