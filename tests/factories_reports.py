"""Builders of what the tests of printing need: a record of a result sheet, and the fonts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from cbt.kernel.canonical import digest
from cbt.kernel.titles import Title
from reports.core.outcome import Decision, Overall, SubjectDecision, SubjectLine
from reports.core.record import Holder, Origin, SheetRecord, SheetStatus
from reports.core.verify_code import new_code
from reports.core.words import standard_sentence

SUBJECTS = (
    ("요구 분석과 설계", "Requirements and Design"),
    ("자료구조와 알고리즘", "Data Structures and Algorithms"),
    ("데이터베이스", "Databases"),
    ("운영체제와 네트워크", "Operating Systems and Networks"),
    ("정보보호와 서비스 운영", "Security and Service Operation"),
)
EXAM = Title(ko="정보처리실무사 필기", en="Information Processing Practitioner, written")
SITTING = Title(ko="2026년 제4회", en="Fourth round of 2026")


def subject(number: int, *, correct: int = 15, title: Title | None = None) -> SubjectLine:
    ko, en = SUBJECTS[(number - 1) % len(SUBJECTS)]
    score = Fraction(100 * correct, 20)
    return SubjectLine(
        code=str(number),
        title=title or Title(ko=ko, en=en),
        correct=correct,
        items=20,
        score=score,
        floor=Fraction(40),
        decision=SubjectDecision.MET if score >= 40 else SubjectDecision.BELOW,
    )


def holder(**changes: Any) -> Holder:
    plain = Holder(
        name="홍길동", name_latin="HONG Gildong", candidate_number="26-4-1320-00417", birth_on=date(1999, 3, 14)
    )
    return replace(plain, **changes)


def overall(subjects: tuple[SubjectLine, ...], decision: Decision) -> Overall:
    correct, items = sum(line.correct for line in subjects), sum(line.items for line in subjects)
    score = Fraction(100 * correct, items)
    return Overall(correct=correct, items=items, score=score, needed_score=Fraction(60), decision=decision)


def sheet_record(
    *,
    subjects: tuple[SubjectLine, ...] | None = None,
    decision: Decision = Decision.PASSED,
    status: SheetStatus = SheetStatus.FINAL,
    **changes: Any,
) -> SheetRecord:
    """A passed and final sheet of five subjects, but for what is given."""
    lines = subjects or tuple(subject(number, correct=10 + number) for number in range(1, 6))
    plain = SheetRecord(
        number="2026-4-0417823",
        issue_number="2026-1221-00098341",
        verify_code=new_code(lambda count: bytes(range(7, 7 + count))),
        status=status,
        holder=holder(),
        exam_code="1320",
        exam=EXAM,
        sitting=SITTING,
        sat_on=date(2026, 11, 22),
        subjects=lines,
        overall=overall(lines, decision),
        rule=Title(
            ko="과목마다 40점 이상, 전 과목 평균 60점 이상",
            en="at least 40 in every subject and an average of at least 60",
        ),
        sentence=standard_sentence(EXAM, SITTING, status, decision),
        issuer=Title(ko="표본자격시행원", en="Sample Examinations Board"),
        signatory=Title(ko="표본자격시행원장", en="President, Sample Examinations Board"),
        issued_at=datetime(2026, 12, 21, 1, 2, 3, tzinfo=UTC),
        issued_on=date(2026, 12, 21),
        verify_url="https://verify.example/verify",
        template_version=1,
        origin=Origin(result_id=UUID(int=5), form_digest=digest(b"form"), journal_head=digest(b"head")),
    )
    return replace(plain, **changes)
