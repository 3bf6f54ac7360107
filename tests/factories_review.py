"""Builders for tests of the bank's life: a small bank with an author, and people who move its items."""

from dataclasses import dataclass
from datetime import timedelta

from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor, Role
from itembank.core.records import ItemStatus
from itembank.formats.bank_file import parse_bank
from itembank.services.importing import ImportRequest, import_bank
from itembank.services.reviewing import Wish, move_item
from tests.factories import ManualClock
from tests.factories_itembank import csv_file, row
from tests.factories_scheduling import make_staff

ROLES = frozenset({Role.AUTHOR})
TITLE = Title(ko="시험 문제은행", en="Test bank")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Two authors at the bank `B`."""

    rt: Runtime
    clock: ManualClock
    writer: Actor
    second: Actor

    def load(self, *rows: dict[str, str], status: ItemStatus = ItemStatus.DRAFT, bank: str = "B") -> None:
        """Load rows in the name of the first author."""
        request = ImportRequest(bank_code=bank, by=self.writer, title=TITLE, status=status)
        report = import_bank(self.rt, parse_bank(csv_file(*rows)), request)
        assert report.stored, report.problems

    def move(self, code: str, *states: str, by: Actor | None = None, number: int = 1) -> None:
        """Move a version from state to state; without `by` the second author does."""
        for state in states:
            self.clock.advance(timedelta(seconds=1))
            wish = Wish(item_code=code, number=number, to=ItemStatus(state), words="because")
            move_item(self.rt, "B", wish, by=by or self.second, roles=ROLES)


def make_bench(rt: Runtime, clock: ManualClock) -> Bench:
    """Return the two authors with an empty bank to come."""
    writer = make_staff(rt, "writer", Role.AUTHOR, name="이출제")
    return Bench(rt=rt, clock=clock, writer=writer, second=make_staff(rt, "second", Role.AUTHOR, name="박검토"))


def one(code: str = "Q1", **cells: str) -> dict[str, str]:
    """Return a row of a bank file, in area X."""
    return row(code, **cells)
