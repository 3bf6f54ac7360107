"""Texts: the same, one in the other, and matched by a pattern. Compared in composed form (NFC)."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import FLAG, Attribute, Call, Operator
from itembank.core.qti.faults import PatternRefused, ScoringFault, ScoringLimit
from itembank.core.qti.patterns import matches
from itembank.core.qti.values import Value, boolean, folded, scalar_text

_LONGEST: Final = 100_000


def text_of(value: Value) -> str:
    """Return the text of a single value; raises ScoringFault for a container or a very long one."""
    if len(value.scalars) != 1:
        raise ScoringFault("One text is needed, not a container")
    text = scalar_text(value.scalars[0])
    if len(text) > _LONGEST:
        raise ScoringLimit("A text is too long to be compared")
    return unicodedata.normalize("NFC", text)


def _texts(call: Call, *, case_sensitive: bool) -> tuple[str, str]:
    left, right = (text_of(one) for one in call.given())
    return (left, right) if case_sensitive else (folded(left), folded(right))


def _string_match(call: Call) -> Value | None:
    left, right = _texts(call, case_sensitive=call.flag("case-sensitive", default=True))
    return boolean(right in left if call.flag("substring", default=False) else left == right)


def _substring(call: Call) -> Value | None:
    left, right = _texts(call, case_sensitive=call.flag("case-sensitive", default=True))
    return boolean(left in right)


def _pattern_match(call: Call) -> Value | None:
    pattern = call.text("pattern")
    variable = pattern.removeprefix("{").removesuffix("}")
    if pattern.startswith("{") and variable in call.scope.values:  # a template variable may hold the pattern
        value = call.scope.values[variable]
        if value is None:
            return None
        pattern = text_of(value)
    try:
        return boolean(matches(pattern, text_of(call.given()[0]), spend=call.scope.spend))
    except PatternRefused as refusal:
        raise ScoringFault(refusal.message) from refusal


TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "string-match": Operator(
            run=_string_match, least=2, most=2, strict=True, attributes={"case-sensitive": FLAG, "substring": FLAG}
        ),
        "substring": Operator(run=_substring, least=2, most=2, strict=True, attributes={"case-sensitive": FLAG}),
        "pattern-match": Operator(
            run=_pattern_match, least=1, most=1, strict=True, attributes={"pattern": Attribute(required=True)}
        ),
    }
)
