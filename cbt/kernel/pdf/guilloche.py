"""The guilloche: bands of interlaced sines, rosettes and the watermark, as one PDF form that is made once.

Everything is periodic, so one period is written and then shifted or turned with the same bytes again; the compressed
form is a few kilobytes. Tints are solid colours, not transparency: a printer needs nothing special. Millimetres,
origin at the bottom left of the sheet.
"""

import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from cbt.kernel.pdf.operators import colour, mix, number

Curve = Callable[[float], tuple[float, float]]
"""Parameter -> point."""

BLUE: Final = "#2a4b9b"
GOLD: Final = "#a07a2c"
_WIDTH: Final = 210.0
_HEIGHT: Final = 297.0
_CORNER: Final = 14.0  # centre line of the band, from the edge of the sheet
_FRAMES: Final = ((9.6, 0.25), (18.6, 0.5), (19.8, 0.12))  # inset, stroke
_CENTRE: Final = (105.0, 147.0)
_ROUND_CAPS: Final = "1 J"


@dataclass(frozen=True, slots=True)
class Form:
    """A drawing for repeated use: deflated operators in millimetres."""

    name: str
    deflated: bytes
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Rose:
    """A family of closed curves r = middle + swing * cos(lobes * angle + phase), evenly spread phases."""

    lobes: int
    middle: float
    swing: float
    phases: int
    ink: str


_CORNER_ROSES: Final = (Rose(8, 4.3, 1.7, 6, BLUE), Rose(6, 2.1, 0.8, 4, GOLD))
_WATERMARK: Final = (Rose(18, 47, 8, 8, BLUE), Rose(12, 30, 6, 6, GOLD), Rose(9, 15, 5, 6, BLUE))
_CORNER_STRENGTH: Final = 0.8
_WATERMARK_STRENGTH: Final = 0.14


@cache
def a4_guilloche() -> Form:
    """Return the frame, the bands, the corner rosettes and the watermark of an A4 sheet."""
    parts = [_ROUND_CAPS, *_watermark(), *_bands(), *_frames(), *_corners()]
    return Form("guilloche", zlib.compress("\n".join(parts).encode("ascii"), 9), _WIDTH, _HEIGHT)


def _bands() -> Iterator[str]:
    across, down = _WIDTH - 2 * _CORNER, _HEIGHT - 2 * _CORNER
    for waves, swing, phases, ink, stroke in ((1, 2.9, 6, mix(BLUE, 0.5), 0.13), (2, 1.45, 4, mix(GOLD, 0.5), 0.11)):
        yield f"{colour(ink, stroke=True)} {number(stroke)} w"
        for y in (_CORNER, _HEIGHT - _CORNER):
            yield from _band(f"1 0 0 1 {number(_CORNER)} {number(y)} cm", across, 15 * waves, swing, phases)
        for x in (_CORNER, _WIDTH - _CORNER):
            yield from _band(f"0 1 -1 0 {number(x)} {number(_CORNER)} cm", down, 22 * waves, swing, phases)


def _band(place: str, length: float, waves: int, swing: float, phases: int) -> Iterator[str]:
    period = length / waves
    curves = [_sine(period, swing, 2 * math.pi * phase / phases) for phase in range(phases)]
    tile = " ".join(smooth(curve, 0, period, 4) for curve in curves) + " S"
    yield f"q {place}"
    for _ in range(waves):
        yield tile
        yield f"1 0 0 1 {number(period, 5)} 0 cm"
    yield "Q"


def _sine(period: float, swing: float, phase: float) -> Curve:
    return lambda x: (x, swing * math.sin(2 * math.pi * x / period + phase))


def _frames() -> Iterator[str]:
    yield colour(BLUE, stroke=True)
    for inset, stroke in _FRAMES:
        width, height = number(_WIDTH - 2 * inset), number(_HEIGHT - 2 * inset)
        yield f"{number(stroke)} w {number(inset)} {number(inset)} {width} {height} re S"


def _corners() -> Iterator[str]:
    for x in (_CORNER, _WIDTH - _CORNER):
        for y in (_CORNER, _HEIGHT - _CORNER):
            yield f"q 1 0 0 1 {number(x)} {number(y)} cm"
            yield f"{colour('#ffffff')} {circle(0, 0, 6.6)} f 0.13 w"
            for rose in _CORNER_ROSES:
                yield from _rose(rose, strength=_CORNER_STRENGTH)
            yield f"{colour(BLUE, stroke=True)} {circle(0, 0, 6.3)} S Q"


def _watermark() -> Iterator[str]:
    yield f"q 1 0 0 1 {number(_CENTRE[0])} {number(_CENTRE[1])} cm 0.14 w"
    for rose in _WATERMARK:
        yield from _rose(rose, strength=_WATERMARK_STRENGTH)
    yield "Q"


def _rose(rose: Rose, *, strength: float) -> Iterator[str]:
    turn = 2 * math.pi / rose.lobes
    curves = [_lobe(rose, 2 * math.pi * phase / rose.phases) for phase in range(rose.phases)]
    tile = " ".join(smooth(curve, 0, turn, 6) for curve in curves) + " S"
    cosine, sine = number(math.cos(turn), 6), number(math.sin(turn), 6)
    yield f"q {colour(mix(rose.ink, strength), stroke=True)}"
    for _ in range(rose.lobes):
        yield tile
        yield f"{cosine} {sine} {number(-math.sin(turn), 6)} {cosine} 0 0 cm"
    yield "Q"


def _lobe(rose: Rose, phase: float) -> Curve:
    def point(angle: float) -> tuple[float, float]:
        radius = rose.middle + rose.swing * math.cos(rose.lobes * angle + phase)
        return radius * math.cos(angle), radius * math.sin(angle)

    return point


def smooth(curve: Curve, start: float, end: float, pieces: int) -> str:
    """Return `curve` between two parameters as cubic pieces with its own tangents."""
    step = (end - start) / pieces
    nudge = step * 1e-4
    x, y = curve(start)
    operators = [f"{number(x)} {number(y)} m"]
    for piece in range(pieces):
        here, there = start + piece * step, start + (piece + 1) * step
        (x1, y1), (x2, y2) = (_handle(curve, at, nudge, reach) for at, reach in ((here, step / 3), (there, -step / 3)))
        x3, y3 = curve(there)
        operators.append(" ".join(map(number, (x1, y1, x2, y2, x3, y3))) + " c")
    return " ".join(operators)


def _handle(curve: Curve, at: float, nudge: float, reach: float) -> tuple[float, float]:
    (ax, ay), (bx, by), (x, y) = curve(at - nudge), curve(at + nudge), curve(at)
    return x + reach * (bx - ax) / (2 * nudge), y + reach * (by - ay) / (2 * nudge)


def circle(x: float, y: float, radius: float) -> str:
    """Return a circle as four cubic pieces."""
    return smooth(lambda t: (x + radius * math.cos(t), y + radius * math.sin(t)), 0, 2 * math.pi, 4) + " h"
