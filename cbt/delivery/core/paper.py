"""The paper: the one document that a candidate's browser gets, built from a whitelist.

Nothing of the item or the form is copied wholesale: no key, no canonical id, no area, no difficulty, no item code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cbt.delivery.core.choices import ChoiceMap
from cbt.delivery.core.controls import NAMING, ControlKind, MappedControl
from cbt.kernel.canonical import base64url
from cbt.scheduling.core.exam_parts import MINUTE, ExamPart
from itembank.core.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamFacts:
    """What a candidate may know of the exam.

    `minutes` is without accommodation, `calculator` is "plain", "scientific" or "none". `parts` are those that are
    passed in one direction; a free paper has none here.
    """

    code: str
    title: str
    minutes: int
    calculator: str
    language: str
    parts: tuple[ExamPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """Who sits, as the header of the page shows it."""

    number: str
    name: str
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What a paper holds beside the items; `receipt_key` is the raw Ed25519 public key (32 bytes)."""

    attempt_id: UUID
    receipt_key: bytes
    exam: ExamFacts
    candidate: CandidateFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What several items ask about, rendered."""

    title: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """The rendered HTML of one slot, with opaque names only."""

    html: str
    passage: Passage | None = None


def build_paper(form: Form, facts: PaperFacts, choices: ChoiceMap, fragments: Mapping[int, Fragment]) -> dict[str, Any]:
    """Return the paper's document; raises KeyError when a slot has no fragment or no controls.

    Items on the same passage name its place in `passages`; papers without any have neither.
    """
    passages, places = _passages(fragments)
    shared = {"passages": passages} if passages else {}
    return shared | {
        "attempt": str(facts.attempt_id),
        "form": form.digest.hex(),
        "receipt_key": base64url(facts.receipt_key),
        "exam": {
            "code": facts.exam.code,
            "title": facts.exam.title,
            "minutes": facts.exam.minutes,
            "calculator": facts.exam.calculator,
            "language": facts.exam.language,
        }
        | ({"navigation": "parts"} if facts.exam.parts else {}),
        "candidate": {
            "number": facts.candidate.number,
            "name": facts.candidate.name,
            "seat": facts.candidate.seat,
        },
        "parts": [
            {
                "code": part.code,
                "title": part.title.in_language(facts.exam.language),
                "first": part.first,
                "last": part.last,
            }
            | times
            for part, times in zip(form.parts, _part_times(form, facts.exam.parts), strict=True)
        ],
        "slots": [
            {
                "slot": slot.number,
                "part": slot.part,
                "controls": [_shown(name, control) for name, control in choices.slots[slot.number].items()],
                "html": fragments[slot.number].html,
            }
            | ({"passage": places[slot.number]} if slot.number in places else {})
            for slot in form.slots
        ],
    }


def _part_times(form: Form, parts: tuple[ExamPart, ...]) -> list[dict[str, int | None]]:
    """Return minutes and break of each part, nothing for a free paper; the clock counts by the exam's parts."""
    if not parts:
        return [{} for _ in form.parts]
    if [part.items for part in parts] != [part.last - part.first + 1 for part in form.parts]:
        raise ValueError("the parts of the form are not those of the exam")
    return [
        {
            "minutes": None if part.time_allowed is None else part.time_allowed // MINUTE,
            "break_minutes": part.break_after // MINUTE,
        }
        for part in parts
    ]


def _shown(response: str, control: MappedControl) -> dict[str, Any]:
    shown: dict[str, Any] = {"response": response, "kind": control.kind.value}
    if control.kind in NAMING or control.kind is ControlKind.PAIR:
        shown |= {"max": control.values, "choices": list(control.canonical)}
    elif control.values > 1:
        shown["max"] = control.values
    if control.targets:
        shown["targets"] = list(control.targets)
    return shown


def _passages(fragments: Mapping[int, Fragment]) -> tuple[list[dict[str, str]], dict[int, int]]:
    """Return the passages, each once, and which of them a slot belongs to."""
    order: dict[Passage, int] = {}
    places = {
        slot: order.setdefault(one.passage, len(order)) for slot, one in fragments.items() if one.passage is not None
    }
    return [{"title": one.title, "html": one.html} for one in order], places
