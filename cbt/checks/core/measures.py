"""What a PC's browser measured of itself, read strictly, and whether it will do for an exam.

The browser only measures; what is good enough is said here and nowhere else. Whoever has a room's link can send any
measures, so they say something about a PC and never about a person, and nothing but the list shows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cbt.kernel.errors import InvalidInput

LONGEST_BROWSER: Final = 80
MOST_ASKS: Final = 50
GREATEST: Final = 10**12

MOST_OFFSET_MS: Final = 60_000
MOST_MEDIAN_MS: Final = 200
MOST_P95_MS: Final = 800
LEAST_MEGABITS: Final = 2.0
LEAST_QUOTA_MB: Final = 200
LEAST_WIDTH: Final = 1024
LEAST_HEIGHT: Final = 600
ZOOM_TOLERANCE: Final = 5
MOST_KEEP_MS: Final = 500
_HUNDRED: Final = 100


class NotMeasures(InvalidInput):
    """The document is not what a PC check sends."""

    code = "not-measures"


class CheckName(StrEnum):
    """The lines of a check, in the order in which they are shown."""

    SECURE = "secure"
    BROWSER = "browser"
    CRYPTO = "crypto"
    KEEPING = "keeping"
    WORKER = "worker"
    QUOTA = "quota"
    SAVE = "save"
    CLOCK = "clock"
    LATENCY = "latency"
    BANDWIDTH = "bandwidth"
    SCREEN = "screen"
    ZOOM = "zoom"
    KEYBOARD = "keyboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """One run of the check; None where something could not be measured at all.

    `latency_ms` holds the asks that were answered out of `asks`; `saved` says that the server's signed answer to a
    test save was right; `keyboard` is None where that test was left out.
    """

    secure: bool
    features: bool
    crypto: bool
    kept: bool
    keep_ms: int | None
    worker: bool
    quota_mb: int | None
    saved: bool
    clock_offset_ms: int | None
    latency_ms: tuple[int, ...]
    asks: int
    download_bytes: int
    download_ms: int | None
    width: int
    height: int
    zoom_percent: int | None
    keyboard: bool | None
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One line of a check: whether it is good, and the measured value in figures."""

    name: CheckName
    good: bool
    value: str = ""


def read_measures(document: object) -> Measures:
    """Return the measures of a document from a browser; raises NotMeasures."""
    if not isinstance(document, dict):
        raise NotMeasures
    fields: Mapping[str, Any] = document
    return Measures(
        secure=_flag(fields, "secure"),
        features=_flag(fields, "features"),
        crypto=_flag(fields, "crypto"),
        kept=_flag(fields, "kept"),
        keep_ms=_number(fields, "keep_ms"),
        worker=_flag(fields, "worker"),
        quota_mb=_number(fields, "quota_mb"),
        saved=_flag(fields, "saved"),
        clock_offset_ms=_number(fields, "clock_offset_ms", least=-GREATEST),
        latency_ms=_numbers(fields, "latency_ms"),
        asks=_number(fields, "asks", most=MOST_ASKS) or 0,
        download_bytes=_number(fields, "download_bytes") or 0,
        download_ms=_number(fields, "download_ms"),
        width=_number(fields, "width") or 0,
        height=_number(fields, "height") or 0,
        zoom_percent=_number(fields, "zoom_percent"),
        keyboard=None if fields.get("keyboard") is None else _flag(fields, "keyboard"),
        browser=_words(fields, "browser"),
    )


def to_document(measures: Measures) -> dict[str, Any]:
    """Return the document that `read_measures` reads as the same measures."""
    document = {name: getattr(measures, name) for name in measures.__slots__}
    return {**document, "latency_ms": list(measures.latency_ms)}


def judge(measures: Measures) -> tuple[CheckLine, ...]:
    """Return every line of the check, good or not."""
    lines = (rule(measures) for rule in _RULES.values())
    return tuple(line for line in lines if line is not None)


def will_do(lines: Sequence[CheckLine]) -> bool:
    """Tell whether a PC with these lines may be used."""
    return all(line.good for line in lines)


