"""Orders: what is read, what is refused, and which state admits what."""

from datetime import timedelta
from uuid import UUID

import pytest

from cbt.kernel.errors import CbtError
from proctor.core.incidents import IncidentCategory
from proctor.core.orders import (
    LEGAL,
    NEEDS_REASON,
    OrderKind,
    SeatFacts,
    SeatState,
    TooMuchExtra,
    check_extra,
    may,
    orders_allowed,
    parse_order,
)

ONE = "019a0000-0000-7000-8000-000000000001"


def order(kind, **more):
    return {"order": kind, "registrations": [ONE], "reason": "PC 장애", **more}


def test_an_order_is_read_in_full():
    read = parse_order(order("extend", minutes=5, registrations=[ONE, ONE], reason="  PC 장애 "))
    assert read.kind is OrderKind.EXTEND
    assert read.registrations == (UUID(ONE),)
    assert (read.minutes, read.reason) == (5, "PC 장애")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "order-malformed"),
        (order("explode"), "order-malformed"),
        (order(["pause"]), "order-malformed"),
        (order("pause", reason="   "), "reason-missing"),
        (order("extend", minutes=5, reason=""), "reason-missing"),
        (order("end", reason=""), "reason-missing"),
        (order("grant-seat", reason=""), "reason-missing"),
        (order("pause", reason=7), "order-malformed"),
        (order("pause", reason="a\x00b"), "order-malformed"),
        (order("pause", reason="\ud800"), "order-malformed"),
        (order("pause", reason="가" * 501), "reason-too-long"),
        (order("pause", reason="900101-1234567 이상"), "resident-number"),
        (order("extend", minutes=0), "minutes-out-of-range"),
        (order("extend", minutes=121), "minutes-out-of-range"),
        (order("extend", minutes=5.5), "minutes-out-of-range"),
        (order("extend", minutes=True), "minutes-out-of-range"),
        (order("extend", minutes="5"), "minutes-out-of-range"),
        (order("extend"), "minutes-out-of-range"),
        (order("pause", registrations=[]), "order-malformed"),
        (order("pause", registrations="x"), "order-malformed"),
        (order("pause", registrations=["x"]), "order-malformed"),
        (order("pause", registrations=[None]), "order-malformed"),
        (order("pause", registrations=[7]), "order-malformed"),
        (order("pause", registrations=[ONE] * 501), "order-malformed"),
        (order("incident", category="weather"), "order-malformed"),
        (order("incident", category="technical", reason=""), "reason-missing"),
    ],
)
def test_a_malformed_order_is_refused_with_its_code(document, code):
    with pytest.raises(CbtError) as refused:
        parse_order(document)
    assert refused.value.code == code


def test_an_incident_may_be_about_the_whole_room():
    read = parse_order({"order": "incident", "category": "environment", "reason": "복도 공사 소음"})
    assert (read.registrations, read.category) == ((), IncidentCategory.ENVIRONMENT)


def test_an_order_may_bring_an_id_of_its_own():
    assert parse_order({"order": "open-room", "id": ONE}).id == UUID(ONE)
    assert parse_order({"order": "open-room"}).id is None


def test_extra_time_has_a_limit_in_sum():
    check_extra(timedelta(minutes=180), timedelta(minutes=60), timedelta(minutes=240))
    with pytest.raises(TooMuchExtra):
        check_extra(timedelta(minutes=181), timedelta(minutes=60), timedelta(minutes=240))


def test_orders_of_the_room_name_no_seat():
    assert parse_order({"order": "open-room"}).registrations == ()


@pytest.mark.parametrize(
    ("state", "orders"),
    [
        (SeatState.EXPECTED, {"check-in"}),
        (SeatState.ABSENT, {"check-in"}),
        (SeatState.CHECKED_IN, {"undo-check-in"}),
        (SeatState.READY, {"undo-check-in"}),
        (SeatState.RUNNING, {"pause", "extend", "end"}),
        (SeatState.PAUSED, {"resume", "extend", "end"}),
        (SeatState.SUBMITTED, set()),
        (SeatState.EXPIRED, set()),
        (SeatState.TERMINATED, set()),
        (SeatState.VOIDED, set()),
    ],
)
def test_each_state_admits_its_orders(state, orders):
    assert set(orders_allowed(SeatFacts(state=state))) == orders


def test_a_hand_is_lowered_only_where_one_is_up_and_a_seat_granted_only_where_one_is_asked_for():
    quiet, asking = SeatFacts(state=SeatState.RUNNING), SeatFacts(state=SeatState.RUNNING, hand=True, claim=True)
    assert not may(OrderKind.LOWER_HAND, quiet)
    assert may(OrderKind.LOWER_HAND, asking)
    assert not may(OrderKind.GRANT_SEAT, quiet)
    assert may(OrderKind.GRANT_SEAT, asking)


def test_nobody_is_checked_in_to_a_closed_room():
    assert not may(OrderKind.CHECK_IN, SeatFacts(state=SeatState.ABSENT, room_closed=True))


def test_whatever_changes_time_or_ends_an_exam_needs_a_reason():
    assert {OrderKind.PAUSE, OrderKind.EXTEND, OrderKind.END, OrderKind.GRANT_SEAT} <= NEEDS_REASON
    assert set(LEGAL) | {OrderKind.OPEN_ROOM, OrderKind.CLOSE_ROOM, OrderKind.INCIDENT} == set(OrderKind)
