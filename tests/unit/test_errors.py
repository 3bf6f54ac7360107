"""Refusals: a stable code, a sentence, and one table from kind to HTTP status."""

import inspect

import pytest

from cbt.kernel import errors
from cbt.kernel.errors import (
    STATUS,
    CbtError,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    Problem,
    SignInNeeded,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unavailable,
    WrongMethod,
    status_of,
)
from tests.architecture.reference import refusals

# What no caller has caused is no refusal but a fault of ours (500).
FAULTS = {"JournalBroken", "GradingFailed"}


def test_every_kind_has_a_status():
    kinds = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, CbtError)}
    assert kinds - {CbtError} == set(STATUS)
    assert all(400 <= status < 500 or status == 503 for status in STATUS.values())


def test_every_refusal_of_the_system_belongs_to_a_kind():
    found = refusals()
    assert len(found) > 50
    assert {error.__qualname__ for error in found if not issubclass(error, tuple(STATUS))} <= {"CbtError", *FAULTS}


def test_every_refusal_has_a_code_and_a_sentence():
    for error in refusals():
        assert error.code == error.code.lower(), error
        assert error.code.replace("-", "").isalnum(), error
        assert error.__doc__, error


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (InvalidInput, 400),
        (SignInNeeded, 401),
        (Forbidden, 403),
        (NotFound, 404),
        (WrongMethod, 405),
        (TooSlow, 408),
        (Conflict, 409),
        (TooLarge, 413),
        (TooManyRequests, 429),
        (Unavailable, 503),
    ],
)
def test_status_is_that_of_the_nearest_kind(kind, status):
    leaf = type("Leaf", (kind,), {})
    assert status_of(kind()) == status_of(leaf()) == status


def test_a_refusal_of_no_kind_is_a_fault():
    assert status_of(CbtError()) == 500


class SeatTaken(Conflict):
    """Somebody sits here.

    What follows is for the reader of the code.
    """

    code = "seat-taken"


def test_a_refusal_says_the_first_line_of_its_description():
    refused = SeatTaken(seat="17")
    assert (refused.message, str(refused), refused.ids) == ("Somebody sits here.",) * 2 + ({"seat": "17"},)


def test_a_refusal_may_say_it_in_its_own_words():
    assert SeatTaken("Seat 17 is taken.").message == "Seat 17 is taken."


def test_a_refusal_without_description_says_its_code():
    class Bare(Conflict):
        code = "bare"

    assert Bare().message == "bare"


def test_problems_are_values():
    first = Problem(where="row 3", code="too-long", hint="at most 64 characters")
    assert first == Problem(where="row 3", code="too-long", hint="at most 64 characters")
    with pytest.raises(AttributeError):
        first.code = "other"  # type: ignore[misc]
