"""Drawing: time, fairness and exposure of many forms from a bank of 10,000 items, every form checked."""

import gc
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Final

from bench.figures import Limit
from bench.made_bank import made_bank, made_blueprint
from itembank.core.bank import BankView
from itembank.core.blueprint import Blueprint
from itembank.core.draw import Sitting, draw_planned, plan
from itembank.core.form_check import checker
from itembank.core.forms import Form

FORMS: Final = 10_000
_PLAIN_FORMS: Final = 1000
_MS: Final = 1000


@dataclass(slots=True)
class Measured:
    """What was measured over the forms of one way of drawing."""

    seconds: list[float]
    expected: list[float]
    uses: Counter[str]
    violations: int = 0

    def at(self, share: float) -> float:
        """Return the time in milliseconds that `share` of the draws stayed within."""
        return sorted(self.seconds)[min(int(len(self.seconds) * share), len(self.seconds) - 1)] * _MS

    def deviation(self) -> float:
        """Return the standard deviation of the expected score in points."""
        mean = sum(self.expected) / len(self.expected)
        return sqrt(sum((one - mean) ** 2 for one in self.expected) / len(self.expected))


def run(forms: int = FORMS) -> tuple[Limit, ...]:
    """Print the table and return the figures that are promised."""
    bank = made_bank()
    ruled, plain = made_blueprint(bank), made_blueprint(bank, ruled=False)
    began = time.process_time()
    prepared = plan(ruled, bank)
    planned = time.process_time() - began
    measured = _measure(bank, ruled, Sitting(prepared).draw, forms)
    unruled = plan(plain, bank)
    compared = _measure(bank, plain, lambda seed: draw_planned(unruled, seed=seed), min(forms, _PLAIN_FORMS))
    mean = forms * ruled.item_count() / len(bank.candidates)
    print(f"Python {platform.python_version()}, {platform.machine()}; one core; seeds 0 to {forms - 1}")
    print(f"bank {len(bank.candidates):,} items, form of {ruled.item_count()}; the plan takes {planned:.2f} s, once")
    print(f"{'':24}{'with rules':>12}{'plain':>12}")
    for name, unit, figure in _ROWS:
        print(f"{name:24}{figure(measured):>12.2f}{figure(compared):>12.2f} {unit}")
    print(f"{'forms':24}{len(measured.seconds):>12}{len(compared.seconds):>12}")
    print(f"{'violations':24}{measured.violations:>12}{compared.violations:>12}")
    print(
        f"{'greatest exposure':24}{max(measured.uses.values()):>12} ({max(measured.uses.values()) / mean:.2f} x mean)"
    )
    print(f"{'unused items':24}{len(bank.candidates) - len(measured.uses):>12}")
    return (
        Limit(name="violations", value=measured.violations, most=0),
        Limit(name="median", value=measured.at(0.5), most=2, unit="ms"),
        Limit(name="p95", value=measured.at(0.95), most=10, unit="ms"),
        Limit(name="expected-score SD", value=measured.deviation(), most=0.3, unit="points"),
        Limit(name="greatest exposure", value=max(measured.uses.values()) / mean, most=3, unit="x mean"),
    )


_ROWS: Final[tuple[tuple[str, str, Callable[[Measured], float]], ...]] = (
    ("median", "ms", lambda one: one.at(0.5)),
    ("p95", "ms", lambda one: one.at(0.95)),
    ("slowest", "ms", lambda one: one.at(1)),
    ("CPU", "s", lambda one: sum(one.seconds)),
    ("expected-score mean", "points", lambda one: sum(one.expected) / len(one.expected)),
    ("expected-score SD", "points", Measured.deviation),
)


def _measure(bank: BankView, blueprint: Blueprint, draw: Callable[[bytes], Form], forms: int) -> Measured:
    shares = {one.item_code: one.expected or 0.0 for one in bank.candidates}
    examiner = checker(blueprint, bank)
    measured = Measured(seconds=[], expected=[], uses=Counter())
    gc.freeze()  # the bank is not what is collected over and over
    for seconds, form in _timed(draw, (str(number).encode() for number in range(forms))):
        measured.seconds.append(seconds)
        measured.expected.append(sum(float(slot.points) * shares[slot.item_code] for slot in form.slots))
        measured.uses.update(slot.item_code for slot in form.slots)
        measured.violations += len(examiner.broken(form))
    return measured


def _timed(draw: Callable[[bytes], Form], seeds: Iterable[bytes]) -> Iterator[tuple[float, Form]]:
    for seed in seeds:
        began = time.process_time()
        form = draw(seed)
        yield time.process_time() - began, form


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else FORMS)
