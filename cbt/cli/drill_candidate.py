"""A simulated candidate: signs in, fetches the sealed paper, waits for the start, opens it, answers, hands in or stays.

Over real HTTP, and as the exam page does it: the paper is opened with the key of the start, entries are numbered, a
batch is sent again until it is receipted, and only what was receipted counts as saved. What was receipted is
remembered, to be compared with the graded set at the end.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import httpx

from cbt.delivery.core.controls import NAMING, ControlKind
from cbt.delivery.core.sealing import open_paper
from cbt.kernel import canonical
from cbt.kernel.chance import Chance
from cbt.kernel.clock import SystemClock
from cbt.kernel.errors import Conflict, Unavailable

_CSRF: Final = re.compile(r'name="csrf-token" content="([^"]+)"')
_WANTS_JSON: Final = {"Accept": "application/json"}
_POLL_S: Final = 1.0
_FIRST_REST_S: Final = 0.2
_LONGEST_REST_S: Final = 5.0
_GIVE_UP_S: Final = 90.0
_BEAT_S: Final = 8.0  # as the exam page does
_PERCENT: Final = 100
_FLAGGED_PERCENT: Final = 12
_CHANGED_PERCENT: Final = 15
_HAND_PERCENT: Final = 4

_ONE_WORD: Final = {
    ControlKind.NUMBER: "42",
    ControlKind.COUNT: "3",
    ControlKind.POINT: "40 30",
    ControlKind.FLAG: "true",
}

Responses = dict[str, list[str]]


class DrillRefused(Conflict):
    """The server refused what a simulated candidate did rightly."""

    code = "drill-refused"


class ServerGone(Unavailable):
    """The server did not come back."""

    code = "server-gone"


@dataclass(slots=True)
class Diary:
    """What one candidate did, and what the server has receipted of it."""

    number: str
    acknowledged: dict[int, Responses] = field(default_factory=dict)
    flags: set[int] = field(default_factory=set)
    saves_ms: list[float] = field(default_factory=list)
    retries: int = 0
    started: bool = False
    handed_in: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a simulated candidate behaves."""

    pace_s: float
    hands_in: bool
    seed: bytes
    told: Callable[[Diary], None]


