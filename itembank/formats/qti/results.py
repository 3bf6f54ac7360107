"""Writes what an attempt came to as QTI results reporting: an `assessmentResult` of the test and of each item.

Plain values in, XML out. Responses are in canonical identifiers, in the order shown where an option order is told; no
correct response is in it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Final

from lxml import etree

from itembank.core.qti.exact import number_text
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration

NAMESPACE: Final = "http://www.imsglobal.org/xsd/imsqti_result_v3p0"
_NOT_NAME: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenResponse:
    """What was given to one response variable; `shown` are its options in the order shown."""

    declaration: ResponseDeclaration
    values: tuple[str, ...]
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome:
    """What one item came to; `place` counts from 1. While a person has still to mark it, `score` is none."""

    code: str
    place: int
    responses: tuple[GivenResponse, ...]
    score: Fraction
    max_score: Fraction
    awaits_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeOutcome:
    """What the whole test came to; `subjects` are points by code, `sessions` names of it elsewhere by who gave them."""

    test: str
    candidate: str
    sessions: tuple[tuple[str, str], ...]
    at: datetime
    score: Fraction
    max_score: Fraction
    passed: bool | None
    subjects: tuple[tuple[str, Fraction], ...]
    items: tuple[ItemOutcome, ...]


def write_results(test: WholeOutcome) -> bytes:
    """Return the assessment result as XML."""
    root = etree.Element(_name("assessmentResult"), nsmap={None: NAMESPACE})
    context = _child(root, "context", sourcedId=test.candidate)
    for source, identifier in test.sessions:
        _child(context, "sessionIdentifier", sourceID=source, identifier=identifier)
    result = _child(root, "testResult", identifier=test.test, datestamp=_instant(test.at))
    for name, number in _test_scores(test):
        _outcome(result, name, BaseType.FLOAT, number_text(number))
    if test.passed is not None:
        _outcome(result, "PASSED", BaseType.BOOLEAN, "true" if test.passed else "false")
    for item in test.items:
        _item(root, item, test.at)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _test_scores(test: WholeOutcome) -> Iterator[tuple[str, Fraction]]:
    yield "SCORE", test.score
    yield "MAXSCORE", test.max_score
    for code, points in test.subjects:
        yield f"SCORE_{_NOT_NAME.sub('_', code)}", points


def _item(root: etree._Element, item: ItemOutcome, at: datetime) -> None:
    status = "pendingResponseProcessing" if item.awaits_person else "final"
    element = _child(
        root,
        "itemResult",
        identifier=item.code,
        sequenceIndex=str(item.place),
        datestamp=_instant(at),
        sessionStatus=status,
    )
    for given in item.responses:
        _response(element, given)
    if not item.awaits_person:
        _outcome(element, "SCORE", BaseType.FLOAT, number_text(item.score))
    _outcome(element, "MAXSCORE", BaseType.FLOAT, number_text(item.max_score))
    _outcome(element, "completionStatus", BaseType.IDENTIFIER, "completed")


def _response(element: etree._Element, given: GivenResponse) -> None:
    declared = given.declaration
    variable = _child(
        element, "responseVariable", identifier=declared.identifier, cardinality=declared.cardinality.value
    )
    if declared.cardinality is not Cardinality.RECORD:
        variable.set("baseType", declared.base_type.value)
    if given.shown:
        variable.set("choiceSequence", " ".join(given.shown))
    _values(_child(variable, "candidateResponse"), given.values)


def _outcome(element: etree._Element, identifier: str, base_type: BaseType, text: str) -> None:
    given = {"identifier": identifier, "cardinality": "single", "baseType": base_type.value}
    _values(_child(element, "outcomeVariable", **given), (text,))


def _values(element: etree._Element, texts: Iterable[str]) -> None:
    for text in texts:
        # What somebody typed may hold a sign that no XML can.
        _child(element, "value").text = _UNWRITABLE.sub("\ufffd", text)


def _child(parent: etree._Element, name: str, **given: str) -> etree._Element:
    return etree.SubElement(parent, _name(name), given)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
