"""What a candidate's page sends: a batch of numbered entries under a lease, parsed but not yet judged.

Only what is needed to find an entry's place (lease, number) makes a whole batch unreadable. An entry whose content
cannot be understood is carried on as `Unreadable`, so that it is refused under its own number and blocks nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from cbt.delivery.core.entries import Responses
from cbt.delivery.core.entry_kinds import EntryKind
from cbt.delivery.core.refusals import BadText, EntryRefused, MalformedEntry, TooLong
from cbt.kernel import canonical
from cbt.kernel.errors import InvalidInput

MOST_ENTRIES: Final = 200
MOST_TEXT_CHARACTERS: Final = 20_000
MOST_WORDS_CHARACTERS: Final = 500
GREATEST_NUMBER: Final = 2**53 - 1
EARLIEST_CLAIM_YEAR: Final = 1970


class MalformedBatch(InvalidInput):
    """The request is not a batch of entries; `where` names the place."""

    code = "malformed-batch"

    def __init__(self, where: str, hint: str) -> None:
        super().__init__(f"{where}: {hint}", where=where)
        self.where = where


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Set the responses of a slot, choices by their opaque names."""

    slot: int
    responses: Responses


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Set or clear the mark of a slot."""

    slot: int
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseHand:
    """Ask for a proctor."""

    words: str


@dataclass(frozen=True, slots=True)
class LowerHand:
    """Take the request back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavePart:
    """Finish a part, named by its index."""

    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterPart:
    """End the break before a part, named by its index."""

    part: int


@dataclass(frozen=True, slots=True)
class HandIn:
    """End the attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Content that cannot be understood, and why."""

    refusal: EntryRefused


Act: TypeAlias = Answer | Flag | RaiseHand | LowerHand | LeavePart | EnterPart | HandIn | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedAct:
    """One entry as it came in: `content` is its canonical document without the number, `digest` the hash of that."""

    number: int
    claimed_at: datetime | None
    act: Act
    content: bytes
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one request brought under one lease, ordered by number."""

    lease: int
    entries: tuple[NumberedAct, ...]


def parse_batch(document: Mapping[str, Any], *, most: int = MOST_ENTRIES) -> Batch:
    """Return the batch that a request's document holds; raises MalformedBatch."""
    try:
        return _batch(document, most)
    except RecursionError as error:
        raise MalformedBatch("body", "nested too deeply") from error


def _batch(document: Mapping[str, Any], most: int) -> Batch:
    entries = document.get("entries")
    if not isinstance(entries, list) or not 1 <= len(entries) <= most:
        raise MalformedBatch("entries", f"a list of 1 to {most} entries")
    lease = _number(document.get("lease"), "lease")
    acts = [_numbered(entry, f"entries[{place}]") for place, entry in enumerate(entries)]
    acts.sort(key=_by_number)
    return Batch(lease=lease, entries=tuple(acts))


def _by_number(act: NumberedAct) -> int:
    return act.number


def _number(value: Any, where: str) -> int:
    if type(value) is not int or not 1 <= value <= GREATEST_NUMBER:
        raise MalformedBatch(where, "a whole number from 1")
    return value


def _numbered(entry: Any, where: str) -> NumberedAct:
    if not isinstance(entry, dict):
        raise MalformedBatch(where, "not an object")
    number = _number(entry.get("number"), f"{where}.number")
    content = _content({key: value for key, value in entry.items() if key != "number"})
    return NumberedAct(
        number=number,
        claimed_at=_claimed(entry.get("claimed_at")),
        act=_act(entry),
        content=content,
        digest=canonical.digest(content),
    )


def _content(entry: dict[str, Any]) -> bytes:
    try:
        return canonical.encode(entry)
    except InvalidInput:
        # Half surrogates, floats and deep nests have no canonical form, but a retry must still be recognised.
        return json.dumps(entry, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _claimed(value: Any) -> datetime | None:
    """Return the instant that the PC claims, or None: a PC with a mad clock must not lose an answer for it."""
    if not isinstance(value, str) or not value.endswith("Z"):
        return None
    try:
        claimed = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return claimed if claimed.year >= EARLIEST_CLAIM_YEAR else None


def _act(entry: dict[str, Any]) -> Act:
    try:
        return _readable_act(entry)
    except EntryRefused as refusal:
        return Unreadable(refusal=refusal)


def _readable_act(entry: dict[str, Any]) -> Act:
    match entry.get("kind"):
        case EntryKind.ANSWERED:
            return Answer(slot=_slot(entry), responses=_responses(entry.get("responses")))
        case EntryKind.FLAGGED:
            return Flag(slot=_slot(entry), on=_switch(entry.get("on")))
        case EntryKind.HAND_RAISED:
            return RaiseHand(words=_text(entry.get("words", ""), MOST_WORDS_CHARACTERS))
        case EntryKind.HAND_LOWERED:
            return LowerHand()
        case EntryKind.PART_LEFT | EntryKind.PART_ENTERED as kind:
            return (LeavePart if kind == EntryKind.PART_LEFT else EnterPart)(part=_part(entry))
        case EntryKind.SUBMITTED:
            return HandIn()
        case _:
            raise MalformedEntry("no kind that a candidate may send")


def _slot(entry: dict[str, Any]) -> int:
    slot = entry.get("slot")
    if type(slot) is not int or not 1 <= slot <= GREATEST_NUMBER:
        raise MalformedEntry("slot is not a whole number from 1")
    return slot


def _part(entry: dict[str, Any]) -> int:
    part = entry.get("part")
    if type(part) is not int or not 0 <= part <= GREATEST_NUMBER:
        raise MalformedEntry("part is not a whole number from 0")
    return part


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise MalformedEntry("on is neither true nor false")
    return value


def _responses(value: Any) -> Responses:
    if not isinstance(value, dict):
        raise MalformedEntry("responses are not an object")
    return {_text(name, MOST_TEXT_CHARACTERS): _values(values) for name, values in value.items()}


def _values(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise MalformedEntry("the values of a response are not a list")
    return tuple([_text(value, MOST_TEXT_CHARACTERS) for value in values])


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise MalformedEntry("not a text")
    if len(value) > most:
        raise TooLong(most=most)
    if not value.isascii():
        _require_storable(value)
    elif "\0" in value:
        raise BadText
    return value


def _require_storable(value: str) -> None:
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise BadText
