"""Plans of parts and places in them as plain documents: the plan stands in the journal, the place in the projection."""

from datetime import timedelta
from typing import Any, Final

from cbt.delivery.core.codecs import (
    INSTANT,
    SECONDS,
    SWITCH,
    WHOLE,
    Codec,
    EntryUnreadable,
    Field,
    read_fields,
    write_fields,
)
from cbt.delivery.core.part_plan import PartPlan, Place

_MICROSECOND: Final = timedelta(microseconds=1)


def _write_span(span: timedelta) -> int:
    return span // _MICROSECOND


def _read_span(value: Any) -> timedelta:
    return timedelta(microseconds=WHOLE.read(value))


_SPAN: Final = Codec(_write_span, _read_span)
_PART_FIELDS: Final = (
    Field("first", "first", WHOLE),
    Field("last", "last", WHOLE),
    Field("time_allowed", "time_allowed_s", SECONDS, optional=True),
    Field("break_after", "break_s", SECONDS),
)


def _write_parts(parts: tuple[PartPlan, ...]) -> list[dict[str, Any]]:
    return [write_fields(part, _PART_FIELDS) for part in parts]


def _read_parts(value: Any) -> tuple[PartPlan, ...]:
    if not isinstance(value, list):
        raise EntryUnreadable("parts are a list")
    return tuple(PartPlan(**read_fields(part, _PART_FIELDS)) for part in value)


PARTS: Final = Codec(_write_parts, _read_parts)
_PLACE_FIELDS: Final = (
    Field("part", "part", WHOLE),
    Field("since", "since", INSTANT),
    Field("on_break", "on_break", SWITCH),
    Field("paused", "paused_us", _SPAN),
    Field("extended", "extended_us", _SPAN),
    Field("worked", "worked_us", _SPAN),
    Field("ran_out_at", "ran_out_at", INSTANT, optional=True),
)


def place_document(place: Place) -> dict[str, Any]:
    """Return the document of a place."""
    return write_fields(place, _PLACE_FIELDS)


def place_from(document: object) -> Place:
    """Return the place that `place_document` wrote; raises EntryUnreadable for anything else."""
    return Place(**read_fields(document, _PLACE_FIELDS))
