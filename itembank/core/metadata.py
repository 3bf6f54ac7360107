"""What is known of an item beside its content: what the draw and the search go by, never shown to a candidate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Parameters of item response theory (three-parameter logistic model, logits), from whoever calibrated the item."""

    discrimination: float = 1.0
    difficulty: float = 0.0
    guessing: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMetadata:
    """The metadata of one item.

    `level` is a cognitive level in the bank's own words. Items with the same label in `enemies` never stand on one
    form; items with the same `stimulus` belong together. `p_estimate` is the share of candidates (0 to 1) that the
    author expects to be right, `p_observed` the share that was. `fields` are the bank's own, as text.
    """

    level: str = ""
    enemies: frozenset[str] = frozenset()
    stimulus: str = ""
    time_estimate_s: int | None = None
    p_estimate: float | None = None
    p_observed: float | None = None
    calibration: Calibration | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
