"""The practice paper of one candidate: made as every paper is, from items that are no bank's; nothing is stored."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.answering import controls_of
from cbt.delivery.core.choices import choice_map, shown_under
from cbt.delivery.core.paper import CandidateFacts, ExamFacts, Fragment, PaperFacts, Passage, build_paper
from cbt.delivery.core.practice import MINUTES, PracticePart, practice_parts
from cbt.delivery.services.seating import Seating
from cbt.kernel.canonical import instant_text
from cbt.kernel.score import score
from cbt.kernel.titles import Title
from cbt.scheduling.core.needs import screen_settings
from itembank.core.forms import Form, FormPart, Slot
from itembank.core.items import ItemContent
from itembank.formats.html.items import render_item, render_passage
from itembank.formats.paper_words import words_in

MAY: Final = ("answer", "flag", "submit", "raise-hand")
TITLE: Final = Title(ko="연습", en="Practice")
_NAMES: Final = b"practice"


def practice(seating: Seating, now: datetime, *, language: str, picture_url: str) -> dict[str, Any]:
    """Return {paper, state} for the exam screen, as the server would give them for a real exam.

    The screen is set for the person; what the person changes in the practice stays for the exam (`attempt` is its own).
    """
    parts = practice_parts(language)
    contents = dict(enumerate((item for part in parts for item in part.items), start=1))
    form = _form(parts)
    attempt_id = seating.attempt.id if seating.attempt else seating.facts.registration.id
    controls = [(slot.number, controls_of(contents[slot.number], slot)) for slot in form.slots]
    names = choice_map(_NAMES, attempt_id, controls)

    def address(_sha256: str) -> str:
        return picture_url

    fragments = {
        number: Fragment(
            html=render_item(
                content, shown_under(names, number), slot=number, asset_url=address, translate=words_in(language)
            ),
            passage=_passage(content, address),
        )
        for number, content in contents.items()
    }
    paper = build_paper(form, _facts(seating, attempt_id, language), names, fragments)
    return {"paper": paper, "state": _state(seating, now)}


def _state(seating: Seating, now: datetime) -> dict[str, Any]:
    allowed = timedelta(minutes=MINUTES)
    return {
        "lease": 1,
        "next": 1,
        "state": "running",
        "now": instant_text(now),
        "deadline_at": instant_text(now + allowed),
        "remaining_s": int(allowed.total_seconds()),
        "allowed_s": int(allowed.total_seconds()),
        "answered": 0,
        "may": list(MAY),
        "responses": {},
        "flags": [],
        "hand": False,
        "saved_at": instant_text(now),
        "head": 0,
        "needs": screen_settings(seating.facts.exam.tools, seating.facts.registration.needs),
    }


def _form(parts: tuple[PracticePart, ...]) -> Form:
    slots: list[Slot] = []
    shown: list[FormPart] = []
    for place, part in enumerate(parts):
        first = len(slots) + 1
        slots += [_slot(number, place) for number in range(first, first + len(part.items))]
        code, title = str(place + 1), Title(ko=part.title, en=part.title)
        shown.append(FormPart(code=code, title=title, first=first, last=len(slots)))
    return Form(
        blueprint_code="PRACTICE",
        blueprint_digest=bytes(32),
        seed=bytes(32),
        algorithm="none",
        parts=tuple(shown),
        slots=tuple(slots),
    )


def _slot(number: int, part: int) -> Slot:
    return Slot(
        number=number,
        part=part,
        item_code=f"P{number}",
        item_version_id=UUID(int=number),
        key_version_id=None,
        option_order={},
        points=score(1),
    )


def _passage(content: ItemContent, address: Callable[[str], str]) -> Passage | None:
    if content.stimulus is None:
        return None
    return Passage(title=content.stimulus.title, html=render_passage(content.stimulus, asset_url=address))


def _facts(seating: Seating, attempt_id: UUID, language: str) -> PaperFacts:
    facts = seating.facts
    return PaperFacts(
        attempt_id=attempt_id,
        receipt_key=bytes(32),  # what is answered here goes nowhere, so there is nothing to sign
        exam=ExamFacts(
            code="PRACTICE",
            title=TITLE.in_language(language),
            minutes=MINUTES,
            calculator=facts.exam.calculator.value,
            language=language,
        ),
        candidate=CandidateFacts(number=facts.candidate.number, name=facts.candidate.name, seat=str(facts.seat_number)),
    )
