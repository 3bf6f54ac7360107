"""Items and keys as canonical documents, and back: what the database keeps and what digests are taken of.

A value is an object of its fields; one that has its default is left out, so that a field that is added later changes no
document and no digest. A value of a union is named by `kind`.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from cbt.kernel.errors import InvalidInput
from itembank.core import interactions as qti
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText
from itembank.core.metadata import ItemMetadata

_T = TypeVar("_T")
ITEM_FORMAT: Final = "item/2"
KEY_FORMAT: Final = "key/2"
METADATA_FORMAT: Final = "item-metadata/1"
_READ: Final = MappingProxyType({ITEM_FORMAT: "item/1", KEY_FORMAT: "key/1", METADATA_FORMAT: METADATA_FORMAT})
_KINDS: Final[Mapping[str, type]] = MappingProxyType(
    {
        "choice": qti.ChoiceInteraction,
        "order": qti.OrderInteraction,
        "associate": qti.AssociateInteraction,
        "match": qti.MatchInteraction,
        "inline-choice": qti.InlineChoiceInteraction,
        "gap-match": qti.GapMatchInteraction,
        "hottext": qti.HottextInteraction,
        "text-entry": qti.TextEntryInteraction,
        "extended-text": qti.ExtendedTextInteraction,
        "hotspot": qti.HotspotInteraction,
        "select-point": qti.SelectPointInteraction,
        "graphic-order": qti.GraphicOrderInteraction,
        "graphic-associate": qti.GraphicAssociateInteraction,
        "graphic-gap-match": qti.GraphicGapMatchInteraction,
        "position-object": qti.PositionObjectInteraction,
        "slider": qti.SliderInteraction,
        "upload": qti.UploadInteraction,
        "drawing": qti.DrawingInteraction,
        "media": qti.MediaInteraction,
        "end-attempt": qti.EndAttemptInteraction,
        "match-correct": MatchCorrect,
        "match-text": MatchText,
        "match-number": MatchNumber,
    }
)
_NAMES: Final[Mapping[type, str]] = MappingProxyType({made: kind for kind, made in _KINDS.items()})

INTERACTIONS: Final[Mapping[str, type]] = MappingProxyType(
    {kind: made for kind, made in _KINDS.items() if kind not in {"match-correct", "match-text", "match-number"}}
)


class NotAnItemDocument(InvalidInput):
    """The document is not one that this version of the item bank wrote."""

    code = "not-an-item-document"


def content_document(content: ItemContent) -> dict[str, Any]:
    """Return the document of `content`."""
    return {"format": ITEM_FORMAT, **_object(content)}


def content_from(document: Mapping[str, Any]) -> ItemContent:
    """Return the content that `content_document` wrote; raises NotAnItemDocument."""
    return _read(ItemContent, document, ITEM_FORMAT)


def key_document(key: ItemKey) -> dict[str, Any]:
    """Return the document of `key`."""
    return {"format": KEY_FORMAT, **_object(key)}


def key_from(document: Mapping[str, Any]) -> ItemKey:
    """Return the key that `key_document` wrote; raises NotAnItemDocument."""
    return _read(ItemKey, document, KEY_FORMAT)


def metadata_document(metadata: ItemMetadata) -> dict[str, Any]:
    """Return the document of `metadata`."""
    return {"format": METADATA_FORMAT, **_object(metadata)}


def metadata_from(document: Mapping[str, Any]) -> ItemMetadata:
    """Return the metadata that `metadata_document` wrote; raises NotAnItemDocument."""
    return _read(ItemMetadata, document, METADATA_FORMAT)


def kind_of(interaction: qti.Interaction) -> str:
    """Return the name of the interaction's kind in documents: QTI's, without `Interaction`."""
    return _NAMES[type(interaction)]


def _object(value: Any) -> dict[str, Any]:
    given = {one.name: getattr(value, one.name) for one in fields(value) if getattr(value, one.name) != _default(one)}
    return {name: _plain(part) for name, part in given.items()}


def _default(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind = _NAMES.get(type(value))
        return _object(value) if kind is None else {"kind": kind, **_object(value)}
    match value:
        case tuple():
            return [_plain(part) for part in value]
        case frozenset():
            return sorted(value)
        case Mapping():
            return dict(value)
        case Decimal() | Fraction() | float() | StrEnum():
            return str(value)
        case _:
            return value


def _read(made: type[_T], document: Mapping[str, Any], expected: str) -> _T:
    try:
        if document["format"] not in {expected, _READ[expected]}:
            raise NotAnItemDocument(f"format {document['format']!r} instead of {expected!r}")
        value: _T = _reader(cast("Hashable", made))({name: part for name, part in document.items() if name != "format"})
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise NotAnItemDocument(str(error)) from error
    return value


@cache
def _reader(wanted: Any) -> Callable[[Any], Any]:
    """Return what reads a value of the type `wanted` from its document."""
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin in {Union, UnionType}:
        return _optional(parts) if NoneType in parts else _one_of
    if origin is tuple:
        return _tuple(parts)
    if origin is frozenset:
        return frozenset
    if origin is not None:
        return lambda document: MappingProxyType(dict(document))
    if is_dataclass(wanted):
        return _made(wanted)
    return wanted if wanted in {Decimal, Fraction, float} or issubclass(wanted, StrEnum) else _checked(wanted)


def _checked(wanted: type) -> Callable[[Any], Any]:
    def read(document: Any) -> Any:
        if type(document) is not wanted:
            raise TypeError(f"{document!r:.40} is not of type {wanted.__name__}")
        return document

    return read


def _optional(parts: tuple[Any, ...]) -> Callable[[Any], Any]:
    inner = next(part for part in parts if part is not NoneType)
    return lambda document: None if document is None else _reader(inner)(document)


def _one_of(document: Any) -> Any:
    return _reader(_KINDS[document["kind"]])({name: part for name, part in document.items() if name != "kind"})


def _tuple(parts: tuple[Any, ...]) -> Callable[[Any], Any]:
    if parts[1:] == (Ellipsis,):
        return lambda document: tuple([_reader(parts[0])(part) for part in document])
    return lambda document: tuple([_reader(one)(part) for one, part in zip(parts, document, strict=True)])


def _made(wanted: Any) -> Callable[[Any], Any]:
    readers = {name: _reader(hint) for name, hint in get_type_hints(wanted).items()}
    return lambda document: wanted(**{name: readers[name](part) for name, part in document.items()})
