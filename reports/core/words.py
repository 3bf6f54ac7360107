"""The words that a sheet's kind, status and decision have on paper and on the pages about it, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cbt.kernel.titles import Title
from reports.core.outcome import Decision, SubjectDecision
from reports.core.record import SheetRecord, SheetStatus

PASS_CERTIFICATE: Final = Title(ko="합격증명서", en="Certificate of Examination Results")
RESULT_CERTIFICATE: Final = Title(ko="성적증명서", en="Certificate of Examination Results")
PROVISIONAL: Final = Title(ko="잠정 성적", en="Provisional")
PROVISIONAL_NOTE: Final = Title(
    ko="확정되기 전의 성적이며 바뀔 수 있습니다.", en="These results are not final yet and may change."
)

DECISIONS: Final[Mapping[Decision, Title]] = MappingProxyType(
    {Decision.PASSED: Title(ko="합격", en="Passed"), Decision.FAILED: Title(ko="불합격", en="Not passed")}
)
SUBJECT_DECISIONS: Final[Mapping[SubjectDecision, Title]] = MappingProxyType(
    {
        SubjectDecision.MET: Title(ko="기준 이상", en="Met"),
        SubjectDecision.BELOW: Title(ko="과락", en="Below"),
        SubjectDecision.ABSENT: Title(ko="결시", en="Absent"),
        SubjectDecision.NO_FLOOR: Title(ko="—", en=""),
    }
)


def heading(record: SheetRecord) -> Title:
    """Return the name of the document: a certificate of passing only when the pass is final."""
    return PASS_CERTIFICATE if record.certifies_pass else RESULT_CERTIFICATE


def decision_words(record: SheetRecord) -> Title:
    """Return the decision as the sheet states it, never without the word that it is provisional."""
    words = DECISIONS[record.overall.decision]
    if record.status is SheetStatus.FINAL:
        return words
    return Title(ko=f"잠정 {words.ko}", en=f"{words.en}, provisional")


def standard_sentence(exam: Title, sitting: Title, status: SheetStatus, decision: Decision) -> Title:
    """Return the certifying sentence for an issuing body that has no wording of its own."""
    name = exam.in_language("ko")
    korean = f"{name if name.endswith('시험') else f'{name} 시험'}({sitting.in_language('ko')})"
    english = f"{exam.in_language('en')} ({sitting.in_language('en')})"
    if status is SheetStatus.PROVISIONAL:
        return Title(
            ko=f"위 사람이 {korean}에서 받은 잠정 성적이 아래와 같음을 확인합니다.",
            en=f"This is to confirm the provisional results of the person named above in {english}, as shown below.",
        )
    if decision is Decision.PASSED:
        return Title(
            ko=f"위 사람은 {korean}에서 아래와 같은 성적으로 합격하였음을 증명합니다.",
            en=f"This is to certify that the person named above passed {english} with the results shown below.",
        )
    return Title(
        ko=f"위 사람이 {korean}에서 받은 성적이 아래와 같음을 증명합니다.",
        en=f"This is to certify that the person named above took {english} with the results shown below.",
    )
