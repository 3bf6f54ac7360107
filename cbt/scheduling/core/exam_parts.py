"""Parts that are passed in one direction: which an exam has, how long each lasts, and how long the break after it is.

Either every part has minutes of its own, and the time of the exam is their sum, or none has, and the time of the exam
runs through all of them: a mixture would leave open what happens to time that one part did not use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from cbt.kernel.titles import Title
from cbt.people.core.inputs import Fields

LONGEST_PART_MINUTES: Final = 24 * 60
LONGEST_BREAK_MINUTES: Final = 12 * 60
MOST_PARTS: Final = 100
MINUTE: Final = timedelta(minutes=1)
_NONE: Final = timedelta(0)
PART_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "minutes-in-some-parts": "Give every part its minutes, or none of them.",
        "one-part": "This blueprint has one part only, so there is no way from part to part.",
        "not-the-parts": "The blueprint has other parts: look at the minutes of each part again.",
        "day-too-short": "The parts and breaks together last longer than a day.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartTimes:
    """Minutes of one part as somebody entered them: its own limit, if any, and the break after it."""

    time_allowed: timedelta | None
    break_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamPart:
    """One part of an exam whose parts are passed in one direction; `items` is how many the blueprint draws for it."""

    code: str
    title: Title
    items: int
    time_allowed: timedelta | None
    break_after: timedelta


def read_part_times(fields: Fields, raw: Mapping[str, str]) -> tuple[PartTimes, ...]:
    """Return the parts of a page's fields part_minutes_1, break_minutes_1 and so on; after the last is no break."""
    count = next((number for number in range(MOST_PARTS) if f"part_minutes_{number + 1}" not in raw), MOST_PARTS)
    times = tuple(_read_one(fields, number, is_last=number == count) for number in range(1, count + 1))
    if len({part.time_allowed is None for part in times}) > 1:
        missing = next(number for number, part in enumerate(times, start=1) if part.time_allowed is None)
        fields.fail(f"part_minutes_{missing}", "minutes-in-some-parts")
    elif sum((_whole(part) for part in times), _NONE) > LONGEST_PART_MINUTES * MINUTE:
        fields.fail("part_minutes_1", "day-too-short")
    return times


def time_of(parts: tuple[PartTimes, ...] | tuple[ExamPart, ...]) -> timedelta | None:
    """Return the working time of all parts together, or None where they have no minutes of their own."""
    own = [part.time_allowed for part in parts if part.time_allowed is not None]
    return sum(own, _NONE) if own else None


def parts_document(parts: tuple[ExamPart, ...]) -> list[dict[str, Any]]:
    """Return the plain document of the parts."""
    return [
        {
            "code": part.code,
            "title": part.title.to_document(),
            "items": part.items,
            "minutes": None if part.time_allowed is None else part.time_allowed // MINUTE,
            "break_minutes": part.break_after // MINUTE,
        }
        for part in parts
    ]


def parts_from(document: list[dict[str, Any]]) -> tuple[ExamPart, ...]:
    """Return the parts that `parts_document` wrote."""
    return tuple(
        ExamPart(
            code=part["code"],
            title=Title.from_document(part["title"]),
            items=part["items"],
            time_allowed=None if part["minutes"] is None else part["minutes"] * MINUTE,
            break_after=part["break_minutes"] * MINUTE,
        )
        for part in document
    )


def _read_one(fields: Fields, number: int, *, is_last: bool) -> PartTimes:
    minutes, pause = f"part_minutes_{number}", f"break_minutes_{number}"
    own = fields.whole(minutes, least=1, most=LONGEST_PART_MINUTES) if fields.raw(minutes) else None
    after = fields.whole(pause, least=0, most=LONGEST_BREAK_MINUTES) if fields.raw(pause) and not is_last else 0
    return PartTimes(time_allowed=None if own is None else own * MINUTE, break_after=after * MINUTE)


def _whole(part: PartTimes) -> timedelta:
    return (part.time_allowed or _NONE) + part.break_after


def part_words(part: ExamPart, number: int, limit: timedelta | None) -> Title:
    """Return one part as people read it, with their own limit: "1교시 국어 40분, 쉬는 시간 10분"."""
    own = _span_words(limit) if limit is not None else None
    ko, en = f"{number}교시 {part.title.in_language('ko')}", f"Part {number}: {part.title.in_language('en')}"
    if own is not None:
        ko, en = f"{ko} {own.ko}", f"{en}, {own.en}"
    if part.break_after:
        pause = _span_words(part.break_after)
        ko, en = f"{ko}, 쉬는 시간 {pause.ko}", f"{en}, then a break of {pause.en}"
    return Title(ko=ko, en=en)


def _span_words(span: timedelta) -> Title:
    minutes, rest = divmod(span, MINUTE)
    seconds = rest // timedelta(seconds=1)
    ko = [f"{number}{unit}" for number, unit in ((minutes, "분"), (seconds, "초")) if number]
    en = [f"{number} {unit}" for number, unit in ((minutes, "min"), (seconds, "s")) if number]
    return Title(ko=" ".join(ko), en=" ".join(en))
