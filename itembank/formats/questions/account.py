"""The account of one question while it is read: what was not understood of it, and why it could not be taken over."""

from dataclasses import dataclass, field
from typing import Final

from cbt.kernel.errors import Problem
from itembank.formats.parsed import FIELD_BYTES, Understood

MOST_NOTES: Final = 40
MOST_PARTS: Final = 1000


class NotTakenOver(Exception):
    """The question cannot become an item; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].hint if problems else "")
        self.problems = problems


@dataclass(slots=True)
class Account:
    """Notes on one question; `where` is its place in the file (`line 12`)."""

    where: str
    notes: list[Problem] = field(default_factory=list)
    understood: Understood = Understood.FULL
    parts: int = 0

    def note(self, code: str, hint: str, place: str = "") -> None:
        """Keep what the item does not have as it was: it is understood in part."""
        self.remark(code, hint, place)
        self.understood = Understood.PARTIAL

    def remark(self, code: str, hint: str, place: str = "") -> None:
        """Keep what a person should look at although nothing is lost."""
        made = Problem(where=self.at(place), code=code, hint=hint)
        if made not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(made)

    def refusal(self, code: str, hint: str, place: str = "") -> NotTakenOver:
        """Return the refusal of the question, to be raised."""
        return NotTakenOver(Problem(where=self.at(place), code=code, hint=hint))

    def bounded(self, text: str, part: str = "") -> str:
        """Return the text; raises NotTakenOver when it is too long, or the one text too many of the question."""
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise self.refusal("too-many-parts", f"{MOST_PARTS:,} texts are the most of one question")
        if len(text) > FIELD_BYTES or len(text.encode("utf-8", "surrogatepass")) > FIELD_BYTES:
            raise self.refusal("field-too-long", f"{FIELD_BYTES:,} bytes are the most", part)
        return text

    def at(self, place: str) -> str:
        """Return the place of a part of the question, as people find it."""
        return f"{self.where}, {place}" if place else self.where
