"""The item as a candidate meets it: body, interactions and response declarations (QTI's model), never the key.

One item holds one or more response variables; the question with four options is the common case, not the model.
What scores an item is in `keys`; how values become stored documents is in `documents`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from itembank.core.interactions import ChoiceInteraction, Interaction
from itembank.core.options import OptionGroup, option_groups
from itembank.core.variables import ResponseDeclaration


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRef:
    """A file that the body shows as `asset:SHA256HEX`; `name` is what the author called it."""

    sha256: str
    media_type: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stimulus:
    """A text or picture that several items ask about; `body` is sanitized HTML, `code` the same for all of them."""

    code: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContent:
    """What a candidate may see of one item version.

    `body` is sanitized HTML; `<span data-interaction="RESPONSE"></span>` (inside a line) or `<div …></div>` marks
    where an interaction stands, and every interaction has exactly one such place. `data-feedback` marks where a
    feedback of the key may appear, `data-printed` where a drawn value of the key's program stands.
    """

    title: str
    language: str
    body: str
    declarations: tuple[ResponseDeclaration, ...]
    interactions: tuple[Interaction, ...]
    assets: tuple[AssetRef, ...] = ()
    stimulus: Stimulus | None = None

    def declaration(self, identifier: str) -> ResponseDeclaration | None:
        """Return the declaration of the response variable, or None."""
        return next((one for one in self.declarations if one.identifier == identifier), None)

    def choice_interactions(self) -> Iterator[ChoiceInteraction]:
        """Yield the interactions that have options."""
        return (one for one in self.interactions if isinstance(one, ChoiceInteraction))

    def option_groups(self) -> tuple[OptionGroup, ...]:
        """Return the groups of identifiers of all interactions, in their order."""
        return tuple(group for one in self.interactions for group in option_groups(one))
