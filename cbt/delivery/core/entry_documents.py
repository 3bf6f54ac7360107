"""Entries as canonical documents: one table of fields per kind, read back strictly.

A document holds exactly the keys of its kind: a missing, foreign or mistyped one is refused, because a journal row
that is not understood must never be skipped in silence.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from cbt.delivery.core.codecs import (
    ID,
    INSTANT,
    RESPONSES,
    SECONDS,
    SENT,
    SWITCH,
    TEXT,
    WAY,
    WHOLE,
    WHOLES,
    EntryUnreadable,
    Field,
    read_fields,
    read_text,
    text_writer,
    write_fields,
)
from cbt.delivery.core.entries import (
    Answered,
    Entry,
    Expired,
    Extended,
    Flagged,
    HandLowered,
    HandRaised,
    LateAdmitted,
    Moved,
    PartEntered,
    PartLeft,
    Paused,
    Recovered,
    Refused,
    Resumed,
    Started,
    Submitted,
    Terminated,
    Voided,
)
from cbt.delivery.core.part_documents import PARTS
from cbt.kernel.canonical import NotCanonical

_AT: Final = Field("at", "at", INSTANT)
_SENT: Final = Field("sent", "sent", SENT)
_BY: Final = Field("by", "by", ID)
_REASON: Final = Field("reason", "reason", TEXT)
_SLOT: Final = Field("slot", "slot", WHOLE)
_LEASE: Final = Field("lease", "lease", WHOLE)
_DEVICE: Final = Field("device", "device", TEXT)
_PART: Final = Field("part", "part", WHOLE)

_FIELDS: Final[Mapping[type[Entry], tuple[Field, ...]]] = MappingProxyType(
    {
        Started: (
            _AT,
            Field("time_allowed", "time_allowed_s", SECONDS),
            Field("grace", "grace_s", SECONDS),
            _LEASE,
            _DEVICE,
            Field("parts", "parts", PARTS, optional=True),
            Field("counts_from", "counts_from", INSTANT, optional=True),
            Field("claimed_at", "claimed_at", INSTANT, optional=True),
        ),
        Answered: (_AT, _SENT, _SLOT, Field("responses", "responses", RESPONSES)),
        Flagged: (_AT, _SENT, _SLOT, Field("on", "on", SWITCH)),
        Paused: (_AT, _REASON, _BY),
        Resumed: (_AT, _BY),
        Extended: (_AT, Field("extra", "extra_s", SECONDS), _REASON, _BY),
        Moved: (_AT, _LEASE, _DEVICE, _REASON, _BY),
        HandRaised: (_AT, _SENT, Field("words", "words", TEXT)),
        HandLowered: (_AT, Field("sent", "sent", SENT, optional=True), Field("by", "by", ID, optional=True)),
        PartLeft: (_AT, _SENT, _PART),
        PartEntered: (_AT, _SENT, _PART),
        Refused: (_AT, _SENT, Field("code", "code", TEXT), Field("received", "received", TEXT)),
        Recovered: (
            _AT,
            _SENT,
            _SLOT,
            Field("responses", "responses", RESPONSES),
            Field("way", "way", WAY),
            Field("counts", "counts", SWITCH),
        ),
        LateAdmitted: (
            _AT,
            Field("numbers", "numbers", WHOLES),
            _REASON,
            Field("rule", "rule", TEXT),
            Field("by", "by", ID, optional=True),
            Field("overriding", "overriding", SWITCH),
            Field("answered", "answered", WHOLES),
        ),
        Submitted: (_AT, _SENT),
        Expired: (_AT,),
        Terminated: (_AT, _REASON, _BY),
        Voided: (_AT, _REASON, _BY),
    }
)
_KIND: Final = Field("kind", "kind", TEXT)
_WRITERS: Final[Mapping[type[Entry], Callable[[object], str]]] = MappingProxyType(
    {made: text_writer((*fields, _KIND)) for made, fields in _FIELDS.items()}
)
_CLASS_OF: Final[Mapping[str, type[Entry]]] = MappingProxyType({made.kind.value: made for made in _FIELDS})


def to_document(entry: Entry) -> dict[str, Any]:
    """Return the plain document of `entry`, with its kind."""
    document = write_fields(entry, _FIELDS[type(entry)])
    document["kind"] = entry.kind.value
    return document


def to_bytes(entry: Entry) -> bytes:
    """Return the canonical bytes of `entry`: those of `to_document(entry)`; raises NotCanonical."""
    try:
        return _WRITERS[type(entry)](entry).encode()
    except UnicodeError as error:
        raise NotCanonical(str(error)) from error


def from_document(document: object) -> Entry:
    """Return the entry that `to_document` wrote; raises InvalidInput for anything else."""
    if not isinstance(document, dict):
        raise EntryUnreadable("an entry is a mapping")
    made = _CLASS_OF.get(read_text(document.get("kind")))
    if made is None:
        raise EntryUnreadable(f"unknown kind: {document['kind']!r}")
    fields = read_fields({key: value for key, value in document.items() if key != "kind"}, _FIELDS[made])
    try:
        return made(**fields)
    except ValueError as error:
        raise EntryUnreadable(str(error)) from error
