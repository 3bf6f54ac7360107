"""The search of a bank as its address has it: read strictly, written back the same, so that a list can be shared."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, TypeVar

from werkzeug.datastructures import MultiDict

from itembank.core.listing import LONGEST_SEARCH, ItemQuery, Order
from itembank.core.marks import AnswerKind, Feature, Scoring
from itembank.core.records import ItemStatus

Name = TypeVar("Name", bound=StrEnum)
_MOST_CHOSEN: Final = 100
_MOST_FORMS: Final = 10**9
_HEX_ID: Final = 32


def read_query(raw: MultiDict[str, str]) -> ItemQuery:
    """Return the query of an address; what cannot be read asks for nothing."""
    return ItemQuery(
        text=raw.get("q", "").strip()[:LONGEST_SEARCH],
        statuses=_chosen(raw, "status", ItemStatus),
        areas=frozenset(raw.getlist("area")[:_MOST_CHOSEN]),
        features=_chosen(raw, "shows", Feature),
        answers=_chosen(raw, "answer", AnswerKind),
        scoring=_chosen(raw, "scored", Scoring),
        authors=frozenset(filter(None, map(_author, raw.getlist("author")[:_MOST_CHOSEN])))
        | (frozenset({""}) if "none" in raw.getlist("author") else frozenset()),
        levels=frozenset(raw.getlist("level")[:_MOST_CHOSEN]),
        enemy=raw.get("enemy", "")[:LONGEST_SEARCH],
        p_from=_share(raw.get("p_from", "")),
        p_to=_share(raw.get("p_to", "")),
        forms_from=_whole(raw.get("forms_from", "")),
        forms_to=_whole(raw.get("forms_to", "")),
        order=next((one for one in Order if one.value == raw.get("sort")), Order.CODE),
        descending=raw.get("down") == "1",
    )


def address_of(query: ItemQuery) -> dict[str, Any]:
    """Return the arguments of the address that `read_query` reads back; what is not asked for is left out."""
    found: dict[str, Any] = {
        "q": query.text,
        "status": sorted(query.statuses),
        "area": sorted(query.areas),
        "shows": sorted(query.features),
        "answer": sorted(query.answers),
        "scored": sorted(query.scoring),
        "author": sorted(one or "none" for one in query.authors),
        "level": sorted(query.levels),
        "enemy": query.enemy,
        "p_from": _plain(query.p_from),
        "p_to": _plain(query.p_to),
        "forms_from": _plain(query.forms_from),
        "forms_to": _plain(query.forms_to),
        "sort": "" if query.order is Order.CODE else query.order.value,
        "down": "1" if query.descending else "",
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def sorted_by(query: ItemQuery, order: Order) -> Mapping[str, Any]:
    """Return the arguments of the address that sorts by `order`, or the other way round when it does already."""
    turned = query.order is order and not query.descending
    return address_of(replace(query, order=order, descending=turned))


def _chosen(raw: MultiDict[str, str], name: str, kinds: type[Name]) -> frozenset[Name]:
    known = {kind.value for kind in kinds}
    return frozenset(kinds(value) for value in raw.getlist(name) if value in known)


def _author(text: str) -> str:
    return text if len(text) == _HEX_ID and set(text) <= set("0123456789abcdef") else ""


def _share(text: str) -> Decimal | None:
    """Return a share from 0 to 1, to a thousandth; percent may be written with a sign."""
    plain = text.strip()[:12]
    try:
        found = Decimal(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
        return found.quantize(Decimal("0.001")) if 0 <= found <= 1 else None
    except InvalidOperation:
        return None


def _whole(text: str) -> int | None:
    plain = text.strip()[:12]
    return int(plain) if plain.isascii() and plain.isdecimal() and int(plain) <= _MOST_FORMS else None


def _plain(value: Decimal | int | None) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
