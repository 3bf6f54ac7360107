"""Response processing of QTI 1.2 as a program of QTI 3, exactly.

A condition that ends the processing leaves it; NULL is what an unanswered response gives, so nothing but `unanswered`
and `other` holds for it. Numbers are floats: exact in our interpreter. When several outcomes are scored, SCORE is
their sum at any time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lxml import etree

from itembank.core.qti.exact import number_text
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti.making import make, source_of
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.conditions import (
    Assignment,
    Compared,
    Either,
    Every,
    Holds,
    InOrder,
    Inside,
    Leaf,
    Not,
    OneOf,
    Other,
    Processing,
    RespCondition,
    Test,
    Unanswered,
    VarEqual,
    has_other,
)

SCORE: Final = "SCORE"
FEEDBACK: Final = "FEEDBACK"
HELD: Final = "HELD"
NAMESPACE: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_NUMERIC: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT})
_OPERATIONS: Final = {"add": "sum", "subtract": "subtract", "multiply": "product", "divide": "divide"}
Answers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes the program of one item."""

    identifier: str
    asked: Mapping[str, Asked]
    outcomes: Mapping[str, str]  # the file's names of what is scored, and ours
    feedback: Mapping[str, str]  # the file's names of its feedback, and ours
    feedback_holds: bool = True  # a condition that only shows feedback keeps `other` from holding (not so in Canvas)

    def program(self, processing: Processing, correct: Answers) -> str:
        """Return the program that scores as `processing` says; `correct` is declared as the correct responses."""
        counted = any(has_other(one.test) for one in processing.conditions)
        rules = [rule for one in processing.conditions for rule in self._rule(one, counted=counted)]
        body = [
            *declarations([part for one in self.asked.values() for part in one.declarations], correct),
            *self._outcomes(processing, counted=counted),
            make("response-processing", inner=rules),
        ]
        return finished(self.identifier, body)

    def _outcomes(self, processing: Processing, *, counted: bool) -> Iterator[etree._Element]:
        first = {one.name: one.default for one in processing.outcomes}
        names = {ours: first.get(theirs, Fraction(0)) for theirs, ours in self.outcomes.items()}
        if SCORE not in names:
            yield outcome(SCORE, sum(names.values(), start=Fraction(0)))
        for ours, default in names.items():
            yield outcome(ours, default)
        if self.feedback:
            yield make(
                "outcome-declaration", {"identifier": FEEDBACK, "cardinality": "multiple", "base-type": "identifier"}
            )
        if counted:
            no = make("default-value", inner=(make("value", text="false"),))
            yield make(
                "outcome-declaration", {"identifier": HELD, "cardinality": "single", "base-type": "boolean"}, (no,)
            )

    def _rule(self, one: RespCondition, *, counted: bool) -> Iterator[etree._Element]:
        rules = [rule for change in one.assignments if not change.idle for rule in self._assigned(change)]
        rules += [self._shown(ident) for ident in one.feedback if ident in self.feedback]
        if one.ends:
            rules.append(make("exit-response"))
        elif counted and not has_other(one.test) and (one.assignments or self.feedback_holds):
            yes = make("base-value", {"base-type": "boolean"}, text="true")
            rules.append(make("set-outcome-value", {"identifier": HELD}, (yes,)))
        if rules:
            yield make("response-condition", inner=(make("response-if", inner=(self.test(one.test), *rules)),))

    def _assigned(self, change: Assignment) -> Iterator[etree._Element]:
        name = self.outcomes[change.outcome]
        amount = number(change.amount)
        if change.action != "set":
            amount = make(_OPERATIONS[change.action], inner=(variable(name), amount))
        yield make("set-outcome-value", {"identifier": name}, (amount,))
        if SCORE not in self.outcomes.values():
            total = make("sum", inner=[variable(ours) for ours in self.outcomes.values()])
            yield make("set-outcome-value", {"identifier": SCORE}, (total,))

    def _shown(self, ident: str) -> etree._Element:
        added = make("multiple", inner=(variable(FEEDBACK), word(self.feedback[ident])))
        return make("set-outcome-value", {"identifier": FEEDBACK}, (added,))

    def test(self, test: Test) -> etree._Element:
        """Return the expression that is true when `test` holds."""
        match test:
            case Every(tests=()) | Either(tests=()):
                return make("base-value", {"base-type": "boolean"}, text=str(isinstance(test, Every)).lower())
            case Every() | Either():
                name = "and" if isinstance(test, Every) else "or"
                return make(name, inner=[self.test(one) for one in test.tests])
            case Not():
                return make("not", inner=(self.test(test.test),))
            case Other():
                return make("not", inner=(variable(HELD),))
            case _:
                return self._leaf(test)

    def _leaf(self, leaf: Leaf) -> etree._Element:
        return _LEAVES[type(leaf)](self.asked[leaf.response], leaf)


