"""What the drill does outside the simulated browsers: choose candidates, let them in, compare what was saved."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import httpx

from cbt.cli.drill_candidate import Diary, DrillRefused, Responses
from cbt.delivery.core.attempt import Attempt
from cbt.delivery.services.reading import graded_set_in, replay_in, room_attempts_in
from cbt.delivery.services.recording import ChoiceMaps
from cbt.delivery.services.releasing import open_room_in
from cbt.delivery.services.writing import room_topic
from cbt.kernel.errors import Conflict
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import RoomState
from cbt.scheduling.services.attendance import check_in_in
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import get_sitting_by_code

_CSRF: Final = re.compile(r'name="csrf-token" content="([^"]+)"')
_BY: Final = Actor.system("drill")


class NobodyToDrill(Conflict):
    """Every candidate of this sitting has begun already."""

    code = "nobody-to-drill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the system holds of one candidate at the end, compared with what it had receipted."""

    number: str
    missing: tuple[int, ...]
    different: tuple[int, ...]
    flags_lost: tuple[int, ...]
    journal_intact: bool

    @property
    def whole(self) -> bool:
        """Tell whether everything that was receipted is there."""
        return self.journal_intact and not (self.missing or self.different or self.flags_lost)


def choose_candidates(rt: Runtime, sitting_code: str, count: int) -> tuple[RegistrationFacts, ...]:
    """Return up to `count` registered candidates who have not begun; raises NoSuchSitting, NobodyToDrill."""
    everybody = list_registrations(rt, get_sitting_by_code(rt, sitting_code).id)
    begun = {number for number, attempt in _attempts(rt, everybody).items() if attempt.started_at is not None}
    chosen = tuple(facts for facts in everybody if facts.candidate.number not in begun)[:count]
    if not chosen:
        raise NobodyToDrill(f"nobody of sitting {sitting_code} is left who has not begun", sitting=sitting_code)
    return chosen


def let_in(rt: Runtime, chosen: Iterable[RegistrationFacts]) -> None:
    """Check the candidates in and open their rooms, as a proctor would."""
    people = tuple(chosen)
    now = rt.clock.now()
    rooms = {facts.sitting_room.id: facts.sitting_room for facts in people}
    with rt.transaction() as tx:
        for facts in people:
            if facts.registration.checked_in_at is None:
                check_in_in(tx, now, facts.registration.id, by=_BY)
        for room in rooms.values():
            if room.state is RoomState.WAITING:
                open_room_in(tx, now, room.id, by=_BY)
            tx.hint(room_topic(room.id), "")


async def let_in_as(client: httpx.AsyncClient, chosen: Sequence[RegistrationFacts], login: str, password: str) -> None:
    """Check the candidates in and open their rooms over HTTP, signed in as the proctor `login`."""
    token = await _csrf(client, "/staff/sign-in")
    fields = {"login": login, "password": password, "csrf_token": token}
    answer = await client.post("/staff/sign-in", data=fields)
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise DrillRefused(f"the proctor {login} cannot sign in ({answer.status_code})")
    token = await _csrf(client, "/proctor/")
    for room in {facts.sitting_room.id: facts.sitting_room for facts in chosen}.values():
        absent = [
            facts for facts in chosen if facts.sitting_room.id == room.id and not facts.registration.checked_in_at
        ]
        if absent:
            await _order(client, room.id, "check-in", token, [str(facts.registration.id) for facts in absent])
        if room.state is RoomState.WAITING:
            await _order(client, room.id, "open-room", token, [])


def compare(rt: Runtime, chosen: Sequence[RegistrationFacts], diaries: Iterable[Diary]) -> tuple[Kept, ...]:
    """Return for each candidate what of the receipted entries the journal holds."""
    attempts = _attempts(rt, chosen)
    return tuple(
        _compare_one(rt, attempts[diary.number], diary)
        for diary in diaries
        if diary.number in attempts and (diary.acknowledged or diary.flags)
    )


def _compare_one(rt: Runtime, attempt: Attempt, diary: Diary) -> Kept:
    maps = ChoiceMaps()
    with rt.reading() as tx:
        choices = maps.load(tx, [attempt.id])[attempt.id]
        held: dict[int, Responses] = {
            slot: {name: list(values) for name, values in choices.responses_to_opaque(slot, responses).items()}
            for slot, responses in graded_set_in(tx, attempt.id).items()
        }
        intact = replay_in(tx, attempt.id).broken is None
    return Kept(
        number=diary.number,
        missing=tuple(sorted(diary.acknowledged.keys() - held.keys())),
        different=tuple(slot for slot, given in diary.acknowledged.items() if slot in held and held[slot] != given),
        flags_lost=tuple(sorted(diary.flags - set(attempt.flagged))),
        journal_intact=intact,
    )


def _attempts(rt: Runtime, facts: Sequence[RegistrationFacts]) -> dict[str, Attempt]:
    numbers: dict[UUID, str] = {each.registration.id: each.candidate.number for each in facts}
    with rt.reading() as tx:
        return {numbers[key]: view.attempt for key, view in room_attempts_in(tx, list(numbers)).items()}


async def _csrf(client: httpx.AsyncClient, path: str) -> str:
    page = await client.get(path)
    token = _CSRF.search(page.text)
    if page.status_code != httpx.codes.OK or token is None:
        raise DrillRefused(f"{path} answers {page.status_code}")
    return token[1]


async def _order(client: httpx.AsyncClient, room_id: UUID, order: str, token: str, registrations: list[str]) -> None:
    document = {"order": order, "registrations": registrations, "reason": "drill"}
    answer = await client.post(f"/proctor/rooms/{room_id}/orders", json=document, headers={"X-CSRFToken": token})
    if answer.status_code != httpx.codes.OK or answer.json()["refused"]:
        raise DrillRefused(f"order {order}: {answer.status_code} {answer.text[:300]}")
