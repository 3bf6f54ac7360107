"""Builders of QTI expressions, rules and items as XML, and a short way to what they are worth."""

from pathlib import Path

import pytest

from cbt.kernel.chance import Chance
from itembank.core.qti.calls import Scope
from itembank.core.qti.declarations import Declaration, VariableKind
from itembank.core.qti.expressions import check, evaluate
from itembank.core.qti.responses import bind, told
from itembank.core.qti.scoring import respond, start
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti.door import open_document
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti.ruling import read_expression

FIXTURES = Path(__file__).parents[2] / "shared" / "fixtures"
NULL = "<null/>"
SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'


def fixtures(folder: str) -> Path:
    if not (FIXTURES / folder).is_dir():
        pytest.skip("the shared fixtures are not here")
    return FIXTURES / folder


def op(element: str, /, *inner: str, **attributes: object) -> str:
    """Return an element; `base_type=` becomes the attribute baseType, `min_=` min."""
    words = "".join(f' {_hump(key)}="{value}"' for key, value in attributes.items())
    return f"<{element}{words}>{''.join(inner)}</{element}>"


def _hump(name: str) -> str:
    first, *rest = name.strip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def base(kind: str, text: object) -> str:
    return op("baseValue", str(text), base_type=kind)


def num(number: object) -> str:
    return base("integer", number)


def flt(number: object) -> str:
    return base("float", number)


def txt(text: object) -> str:
    return base("string", text)


def name(text: object) -> str:
    return base("identifier", text)


def yes(truth: bool | None) -> str:
    return NULL if truth is None else base("boolean", str(truth).lower())


def var(identifier: str) -> str:
    return op("variable", identifier=identifier)


def bag(*inner: str) -> str:
    return op("multiple", *inner)


def row_of(*inner: str) -> str:
    return op("ordered", *inner)


def variable(
    kind: BaseType, *texts: str, cardinality: Cardinality = Cardinality.SINGLE, role: str = "response", **more: object
) -> tuple[Declaration, tuple[str, ...]]:
    return (
        Declaration(kind=VariableKind(role), identifier="?", cardinality=cardinality, base_type=kind, **more),
        texts,
    )


def expression(xml: str):
    return read_expression(open_document(f"<assessmentItem>{xml}</assessmentItem>".encode())[0])


def scope_of(seed: bytes = b"seed", **variables: tuple[Declaration, tuple[str, ...]]) -> Scope:
    scope = Scope({known: one for known, (one, _) in variables.items()}, Chance(seed))
    scope.values |= {known: bind(one, texts).value for known, (one, texts) in variables.items()}
    return scope


def worth(xml: str, seed: bytes = b"seed", **variables: tuple[Declaration, tuple[str, ...]]):
    """Return what the expression is worth as QTI value text; it must pass the check that runs beforehand."""
    scope = scope_of(seed, **variables)
    read = expression(xml)
    assert list(check(read, scope.declarations)) == []
    return told(evaluate(read, scope))


def faults(xml: str, **variables: tuple[Declaration, tuple[str, ...]]) -> list[str]:
    return [fault.code for fault in check(expression(xml), scope_of(**variables).declarations)]


def item(*inner: str, **attributes: object) -> bytes:
    return op("assessmentItem", *inner, identifier="I", **attributes).encode()


def responding(*rules: str, declared: str = "", template: str = "") -> bytes:
    drawn = op("templateProcessing", template) if template else ""
    return item(declared, drawn, "<itemBody/>", op("responseProcessing", *rules))


def outcomes(payload: bytes, seed: bytes = b"0", **responses: object) -> dict[str, object]:
    """Return the outcomes after one attempt; the item must have no problem."""
    parsed = parse_scoring(payload)
    assert parsed.problems == ()
    known = parsed.item.known()
    values = {identifier: bind(known[identifier], given).value for identifier, given in responses.items()}
    state = respond(parsed.item, start(parsed.item, seed), values)
    return {identifier: told(value) for identifier, value in state.outcomes(parsed.item).items()}