class Candidate:
    """One simulated candidate at one browser."""

    def __init__(self, client: httpx.AsyncClient, number: str, birth_on: date, course: Course) -> None:
        self.diary = Diary(number=number)
        self._client = client
        self._birth_on = birth_on
        self._course = course
        self._chance = Chance(course.seed + number.encode())
        self._clock = SystemClock()
        self._token = ""
        self._lease = 0
        self._next = 1

    async def sit(self) -> Diary:
        """Sit the exam from the sign-in to its end; faults are written into the diary."""
        try:
            await self._sign_in()
            seat = await self._take_seat()
            sealed = (await self._get(seat["sealed"])).content
            paper = await self._start(seat, sealed)
            async with asyncio.TaskGroup() as group:
                around = [group.create_task(self._listen()), group.create_task(self._beat())]
                await self._answer_all(paper["slots"])
                for task in around:
                    task.cancel()
        except (DrillRefused, ServerGone, httpx.HTTPError) as error:
            self.diary.fault = str(error) or type(error).__name__
        except ExceptionGroup as group:
            self.diary.fault = str(group.exceptions[0])
        self._course.told(self.diary)
        return self.diary

    async def _sign_in(self) -> None:
        born = {"number": self.diary.number, "birth": f"{self._birth_on:%Y%m%d}"}
        await self._step("/", born, "/exam/identity")
        await self._step("/exam/identity", {}, "/exam/notice")
        await self._step("/exam/notice", {}, "/exam/wait")

    async def _take_seat(self) -> Any:
        """Return what the seat needs, as soon as the proctor has checked the candidate in."""
        while True:
            answer = await self._insist(lambda: self._client.get("/delivery/seat", headers=_WANTS_JSON))
            if answer.status_code == httpx.codes.OK:
                return answer.json()
            if answer.status_code != httpx.codes.CONFLICT:
                raise DrillRefused(f"the seat is refused: {answer.text[:300]}")
            await asyncio.sleep(_POLL_S)

    async def _start(self, seat: dict[str, Any], sealed: bytes) -> Any:
        """Wait until the room is open, start, and return the paper, opened with the key of the start."""
        bearer = {"Authorization": f"Bearer {seat['seat_token']}"}
        await self._wait_for_start(bearer)
        answer = await self._insist(lambda: self._client.post("/delivery/start", json={}, headers=bearer))
        if answer.status_code != httpx.codes.OK:
            raise DrillRefused(f"the start is refused: {answer.text[:300]}")
        state = answer.json()
        self._token, self._lease, self._next = state["token"], state["lease"], state["next"]
        self.diary.started = True
        self._course.told(self.diary)
        key, form = canonical.read_base64url(state["key"]), bytes.fromhex(seat["form"])
        return canonical.decode(open_paper(key, sealed, UUID(seat["attempt"]), form))

    async def _wait_for_start(self, bearer: dict[str, str]) -> None:
        """Hold the waiting stream until it says that the room is open; take it up again when it breaks."""
        while True:
            with suppress(httpx.HTTPError):
                async with self._client.stream("GET", "/delivery/wait", headers=bearer, timeout=60) as events:
                    async for line in events.aiter_lines():
                        if line.startswith("data:") and json.loads(line[5:])["state"] == "open":
                            return
            await asyncio.sleep(_POLL_S)

    async def _answer_all(self, slots: Sequence[dict[str, Any]]) -> None:
        able = [
            slot for slot in slots if all(control["kind"] != ControlKind.FILE.value for control in slot["controls"])
        ]
        for slot in self._chance.shuffled(able):
            await asyncio.sleep(self._course.pace_s * (50 + self._chance.below(101)) / _PERCENT)
            await self._answer(slot)
            if self._chance.below(_PERCENT) < _FLAGGED_PERCENT:
                await self._send([{"kind": "flagged", "slot": slot["slot"], "on": True}])
                self.diary.flags.add(slot["slot"])
            if self._chance.below(_PERCENT) < _CHANGED_PERCENT:
                await self._answer(slot)
        if self._chance.below(_PERCENT) < _HAND_PERCENT:
            await self._send([{"kind": "hand-raised", "words": ""}])
        if self._course.hands_in:
            await self._send([{"kind": "submitted"}])
            self.diary.handed_in = True

    async def _answer(self, slot: dict[str, Any]) -> None:
        responses = {control["response"]: self._choose(control) for control in slot["controls"]}
        await self._send([{"kind": "answered", "slot": slot["slot"], "responses": responses}])
        self.diary.acknowledged[slot["slot"]] = responses
        self._course.told(self.diary)

    def _choose(self, control: dict[str, Any]) -> list[str]:
        kind, choices = ControlKind(control["kind"]), control.get("choices", [])
        if kind in _ONE_WORD:
            return [_ONE_WORD[kind]]
        if kind is ControlKind.PAIR:
            return [" ".join(self._pair(choices, control.get("targets", [])))]
        if kind not in NAMING:
            return [f"답 {self._chance.below(1000)}"]
        if kind is ControlKind.ORDER:
            return list(self._chance.shuffled(choices))[: control.get("max") or None]
        most = min(max(control.get("max") or len(choices), 1), len(choices))
        picked = self._chance.sample(choices, 1 + self._chance.below(most))
        return [choice for choice in choices if choice in picked]

    def _pair(self, choices: Sequence[str], targets: Sequence[str]) -> Sequence[str]:
        if not targets:
            return self._chance.sample(choices, 2)
        return *self._chance.sample(choices, 1), *self._chance.sample(targets, 1)

    async def _send(self, acts: Sequence[dict[str, Any]]) -> None:
        """Send entries until they are receipted; the same numbers each time, so that a repetition changes nothing."""
        claimed = canonical.instant_text(self._clock.now())
        entries = [{"number": self._next + place, "claimed_at": claimed, **act} for place, act in enumerate(acts)]
        began = asyncio.get_running_loop().time()
        answer = await self._insist(lambda: self._post_entries(entries))
        document = answer.json()
        if answer.status_code != httpx.codes.OK or document["refused"]:
            raise DrillRefused(f"entries refused: {answer.text[:300]}")
        if document["receipt"]["number"] < entries[-1]["number"]:
            raise DrillRefused("the receipt does not cover what was sent")
        self._next += len(entries)
        self.diary.saves_ms.append((asyncio.get_running_loop().time() - began) * 1000)

    async def _post_entries(self, entries: Sequence[dict[str, Any]]) -> httpx.Response:
        return await self._client.post(
            "/delivery/entries", json={"lease": self._lease, "entries": entries}, headers=self._bearer()
        )

    async def _step(self, path: str, fields: dict[str, str], leads_to: str, *, form: str | None = None) -> None:
        """Post a page's form with its CSRF token; the answer must lead to `leads_to`."""
        page = await self._get(form or path)
        token = _CSRF.search(page.text)
        data = {**fields, "csrf_token": token[1] if token else ""}
        answer = await self._insist(lambda: self._client.post(path, data=data))
        if answer.headers.get("location", "") != leads_to:
            raise DrillRefused(f"{path} answers {answer.status_code} and leads to {answer.headers.get('location')}")

    async def _get(self, path: str) -> httpx.Response:
        answer = await self._insist(lambda: self._client.get(path))
        if answer.status_code != httpx.codes.OK:
            raise DrillRefused(f"{path} answers {answer.status_code}")
        return answer

    async def _insist(self, ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """Ask until the server answers: it may be restarting. Raises ServerGone after a while."""
        loop = asyncio.get_running_loop()
        until, rest_s = loop.time() + _GIVE_UP_S, _FIRST_REST_S
        while loop.time() < until:
            with suppress(httpx.TransportError):
                answer = await ask()
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return answer
            self.diary.retries += 1
            await asyncio.sleep(rest_s)
            rest_s = min(2 * rest_s, _LONGEST_REST_S)
        raise ServerGone

    async def _listen(self) -> None:
        """Hold the event stream, as every running page does; take it up again when it breaks."""
        while True:
            with suppress(httpx.HTTPError):
                async with self._client.stream("GET", "/delivery/stream", headers=self._bearer(), timeout=60) as events:
                    async for _line in events.aiter_lines():
                        pass
            await asyncio.sleep(_POLL_S)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT_S)
            with suppress(httpx.HTTPError):
                await self._client.post("/delivery/beat", json={"lease": self._lease}, headers=self._bearer())

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def _asks_for_a_file(slot: dict[str, Any]) -> bool:
    return any(control["kind"] == ControlKind.FILE.value for control in slot["controls"])
