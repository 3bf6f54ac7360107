"""The life of an item version: every pair of states, for its author, for another author, for an auditor."""

from itertools import product
from uuid import UUID

import pytest

from cbt.people.core.actors import Role
from itembank.core.records import ItemStatus
from itembank.core.review import (
    MoveIllegal,
    Mover,
    NotTheAuthor,
    NoWriter,
    OwnItem,
    ReasonNeeded,
    VersionFacts,
    VersionState,
    check_move,
    drawn_number,
    legal_moves,
    others_moves,
)

WRITER, SECOND = UUID(int=1), UUID(int=2)
AUTHOR = Mover(id=WRITER, roles=frozenset({Role.AUTHOR}))
OTHER = Mover(id=SECOND, roles=frozenset({Role.AUTHOR}))
ADMIN = Mover(id=SECOND, roles=frozenset({Role.ADMIN}))
AUDITOR = Mover(id=SECOND, roles=frozenset({Role.AUDITOR, Role.PROCTOR}))
D, R, W, A, B, X = ItemStatus
# from -> (to, for the author, for another writer, with a reason)
TABLE = {
    (D, R): (True, True, False),
    (D, B): (True, True, True),
    (D, X): (True, True, True),
    (R, A): (False, True, False),
    (R, W): (False, True, True),
    (R, D): (True, False, False),
    (R, B): (True, True, True),
    (R, X): (True, True, True),
    (W, R): (True, True, False),
    (W, B): (True, True, True),
    (W, X): (True, True, True),
    (A, B): (True, True, True),
    (A, X): (True, True, True),
    (B, R): (True, True, True),
    (B, X): (True, True, True),
    (X, R): (True, True, True),
}


def facts(status: ItemStatus, **more) -> VersionFacts:
    return VersionFacts(**{"status": status, "author_id": WRITER, **more})


def offered(status: ItemStatus, mover: Mover, **more) -> dict[ItemStatus, bool]:
    return {move.to: move.reason_needed for move in legal_moves(facts(status, **more), mover)}


@pytest.mark.parametrize(("start", "to"), list(product(ItemStatus, ItemStatus)))
def test_every_pair_of_states(start, to):
    author, other, reason = TABLE.get((start, to), (False, False, False))
    for mover, may in ((AUTHOR, author), (OTHER, other), (ADMIN, other), (AUDITOR, False)):
        assert (to in offered(start, mover)) is may
        assert offered(start, mover).get(to, reason) is reason
        if may:
            check_move(facts(start), mover, to, "leaked")
        else:
            with pytest.raises((MoveIllegal, OwnItem, NotTheAuthor, NoWriter)):
                check_move(facts(start), mover, to, "leaked")


def test_a_move_that_needs_words_is_refused_without():
    for words in ("", "  \n"):
        with pytest.raises(ReasonNeeded):
            check_move(facts(A), OTHER, B, words)


def test_refusals_say_why():
    for mover, start, to, why in (
        (AUTHOR, R, A, OwnItem),
        (OTHER, R, D, NotTheAuthor),
        (AUDITOR, R, A, NoWriter),
        (OTHER, A, R, MoveIllegal),
    ):
        with pytest.raises(why):
            check_move(facts(start), mover, to, "x")
    assert others_moves(facts(R), AUTHOR) == (A, W)
    assert others_moves(facts(R), OTHER) == ()


def test_what_nobody_on_the_staff_wrote_may_be_decided_by_every_writer():
    assert set(offered(R, AUTHOR, author_id=None)) == {A, W, D, B, X}


def test_an_older_version_can_only_be_taken_out_of_the_draw():
    assert {start: set(offered(start, OTHER, newest=False)) for start in ItemStatus} == {
        D: set(),
        R: set(),
        W: set(),
        A: {B, X},
        B: {X},
        X: set(),
    }


def test_nothing_is_decided_on_a_version_once_a_newer_one_was_approved():
    assert [offered(start, OTHER, newest=False, superseded=True) for start in ItemStatus] == [{}] * 6


@pytest.mark.parametrize(
    ("versions", "drawn"),
    [
        ([], None),
        ([(D, False)], None),
        ([(A, True)], 1),
        ([(A, True), (D, False)], 1),
        ([(A, True), (W, False)], 1),
        ([(A, True), (X, False)], 1),  # a draft that was given up
        ([(A, True), (A, True)], 2),
        ([(A, True), (X, True)], None),
        ([(A, True), (B, True)], None),
        ([(A, True), (B, False)], None),
        ([(B, True), (A, True)], 2),
        ([(B, True), (D, False)], None),
        ([(A, True), (R, True)], None),  # blocked once, and looked at again
    ],
)
def test_which_version_is_drawn(versions, drawn):
    states = tuple(
        VersionState(number=number, status=status, ever_approved=approved)
        for number, (status, approved) in enumerate(versions, start=1)
    )
    assert drawn_number(states) == drawn
    assert drawn_number(states[::-1]) == drawn
