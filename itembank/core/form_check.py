"""The second pair of eyes: does a form keep its blueprint? It asks items and slots, and knows nothing of the draw.

It shares no code with the draw on purpose, not even the question whether an item fits a cell, so that a mistake there
is found here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.bank import BankView, Candidate
from itembank.core.blueprint import Blueprint, Cell
from itembank.core.forms import Form, Slot

# A draw keeps shares to four decimals; this is twice what rounding can do to one point.
_ROUNDING: Final = 0.0001


@dataclass(frozen=True, slots=True)
class _Seat:
    """One place that a part's cells ask an item for."""

    cell: Cell
    area: str


@dataclass(frozen=True, slots=True)
class Checker:
    """A blueprint and its bank, ready to look at many forms.

    `usable` holds the items that some place could take, whatever the rules say of sets of items.
    """

    blueprint: Blueprint
    items: Mapping[str, Candidate]
    usable: frozenset[str]
    stimuli: Mapping[str, frozenset[str]]
    seats: tuple[tuple[_Seat, ...], ...]

    def broken(self, form: Form) -> tuple[Problem, ...]:
        """Return every rule of the blueprint that `form` breaks."""
        unknown = sorted({slot.item_code for slot in form.slots} - self.items.keys())
        if unknown:
            return (Problem(where="form", code="unknown-item", hint=", ".join(unknown[:5])),)
        rules = self.blueprint.rules
        return (
            *self._twice(form),
            *(problem for part in range(len(self.seats)) for problem in self._part(form, part)),
            *(self._enemies(form) if rules.enemies else ()),
            *(self._stimuli(form) if rules.stimuli else ()),
        )

    def _twice(self, form: Form) -> Iterator[Problem]:
        for code, times in Counter(slot.item_code for slot in form.slots).items():
            if times > 1:
                yield Problem(where=f"item {code}", code="item-twice", hint=f"it stands on {times} slots")

    def _part(self, form: Form, part: int) -> Iterator[Problem]:
        where = f"part {self.blueprint.parts[part].code}"
        slots = [slot for slot in form.slots if slot.part == part]
        held = form.parts[part]
        if [slot.number for slot in slots] != list(range(held.first, held.last + 1)):
            yield Problem(where=where, code="slots-out-of-order", hint=f"{len(slots)} slots")
        missing = self._unserved(slots, self.seats[part])
        if missing or len(slots) != len(self.seats[part]):
            hint = f"{len(slots)} items, {missing} of {len(self.seats[part])} places without a fitting one"
            yield Problem(where=where, code="cells-not-met", hint=hint)
        if self.blueprint.rules.levels:
            yield from self._levels(slots, part, where)
        if self.blueprint.rules.expected:
            yield from self._expected(slots, part, where)

    def _levels(self, slots: Sequence[Slot], part: int, where: str) -> Iterator[Problem]:
        having = Counter(self.items[slot.item_code].level for slot in slots)
        for one in self.blueprint.parts[part].levels:
            if not one.least <= having[one.level] <= one.most:
                hint = f"{having[one.level]} items, wanted {one.least} to {one.most}"
                yield Problem(where=f"{where}, level {one.level}", code="level-out-of-range", hint=hint)

    def _expected(self, slots: Sequence[Slot], part: int, where: str) -> Iterator[Problem]:
        wanted = self.blueprint.parts[part].expected
        if wanted is None:
            return
        shares = [(float(slot.points), self.items[slot.item_code].expected) for slot in slots]
        if any(share is None for _, share in shares):
            yield Problem(where=where, code="difficulty-unknown", hint="an item has no known difficulty")
        total = sum(points * (share or 0.0) for points, share in shares)
        rounding = _ROUNDING * sum(points for points, _ in shares)
        if abs(total - float(wanted.target)) > float(wanted.tolerance) + rounding:
            hint = f"{total:.3f} points, wanted {wanted.target} ± {wanted.tolerance}"
            yield Problem(where=where, code="expected-off-target", hint=hint)

    def _enemies(self, form: Form) -> Iterator[Problem]:
        by_label: dict[str, list[str]] = {}
        for slot in form.slots:
            for label in self.items[slot.item_code].enemies:
                by_label.setdefault(label, []).append(slot.item_code)
        for label, codes in sorted(by_label.items()):
            if len(codes) > 1:
                yield Problem(where=f"enemies {label}", code="enemies-together", hint=", ".join(codes))

    def _stimuli(self, form: Form) -> Iterator[Problem]:
        numbers: dict[str, list[int]] = {}
        for slot in form.slots:
            numbers.setdefault(self.items[slot.item_code].stimulus, []).append(slot.number)
        for stimulus, found in numbers.items():
            whole = self.stimuli.get(stimulus, frozenset())
            if len(whole) < 2:  # noqa: PLR2004 - one item is always together
                continue
            standing = {form.slots[number - 1].item_code for number in found}
            if standing != whole:
                hint = f"{len(standing)} of its {len(whole)} items"
                yield Problem(where=f"stimulus {stimulus}", code="stimulus-torn", hint=hint)
            if max(found) - min(found) != len(found) - 1 or len({form.slots[number - 1].part for number in found}) > 1:
                hint = f"slots {', '.join(map(str, found))}"
                yield Problem(where=f"stimulus {stimulus}", code="stimulus-apart", hint=hint)

    def _unserved(self, slots: Sequence[Slot], seats: Sequence[_Seat]) -> int:
        """Return how many seats have no item when every slot takes the seat that suits all best."""
        takes: dict[int, int] = {}
        fitting = [[seat for seat, one in enumerate(seats) if self._fits(slot, one)] for slot in slots]

        def seated(slot: int, asked: set[int]) -> bool:
            for seat in fitting[slot]:
                if seat not in asked:
                    asked.add(seat)
                    if seat not in takes or seated(takes[seat], asked):
                        takes[seat] = slot
                        return True
            return False

        return len(seats) - sum(seated(slot, set()) for slot in range(len(slots)))

    def _fits(self, slot: Slot, seat: _Seat) -> bool:
        item = self.items[slot.item_code]
        if seat.area not in item.areas or slot.points != seat.cell.points:
            return False
        return _in_band(item, seat.cell)


