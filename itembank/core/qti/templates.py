"""The fixed response processing templates of QTI and Common Cartridge, built in: no template file is ever loaded."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import Expression
from itembank.core.qti.processing import Branch, Condition, Rule, SetValue, Target

_RESPONSE: Final = "RESPONSE"
_SCORE: Final = "SCORE"


def template_rules(address: str) -> tuple[Rule, ...] | None:
    """Return the rules of the template that `address` names by its last part, or None when it is not a fixed one."""
    return TEMPLATES.get(address.rstrip("/").rpartition("/")[2].removesuffix(".xml"))


def _reference(name: str, identifier: str) -> Expression:
    return Expression(name=name, attributes={"identifier": identifier})


def _number(text: str) -> Expression:
    return Expression(name="base-value", attributes={"base-type": "float"}, text=text)


def _word(text: str) -> Expression:
    return Expression(name="base-value", attributes={"base-type": "identifier"}, text=text)


def _set(identifier: str, expression: Expression) -> Rule:
    return SetValue(target=Target.OUTCOME, identifier=identifier, expression=expression)


def _if(test: Expression, then: tuple[Rule, ...], otherwise: tuple[Rule, ...]) -> Rule:
    return Condition(branches=(Branch(test=test, rules=then), Branch(test=None, rules=otherwise)))


_VALUE: Final = _reference("variable", _RESPONSE)
_IS_CORRECT: Final = Expression(name="match", operands=(_VALUE, _reference("correct", _RESPONSE)))
_IS_EMPTY: Final = Expression(name="is-null", operands=(_VALUE,))
_HAS_MAXIMUM: Final = Expression(
    name="equal", operands=(_reference("variable", _SCORE), _reference("variable", "MAXSCORE"))
)
_NOTHING: Final = _set(_SCORE, _number("0"))
_MATCH_CORRECT: Final = (_if(_IS_CORRECT, (_set(_SCORE, _number("1")),), (_NOTHING,)),)
_MAP_RESPONSE: Final = (_if(_IS_EMPTY, (_NOTHING,), (_set(_SCORE, _reference("map-response", _RESPONSE)),)),)
_MAP_RESPONSE_POINT: Final = (
    _if(_IS_EMPTY, (_NOTHING,), (_set(_SCORE, _reference("map-response-point", _RESPONSE)),)),
)

TEMPLATES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "match_correct": _MATCH_CORRECT,
        "map_response": _MAP_RESPONSE,
        "map_response_point": _MAP_RESPONSE_POINT,
        "CC2_match": _MATCH_CORRECT,
        "CC2_match_basic": (
            _if(
                _IS_CORRECT,
                (_set(_SCORE, _reference("variable", "MAXSCORE")), _set("FEEDBACKBASIC", _word("correct"))),
                (_set("FEEDBACKBASIC", _word("incorrect")),),
            ),
        ),
        "CC2_map_response": (
            *_MAP_RESPONSE,
            _if(_HAS_MAXIMUM, (_set("FEEDBACK", _word("correct")),), (_set("FEEDBACK", _word("incorrect")),)),
        ),
    }
)
