"""The closed set of orders that a proctor gives, how one is read from a request, and when it is legal.

Which order fits which seat is one table (`LEGAL`); the room page shows only what the table admits, and the services
ask it before they write. What the journal admits is decided once more by the attempt itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID

from cbt.kernel.errors import Conflict, InvalidInput, NotFound
from cbt.kernel.personal import refuse_resident_number
from proctor.core.incidents import IncidentCategory

MINUTES_MIN: Final = 1
MINUTES_MAX: Final = 120
REASON_MAX: Final = 500
REGISTRATIONS_MAX: Final = 500
_LAST_CONTROL: Final = 0x1F
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
_LAYOUT: Final = frozenset("\n\r\t")
Wire = TypeVar("Wire", bound=StrEnum)


class OrderKind(StrEnum):
    """What a proctor can order."""

    OPEN_ROOM = "open-room"
    CLOSE_ROOM = "close-room"
    CHECK_IN = "check-in"
    UNDO_CHECK_IN = "undo-check-in"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    END = "end"
    GRANT_SEAT = "grant-seat"
    LOWER_HAND = "lower-hand"
    INCIDENT = "incident"


class SeatState(StrEnum):
    """Where a seat stands: before the exam by the registration, from the start on by the attempt."""

    EXPECTED = "expected"
    ABSENT = "absent"
    CHECKED_IN = "checked-in"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    VOIDED = "voided"


class OrderMalformed(InvalidInput):
    """The order does not have the form that is asked for."""

    code = "order-malformed"


class ReasonMissing(InvalidInput):
    """A reason in words is needed for this order."""

    code = "reason-missing"


class ReasonTooLong(InvalidInput):
    """The reason is longer than 500 characters."""

    code = "reason-too-long"


class MinutesOutOfRange(InvalidInput):
    """The extra time is between 1 and 120 minutes."""

    code = "minutes-out-of-range"


class TooMuchExtra(Conflict):
    """The exam admits no more extra time than was given; what needs more is no matter of a room."""

    code = "too-much-extra"


class OrderNotPossible(Conflict):
    """The seat's state does not admit this order."""

    code = "order-not-possible"


