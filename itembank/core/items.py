"""The item as a candidate meets it: body, interactions and response declarations (QTI's model), never the key.

One item holds one or more response variables; the question with four options is the common case, not the model.
What scores an item is in `keys`; how values become stored documents is in `documents`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

SINGLE_RESPONSE: Final = "RESPONSE"


class Cardinality(StrEnum):
    """How many values a response variable holds, and whether their order counts."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERED = "ordered"
    RECORD = "record"


class BaseType(StrEnum):
    """What one value of a response variable is, in QTI's words."""

    IDENTIFIER = "identifier"
    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    PAIR = "pair"
    DIRECTED_PAIR = "directedPair"
    POINT = "point"
    DURATION = "duration"
    FILE = "file"
    URI = "uri"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseDeclaration:
    """One response variable: its name and the kind of value it takes, without any correct value."""

    identifier: str
    cardinality: Cardinality
    base_type: BaseType


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option: `identifier` is canonical (stored and scored), `content` sanitized HTML; pinned keeps its place."""

    identifier: str
    content: str
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceInteraction:
    """Options to choose from; `max_choices` 0 means as many as there are, 1 makes it a single choice."""

    response: str
    choices: tuple[Choice, ...]
    max_choices: int = 1
    min_choices: int = 0
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEntryInteraction:
    """A line to type into; `expected_length` is a width in characters, not a limit."""

    response: str
    expected_length: int = 20
    placeholder_hint: str = ""


Interaction: TypeAlias = ChoiceInteraction | TextEntryInteraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRef:
    """A file that the body shows as `asset:SHA256HEX`; `name` is what the author called it."""

    sha256: str
    media_type: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContent:
    """What a candidate may see of one item version.

    `body` is sanitized HTML; `<span data-interaction="RESPONSE"></span>` (inside a line) or `<div …></div>` marks
    where an interaction stands, and every interaction has exactly one such place.
    """

    title: str
    language: str
    body: str
    declarations: tuple[ResponseDeclaration, ...]
    interactions: tuple[Interaction, ...]
    assets: tuple[AssetRef, ...] = ()

    def declaration(self, identifier: str) -> ResponseDeclaration | None:
        """Return the declaration of the response variable, or None."""
        return next((one for one in self.declarations if one.identifier == identifier), None)

    def choice_interactions(self) -> Iterator[ChoiceInteraction]:
        """Yield the interactions that have options."""
        return (one for one in self.interactions if isinstance(one, ChoiceInteraction))


def natural_order(interaction: ChoiceInteraction) -> tuple[str, ...]:
    """Return the choice identifiers in the author's order."""
    return tuple(choice.identifier for choice in interaction.choices)
