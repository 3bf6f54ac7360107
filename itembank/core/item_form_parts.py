"""What inputs a value of the item model needs, read off its dataclass: one mechanism for every kind of interaction."""

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast, get_args, get_origin, get_type_hints

# Marks inside the text say these.
DERIVED: Final = MappingProxyType({"gaps": "data-gap", "hottexts": "data-hottext"})
BLOCKS: Final = frozenset({("GapMatchInteraction", "content"), ("HottextInteraction", "content"), ("Stimulus", "body")})
_HTML: Final = frozenset({"prompt", "content", "body"})
_HIDDEN: Final = frozenset({"sha256", "media_type", "width", "height"})
_SPACED: Final = frozenset({"classes", "media_types"})


class Input(StrEnum):
    """What one field is typed into."""

    LINE = "line"
    HTML = "html"
    NUMBER = "number"
    FLAG = "flag"
    WORDS = "words"
    NUMBERS = "numbers"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One field; without a `default` it must be filled in. `hidden` ones are filled in by an upload."""

    name: str
    input: Input
    default: Any = None
    required: bool = False
    hidden: bool = False
    block: bool = False
    made: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that make one value."""

    name: str
    made: type
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Any number of values of one kind."""

    name: str
    made: type
    parts: tuple["Part", ...]


Part: TypeAlias = Leaf | Group | Rows
_SIMPLE: Final[Mapping[Any, Input]] = MappingProxyType({int: Input.NUMBER, bool: Input.FLAG})


def parts_of(made: type) -> tuple[Part, ...]:
    """Return the inputs for a value of the dataclass `made`, in the order of its fields."""
    return _parts_of(cast("Hashable", made))


@cache
def _parts_of(made: Any) -> tuple[Part, ...]:
    hints = get_type_hints(made)
    return tuple(_part(made, one, hints[one.name]) for one in fields(made) if one.name not in DERIVED)


def _part(made: type, field: Any, hint: Any) -> Part:
    inner = get_args(hint)
    if get_origin(hint) is tuple:
        if is_dataclass(inner[0]):
            row = cast("type", inner[0])
            return Rows(name=field.name, made=row, parts=parts_of(row))
        return _leaf(made, field, Input.WORDS if inner[0] is str else Input.NUMBERS)
    if is_dataclass(hint):
        return Group(name=field.name, made=cast("type", hint), parts=parts_of(cast("type", hint)))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _leaf(made, field, Input.CHOICE, hint)
    html = hint is str and field.name in _HTML
    return _leaf(made, field, _SIMPLE.get(hint, Input.HTML if html else Input.LINE))


def _leaf(made: type, field: Any, given: Input, kind: Any = None) -> Leaf:
    required = field.default is MISSING
    return Leaf(
        name=field.name,
        input=given,
        default=_EMPTY.get(given, "") if required else field.default,
        required=required,
        hidden=field.name in _HIDDEN,
        block=(made.__name__, field.name) in BLOCKS,
        made=kind,
    )


_EMPTY: Final[Mapping[Input, Any]] = MappingProxyType(
    {Input.NUMBER: 0, Input.FLAG: False, Input.WORDS: (), Input.NUMBERS: ()}
)


def separator(leaf: Leaf) -> str:
    """Return what stands between several words of a field."""
    return " " if leaf.name in _SPACED else "\n"
