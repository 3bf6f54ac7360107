"""Which answers a slot takes, and the opaque names that its choices have in one attempt.

A browser sees names that are drawn per attempt; the journal keeps the canonical ids. A map is made once per attempt,
stored beside it and read back by the recorder. What a candidate typed is never refused for its form: a number that
is none is kept as typed, and scores nothing.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.entries import Responses
from cbt.delivery.core.refusals import TooManyChoices, UnknownChoice, UnknownResponse, UnknownSlot
from cbt.kernel.errors import InvalidInput

FORMAT: Final = "choice-map/1"
OPAQUE_CHARACTERS: Final = 6
_PURPOSE: Final = b"cbt choice name 1"


class NotAChoiceMap(InvalidInput):
    """The document is not a choice map."""

    code = "not-a-choice-map"


class ControlKind(StrEnum):
    """How a response is given."""

    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One response variable of a slot: canonical `choices` in the order shown, and how many `values` it takes."""

    response: str
    kind: ControlKind
    values: int = 1
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedControl:
    """A control with its opaque names: `canonical` maps each to its choice, in the order shown."""

    kind: ControlKind
    values: int
    canonical: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMap:
    """All slots of an attempt with their controls by response variable."""

    slots: Mapping[int, Mapping[str, MappedControl]]

    def responses_to_canonical(self, slot: int, responses: Responses) -> Responses:
        """Return what the browser sent for `slot` in canonical ids.

        Raises UnknownSlot, UnknownResponse, UnknownChoice or TooManyChoices.
        """
        controls = self._controls(slot)
        return {response: _to_canonical(controls, slot, response, values) for response, values in responses.items()}

    def responses_to_opaque(self, slot: int, responses: Responses) -> dict[str, list[str]]:
        """Return the journal's responses of `slot` as the browser knows them."""
        return {
            response: [self.to_opaque(slot, response, value) for value in values]
            for response, values in responses.items()
        }

    def to_canonical(self, slot: int, response: str, opaque: str) -> str:
        """Return the canonical id of one choice (a typed value is its own); raises the refusals named above."""
        return _to_canonical(self._controls(slot), slot, response, (opaque,))[0]

    def to_opaque(self, slot: int, response: str, choice: str) -> str:
        """Return the name that `choice` has in this attempt (a typed value is its own)."""
        control = self._controls(slot).get(response)
        if control is None:
            raise UnknownResponse(slot=slot, response=response)
        if control.kind is not ControlKind.CHOICE:
            return choice
        for opaque, canonical in control.canonical.items():
            if canonical == choice:
                return opaque
        raise UnknownChoice(slot=slot, response=response)

    def to_document(self) -> dict[str, Any]:
        """Return the compact document that is stored with the attempt."""
        return {
            "format": FORMAT,
            "slots": [
                [slot, [[name, c.kind.value, c.values, list(c.canonical.items())] for name, c in controls.items()]]
                for slot, controls in self.slots.items()
            ],
        }

    def _controls(self, slot: int) -> Mapping[str, MappedControl]:
        controls = self.slots.get(slot)
        if controls is None:
            raise UnknownSlot(slot=slot)
        return controls


def choice_map(secret: bytes, attempt_id: UUID, slots: Iterable[tuple[int, Sequence[Control]]]) -> ChoiceMap:
    """Return the map of an attempt: the same secret, attempt and controls always give the same names."""
    return ChoiceMap(slots={slot: _mapped(secret, attempt_id, slot, controls) for slot, controls in slots})


def choice_map_from(document: object) -> ChoiceMap:
    """Return the map that `ChoiceMap.to_document` wrote; raises NotAChoiceMap."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise NotAChoiceMap
    try:
        slots = {
            slot: {
                name: MappedControl(kind=ControlKind(kind), values=values, canonical=dict(pairs))
                for name, kind, values, pairs in controls
            }
            for slot, controls in document["slots"]
        }
    except (KeyError, TypeError, ValueError) as error:
        raise NotAChoiceMap(str(error)) from error
    return ChoiceMap(slots=slots)


def _to_canonical(
    controls: Mapping[str, MappedControl], slot: int, response: str, values: tuple[str, ...]
) -> tuple[str, ...]:
    control = controls.get(response)
    if control is None:
        raise UnknownResponse(slot=slot, response=response)
    if len(values) > control.values or len(set(values)) != len(values):
        raise TooManyChoices(slot=slot, response=response)
    if control.kind is not ControlKind.CHOICE:
        return values
    try:
        return tuple([control.canonical[value] for value in values])
    except KeyError as error:
        raise UnknownChoice(slot=slot, response=response) from error


def _mapped(secret: bytes, attempt_id: UUID, slot: int, controls: Sequence[Control]) -> dict[str, MappedControl]:
    taken: set[str] = set()
    mapped: dict[str, MappedControl] = {}
    for control in controls:
        names = {
            _opaque(secret, _subject(attempt_id, slot, control.response, choice), taken): choice
            for choice in control.choices
        }
        mapped[control.response] = MappedControl(kind=control.kind, values=control.values, canonical=names)
    return mapped


def _subject(attempt_id: UUID, slot: int, response: str, choice: str) -> bytes:
    # Lengths in front, so that no two (response, choice) pairs give the same bytes.
    parts = (response.encode(), choice.encode())
    return b"".join(
        (_PURPOSE, attempt_id.bytes, slot.to_bytes(4, "big"), *(len(p).to_bytes(4, "big") + p for p in parts))
    )


def _opaque(secret: bytes, subject: bytes, taken: set[str]) -> str:
    """Return a name that no other choice of the slot has, and take it."""
    turn = 0
    while True:
        mac = hmac.digest(secret, subject + turn.to_bytes(4, "big"), hashlib.sha256)
        name = base64.b32encode(mac).decode("ascii").lower()[:OPAQUE_CHARACTERS]
        if name not in taken:
            taken.add(name)
            return name
        turn += 1
