"""Feedback of question formats as one explanation: general words first, then a list of what is said to which answer."""

from collections.abc import Iterable
from typing import Final

from itembank.core.markup import clean
from itembank.formats.questions.words import lone_paragraph

RIGHT: Final = "✓"
PARTLY: Final = "◐"
WRONG: Final = "✗"
HINT: Final = "?"


def explanation_of(general: str, remarks: Iterable[tuple[str, str]]) -> str:
    """Return the explanation: `general`, and under each term (HTML) what was said to it; empty ones are left out."""
    listed = "".join(
        f"<dt>{lone_paragraph(term)}</dt><dd>{lone_paragraph(said)}</dd>" for term, said in remarks if said.strip()
    )
    return clean(f"{general}<dl>{listed}</dl>" if listed else general)
