"""How hard an item is: the logistic model against known values, and which source goes first."""

import math

import pytest

from itembank.core.difficulty import ability_for, chance_of_right, expected_share, information, is_sound
from itembank.core.metadata import Calibration

RASCH = Calibration()


@pytest.mark.parametrize(
    ("item", "ability", "share"),
    [
        (RASCH, 0, 0.5),
        (RASCH, 1, 0.7310585786300049),
        (Calibration(guessing=0.2), 0, 0.6),
        (Calibration(discrimination=2, difficulty=1), 1.5, 0.7310585786300049),
        (Calibration(guessing=0.25), -9999, 0.25),
        (RASCH, 9999, 1.0),
    ],
)
def test_the_chance_of_a_right_answer_is_that_of_the_model(item, ability, share):
    assert chance_of_right(item, ability) == pytest.approx(share)


def test_information_is_the_slope_of_the_curve():
    # I = P'^2 / (P Q), so a numeric derivative must give the same.
    for item in (RASCH, Calibration(discrimination=1.4, difficulty=-0.7, guessing=0.2)):
        for ability in (-2, -0.7, 0, 1.3):
            step = 1e-5
            slope = (chance_of_right(item, ability + step) - chance_of_right(item, ability - step)) / (2 * step)
            right = chance_of_right(item, ability)
            assert information(item, ability) == pytest.approx(slope**2 / (right * (1 - right)), rel=1e-5)


def test_calibration_goes_before_the_observed_share_and_that_before_the_estimate():
    assert expected_share(RASCH, 0.9, 0.8) == 0.5
    assert expected_share(None, 0.9, 0.8) == 0.9
    assert expected_share(None, None, 0.8) == 0.8
    assert expected_share(None, None, None) is None
    assert expected_share(Calibration(discrimination=-1), None, 0.8) == 0.8
    assert expected_share(None, math.nan, 1.5) is None


def test_a_calibration_must_be_finite_and_rising():
    assert is_sound(RASCH)
    assert not is_sound(Calibration(discrimination=0))
    assert not is_sound(Calibration(guessing=1))
    assert not is_sound(Calibration(difficulty=math.inf))


def test_the_ability_at_a_share_is_found():
    items = (RASCH, Calibration(difficulty=1))
    at = ability_for(items, 0.6)
    assert sum(chance_of_right(item, at) for item in items) == pytest.approx(1.2)
