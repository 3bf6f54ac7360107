"""One response of a file as it becomes ours: its variables, its interactions, and our names for its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from itembank.core.interactions import Interaction
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A response by the name that the file gives it.

    It has one variable and one interaction, but for hotspots on several pictures: those have a variable each and count
    together. `values` maps the file's names of options to identifiers; `inline` ones stand inside a line.
    """

    ident: str
    declarations: tuple[ResponseDeclaration, ...]
    interactions: tuple[Interaction, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    inline: bool = False
    by_person: bool = False

    @property
    def cardinality(self) -> Cardinality:
        """How many values the response holds."""
        return Cardinality.MULTIPLE if len(self.declarations) > 1 else self.declarations[0].cardinality

    @property
    def base_type(self) -> BaseType:
        """What its values are."""
        return self.declarations[0].base_type

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its variables."""
        return tuple(one.identifier for one in self.declarations)

    def value(self, text: str) -> str | None:
        """Return our text for a value that the file names, None when there is no such option."""
        if self.base_type in {BaseType.PAIR, BaseType.DIRECTED_PAIR}:
            parts = [self.values.get(part.strip()) for part in text.replace(",", " ").split()]
            known = [part for part in parts if part is not None]
            return " ".join(known) if len(known) == len(parts) == 2 else None  # noqa: PLR2004 - a pair
        if self.base_type is BaseType.IDENTIFIER:
            return self.values.get(text)
        return text
