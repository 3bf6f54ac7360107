"""What a benchmark promises."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A figure that is promised: `value` must not be above `most`."""

    name: str
    value: float
    most: float
    unit: str = ""

    @property
    def kept(self) -> bool:
        """Return whether the promise is kept."""
        return self.value <= self.most
