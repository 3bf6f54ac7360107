"""Shortfalls as sentences in Korean and English.

Documents keep these sentences as they were issued, so they do not come from a message catalogue.
"""

from typing import assert_never

from cbt.grading.core.outcome import Measure, Shortfall
from cbt.kernel.score import shown_up
from cbt.kernel.titles import Title


def shortfall_words(shortfall: Shortfall, subject: Title | None = None) -> Title:
    """Return what is missing as one sentence in both languages; `subject` is the title that the shortfall is about."""
    short = shown_up(shortfall.short)
    match shortfall.measure:
        case Measure.SUBJECT:
            ko, en = (subject.ko, subject.en) if subject else (shortfall.subject, shortfall.subject)
            return Title(ko=f"{ko}: {short}점 모자랍니다.", en=f"{en}: {short} points short.")
        case Measure.AVERAGE:
            return Title(ko=f"평균이 {short}점 모자랍니다.", en=f"The average is {short} points short.")
        case Measure.OVERALL:
            return Title(ko=f"전체 점수가 {short}점 모자랍니다.", en=f"The overall score is {short} points short.")
        case Measure.COUNT:
            items = int(shortfall.short)
            return Title(ko=f"{items}문제가 모자랍니다.", en=f"{items} {'item' if items == 1 else 'items'} short.")
        case _:
            assert_never(shortfall.measure)
