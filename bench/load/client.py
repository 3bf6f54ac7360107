"""The load client, a process of its own: `python -m bench.load.client JOB.json` drives candidates, notes every answer.

It says `begin` and `end` on standard output around what is measured, so that whoever started it can read the clocks,
and writes what came back to the job's `notes` file only afterwards.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import uvloop

from bench.load.wire import Line, connect, post

ENTRIES: Final = "/delivery/entries"
BEAT: Final = "/delivery/beat"
_CLAIMED: Final = "2026-11-22T03:00:00.000Z"
_CONNECTS_AT_ONCE: Final = 100
_OK: Final = 200


@dataclass(slots=True)
class Candidate:
    """One page: what it sends next, and what it was told."""

    place: int
    token: str
    lease: int
    next: int
    choices: list[list[str]]
    line: Line
    chance: random.Random
    sent: list[tuple[int, int, str]] = field(default_factory=list)  # number, slot, choice
    sent_at_s: list[float] = field(default_factory=list)
    answers: list[tuple[int, int, bytes]] = field(default_factory=list)  # number, status, body
    waits_s: list[float] = field(default_factory=list)

    async def save(self) -> int:
        """Send the next answer; return the status."""
        number, slot = self.next, self.chance.randrange(len(self.choices))
        choice = self.chance.choice(self.choices[slot])
        self.next += 1
        self.sent.append((number, slot + 1, choice))
        self.sent_at_s.append(time.perf_counter())
        entry = (
            f'{{"lease":{self.lease},"entries":[{{"number":{number},"kind":"answered","claimed_at":"{_CLAIMED}",'
            f'"slot":{slot + 1},"responses":{{"RESPONSE":["{choice}"]}}}}]}}'
        )
        return await self.send(number, entry)

    async def hand_in(self) -> int:
        """Hand in; return the status."""
        number = self.next
        self.next += 1
        entry = (
            f'{{"lease":{self.lease},"entries":[{{"number":{number},"kind":"submitted","claimed_at":"{_CLAIMED}"}}]}}'
        )
        return await self.send(number, entry)

    async def send(self, number: int, entry: str) -> int:
        """Send entries and note the answer."""
        began = time.perf_counter()
        status, body = await self.line.ask(post(ENTRIES, self.token, entry.encode()))
        self.waits_s.append(time.perf_counter() - began)
        self.answers.append((number, status, body))
        return status

    async def beat(self) -> int:
        """Say that the page is there."""
        status, _ = await self.line.ask(post(BEAT, self.token, f'{{"lease":{self.lease}}}'.encode()))
        return status


class Run:
    """The candidates of one run and what they do."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.candidates: list[Candidate] = []
        self.faults = 0

    async def gather(self) -> None:
        """Connect everybody."""
        waiting = [*enumerate(self.job["people"])]
        while waiting:
            some, waiting = waiting[:_CONNECTS_AT_ONCE], waiting[_CONNECTS_AT_ONCE:]
            self.candidates += await asyncio.gather(*(self._arrive(place, person) for place, person in some))

    async def _arrive(self, place: int, person: dict[str, Any]) -> Candidate:
        line = await connect(self.job["port"])
        chance = random.Random(f"{self.job['seed']}/{place}")  # noqa: S311  # load, not secrets
        return Candidate(place=place, line=line, chance=chance, **person)

    async def counted(self, act: Awaitable[int]) -> bool:
        """Do one act; whatever is no 200 is a fault. Return whether the line holds."""
        try:
            self.faults += await act != _OK
        except ConnectionError:
            self.faults += 1
            return False
        return True

    async def saves(self) -> None:
        """Everybody saves, each answer as soon as the one before is receipted, for `seconds`."""
        until = time.perf_counter() + self.job["seconds"]

        async def work(candidate: Candidate) -> None:
            while time.perf_counter() < until and await self.counted(candidate.save()):
                continue

        await asyncio.gather(*(work(candidate) for candidate in self.candidates))

    async def national(self) -> None:
        """Everybody beats and saves at the rates of the job, evenly spread over candidates and time."""
        beats, saves = self.job["beats"], self.job["saves"]
        queues = [asyncio.Lock() for _ in self.candidates]

        async def due(candidate: Candidate, act: Callable[[], Awaitable[int]], *, timed: bool) -> None:
            at = time.perf_counter()
            async with queues[candidate.place]:
                await self.counted(act())
            if timed and candidate.waits_s:
                candidate.waits_s[-1] = time.perf_counter() - at  # from when it was due

        async def stream(rate: float, start: int, *, saving: bool) -> None:
            began, done, running = time.perf_counter(), 0, set()
            while (now := time.perf_counter() - began) < self.job["seconds"]:
                while done < now * rate:
                    candidate = self.candidates[(start + done * 7) % len(self.candidates)]
                    act = due(candidate, candidate.save if saving else candidate.beat, timed=saving)
                    task = asyncio.ensure_future(act)
                    running.add(task)
                    task.add_done_callback(running.discard)
                    done += 1
                await asyncio.sleep(0.002)
            await asyncio.gather(*running)

        await asyncio.gather(stream(beats, 0, saving=False), stream(saves, 3, saving=True))

    async def endings(self) -> None:
        """Everybody hands in within one second."""

        async def end(candidate: Candidate) -> None:
            await asyncio.sleep(candidate.place / len(self.candidates))
            await self.counted(candidate.hand_in())

        await asyncio.gather(*(end(candidate) for candidate in self.candidates))

    async def idle(self) -> None:
        """Nobody does anything."""

    async def answer_everything(self) -> None:
        """Everybody answers every slot in one request, so that there is something to grade."""

        async def answer(candidate: Candidate) -> None:
            entries = []
            for slot, choices in enumerate(candidate.choices):
                choice = candidate.chance.choice(choices)
                candidate.sent.append((candidate.next, slot + 1, choice))
                entries.append(
                    {"number": candidate.next, "kind": "answered", "claimed_at": _CLAIMED, "slot": slot + 1}
                    | {"responses": {"RESPONSE": [choice]}}
                )
                candidate.next += 1
            body = json.dumps({"lease": candidate.lease, "entries": entries})
            await self.counted(candidate.send(candidate.next - 1, body))

        for start in range(0, len(self.candidates), _CONNECTS_AT_ONCE):
            await asyncio.gather(*(answer(one) for one in self.candidates[start : start + _CONNECTS_AT_ONCE]))
        for candidate in self.candidates:
            candidate.waits_s.clear()

    def notes(self) -> dict[str, Any]:
        """Return what was sent and what was answered."""
        return {
            "faults": self.faults,
            "people": [
                {
                    "sent": one.sent,
                    "answers": [(number, status, body.decode()) for number, status, body in one.answers],
                    "waits_s": one.waits_s,
                }
                for one in self.candidates
            ],
        }


async def main(job: dict[str, Any]) -> None:
    """Do the job."""
    run = Run(job)
    await run.gather()
    if job["act"] == "endings":
        await run.answer_everything()
    elif job["act"] == "idle":
        await asyncio.gather(*(run.counted(candidate.beat()) for candidate in run.candidates))
    elif job["act"] == "saves":  # everybody's choices are read once; that is not what is measured
        await asyncio.gather(*(run.counted(candidate.save()) for candidate in run.candidates))
    await pause("begin")
    await getattr(run, job["act"])()
    await pause("end")
    Path(job["notes"]).write_text(json.dumps(run.notes()))


async def pause(word: str) -> None:
    """Say the word and go on as soon as the other side has read its clocks."""
    print(word, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    uvloop.run(main(json.loads(Path(sys.argv[1]).read_text())))