def _equal(asked: Asked, leaf: VarEqual) -> etree._Element:
    value = asked.value(leaf.value)
    if value is None or not value.strip():
        return make("base-value", {"base-type": "boolean"}, text="false")
    held = _held(asked)
    if asked.base_type in _NUMERIC:
        return _near(held, leaf)
    if leaf.place is not None and asked.cardinality is Cardinality.ORDERED:
        held = make("index", {"n": str(leaf.place)}, (held,))
    elif asked.cardinality is not Cardinality.SINGLE:
        return make("member", inner=(_base(asked, value), held))
    if asked.base_type is BaseType.STRING:
        sensitive = "true" if leaf.case_sensitive else "false"
        return make("string-match", {"case-sensitive": sensitive}, (held, _base(asked, value)))
    return make("match", inner=(held, _base(asked, value)))


def _near(held: etree._Element, leaf: VarEqual) -> etree._Element:
    exact = make("base-value", {"base-type": "float"}, text=leaf.value)
    if leaf.margin and not leaf.relative:
        return make("equal", {"tolerance-mode": "absolute", "tolerance": f"{leaf.margin} {leaf.margin}"}, (exact, held))
    if leaf.margin:
        return make("equal", {"tolerance-mode": "relative", "tolerance": f"{leaf.margin} {leaf.margin}"}, (exact, held))
    if leaf.figures is not None:
        mode = "decimalPlaces" if leaf.decimals else "significantFigures"
        return make("equal-rounded", {"rounding-mode": mode, "figures": str(leaf.figures)}, (held, exact))
    return make("equal", {"tolerance-mode": "exact"}, (held, exact))


def _in_order(asked: Asked, leaf: InOrder) -> etree._Element:
    return make("match", inner=(_held(asked), _container("ordered", asked, leaf.values)))


def _compared(asked: Asked, leaf: Compared) -> etree._Element:
    return make(leaf.operator, inner=(_held(asked), make("base-value", {"base-type": "float"}, text=leaf.value)))


def _inside(asked: Asked, leaf: Inside) -> etree._Element:
    coords = ",".join(str(one) for one in leaf.area.coords)
    return make("inside", {"shape": str(leaf.area.shape), "coords": coords}, (_held(asked),))


def _one_of(asked: Asked, leaf: OneOf) -> etree._Element:
    if leaf.exactly:
        return make("match", inner=(_held(asked), _container("multiple", asked, leaf.values)))
    return make("or", inner=[_equal(asked, VarEqual(response=leaf.response, value=one)) for one in leaf.values])


def _holds(asked: Asked, leaf: Holds) -> etree._Element:
    if leaf.pattern:
        return make("pattern-match", {"pattern": leaf.value}, (_held(asked),))
    sensitive = "true" if leaf.case_sensitive else "false"
    return make(
        "string-match", {"case-sensitive": sensitive, "substring": "true"}, (_held(asked), _base(asked, leaf.value))
    )


def _unanswered(asked: Asked, _leaf: Unanswered) -> etree._Element:
    return make("is-null", inner=(_held(asked),))


_LEAVES: Final[Mapping[type, Callable[..., etree._Element]]] = {
    VarEqual: _equal,
    InOrder: _in_order,
    Compared: _compared,
    Inside: _inside,
    OneOf: _one_of,
    Holds: _holds,
    Unanswered: _unanswered,
}


def _held(asked: Asked) -> etree._Element:
    parts = [variable(name) for name in asked.names]
    return parts[0] if len(parts) == 1 else make("multiple", inner=parts)


def _container(kind: str, asked: Asked, values: Sequence[str]) -> etree._Element:
    return make(kind, inner=[_base(asked, asked.value(one) or one) for one in values])


def _base(asked: Asked, value: str) -> etree._Element:
    return make("base-value", {"base-type": str(asked.base_type)}, text=value)


def variable(name: str) -> etree._Element:
    """Return the expression that is the value of a variable."""
    return make("variable", {"identifier": name})


def number(amount: Fraction) -> etree._Element:
    """Return the expression that is this number."""
    return make("base-value", {"base-type": "float"}, text=number_text(amount))


def word(identifier: str) -> etree._Element:
    """Return the expression that is this identifier."""
    return make("base-value", {"base-type": "identifier"}, text=identifier)


def outcome(name: str, default: Fraction, *, external: bool = False) -> etree._Element:
    """Return the declaration of a number that is an outcome."""
    attributes = {"identifier": name, "cardinality": "single", "base-type": "float"}
    if external:
        attributes["external-scored"] = "human"
    value = make("default-value", inner=(make("value", text=number_text(default)),))
    return make("outcome-declaration", attributes, (value,))


def declarations(declared: Iterable[ResponseDeclaration], correct: Answers) -> Iterator[etree._Element]:
    """Yield the declarations of the responses with their correct values."""
    for one in declared:
        attributes = {
            "identifier": one.identifier,
            "cardinality": str(one.cardinality),
            "base-type": str(one.base_type),
        }
        values = [make("value", text=text) for text in correct.get(one.identifier, ())]
        yield make("response-declaration", attributes, (make("correct-response", inner=values),) if values else ())


def finished(identifier: str, body: Iterable[etree._Element]) -> str:
    """Return the item without a body that holds `body`, as text."""
    attributes = {"identifier": identifier, "title": identifier, "adaptive": "false", "time-dependent": "false"}
    item = make("assessment-item", attributes, body)
    return source_of(item).replace("<qti-assessment-item ", f'<qti-assessment-item xmlns="{NAMESPACE}" ', 1)