def percentile(values: Sequence[int], percent: int) -> int:
    """Return the value below which `percent` of the values lie (nearest rank); raises IndexError without values."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // _HUNDRED) - 1)]


def _clock(measures: Measures) -> CheckLine:
    offset = measures.clock_offset_ms
    value = "" if offset is None else f"{offset / 1000:+z.1f} s"
    return CheckLine(name=CheckName.CLOCK, good=offset is not None and abs(offset) <= MOST_OFFSET_MS, value=value)


def _latency(measures: Measures) -> CheckLine:
    if not measures.latency_ms:
        return CheckLine(name=CheckName.LATENCY, good=False)
    median, worst = percentile(measures.latency_ms, 50), percentile(measures.latency_ms, 95)
    good = median <= MOST_MEDIAN_MS and worst <= MOST_P95_MS and len(measures.latency_ms) == measures.asks
    value = f"{median} ms, 95 %: {worst} ms, {len(measures.latency_ms)}/{measures.asks}"
    return CheckLine(name=CheckName.LATENCY, good=good, value=value)


def _bandwidth(measures: Measures) -> CheckLine:
    if not measures.download_ms or not measures.download_bytes:
        return CheckLine(name=CheckName.BANDWIDTH, good=False)
    megabits = measures.download_bytes * 8 / measures.download_ms / 1000
    return CheckLine(name=CheckName.BANDWIDTH, good=megabits >= LEAST_MEGABITS, value=f"{megabits:.1f} Mbit/s")


def _keeping(measures: Measures) -> CheckLine:
    took = measures.keep_ms
    good = measures.kept and took is not None and took <= MOST_KEEP_MS
    return CheckLine(name=CheckName.KEEPING, good=good, value="" if took is None else f"{took} ms")


def _quota(measures: Measures) -> CheckLine:
    quota = measures.quota_mb
    value = "" if quota is None else f"{quota} MB"
    return CheckLine(name=CheckName.QUOTA, good=quota is not None and quota >= LEAST_QUOTA_MB, value=value)


def _screen(measures: Measures) -> CheckLine:
    good = measures.width >= LEAST_WIDTH and measures.height >= LEAST_HEIGHT
    return CheckLine(name=CheckName.SCREEN, good=good, value=f"{measures.width} × {measures.height}")


def _zoom(measures: Measures) -> CheckLine:
    zoom = measures.zoom_percent
    good = zoom is None or abs(zoom - _HUNDRED) <= ZOOM_TOLERANCE
    return CheckLine(name=CheckName.ZOOM, good=good, value="" if zoom is None else f"{zoom} %")


def _keyboard(measures: Measures) -> CheckLine | None:
    return None if measures.keyboard is None else CheckLine(name=CheckName.KEYBOARD, good=measures.keyboard)


_RULES: Final = MappingProxyType(
    {
        CheckName.SECURE: lambda one: CheckLine(name=CheckName.SECURE, good=one.secure),
        CheckName.BROWSER: lambda one: CheckLine(name=CheckName.BROWSER, good=one.features, value=one.browser),
        CheckName.CRYPTO: lambda one: CheckLine(name=CheckName.CRYPTO, good=one.crypto),
        CheckName.KEEPING: _keeping,
        CheckName.WORKER: lambda one: CheckLine(name=CheckName.WORKER, good=one.worker),
        CheckName.QUOTA: _quota,
        CheckName.SAVE: lambda one: CheckLine(name=CheckName.SAVE, good=one.saved),
        CheckName.CLOCK: _clock,
        CheckName.LATENCY: _latency,
        CheckName.BANDWIDTH: _bandwidth,
        CheckName.SCREEN: _screen,
        CheckName.ZOOM: _zoom,
        CheckName.KEYBOARD: _keyboard,
    }
)


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise NotMeasures(f"{name} is neither true nor false")
    return value


def _number(fields: Mapping[str, Any], name: str, *, least: int = 0, most: int = GREATEST) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise NotMeasures(f"{name} is not a whole number in its range")
    return value


def _numbers(fields: Mapping[str, Any], name: str) -> tuple[int, ...]:
    values = fields.get(name)
    if not isinstance(values, list) or len(values) > MOST_ASKS:
        raise NotMeasures(f"{name} is not a short list")
    found = [_number({name: value}, name) for value in values]
    return tuple(value for value in found if value is not None)


def _words(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise NotMeasures(f"{name} is not a text")
    return "".join(character for character in value if character.isprintable())[:LONGEST_BROWSER]
