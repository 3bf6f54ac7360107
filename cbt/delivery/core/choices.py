"""Which answers a slot takes, and the opaque names that everything to choose has in one attempt.

A browser sees names that are drawn per attempt; the journal keeps the canonical ids. A map is made once per attempt,
stored beside it and read back by the recorder.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.controls import Control, ControlKind, MappedControl
from cbt.delivery.core.entries import Responses
from cbt.delivery.core.refusals import UnknownChoice, UnknownResponse, UnknownSlot
from cbt.kernel.errors import InvalidInput
from itembank.core.options import TARGETS

FORMAT: Final = "choice-map/2"
_READ: Final = frozenset({"choice-map/1", FORMAT})
OPAQUE_CHARACTERS: Final = 6
_PURPOSE: Final = b"cbt choice name 1"


class NotAChoiceMap(InvalidInput):
    """The document is not a choice map."""

    code = "not-a-choice-map"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMap:
    """All slots of an attempt with their controls by response variable."""

    slots: Mapping[int, Mapping[str, MappedControl]]

    def responses_to_canonical(self, slot: int, responses: Responses) -> Responses:
        """Return what the browser sent for `slot` in canonical ids.

        Raises UnknownSlot, UnknownResponse, UnknownChoice, UnknownFile, TooManyChoices or PairedTooOften.
        """
        controls = self._controls(slot)
        return {
            response: _control(controls, slot, response).to_canonical(values) for response, values in responses.items()
        }

    def responses_to_opaque(self, slot: int, responses: Responses) -> dict[str, list[str]]:
        """Return the journal's responses of `slot` as the browser knows them."""
        return {
            response: [self.to_opaque(slot, response, value) for value in values]
            for response, values in responses.items()
        }

    def to_canonical(self, slot: int, response: str, opaque: str) -> str:
        """Return the canonical form of one value (a typed value is its own); raises the refusals named above."""
        return _control(self._controls(slot), slot, response).to_canonical((opaque,))[0]

    def to_opaque(self, slot: int, response: str, value: str) -> str:
        """Return the form that `value` has in this attempt (a typed value is its own)."""
        try:
            return _control(self._controls(slot), slot, response).to_opaque(value)
        except UnknownChoice as error:
            raise UnknownChoice(slot=slot, response=response) from error

    def to_document(self) -> dict[str, Any]:
        """Return the compact document that is stored with the attempt."""
        return {
            "format": FORMAT,
            "slots": [
                [slot, [_control_document(name, control) for name, control in controls.items()]]
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
    """Return the map that `ChoiceMap.to_document` wrote, now or in an earlier version; raises NotAChoiceMap."""
    if not isinstance(document, dict) or document.get("format") not in _READ:
        raise NotAChoiceMap
    try:
        slots = {
            slot: {name: _control_from(*fields) for name, *fields in controls} for slot, controls in document["slots"]
        }
    except (KeyError, TypeError, ValueError) as error:
        raise NotAChoiceMap(str(error)) from error
    return ChoiceMap(slots=slots)


def shown_under(names: ChoiceMap, slot: int) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the options of a slot by group, in the order and under the names that this attempt has."""
    shown: dict[str, tuple[tuple[str, str], ...]] = {}
    for response, control in names.slots[slot].items():
        shown[response] = tuple(control.canonical.items())
        shown[response + TARGETS] = tuple(control.targets.items())
    return shown


def _control(controls: Mapping[str, MappedControl], slot: int, response: str) -> MappedControl:
    control = controls.get(response)
    if control is None:
        raise UnknownResponse(slot=slot, response=response)
    return control


def _control_document(name: str, control: MappedControl) -> list[Any]:
    plain: list[Any] = [name, control.kind.value, control.values, list(control.canonical.items())]
    if control.kind is not ControlKind.PAIR:
        return plain
    return [*plain, list(control.targets.items()), control.directed, dict(control.most)]


def _control_from(kind: str, values: int, pairs: Any, targets: Any = (), *more: Any) -> MappedControl:
    directed, most = more or (False, {})
    return MappedControl(
        kind=ControlKind(kind),
        values=values,
        canonical=dict(pairs),
        targets=dict(targets),
        directed=directed,
        most=dict(most),
    )


def _mapped(secret: bytes, attempt_id: UUID, slot: int, controls: Sequence[Control]) -> dict[str, MappedControl]:
    taken: set[str] = set()

    def names(group: str, identifiers: tuple[str, ...]) -> dict[str, str]:
        return {_opaque(secret, _subject(attempt_id, slot, group, one), taken): one for one in identifiers}

    return {
        control.response: MappedControl(
            kind=control.kind,
            values=control.values,
            canonical=names(control.response, control.choices),
            targets=names(control.response + TARGETS, control.targets),
            directed=control.directed,
            most=control.most,
        )
        for control in controls
    }


def _subject(attempt_id: UUID, slot: int, group: str, choice: str) -> bytes:
    # Lengths in front, so that no two (group, choice) pairs give the same bytes.
    parts = (group.encode(), choice.encode())
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
