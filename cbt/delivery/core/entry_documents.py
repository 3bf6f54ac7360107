"""Entries as canonical documents: one table of fields per kind, read back strictly.

A document holds exactly the keys of its kind: a missing, foreign or mistyped one is refused, because a journal row
that is not understood must never be skipped in silence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.entries import (
    SECOND,
    Answered,
    Entry,
    Expired,
    Extended,
    Flagged,
    HandLowered,
    HandRaised,
    Moved,
    Paused,
    Refused,
    Responses,
    Resumed,
    Sent,
    Started,
    Submitted,
    Terminated,
    Voided,
)
from cbt.kernel import canonical
from cbt.kernel.errors import InvalidInput

DIGEST_BYTES: Final = 32
MOST_SECONDS: Final = 366 * 86_400


class EntryUnreadable(InvalidInput):
    """The document is not a journal entry."""

    code = "entry-unreadable"


@dataclass(frozen=True, slots=True)
class Codec:
    """How one kind of value is written to a document and read back (`read` raises EntryUnreadable)."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry: its attribute, its key in the document, its codec, and whether it may be absent."""

    name: str
    key: str
    codec: Codec
    optional: bool = False


def _same(value: Any) -> Any:
    return value


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise EntryUnreadable(f"not a text: {value!r}")
    return value


def _read_whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise EntryUnreadable(f"not a whole number: {value!r}")
    return value


def _read_switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise EntryUnreadable(f"neither true nor false: {value!r}")
    return value


def _read_instant(value: Any) -> datetime:
    return canonical.instant(_read_text(value))


def _write_seconds(duration: timedelta) -> int:
    return duration // SECOND


def _read_seconds(value: Any) -> timedelta:
    seconds = _read_whole(value)
    if seconds > MOST_SECONDS:
        raise EntryUnreadable(f"not a duration of an exam: {seconds}")
    return timedelta(seconds=seconds)


def _read_id(value: Any) -> UUID:
    text = _read_text(value)
    try:
        number = UUID(text)
    except ValueError as error:
        raise EntryUnreadable(f"not an id: {text!r}") from error
    if str(number) != text:
        raise EntryUnreadable(f"not an id in its usual form: {text!r}")
    return number


def _read_digest(value: Any) -> bytes:
    data = canonical.read_base64url(_read_text(value))
    if len(data) != DIGEST_BYTES:
        raise EntryUnreadable("a digest has 32 bytes")
    return data


def _write_responses(responses: Responses) -> dict[str, list[str]]:
    return {variable: list(values) for variable, values in responses.items()}


def _read_responses(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise EntryUnreadable("responses are a mapping")
    return {variable: _read_values(values) for variable, values in value.items()}


def _read_values(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise EntryUnreadable("the values of a response are a list")
    return tuple(_read_text(each) for each in value)


TEXT: Final = Codec(_same, _read_text)
WHOLE: Final = Codec(_same, _read_whole)
SWITCH: Final = Codec(_same, _read_switch)
INSTANT: Final = Codec(canonical.instant_text, _read_instant)
SECONDS: Final = Codec(_write_seconds, _read_seconds)
ID: Final = Codec(str, _read_id)
DIGEST: Final = Codec(canonical.base64url, _read_digest)
RESPONSES: Final = Codec(_write_responses, _read_responses)

_SENT_FIELDS: Final = (
    Field("lease", "lease", WHOLE),
    Field("number", "number", WHOLE),
    Field("claimed_at", "at", INSTANT, optional=True),
    Field("digest", "digest", DIGEST),
)


def _write_fields(value: object, fields: tuple[Field, ...]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for field in fields:
        held = getattr(value, field.name)
        if held is not None:
            document[field.key] = field.codec.write(held)
    return document


def _read_fields(document: Any, fields: tuple[Field, ...]) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise EntryUnreadable("an entry is a mapping")
    foreign = document.keys() - {field.key for field in fields}
    missing = {field.key for field in fields if not field.optional} - document.keys()
    if foreign or missing:
        raise EntryUnreadable(f"foreign keys {sorted(foreign)}, missing keys {sorted(missing)}")
    return {field.name: field.codec.read(document[field.key]) for field in fields if field.key in document}


def _write_sent(sent: Sent) -> dict[str, Any]:
    return _write_fields(sent, _SENT_FIELDS)


def _read_sent(value: Any) -> Sent:
    return Sent(**{"claimed_at": None, **_read_fields(value, _SENT_FIELDS)})


SENT: Final = Codec(_write_sent, _read_sent)

_AT: Final = Field("at", "at", INSTANT)
_SENT: Final = Field("sent", "sent", SENT)
_BY: Final = Field("by", "by", ID)
_REASON: Final = Field("reason", "reason", TEXT)
_SLOT: Final = Field("slot", "slot", WHOLE)
_LEASE: Final = Field("lease", "lease", WHOLE)
_DEVICE: Final = Field("device", "device", TEXT)

_FIELDS: Final[Mapping[type[Entry], tuple[Field, ...]]] = MappingProxyType(
    {
        Started: (
            _AT,
            Field("time_allowed", "time_allowed_s", SECONDS),
            Field("grace", "grace_s", SECONDS),
            _LEASE,
            _DEVICE,
        ),
        Answered: (_AT, _SENT, _SLOT, Field("responses", "responses", RESPONSES)),
        Flagged: (_AT, _SENT, _SLOT, Field("on", "on", SWITCH)),
        Paused: (_AT, _REASON, _BY),
        Resumed: (_AT, _BY),
        Extended: (_AT, Field("extra", "extra_s", SECONDS), _REASON, _BY),
        Moved: (_AT, _LEASE, _DEVICE, _REASON, _BY),
        HandRaised: (_AT, _SENT, Field("words", "words", TEXT)),
        HandLowered: (_AT, Field("sent", "sent", SENT, optional=True), Field("by", "by", ID, optional=True)),
        Refused: (_AT, _SENT, Field("code", "code", TEXT), Field("received", "received", TEXT)),
        Submitted: (_AT, _SENT),
        Expired: (_AT,),
        Terminated: (_AT, _REASON, _BY),
        Voided: (_AT, _REASON, _BY),
    }
)
_CLASS_OF: Final[Mapping[str, type[Entry]]] = MappingProxyType({made.kind.value: made for made in _FIELDS})


def to_document(entry: Entry) -> dict[str, Any]:
    """Return the plain document of `entry`, with its kind."""
    document = _write_fields(entry, _FIELDS[type(entry)])
    document["kind"] = entry.kind.value
    return document


def from_document(document: object) -> Entry:
    """Return the entry that `to_document` wrote; raises InvalidInput for anything else."""
    if not isinstance(document, dict):
        raise EntryUnreadable("an entry is a mapping")
    made = _CLASS_OF.get(_read_text(document.get("kind")))
    if made is None:
        raise EntryUnreadable(f"unknown kind: {document['kind']!r}")
    fields = _read_fields({key: value for key, value in document.items() if key != "kind"}, _FIELDS[made])
    try:
        return made(**fields)
    except ValueError as error:
        raise EntryUnreadable(str(error)) from error
