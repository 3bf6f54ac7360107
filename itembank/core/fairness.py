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


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessReport:
    """Figures of forms drawn from one version of a blueprint with the seeds `<seed>/1`, `<seed>/2`, and so on."""

    blueprint: str
    version: int
    bank: str
    seed: str
    algorithm: str
    figures: Fairness


def fairness(blueprint: Blueprint, bank: BankView, forms: Iterable[Form]) -> Fairness:
    """Return the figures of `forms`, all drawn from `blueprint` and `bank`."""
    tally = Tally(blueprint, bank)
    for form in forms:
        tally.add(form)
    return tally.report()


class Tally:
    """Counts forms one by one, so that ten thousand of them need not be kept."""

    def __init__(self, blueprint: Blueprint, bank: BankView) -> None:
        self._blueprint = blueprint
        self._examiner = checker(blueprint, bank)
        items = self._examiner.items
        self._shares = {code: item.expected for code, item in items.items()}
        known = {code: found for code, item in items.items() if (found := calibration_of(item)) is not None}
        usable = tuple(known[code] for code in sorted(self._examiner.usable) if code in known)
        self._cut = ability_for(usable, float(CUT_SHARE)) if usable else None
        self._gives = {} if self._cut is None else {code: information(one, self._cut) for code, one in known.items()}
        self._forms: list[FormFigures] = []
        self._of_parts: list[list[float | None]] = [[] for _ in blueprint.parts]
        self._broken: list[BrokenRule] = []
        self._uses: Counter[str] = Counter()
        self._bits: dict[str, int] = {}
        self._masks: list[int] = []

    def add(self, form: Form) -> None:
        """Count one more form."""
        number = len(self._forms) + 1
        broken = self._examiner.broken(form)
        self._broken += [BrokenRule(form=number, problem=problem) for problem in broken]
        totals = [self._expected(form, part) for part in range(len(self._of_parts))]
        for figures, total in zip(self._of_parts, totals, strict=True):
            figures.append(total)
        codes = [slot.item_code for slot in form.slots]
        self._uses.update(codes)
        if number <= MOST_PAIRED:
            # One bit for each item, so that two forms are compared by one operation.
            self._masks.append(sum(1 << self._bits.setdefault(code, len(self._bits)) for code in set(codes)))
        self._forms.append(
            FormFigures(
                number=number,
                digest=form.digest.hex(),
                expected=_sum(totals),
                information=_sum([self._gives.get(code) for code in codes]),
                broken=len(broken),
            )
        )

    def report(self) -> Fairness:
        """Return the figures of the forms counted so far."""
        uses, usable = self._uses, self._examiner.usable
        exposure = Exposures(
            usable=len(usable),
            used=len(uses.keys() & usable),
            greatest=max(uses.values(), default=0),
            mean=sum(uses.values()) / max(len(usable), 1),
        )
        return Fairness(
            forms=tuple(self._forms),
            items=self._blueprint.item_count(),
            points=float(self._blueprint.most_points()),
            expected=spread(one.expected for one in self._forms),
            parts=tuple(
                PartFairness(
                    code=part.code,
                    points=float(sum(cell.points * cell.count * len(cell.areas) for cell in part.cells)),
                    expected=spread(figures),
                )
                for part, figures in zip(self._blueprint.parts, self._of_parts, strict=True)
            ),
            cut_ability=self._cut,
            information=spread(one.information for one in self._forms),
            exposure=exposure,
            overlap=self._overlap(),
            uses=tuple(
                ItemUse(code=code, forms=uses[code]) for code in sorted(uses, key=lambda code: (-uses[code], code))
            ),
            unknown=sum(1 for code in usable if self._shares[code] is None),
            broken=(*self._broken, *self._overexposed(len(usable))),
        )

    def _expected(self, form: Form, part: int) -> float | None:
        shares = [(float(one.points), self._shares.get(one.item_code)) for one in form.slots if one.part == part]
        return _sum([None if share is None else points * share for points, share in shares])

    def _overexposed(self, usable: int) -> list[BrokenRule]:
        cap, forms = self._blueprint.rules.cap, len(self._forms)
        if cap is None or not self._blueprint.rules.exposure:
            return []
        mean = Fraction(sum(self._uses.values()), max(usable, 1))
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
            for code, times in sorted(self._uses.items())
            if times > allowed
        ]

    def _overlap(self) -> Overlap:
        size, forms = self._blueprint.item_count(), len(self._forms)
        pairs = forms * (forms - 1) // _PAIR
        if not pairs:
            return Overlap(mean=0.0, greatest=0.0, paired=forms)
        shared = sum(times * (times - 1) // _PAIR for times in self._uses.values())
        greatest = max((one & other).bit_count() for one, other in combinations(self._masks, _PAIR))
        return Overlap(mean=shared / pairs / size, greatest=greatest / size, paired=len(self._masks))


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


def _sum(values: Sequence[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total
