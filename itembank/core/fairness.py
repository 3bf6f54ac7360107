"""Is a set of forms fair? Expected scores, information at the cut, exposure, overlap, and rules that are broken."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import log, sqrt
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.bank import BankView, Candidate
from itembank.core.blueprint import Blueprint
from itembank.core.difficulty import REFERENCE_ABILITY, ability_for, information
from itembank.core.form_check import checker
from itembank.core.forms import Form
from itembank.core.metadata import Calibration

CUT_SHARE: Final = Fraction(3, 5)
MOST_PAIRED: Final = 1000
_PAIR: Final = 2
_SURE: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a figure varies over forms; `deviation` is that of the forms at hand, not an estimate for others."""

    mean: float
    deviation: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFairness:
    """Expected points of one part; None while the difficulty of one of its items is unknown."""

    code: str
    points: float
    expected: Spread | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposures:
    """On how many forms items stand; the mean is over all `usable` items, those that some cell could take."""

    usable: int
    used: int
    greatest: int
    mean: float

    @property
    def unused(self) -> int:
        """Return how many usable items stand on no form."""
        return self.usable - self.used

    @property
    def ratio(self) -> float:
        """Return the greatest exposure as a multiple of the mean (0 when there is none)."""
        return self.greatest / self.mean if self.mean else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The share of items that two forms have in common; the greatest is over the pairs of the first `paired` forms."""

    mean: float
    greatest: float
    paired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemUse:
    """One item that stands on a form."""

    code: str
    forms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFigures:
    """One form: its digest, expected points and information at the cut, None where difficulties are unknown."""

    number: int
    digest: str
    expected: float | None
    information: float | None
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule that a form breaks, by the form's number from 1; 0 for what only the forms together break."""

    form: int
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """The report for a set of forms; `cut_ability` is where usable items give `CUT_SHARE` of their points (logits)."""

    forms: tuple[FormFigures, ...]
    items: int
    points: float
    expected: Spread | None
    parts: tuple[PartFairness, ...]
    cut_ability: float | None
    information: Spread | None
    exposure: Exposures
    overlap: Overlap
    uses: tuple[ItemUse, ...]
    unknown: int
    broken: tuple[BrokenRule, ...]


def fairness(blueprint: Blueprint, bank: BankView, forms: Sequence[Form]) -> Fairness:
    """Return the figures of `forms`, all drawn from `blueprint` and `bank`; at least one."""
    items = {one.item_code: one for one in bank.candidates}
    examiner = checker(blueprint, bank)
    usable = examiner.usable
    known = {one.item_code: found for one in bank.candidates if (found := calibration_of(one)) is not None}
    cut = ability_for(tuple(known[code] for code in usable if code in known), float(CUT_SHARE)) if known else None
    gives = {} if cut is None else {code: information(found, cut) for code, found in known.items()}
    broken = [BrokenRule(form=n, problem=one) for n, form in enumerate(forms, 1) for one in examiner.broken(form)]
    totals = [_expected(items, form, range(len(form.parts))) for form in forms]
    informed = [_information(gives, form) for form in forms]
    uses = Counter(slot.item_code for form in forms for slot in form.slots)
    exposure = _exposure(uses, usable, len(forms))
    broken += _overexposed(blueprint, uses, exposure, len(forms))
    by_form = Counter(one.form for one in broken)
    return Fairness(
        forms=tuple(
            FormFigures(number=n, digest=form.digest.hex(), expected=total, information=found, broken=by_form[n])
            for n, (form, total, found) in enumerate(zip(forms, totals, informed, strict=True), 1)
        ),
        items=blueprint.item_count(),
        points=float(blueprint.most_points()),
        expected=spread(totals),
        parts=tuple(_part(items, forms, part) for part in range(len(blueprint.parts))),
        cut_ability=cut,
        information=spread(informed),
        exposure=exposure,
        overlap=_overlap(uses, forms),
        uses=tuple(ItemUse(code=code, forms=uses[code]) for code in sorted(uses, key=lambda code: (-uses[code], code))),
        unknown=sum(1 for code in usable if items[code].expected is None),
        broken=tuple(broken),
    )


def calibration_of(item: Candidate) -> Calibration | None:
    """Return what was calibrated, else the Rasch item of the expected share at the reference ability, or None."""
    if item.calibration is not None or item.expected is None:
        return item.calibration
    share = min(max(item.expected, _SURE), 1 - _SURE)
    return Calibration(difficulty=REFERENCE_ABILITY - log(share / (1 - share)))


def spread(values: Iterable[float | None]) -> Spread | None:
    """Return how `values` vary, or None when one of them is unknown or there are none."""
    found: list[float] = []
    for value in values:
        if value is None:
            return None
        found.append(value)
    if not found:
        return None
    mean = sum(found) / len(found)
    deviation = sqrt(sum((value - mean) ** 2 for value in found) / len(found))
    return Spread(mean=mean, deviation=deviation, lowest=min(found), highest=max(found))


def _part(items: dict[str, Candidate], forms: Sequence[Form], part: int) -> PartFairness:
    points = sum((slot.points for slot in forms[0].slots if slot.part == part), start=0)
    expected = spread(_expected(items, form, (part,)) for form in forms)
    return PartFairness(code=forms[0].parts[part].code, points=float(points), expected=expected)


def _expected(items: dict[str, Candidate], form: Form, parts: Sequence[int]) -> float | None:
    total = 0.0
    for slot in form.slots:
        if slot.part in parts:
            share = items[slot.item_code].expected if slot.item_code in items else None
            if share is None:
                return None
            total += float(slot.points) * share
    return total


def _information(gives: dict[str, float], form: Form) -> float | None:
    found = [gives.get(slot.item_code) for slot in form.slots]
    return None if None in found else sum(value for value in found if value is not None)


def _exposure(uses: Counter[str], usable: frozenset[str], forms: int) -> Exposures:
    slots = sum(uses.values())
    return Exposures(
        usable=len(usable),
        used=len(uses.keys() & usable),
        greatest=max(uses.values(), default=0) if forms else 0,
        mean=slots / len(usable) if usable else 0.0,
    )


def _overexposed(blueprint: Blueprint, uses: Counter[str], exposure: Exposures, forms: int) -> list[BrokenRule]:
    cap = blueprint.rules.cap
    if cap is None or not blueprint.rules.exposure:
        return []
    mean = Fraction(sum(uses.values()), max(exposure.usable, 1))
    share = Fraction(cap.share) * forms if cap.share is not None else Fraction(cap.multiple or 1) * mean
    allowed = max(1, int(share))
    return [
        BrokenRule(
            form=0,
            problem=Problem(
                where=f"item {code}",
                code="overexposed",
                hint=f"on {times} of {forms} forms, at most {allowed} allowed",
            ),
        )
        for code, times in sorted(uses.items())
        if times > allowed
    ]


def _overlap(uses: Counter[str], forms: Sequence[Form]) -> Overlap:
    pairs, size = len(forms) * (len(forms) - 1) // _PAIR, len(forms[0].slots)
    if not pairs:
        return Overlap(mean=0.0, greatest=0.0, paired=len(forms))
    shared = sum(times * (times - 1) // _PAIR for times in uses.values())
    number = {code: place for place, code in enumerate(sorted(uses))}
    # One bit for each item, so that two forms are compared by one operation.
    masks = [sum(1 << number[slot.item_code] for slot in form.slots) for form in forms[:MOST_PAIRED]]
    greatest = max((one & other).bit_count() for one, other in combinations(masks, _PAIR))
    return Overlap(mean=shared / pairs / size, greatest=greatest / size, paired=len(masks))
