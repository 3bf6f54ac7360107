"""A mixed-integer linear model as plain numbers, and what a solver says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

BOUNDLESS: Final = 1e30


class Outcome(StrEnum):
    """What the solver found; `stopped` with values is a solution that may not be the best one."""

    OPTIMAL = "optimal"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The values of the columns (none when nothing was found) and the value of the goal."""

    outcome: Outcome
    values: tuple[float, ...] = ()
    goal: float = 0.0


@dataclass(slots=True)
class Model:
    """Columns with bounds and cost, rows with bounds; the cost is to be as small as can be.

    `start` names the whole columns that are 1 in a solution known beforehand; none when no solution is known.
    """

    lowest: list[float] = field(default_factory=list)
    highest: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[float, float]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=list)

    def column(self, low: float, high: float, *, cost: float = 0.0, whole: bool = False) -> int:
        """Add a column and return its number."""
        number = len(self.lowest)
        self.lowest.append(low)
        self.highest.append(high)
        self.cost.append(cost)
        if whole:
            self.whole.append(number)
        return number

    def row(self, low: float, high: float, terms: Sequence[tuple[int, float]]) -> None:
        """Ask that the sum of factor x column lies from `low` to `high`; a column may be named several times."""
        summed: dict[int, float] = {}
        for column, factor in terms:
            summed[column] = summed.get(column, 0.0) + factor
        self.rows.append((low, high))
        self.starts.append(len(self.columns))
        self.columns += summed.keys()
        self.factors += summed.values()

    def document(self) -> dict[str, Any]:
        """Return the model as JSON knows it."""
        return {
            "lowest": self.lowest,
            "highest": self.highest,
            "cost": self.cost,
            "whole": self.whole,
            "rows": self.rows,
            "starts": self.starts,
            "columns": self.columns,
            "factors": self.factors,
            "start": self.start,
        }


def solution_from(document: Mapping[str, Any]) -> Solution:
    """Return what the solver wrote."""
    return Solution(
        outcome=Outcome(document["outcome"]), values=tuple(document["values"]), goal=float(document["goal"])
    )
