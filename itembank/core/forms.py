"""The form: what one draw gave. Ordered slots with item versions, option order and points; frozen and digested."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from cbt.kernel.canonical import digest, encode, read_base64url
from cbt.kernel.errors import InvalidInput
from cbt.kernel.score import Score, score
from cbt.kernel.titles import Title

FORM_FORMAT: Final = "form/1"


class NotAFormDocument(InvalidInput):
    """The document is not a form that this version wrote."""

    code = "not-a-form-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """One subject of the form: its slots are numbered from `first` to `last`."""

    code: str
    title: Title
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place of the form, counted from 1; `part` is an index into the form's parts.

    `option_order` gives for each response with options the canonical choice identifiers in the order shown.
    """

    number: int
    part: int
    item_code: str
    item_version_id: UUID
    key_version_id: UUID | None
    option_order: Mapping[str, tuple[str, ...]]
    points: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The stored order is the truth; seed, blueprint digest and algorithm explain how it came about.

    `closed` is the digest of how firmly exposure had shut each item when the form was drawn, None when none was.
    """

    blueprint_code: str
    blueprint_digest: bytes
    seed: bytes
    algorithm: str
    parts: tuple[FormPart, ...]
    slots: tuple[Slot, ...]
    closed: bytes | None = None

    def document(self) -> dict[str, Any]:
        """Return the canonical document."""
        return {
            "format": FORM_FORMAT,
            "blueprint_code": self.blueprint_code,
            "blueprint_digest": self.blueprint_digest,
            "seed": self.seed,
            "algorithm": self.algorithm,
            "parts": [
                {"code": part.code, "title": part.title.to_document(), "first": part.first, "last": part.last}
                for part in self.parts
            ],
            "slots": [_slot_document(slot) for slot in self.slots],
        } | ({} if self.closed is None else {"closed": self.closed})

    def canonical(self) -> bytes:
        """Return the canonical bytes, which are what is stored."""
        return encode(self.document())

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the canonical bytes (32 bytes)."""
        return digest(self.canonical())

    def slot_seed(self, number: int) -> bytes:
        """Return the seed of whatever the item in a slot draws for itself (32 bytes)."""
        return digest(b"slot %d " % number + self.seed)

    def slot(self, number: int) -> Slot | None:
        """Return the slot with this number, or None."""
        return self.slots[number - 1] if 1 <= number <= len(self.slots) else None


def form_from(document: Mapping[str, Any]) -> Form:
    """Return the form whose decoded document this is; raises NotAFormDocument."""
    try:
        if document["format"] != FORM_FORMAT:
            raise NotAFormDocument(f"format {document['format']!r}")
        return Form(
            blueprint_code=document["blueprint_code"],
            blueprint_digest=read_base64url(document["blueprint_digest"]),
            seed=read_base64url(document["seed"]),
            algorithm=document["algorithm"],
            parts=tuple(
                FormPart(
                    code=part["code"],
                    title=Title.from_document(part["title"]),
                    first=part["first"],
                    last=part["last"],
                )
                for part in document["parts"]
            ),
            slots=tuple(_slot_from(slot) for slot in document["slots"]),
            closed=read_base64url(document["closed"]) if "closed" in document else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotAFormDocument(str(error)) from error


# The forms of one exam name the same items again and again.
_id: Final = lru_cache(maxsize=8192)(UUID)
_points: Final = lru_cache(maxsize=256)(score)


def _slot_document(slot: Slot) -> dict[str, Any]:
    return {
        "number": slot.number,
        "part": slot.part,
        "item_code": slot.item_code,
        "item_version": slot.item_version_id,
        "key_version": slot.key_version_id,
        "option_order": {response: list(order) for response, order in slot.option_order.items()},
        "points": slot.points,
    }


def _slot_from(document: Mapping[str, Any]) -> Slot:
    key = document["key_version"]
    return Slot(
        number=document["number"],
        part=document["part"],
        item_code=document["item_code"],
        item_version_id=_id(document["item_version"]),
        key_version_id=None if key is None else _id(key),
        option_order={response: tuple(order) for response, order in document["option_order"].items()},
        points=_points(document["points"]),
    )
