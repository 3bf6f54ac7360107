"""F12, I1: whatever is killed while candidates answer over HTTP, every receipt that they got still holds."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import httpx
import pytest

from cbt.cli.drill_candidate import Candidate, Course, Diary
from cbt.cli.drill_room import compare
from cbt.delivery.core.receipts import Receipt, verify
from cbt.delivery.services.reading import replay_attempt
from cbt.delivery.store.attempts import journal_of
from cbt.kernel import canonical
from cbt.kernel.chance import Chance
from tests.factories_site import Hall, Plan, Site, admit
from tests.faults.node import MASTER, WORKER, kill_all, kill_part

CANDIDATES = 4


@dataclass(slots=True)
class Crowd:
    """Candidates at their browsers, what they wrote into their diaries, and every receipt they got."""

    site: Site
    hall: Hall
    pace_s: float
    receipts: list[dict[str, object]] = field(default_factory=list)
    diaries: dict[str, Diary] = field(default_factory=dict)
    waiting: list[tuple[int, Callable[[], None]]] = field(default_factory=list)
    killing: list[asyncio.Task[None]] = field(default_factory=list)
    one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sit(self) -> list[Diary]:
        diaries = await asyncio.gather(*(self._sit(place) for place in range(len(self.hall.people))))
        await asyncio.gather(*self.killing)
        return diaries

    async def _sit(self, place: int) -> Diary:
        course = Course(pace_s=self.pace_s, hands_in=True, seed=b"kill", told=self._note)
        candidate = self.hall.people[place].candidate
        hooks = {"response": [self._keep_receipt]}
        async with httpx.AsyncClient(base_url=self.site.url, timeout=15, trust_env=False, event_hooks=hooks) as client:
            return await Candidate(client, candidate.number, candidate.birth_on, course).sit()

    async def _keep_receipt(self, answer: httpx.Response) -> None:
        if answer.url.path == "/delivery/entries" and answer.status_code == httpx.codes.OK:
            await answer.aread()
            self.receipts.append(answer.json()["receipt"])

    def _note(self, diary: Diary) -> None:
        """Kill what is to be killed once so many answers have been receipted."""
        self.diaries[diary.number] = diary
        saved = sum(len(each.acknowledged) for each in self.diaries.values())
        while self.waiting and saved >= self.waiting[0][0]:
            _moment, deed = self.waiting.pop(0)
            self.killing.append(asyncio.create_task(self._kill(deed)))

    async def _kill(self, deed: Callable[[], None]) -> None:
        async with self.one_by_one:
            await asyncio.to_thread(deed)


def sit_through(site: Site, plan: Plan, kills: list[tuple[int, Callable[[], None]]], pace_s: float) -> Crowd:
    hall = site.hall(plan, CANDIDATES)
    admit(site.rt, hall)
    crowd = Crowd(site=site, hall=hall, pace_s=pace_s, waiting=kills)
    diaries = asyncio.run(crowd.sit())
    assert [diary.fault for diary in diaries if diary.fault] == []
    assert crowd.waiting == []
    assert all(kept.whole for kept in compare(site.rt, hall.people, diaries))
    assert sum(diary.retries for diary in diaries) > 0
    return crowd


def every_receipt_holds(crowd: Crowd) -> None:
    """Each is signed by us, and the row that it names lies in the journal with the hash that it names."""
    rt = crowd.site.rt
    key = rt.keys.receipt_key.public_key()
    for document in crowd.receipts:
        receipt = Receipt(
            attempt_id=UUID(str(document["attempt"])),
            lease=int(str(document["lease"])),
            number=int(str(document["number"])),
            head=bytes.fromhex(str(document["head"])),
            at=canonical.instant(str(document["at"])),
        )
        assert verify(key, receipt, canonical.read_base64url(str(document["signature"])))
        with rt.reading() as tx:
            rows = journal_of(tx, receipt.attempt_id)
        assert receipt.head in {row.hash for row in rows}
    attempts = {UUID(str(document["attempt"])) for document in crowd.receipts}
    assert len(attempts) == CANDIDATES
    assert [attempt for attempt in attempts if replay_attempt(rt, attempt).broken] == []
    done = crowd.site.cbt("delivery", "replay", str(min(attempts)))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_f12_after_everything_was_killed_every_receipt_holds(site):
    """Eight answers each; all is killed when a third of them has been receipted."""
    crowd = sit_through(site, Plan(), [(10, partial(kill_all, site))], pace_s=0.2)
    assert sum(len(diary.acknowledged) for diary in crowd.diaries.values()) == 8 * CANDIDATES
    every_receipt_holds(crowd)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_f12_kills_at_any_moment_leave_every_receipt_standing(site, seed):
    """A whole practice exam each, with a dozen kills at moments and of parts that the seed chooses."""
    chance = Chance(f"kills {seed}".encode())
    deeds = (partial(kill_part, site, WORKER), partial(kill_part, site, MASTER), partial(kill_all, site))
    moments = sorted(chance.sample(range(10, 100 * CANDIDATES - 10), 12))
    kills: list[tuple[int, Callable[[], None]]] = [(moment, deeds[chance.below(3)]) for moment in moments]
    every_receipt_holds(sit_through(site, Plan(blueprint="practitioner-written", minutes=150), kills, pace_s=0.05))
