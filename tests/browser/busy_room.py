"""A demonstration centre in the middle of an exam: forty seats, most of them at work, a few that need somebody.

It is made through the services under a clock that is moved by hand, so that times and counts look like an exam day's.
"""

from datetime import timedelta
from typing import Any

from cbt.cli.demo_centre import make_demo
from cbt.delivery.services.writing import attempt_topic
from cbt.kernel.canonical import instant_text
from cbt.kernel.chance import Chance
from cbt.kernel.clock import SystemClock
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor, ActorKind
from cbt.people.services.accounts import list_staff
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import get_sitting_by_code
from proctor.core.orders import Order, OrderKind
from proctor.services.orders import give_order
from tests.browser.answers import Answers, answers_of
from tests.factories import ManualClock
from tests.factories_exam import Page as Seat
from tests.factories_exam import World, sit_down

ABSENT = {15, 31}  # seat 12 has half as much time again
HANDED_IN = {3: 90, 9: 82, 22: 71, 36: 64}  # seat -> percent of right answers
HAND_UP, PAUSED, ENDED, OFFLINE, SLOW, SHOWN = 18, 29, 5, 26, 7, 17
PRESENT_FOR = timedelta(minutes=30)
ROUNDS = 12
ROUND = timedelta(minutes=6)
BEFORE = ROUNDS * ROUND + timedelta(minutes=18)  # papers, check-in and the exam so far


class BusyRoom:
    """The room of the practice exam, and the browsers that sit in it."""

    def __init__(self, rt: Runtime, clock: ManualClock) -> None:
        self.rt = rt
        self.clock = clock
        demo = make_demo(rt)
        self.passwords = {login.login: login.password or "" for login in demo.logins}
        staff = next(member for member in list_staff(rt) if member.login == "proctor")
        self.proctor = Actor(kind=ActorKind.STAFF, id=staff.id, name=staff.name)
        self.people = {one.seat_number: one for one in self._registered(demo.sittings[0].code)}
        self.room_id = self.people[1].sitting_room.id
        self.here: set[int] = set()
        self.seats: dict[int, Seat] = {}
        self.chance = Chance(b"a busy room")

    def let_in(self, last: int = 40) -> None:
        """Check in seat after seat, up to `last`."""
        for number, person in self.people.items():
            if number <= last and number not in ABSENT | self.here:
                self.order(OrderKind.CHECK_IN, person)
                self.clock.advance(timedelta(seconds=11))
                self.here.add(number)

    def begin(self) -> None:
        give_order(self.rt, self.room_id, Order(kind=OrderKind.OPEN_ROOM), by=self.proctor)
        for place, (number, _person) in enumerate(self.people.items()):
            if number not in ABSENT:
                self.clock.advance(timedelta(seconds=1))
                self.seats[number] = self._take_seat(place, number)

    def work(self) -> None:
        """What happens until now, round by round."""
        for round_number in range(ROUNDS):
            for number, seat in self.seats.items():
                self._answer_some(number, seat)
            self.clock.advance(ROUND)
            if round_number == ROUNDS - 3:
                self.order(OrderKind.END, self.people[ENDED], "휴대전화 소지, 진술서에 서명함")
        self._turn_clock(before_now=timedelta(minutes=5))
        self.order(OrderKind.PAUSE, self.people[PAUSED], "화장실 동행")
        for number in HANDED_IN:
            self._hand_in(number)
        self._turn_clock(before_now=timedelta(minutes=1))
        self._send(self.seats[HAND_UP], {"kind": "hand-raised", "words": "화면 글자가 너무 작아요"})

    def _turn_clock(self, before_now: timedelta) -> None:
        self.clock.advance(SystemClock().now() - before_now - self.clock.now())

    def _send(self, seat: Seat, *entries: dict[str, Any]) -> None:
        claimed_at = instant_text(self.clock.now() - timedelta(milliseconds=180))
        seat.send(*({"claimed_at": claimed_at, **entry} for entry in entries))

    def be_present(self, rt: Runtime) -> None:
        """Signs of life, as the open pages would give them: one is late, one has stopped."""
        now = rt.clock.now()
        late = {OFFLINE: timedelta(seconds=48), SLOW: timedelta(seconds=22)}
        for number, seat in self.seats.items():
            at = now - late.get(number, timedelta(seconds=1))
            rt.broker.mark_present(attempt_topic(seat.facts.attempt_id), at, PRESENT_FOR)

    def order(self, kind: OrderKind, person: RegistrationFacts, reason: str = "") -> None:
        order = Order(kind=kind, registrations=(person.registration.id,), reason=reason)
        assert give_order(self.rt, self.room_id, order, by=self.proctor).done

    def _registered(self, code: str) -> tuple[RegistrationFacts, ...]:
        return list_registrations(self.rt, get_sitting_by_code(self.rt, code).id)

    def _take_seat(self, place: int, number: int) -> Seat:
        world = World(rt=self.rt, staff=self.proctor, room_id=self.room_id, people=tuple(self.people.values()))
        return sit_down(world, place, device=f"computer {number}")

    def _answer_some(self, number: int, seat: Seat) -> None:
        if number == ENDED and len(seat_answered(seat)) >= 40:
            return
        open_slots = [slot for slot in range(1, 101) if slot not in seat_answered(seat)]
        share = 3 + self.chance.below(5)
        near = open_slots[: share + 3]  # people leave some for later
        chosen = sorted(self.chance.sample(near, min(share, len(near))))
        entries = [answer(seat, slot, self.chance.below(4)) for slot in chosen]
        if number == SHOWN and entries:
            entries.append({"kind": "flagged", "slot": entries[0]["slot"], "on": True})
        if entries:
            self._send(seat, *entries)
            seat_answered(seat).update(entry["slot"] for entry in entries if entry["kind"] == "answered")

    def _hand_in(self, number: int) -> None:
        seat, percent = self.seats[number], HANDED_IN[number]
        known: Answers = answers_of(self.rt, self.people[number].registration.id)
        entries = []
        for slot in known.right:
            is_right = self.chance.below(100) < percent
            choice = known.one(slot) if is_right else known.wrong(slot)
            entries.append({"kind": "answered", "slot": slot, "responses": {"RESPONSE": [choice]}})
        self._send(seat, *entries, {"kind": "submitted"})
        self.clock.advance(timedelta(seconds=20))


_answered: dict[str, set[int]] = {}


def seat_answered(seat: Seat) -> set[int]:
    return _answered.setdefault(str(seat.facts.attempt_id), set())


def answer(seat: Seat, slot: int, nth: int) -> dict[str, Any]:
    choices = seat.paper["slots"][slot - 1]["controls"][0]["choices"]
    return {"kind": "answered", "slot": slot, "responses": {"RESPONSE": [choices[nth % len(choices)]]}}
