"""What a benchmark promises."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A figure that is promised: `value` must not be above `most`, or not below `least`. `aim` is where we want it."""

    name: str
    value: float
    most: float | None = None
    least: float | None = None
    aim: float | None = None
    unit: str = ""

    @property
    def kept(self) -> bool:
        """Return whether the promise is kept."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def __str__(self) -> str:
        """Return one line of the table."""
        sign, bound = ("<=", self.most) if self.most is not None else (">=", self.least)
        aim = "" if self.aim is None else f", aim {self.aim:g}"
        return f"{self.name}: {self.value:.2f} {sign} {bound:g}{aim} {self.unit}".rstrip()
