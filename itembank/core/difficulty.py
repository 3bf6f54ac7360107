"""How hard an item is: the chance of a right answer and the information that it gives, from whatever is known of it.

Calibrated parameters go before the share of right answers observed, and that before its author's estimate.
"""

import math
from typing import Final

from itembank.core.metadata import Calibration

REFERENCE_ABILITY: Final = 0.0
_STEEPEST: Final = 700.0  # beyond it the exponential leaves the range of a float


def is_sound(item: Calibration) -> bool:
    """Return whether the parameters are finite, discrimination above 0 and guessing in [0, 1)."""
    finite = all(map(math.isfinite, (item.discrimination, item.difficulty, item.guessing)))
    return finite and item.discrimination > 0 and 0 <= item.guessing < 1


def chance_of_right(item: Calibration, ability: float) -> float:
    """Return the probability that a person of `ability` (logits) answers `item` rightly, at least its guessing.

    Three-parameter logistic without the 1.7 constant. Source: Birnbaum 1968, equation 17.3.1.
    """
    steep = item.discrimination * (item.difficulty - ability)
    if steep > _STEEPEST:
        return item.guessing
    return item.guessing + (1 - item.guessing) / (1 + math.exp(max(steep, -_STEEPEST)))


def information(item: Calibration, ability: float) -> float:
    """Return the Fisher information of `item` at `ability` (per squared logit, >= 0).

    Three-parameter logistic without the 1.7 constant. Source: Lord 1980, equation 5-9.
    """
    right = chance_of_right(item, ability)
    above = (right - item.guessing) / (1 - item.guessing)
    return 0.0 if right <= 0 else item.discrimination**2 * (1 - right) / right * above**2


def ability_for(items: tuple[Calibration, ...], share: float) -> float:
    """Return the ability (logits, -10 to 10) at which `items` together give `share` of their points.

    The expected share grows with ability, so halving finds it; out of reach gives the nearer end.
    """
    low, high = -10.0, 10.0
    for _ in range(50):
        middle = (low + high) / 2
        if sum(chance_of_right(item, middle) for item in items) < share * len(items):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def expected_share(
    calibration: Calibration | None,
    observed: float | None,
    estimate: float | None,
    *,
    ability: float = REFERENCE_ABILITY,
) -> float | None:
    """Return the share of its points that an item is expected to give, in [0, 1], or None when nobody knows.

    Calibrated parameters at `ability` first, else the observed share, else the author's estimate; a share that is
    no number from 0 to 1 counts as unknown.
    """
    if calibration is not None and is_sound(calibration):
        return chance_of_right(calibration, ability)
    return next((share for share in (observed, estimate) if share is not None and 0 <= share <= 1), None)
