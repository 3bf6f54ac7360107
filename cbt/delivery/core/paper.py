"""The paper: the one document that a candidate's browser gets, built from a whitelist.

Nothing of the item or the form is copied wholesale: no key, no canonical id, no area, no difficulty, no item code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.choices import ChoiceMap, Control, ControlKind, MappedControl
from cbt.kernel.canonical import base64url
from itembank.core.forms import Form, Slot
from itembank.core.interactions import ChoiceInteraction, Interaction
from itembank.core.items import ItemContent
from itembank.core.options import option_groups
from itembank.core.variables import BaseType, Cardinality

_NUMBERS: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamFacts:
    """What a candidate may know of the exam; `minutes` is without accommodation, `calculator` "plain" or "none"."""

    code: str
    title: str
    minutes: int
    calculator: str
    language: str


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


def controls_of(content: ItemContent, slot: Slot) -> tuple[Control, ...]:
    """Return how each response of the slot's item is given, choices in the order that the form shows them."""
    return tuple(_control(interaction, content, slot) for interaction in content.interactions)


def build_paper(form: Form, facts: PaperFacts, choices: ChoiceMap, fragments: Mapping[int, str]) -> dict[str, Any]:
    """Return the paper's document; `fragments` holds the rendered HTML of each slot, with opaque names only.

    Raises KeyError when a slot has no fragment or no controls.
    """
    return {
        "attempt": str(facts.attempt_id),
        "form": form.digest.hex(),
        "receipt_key": base64url(facts.receipt_key),
        "exam": {
            "code": facts.exam.code,
            "title": facts.exam.title,
            "minutes": facts.exam.minutes,
            "calculator": facts.exam.calculator,
            "language": facts.exam.language,
        },
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
            for part in form.parts
        ],
        "slots": [
            {
                "slot": slot.number,
                "part": slot.part,
                "controls": [_shown(name, control) for name, control in choices.slots[slot.number].items()],
                "html": fragments[slot.number],
            }
            for slot in form.slots
        ],
    }


def _control(interaction: Interaction, content: ItemContent, slot: Slot) -> Control:
    name = interaction.response
    if groups := option_groups(interaction):
        order = slot.option_order.get(name) or groups[0].identifiers
        return Control(response=name, kind=ControlKind.CHOICE, values=_most_values(interaction, content), choices=order)
    declared = content.declaration(name)
    is_number = declared is not None and declared.base_type in _NUMBERS
    return Control(response=name, kind=ControlKind.NUMBER if is_number else ControlKind.TEXT)


def _most_values(interaction: Interaction, content: ItemContent) -> int:
    declared = content.declaration(interaction.response)
    if declared is None or declared.cardinality is Cardinality.SINGLE:
        return 1
    most = interaction.max_choices if isinstance(interaction, ChoiceInteraction) else 0
    return most or len(option_groups(interaction)[0].identifiers)


def _shown(response: str, control: MappedControl) -> dict[str, Any]:
    shown: dict[str, Any] = {"response": response, "kind": control.kind.value}
    if control.kind is ControlKind.CHOICE:
        shown |= {"max": control.values, "choices": list(control.canonical)}
    return shown