def checker(blueprint: Blueprint, bank: BankView) -> Checker:
    """Return a checker for forms of `blueprint` drawn from `bank`."""
    items = {one.item_code: one for one in bank.candidates}
    usable = _usable(blueprint, items)
    stimuli: dict[str, set[str]] = {}
    for code in usable:
        if items[code].stimulus:
            stimuli.setdefault(items[code].stimulus, set()).add(code)
    seats = tuple(
        tuple(_Seat(cell, area) for cell in part.cells for area in cell.areas for _ in range(cell.count))
        for part in blueprint.parts
    )
    whole = {stimulus: frozenset(codes) for stimulus, codes in stimuli.items()}
    return Checker(blueprint=blueprint, items=items, usable=usable, stimuli=whole, seats=seats)


def _usable(blueprint: Blueprint, items: Mapping[str, Candidate]) -> frozenset[str]:
    cells = [
        (frozenset(cell.areas), cell, blueprint.rules.expected and part.expected is not None)
        for part in blueprint.parts
        for cell in part.cells
    ]
    return frozenset(
        code
        for code, item in items.items()
        if any(
            not areas.isdisjoint(item.areas) and _in_band(item, cell) and not (known and item.expected is None)
            for areas, cell, known in cells
        )
    )


def _in_band(item: Candidate, cell: Cell) -> bool:
    band = cell.difficulty
    if band is None:
        return True
    return item.difficulty_logit is not None and band.low_logit <= Decimal(item.difficulty_logit) <= band.high_logit
