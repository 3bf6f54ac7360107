"""What the machine of a whole exam works with: a sitting to copy, browsers, the line between them and the server."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from cbt.delivery.core.choices import choice_map_from
from cbt.delivery.core.entries import Answered, Recovered, Refused, Submitted
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.token import TokenFacts
from cbt.delivery.services import answer_files
from cbt.delivery.services.recording import ChoiceMaps, Recorded, RecordRequest, record
from cbt.delivery.store import papers
from cbt.grading.services import late
from cbt.grading.services.results import latest_result
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.people.core.actors import Actor
from tests import databases
from tests.conftest import NOON
from tests.factories import ManualClock
from tests.factories_answer_files import sealed_file, sitting_key
from tests.factories_delivery import received
from tests.factories_exam import make_world, sit_down
from tests.factories_late import set_late_rule, two_admins
from tests.property.delivery_model import COUNTS, DONE, KEPT, REFUSED, Plain

SLOTS = (1, 2)  # few, so that answers meet


@dataclass
class Page:
    """A browser: it counts under its lease, keeps all it typed, and drops from its outbox what is receipted."""

    lease: int
    typed: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Template:
    """A sitting whose first candidate has just begun; each run has a copy of the home and a `fresh` database."""

    home: Path
    fresh: Callable[[Path], AbstractContextManager[str]]
    attempt_id: Any
    form: str
    key: bytes
    staff: Actor
    admins: tuple[Actor, Actor]


def started_runtime(home: Path, url: str, clock: ManualClock) -> Runtime:
    return Runtime.start(Settings.from_env({"CBT_HOME": str(home), "CBT_DATABASE_URL": url}), clock=clock)


@contextmanager
def sqlite_sitting(empty: Path) -> Iterator[Template]:
    with tempfile.TemporaryDirectory(prefix="cbt-machine-") as folder:
        home = Path(folder)
        yield _sitting(
            home, databases.copied(empty, home), lambda copy: nullcontext(f"sqlite:///{copy / 'cbt.sqlite3'}")
        )


@contextmanager
def postgres_sitting(server: str) -> Iterator[Template]:
    numbers, name = count(1), f"machine_{os.getpid()}"
    with (
        tempfile.TemporaryDirectory(prefix="cbt-machine-") as folder,
        databases.postgres_database(server, name) as url,
    ):
        yield _sitting(
            Path(folder),
            url,
            lambda _: databases.postgres_database(server, f"{name}_{next(numbers)}", like=name),
        )


def _sitting(home: Path, url: str, fresh: Callable[[Path], AbstractContextManager[str]]) -> Template:
    rt = started_runtime(home, url, ManualClock(NOON))
    try:
        world = make_world(rt, candidates=1, minutes=10)
        set_late_rule(rt, 30)
        page = sit_down(world)
        facts = (page.facts.attempt_id, page.paper["form"], sitting_key(rt, world.people[0].sitting.id))
        return Template(home, fresh, *facts, staff=world.staff, admins=two_admins(rt))
    finally:
        rt.close()


class Bench:
    """One candidate's exam on the real services, with the plain model beside it."""

    def __init__(self, made: Template) -> None:
        self.made = made
        self.folder = tempfile.mkdtemp(prefix="cbt-run-")
        self.home = Path(self.folder) / "home"
        shutil.copytree(made.home, self.home)
        self.clock = ManualClock(NOON)
        self.databases = ExitStack()
        self.url = self.databases.enter_context(made.fresh(self.home))
        self.rt = started_runtime(self.home, self.url, self.clock)
        self.maps = ChoiceMaps()
        self.attempt_id = made.attempt_id
        with self.rt.reading() as tx:
            self.choices = choice_map_from(canonical.decode(papers.choices_of(tx, [self.attempt_id])[self.attempt_id]))
        self.pages = [Page(lease=1)]
        self.requests: list[tuple[Page, list[dict[str, Any]]]] = []
        self.replies: list[tuple[Page, Recorded]] = []
        self.acknowledged: dict[tuple[int, int], dict[str, Any]] = {}
        self.plain = Plain(began=NOON)
        self.asked: set[tuple[int, int]] = set()  # what the written rule has been asked about

    def restart(self) -> None:
        """The server is stopped and comes up again with what its database has."""
        self.rt.close()
        self.rt = started_runtime(self.home, self.url, self.clock)
        self.maps = ChoiceMaps()

    def use_line(self, page: Page, line: str) -> None:
        """All that waits goes out at once, and the reply comes back or not; a cut line leaves it at the seat."""
        if line != "cut":
            self.arrive(page, list(page.outbox))
        if line == "good":
            self.hear(*self.replies.pop())

    def type_in(self, page: Page, entry: dict[str, Any]) -> None:
        numbered = {"number": len(page.typed) + 1, **entry}
        page.typed.append(numbered)
        page.outbox.append(numbered)

    def bring_file(self, page: Page, held: list[dict[str, Any]]) -> None:
        made, by = self.made, self.made.staff
        payload = sealed_file(made.key, attempt=made.attempt_id, form=made.form, entries=held, lease=page.lease)
        look = answer_files.upload(self.rt, "a.cbtanswers", payload, by=by)
        assert look.problem is None, look.problem
        assert look.stored is not None
        done = answer_files.merge_file(self.rt, look.stored.id, by=by)
        assert done.sum == look.sum
        for entry in held:
            if entry["number"] == self.plain.next.get(page.lease, 1):
                self.plain.take(page.lease, self.plainly(entry), self.clock.now(), file=True)

    def request(self, page: Page, entries: list[dict[str, Any]]) -> RecordRequest:
        facts = TokenFacts(attempt_id=self.attempt_id, lease=page.lease, expires_at=NOON + timedelta(days=1))
        body = json.dumps({"lease": page.lease, "entries": entries}).encode()
        return RecordRequest(facts=facts, batch=received(body))

    def arrive(self, page: Page, entries: list[dict[str, Any]]) -> None:
        outcome = record(self.rt, self.maps, [self.request(page, entries)])[0]
        self.expect(page, entries)
        self.answer(page, outcome)

    def answer(self, page: Page, outcome: Any) -> None:
        if isinstance(outcome, Recorded):
            self.replies.append((page, outcome))
        else:
            assert outcome.code == "entry-gap"
            assert outcome.ids["expected"] == self.plain.next.get(page.lease, 1)

    def expect(self, page: Page, entries: list[dict[str, Any]]) -> None:
        for entry in sorted(entries, key=lambda one: int(one["number"])):
            if entry["number"] == self.plain.next.get(page.lease, 1):
                self.plain.take(page.lease, self.plainly(entry), self.clock.now())

    def plainly(self, entry: dict[str, Any]) -> dict[str, Any]:
        claimed = None if entry["claimed_at"] == "?" else canonical.instant(entry["claimed_at"])
        value = entry.get("responses", {}).get("RESPONSE", [])
        return {**entry, "claimed": claimed, "value": [self.canonical(entry["slot"], one) for one in value]}

    def canonical(self, slot: int, name: str) -> str:
        return self.choices.to_canonical(slot, "RESPONSE", name)

    def sweep_late(self) -> None:
        unasked = set() if self.plain.ended is None else self.plain.by_rule() - self.asked
        assert late.admit_by_rule(self.rt) == bool(unasked)
        if self.plain.ended is not None:
            self.asked |= {place for place, one in self.plain.given.items() if one.fate == KEPT}
            for place in unasked:
                self.plain.given[place].admitted_over = 1
        late.settle_late(self.rt)

    def pass_time(self, passed: timedelta) -> None:
        self.clock.advance(passed)
        if self.plain.state == "running":
            self.plain.left -= passed

    def order(self, order: Any, **more: Any) -> bool:
        assert self.made.staff.id is not None
        try:
            with self.rt.transaction() as tx:
                order(tx, self.clock.now(), self.attempt_id, by=self.made.staff.id, **more)
        except EntryRefused:
            return False
        return True

    def hear(self, page: Page, reply: Recorded) -> None:
        receipt = reply.document["receipt"]
        if receipt is None:
            return
        assert receipt["lease"] == page.lease
        for entry in page.outbox:
            if entry["number"] <= receipt["number"]:
                self.acknowledged[page.lease, entry["number"]] = entry
        page.outbox = [entry for entry in page.outbox if entry["number"] > receipt["number"]]

    def result_is_the_plain_one(self) -> None:
        found = latest_result(self.rt, self.attempt_id)
        assert found is not None
        assert found.status.value == "final"
        answered = {mark.slot for mark in found.result.marks.slots if mark.answered}
        assert answered == self.plain.graded().keys()


def fate(entry: Any) -> str:
    match entry:
        case Answered() | Recovered(counts=True):
            return COUNTS
        case Recovered():
            return KEPT
        case Refused():
            return REFUSED
        case Submitted():
            return DONE
        case _:
            raise AssertionError(entry)
