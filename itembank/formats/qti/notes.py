"""The account of one document: what was left out or changed, where it stands, and how much of it was understood."""

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.formats.parsed import Understood
from itembank.formats.qti.elements import problem

MOST_NOTES = 60


class Notes:
    """Notes as they are found.

    A *remark* tells of what changes neither what a candidate sees of the question nor what it scores (a style sheet);
    a *lack* makes the item partial; with a *refusal* it cannot be taken over.
    """

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._left = 0
        self.understood = Understood.FULL

    def remark(self, element: etree._Element, code: str, hint: str) -> None:
        """Note what makes no difference to the question."""
        self._add(problem(element, code, hint))

    def lack(self, element: etree._Element, code: str, hint: str) -> None:
        """Note what is not as its author wrote it."""
        self.lacking(problem(element, code, hint))

    def refuse(self, element: etree._Element, code: str, hint: str) -> None:
        """Note what makes the item useless."""
        self.refusing(problem(element, code, hint))

    def lacking(self, found: Problem) -> None:
        """Note what is not as its author wrote it."""
        if self.understood is Understood.FULL:
            self.understood = Understood.PARTIAL
        self._add(found)

    def refusing(self, found: Problem) -> None:
        """Note what makes the item useless."""
        self.understood = Understood.REFUSED
        # Reasons go first: they must not be cut off behind remarks.
        self._found = {found: None, **self._found}

    def add(self, found: Problem) -> None:
        """Note what makes no difference to the question."""
        self._add(found)

    def told(self) -> tuple[Problem, ...]:
        """Return all notes; the first `MOST_NOTES` stand for the rest."""
        found = tuple(self._found)[:MOST_NOTES]
        left = self._left + len(self._found) - len(found)
        rest = Problem(where="document", code="and-more", hint=f"{left} more notes")
        return (*found, rest) if left else found

    def _add(self, found: Problem) -> None:
        if len(self._found) < MOST_NOTES:
            self._found[found] = None
        elif found not in self._found:
            self._left += 1
