"""The few PDF operators that the page and the guilloche share, as text."""

from typing import Final

_WHITE: Final = 255


def number(value: float, places: int = 3) -> str:
    """Return `value` without superfluous zeros (a PDF number has no exponent)."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def colour(ink: str, *, stroke: bool = False) -> str:
    """Return the operator that sets `ink` (`#rrggbb`) for filling, or for lines."""
    parts = " ".join(number(channel / 255) for channel in _channels(ink))
    return f"{parts} {'RG' if stroke else 'rg'}"


def mix(ink: str, strength: float) -> str:
    """Return `ink` at `strength` (0..1) over white as a solid colour."""
    mixed = (round(_WHITE + (channel - _WHITE) * strength) for channel in _channels(ink))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(ink: str) -> tuple[int, int, int]:
    return int(ink[1:3], 16), int(ink[3:5], 16), int(ink[5:7], 16)
