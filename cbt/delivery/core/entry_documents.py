"""Entries as canonical documents: one table of fields per kind, read back strictly.

A document holds exactly the keys of its kind: a missing, foreign or mistyped one is refused, because a journal row
that is not understood must never be skipped in silence.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

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
    Responses,
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
_ANSWERED_KEYS: Final = frozenset({"kind", *(field.key for field in _FIELDS[Answered])})
_ABOUT_ANSWERS: Final = frozenset({Recovered.kind.value, LateAdmitted.kind.value})
_WRITERS: Final[Mapping[type[Entry], Callable[[object], str]]] = MappingProxyType(
    {made: text_writer((*fields, _KIND)) for made, fields in _FIELDS.items()}
)
_CLASS_OF: Final[Mapping[str, type[Entry]]] = MappingProxyType({made.kind.value: made for made in _FIELDS})


class Given(NamedTuple):
    """What an answer that counts says about its slot: all that decides which one stands."""

    lease: int
    slot: int
    responses: Responses


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


def given_from(document: object) -> Given | Recovered | LateAdmitted | None:
    """Return what an entry says about the answers that count, or None where it says nothing of them.

    Raises InvalidInput for a kind or an answer that cannot be understood. When an answer came and what its digest is
    says nothing here, so that is left to whoever replays the journal.
    """
    if not isinstance(document, dict):
        raise EntryUnreadable("an entry is a mapping")
    kind = read_text(document.get("kind"))
    if kind == Answered.kind.value:
        return _given(document)
    if kind in _ABOUT_ANSWERS:
        return cast("Recovered | LateAdmitted", from_document(document))
    if kind not in _CLASS_OF:
        raise EntryUnreadable(f"unknown kind: {kind!r}")
    return None


def _given(document: Mapping[str, Any]) -> Given:
    sent = document.get("sent")
    if document.keys() != _ANSWERED_KEYS or not isinstance(sent, dict):
        raise EntryUnreadable(f"not the keys of an answer: {sorted(document)}")
    return Given(
        lease=WHOLE.read(sent.get("lease")),
        slot=WHOLE.read(document["slot"]),
        responses=RESPONSES.read(document["responses"]),
    )


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
