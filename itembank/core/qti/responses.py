"""Turns what a candidate gave, as QTI value text, into the value of a response variable, and values back into text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from itembank.core.qti.declarations import Declaration
from itembank.core.qti.exact import read_float
from itembank.core.qti.values import Scalar, Value, container, integer, read_scalar, real, record, scalar_text, single
from itembank.core.variables import BaseType, Cardinality

Given: TypeAlias = str | tuple[str, ...] | Mapping[str, str] | None
Told: TypeAlias = str | list[str] | dict[str, str | list[str]] | None
_NUMBER: Final = re.compile(r"[+-]?([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?")
MOST_GIVEN: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The value of a response variable; `note` says what of the given text could not be taken as it is."""

    value: Value | None
    note: str = ""


def bind(declaration: Declaration, given: Given) -> Bound:
    """Return the value of `given`: text that says nothing in the base type is no response, and is noted."""
    if isinstance(given, Mapping):
        return Bound(value=record([(name, single(BaseType.STRING, text)) for name, text in given.items()]))
    texts = [] if given is None else [given] if isinstance(given, str) else list(given)
    texts = [text for text in texts[:MOST_GIVEN] if text != ""]
    if declaration.cardinality is Cardinality.RECORD:
        return Bound(value=numeric_record(texts[0]) if texts else None)
    base_type = declaration.base_type or BaseType.STRING
    read = [read_scalar(base_type, text) for text in texts]
    scalars: list[Scalar] = [scalar for scalar in read if scalar is not None]
    note = f"not a value of base type {base_type}" if len(scalars) < len(read) else ""
    if declaration.cardinality is not Cardinality.SINGLE:
        return Bound(value=container(declaration.cardinality, base_type, scalars), note=note)
    if len(scalars) > 1:  # real items declare a single value and give several; nothing is lost by keeping them
        several = container(Cardinality.MULTIPLE, base_type, scalars)
        return Bound(value=several, note=note or "several values for a variable that is declared to hold one")
    return Bound(value=single(base_type, scalars[0]) if scalars else None, note=note)


def numeric_record(text: str) -> Value | None:
    """Return the record in which QTI keeps a typed number: its text, its value and how it was written."""
    found = _NUMBER.fullmatch(text.strip())
    number = read_float(text)
    if found is None or number is None:
        return record([("stringValue", single(BaseType.STRING, text))])
    left, right, exponent = found[1] or "", found[2] or "", found[3]
    power = int(exponent or 0)
    whole = number if found[2] is None and exponent is None else None
    return record(
        [
            ("stringValue", single(BaseType.STRING, text)),
            ("floatValue", real(number)),
            ("integerValue", None if whole is None else integer(int(whole))),
            ("leftDigits", integer(len(left))),
            ("rightDigits", integer(len(right))),
            ("ndp", integer(max(0, len(right) - power))),
            ("nsf", integer(len((left + right).lstrip("0")))),
            ("exponent", None if exponent is None else integer(power)),
        ]
    )


def told(value: Value | None) -> Told:
    """Return `value` as QTI value text: one text, a list for a container, a mapping for a record, None for NULL."""
    if value is None:
        return None
    if value.cardinality is Cardinality.RECORD:
        return {name: _plain(told(field)) for name, field in value.fields}
    texts = [scalar_text(scalar) for scalar in value.scalars]
    return texts[0] if value.cardinality is Cardinality.SINGLE else texts


def _plain(text: Told) -> str | list[str]:
    return text if isinstance(text, str | list) else ""
