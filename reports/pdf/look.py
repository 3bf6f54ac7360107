"""The look of a sheet: inks, pens, styles and the margins, in millimetres on A4."""

from typing import Final

from cbt.kernel.pdf.fonts import Role
from cbt.kernel.pdf.page import Pen, Style

LEFT: Final = 27.0
RIGHT: Final = 183.0
MIDDLE: Final = 105.0
MEASURE: Final = RIGHT - LEFT

INK: Final = "#15202b"
INK_2: Final = "#44505d"
BRAND: Final = "#2a4b9b"
WARN: Final = "#8a4f00"

STRONG: Final = Pen(0.35, INK)
FINE: Final = Pen(0.15, "#7a8695")
FAINT: Final = Pen(0.15, "#b9c2cd")


def sans(size: float) -> Style:
    """Return the plain style of that size."""
    return Style(Role.SANS, size, INK)


def bold(size: float, ink: str = INK) -> Style:
    """Return the bold sans style of that size."""
    return Style(Role.SANS_BOLD, size, ink)


def small(size: float) -> Style:
    """Return the style of second words: translations and hints."""
    return Style(Role.SANS, size, INK_2)


def serif(size: float) -> Style:
    """Return the style of sentences."""
    return Style(Role.SERIF, size, INK)


def serif_bold(size: float, spacing: float = 0) -> Style:
    """Return the style of names and titles."""
    return Style(Role.SERIF_BOLD, size, INK, spacing)
