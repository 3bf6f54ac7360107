"""Response variables as QTI declares them: a name, a cardinality and a base type; no correct value is in here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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