class NotInThisRoom(NotFound):
    """The registration does not belong to this room."""

    code = "not-in-this-room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order for the room or for some of its registrations.

    Sent again under the same `id` it changes nothing for the registrations for which it was carried out. `opened` is
    the time of day, at the room, at which an exam began without a line; it goes with a reason. `anyway` closes a room
    in which people who are checked in have not begun.
    """

    kind: OrderKind
    id: UUID | None = None
    registrations: tuple[UUID, ...] = ()
    minutes: int | None = None
    reason: str = ""
    category: IncidentCategory | None = None
    opened: time | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """All that decides which orders fit a seat."""

    state: SeatState
    room_closed: bool = False
    hand: bool = False
    claim: bool = False


_UNDER_WAY: Final = frozenset({SeatState.RUNNING, SeatState.PAUSED})
_AT_THE_DOOR: Final = frozenset({SeatState.CHECKED_IN, SeatState.READY})
ROOM_ORDERS: Final = frozenset({OrderKind.OPEN_ROOM, OrderKind.CLOSE_ROOM})
NEEDS_REASON: Final = frozenset(
    {OrderKind.PAUSE, OrderKind.EXTEND, OrderKind.END, OrderKind.GRANT_SEAT, OrderKind.INCIDENT}
)
LEGAL: Final[Mapping[OrderKind, frozenset[SeatState]]] = MappingProxyType(
    {
        OrderKind.CHECK_IN: frozenset({SeatState.EXPECTED, SeatState.ABSENT}),
        OrderKind.UNDO_CHECK_IN: _AT_THE_DOOR,
        OrderKind.PAUSE: frozenset({SeatState.RUNNING}),
        OrderKind.RESUME: frozenset({SeatState.PAUSED}),
        OrderKind.EXTEND: _UNDER_WAY,
        OrderKind.END: _UNDER_WAY,
        OrderKind.GRANT_SEAT: _UNDER_WAY | _AT_THE_DOOR,
        OrderKind.LOWER_HAND: _UNDER_WAY | _AT_THE_DOOR,
    }
)
#: What is meant for an exam that goes on: once it has ended nobody brings it back, whatever the reason.
NEEDS_GOING_ON: Final = frozenset({OrderKind.PAUSE, OrderKind.RESUME, OrderKind.EXTEND, OrderKind.END})
_ROOM_MUST_NOT_BE_CLOSED: Final = frozenset({OrderKind.CHECK_IN, OrderKind.UNDO_CHECK_IN})


def may(kind: OrderKind, seat: SeatFacts) -> bool:
    """Tell whether `kind` fits the seat as it stands."""
    if seat.state not in LEGAL.get(kind, frozenset()):
        return False
    if kind in _ROOM_MUST_NOT_BE_CLOSED:
        return not seat.room_closed
    if kind is OrderKind.GRANT_SEAT:
        return seat.claim
    return seat.hand if kind is OrderKind.LOWER_HAND else True


def orders_allowed(seat: SeatFacts) -> tuple[OrderKind, ...]:
    """Return the orders that fit the seat, in the order of the table."""
    return tuple(kind for kind in LEGAL if may(kind, seat))


def check_extra(already: timedelta, extra: timedelta, most: timedelta) -> None:
    """Refuse what brings one candidate over the most that a room may add (see the exam); raises TooMuchExtra."""
    if already + extra > most:
        raise TooMuchExtra


def parse_order(document: Mapping[str, Any]) -> Order:
    """Return the order that a request holds.

    Raises OrderMalformed, ReasonMissing, ReasonTooLong, MinutesOutOfRange, or ResidentNumber when the words hold a
    resident registration number.
    """
    kind = _one_of(OrderKind, document.get("order"), "order")
    reason = read_words("reason", document.get("reason", ""))
    opened = _time_of_day(document.get("opened")) if kind is OrderKind.OPEN_ROOM else None
    if (kind in NEEDS_REASON or opened is not None) and not reason:
        raise ReasonMissing(order=kind.value)
    return Order(
        kind=kind,
        id=_order_id(document.get("id")),
        registrations=_registrations(kind, document.get("registrations", [])),
        minutes=_minutes(document.get("minutes")) if kind is OrderKind.EXTEND else None,
        reason=reason,
        category=_one_of(IncidentCategory, document.get("category"), "category")
        if kind is OrderKind.INCIDENT
        else None,
        opened=opened,
        anyway=kind is OrderKind.CLOSE_ROOM and document.get("anyway") is True,
    )


def latest_at(clock: time, now: datetime, zone: tzinfo) -> datetime:
    """Return the last instant up to `now` at which clocks in `zone` showed that time of day."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), clock, zone)
    found = today if today <= now else datetime.combine(local.date() - timedelta(days=1), clock, zone)
    return found.astimezone(UTC)


def read_words(where: str, value: object) -> str:
    """Return what a person typed, trimmed; refuses control characters, resident numbers and more than 500 signs."""
    if not isinstance(value, str) or any(_foreign(character) for character in value):
        raise OrderMalformed(f"{where} is not plain text", where=where)
    words = value.strip()
    if len(words) > REASON_MAX:
        raise ReasonTooLong(where=where)
    refuse_resident_number(where, words)
    return words


def _foreign(character: str) -> bool:
    """Control characters and lone surrogates have no place in a stored text."""
    return (ord(character) <= _LAST_CONTROL and character not in _LAYOUT) or "\ud800" <= character <= "\udfff"


def _one_of(names: type[Wire], value: object, where: str) -> Wire:
    for name in names:
        if name.value == value:
            return name
    raise OrderMalformed(f"{where} is not one of {', '.join(names)}", where=where)


def _order_id(value: object) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)  # type: ignore[arg-type]  # whatever JSON holds
    except (ValueError, AttributeError, TypeError) as error:
        raise OrderMalformed("id is not an id", where="id") from error


def _registrations(kind: OrderKind, value: object) -> tuple[UUID, ...]:
    if not isinstance(value, list) or len(value) > REGISTRATIONS_MAX:
        raise OrderMalformed("registrations is not a list of ids", where="registrations")
    if not value and kind in LEGAL:
        raise OrderMalformed("no seat is chosen", where="registrations")
    try:
        return tuple(dict.fromkeys(UUID(each) for each in value))
    except (ValueError, AttributeError, TypeError) as error:
        raise OrderMalformed("registrations is not a list of ids", where="registrations") from error


def _time_of_day(value: object) -> time | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise OrderMalformed("opened is not a time of day", where="opened")
    return time.fromisoformat(value)


def _minutes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not MINUTES_MIN <= value <= MINUTES_MAX:
        raise MinutesOutOfRange(where="minutes")
    return value
