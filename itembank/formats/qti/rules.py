"""Simple rules as a QTI program, and the recognition of exactly such a program.

Every response of the key counts the same: SCORE is the share of right ones, MAXSCORE is 1. A rule gives a candidate
more than its program in one thing: typed text is trimmed and its inner space joined first, and a typed number may have
thousands commas and spaces. What the program finds right the rule finds right too.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, assert_never

from lxml import etree

from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, ResponseKey, Rule
from itembank.core.qti.exact import read_float
from itembank.core.variables import SINGLE_RESPONSE, BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti.door import open_document
from itembank.formats.qti.elements import attribute, children, name_of, named, text_of
from itembank.formats.qti.making import make, source_of

SCORE: Final = "SCORE"
MAXSCORE: Final = "MAXSCORE"
MATCH_CORRECT: Final = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
_FIXED: Final = frozenset({"match_correct", "CC2_match"})
_NAMING: Final = frozenset({BaseType.IDENTIFIER, BaseType.PAIR, BaseType.DIRECTED_PAIR})
_NUMERIC: Final = frozenset({BaseType.FLOAT, BaseType.INTEGER, BaseType.STRING})
_OUTCOME_TYPES: Final = frozenset({BaseType.FLOAT, BaseType.INTEGER})


def program_of(content: ItemContent, key: ItemKey) -> etree._Element:
    """Return the item without its body that scores as `key` does: declarations and processing, no namespace."""
    if key.program is not None:
        return open_document(key.program.source.encode())
    return _program(content.declarations, key.responses)


def rules_of(root: etree._Element) -> tuple[ResponseKey, ...] | None:
    """Return the rules whose program the item `root` holds, or None when it is no such program.

    Only declarations and processing are looked at. SCORE and MAXSCORE may be declared in any way that means the same.
    """
    processing, declared = named(root, "response-processing"), _declared(root)
    if len(processing) != 1 or declared is None or named(root, "template-processing"):
        return None
    found = _read_rules(root, processing[0])
    if not found or not _outcomes_fit(root, shares=len(found)):
        return None
    again = _program(declared, found)
    return found if _compared(again) == _compared(root) else None


def _program(declarations: tuple[ResponseDeclaration, ...], responses: tuple[ResponseKey, ...]) -> etree._Element:
    rules = {one.identifier: one.rule for one in responses}
    return make(
        "assessment-item",
        inner=(
            *(_declaration(one, rules.get(one.identifier)) for one in declarations),
            _outcome(SCORE, "0"),
            _outcome(MAXSCORE, "1"),
            *((_processing(responses),) if responses else ()),
        ),
    )


def _declaration(one: ResponseDeclaration, rule: Rule | None) -> etree._Element:
    given = {"identifier": one.identifier, "cardinality": one.cardinality.value, "base-type": one.base_type.value}
    if one.cardinality is Cardinality.RECORD:
        del given["base-type"]
    correct = [] if rule is None else [make("value", text=text) for text in _correct(rule)]
    return make("response-declaration", given, [make("correct-response", inner=correct)] if correct else [])


def _correct(rule: Rule) -> tuple[str, ...]:
    match rule:
        case MatchCorrect():
            return rule.correct
        case MatchText():
            return rule.accepted[:1]
        case MatchNumber():
            return (str(rule.value),)
    assert_never(rule)


def _outcome(identifier: str, default: str) -> etree._Element:
    given = {"identifier": identifier, "cardinality": "single", "base-type": "float"}
    return make("outcome-declaration", given, [make("default-value", inner=[make("value", text=default)])])


def _processing(responses: tuple[ResponseKey, ...]) -> etree._Element:
    if len(responses) == 1:
        if responses[0].identifier == SINGLE_RESPONSE and isinstance(responses[0].rule, MatchCorrect):
            return make("response-processing", {"template": MATCH_CORRECT})
        return make("response-processing", inner=[_condition(responses[0], _number("1"))])
    one_more = make("sum", inner=[_variable(SCORE), _number("1")])
    share = make("divide", inner=[_variable(SCORE), _number(str(len(responses)))])
    conditions = [_condition(one, one_more) for one in responses]
    return make("response-processing", inner=[*conditions, _set(share)])


def _condition(one: ResponseKey, worth: etree._Element) -> etree._Element:
    # An element stands in one place only, so each condition gets a copy.
    again = etree.fromstring(etree.tostring(worth))
    return make("response-condition", inner=[make("response-if", inner=[_test(one), _set(again)])])


def _test(one: ResponseKey) -> etree._Element:
    rule = one.rule
    match rule:
        case MatchCorrect():
            return make("match", inner=[_variable(one.identifier), make("correct", {"identifier": one.identifier})])
        case MatchText():
            tests = [_same_text(one.identifier, text, rule) for text in rule.accepted]
            return tests[0] if len(tests) == 1 else make("or", inner=tests)
        case MatchNumber():
            return make("equal", _tolerance(rule), [_variable(one.identifier), _number(str(rule.value))])
    assert_never(rule)


def _same_text(identifier: str, text: str, rule: MatchText) -> etree._Element:
    value = make("base-value", {"base-type": "string"}, text=text)
    sensitive = "true" if rule.case_sensitive else "false"
    return make("string-match", {"case-sensitive": sensitive}, [_variable(identifier), value])


def _tolerance(rule: MatchNumber) -> dict[str, str]:
    if not rule.tolerance:
        return {"tolerance-mode": "exact"}
    return {"tolerance-mode": "absolute", "tolerance": f"{rule.tolerance} {rule.tolerance}"}


def _variable(identifier: str) -> etree._Element:
    return make("variable", {"identifier": identifier})


def _number(text: str) -> etree._Element:
    return make("base-value", {"base-type": "float"}, text=text)


def _set(value: etree._Element) -> etree._Element:
    return make("set-outcome-value", {"identifier": SCORE}, [value])


def _declared(root: etree._Element) -> tuple[ResponseDeclaration, ...] | None:
    found = []
    for one in named(root, "response-declaration"):
        cardinality, base_type = attribute(one, "cardinality"), attribute(one, "base-type")
        if cardinality == Cardinality.RECORD:
            base_type = base_type or BaseType.STRING
        if cardinality not in set(Cardinality) or base_type not in set(BaseType):
            return None
        found.append(
            ResponseDeclaration(
                identifier=attribute(one, "identifier"),
                cardinality=Cardinality(cardinality),
                base_type=BaseType(base_type),
            )
        )
    return tuple(found)


def _read_rules(root: etree._Element, processing: etree._Element) -> tuple[ResponseKey, ...]:
    """Return what the rules must be if they are ours; whether they are shows when they are written again."""
    by_name = {attribute(one, "identifier"): one for one in named(root, "response-declaration")}
    if attribute(processing, "template"):
        return _read_template(by_name, processing)
    read = [_read_rule(by_name, one) for one in children(processing) if name_of(one) == "response-condition"]
    found = tuple(one for one in read if one is not None)
    return found if len(found) == len(read) else ()


def _read_template(by_name: dict[str, etree._Element], processing: etree._Element) -> tuple[ResponseKey, ...]:
    name = attribute(processing, "template").rstrip("/").rpartition("/")[2].removesuffix(".xml")
    if name not in _FIXED or children(processing) or SINGLE_RESPONSE not in by_name:
        return ()
    rule = _read_match(by_name[SINGLE_RESPONSE])
    return () if rule is None else (ResponseKey(identifier=SINGLE_RESPONSE, rule=rule),)


def _read_rule(by_name: dict[str, etree._Element], condition: etree._Element) -> ResponseKey | None:
    test = next((part for branch in children(condition) for part in children(branch)), None)
    identifier = next((attribute(one, "identifier") for one in condition.iter("qti-variable")), "")
    if test is None or identifier not in by_name:
        return None
    declared = by_name[identifier]
    match name_of(test):
        case "match":
            rule = _read_match(declared)
        case "string-match":
            rule = _read_texts(declared, [test])
        case "or":
            rule = _read_texts(declared, list(children(test)))
        case "equal":
            rule = _read_number(declared, test)
        case _:
            return None
    return None if rule is None else ResponseKey(identifier=identifier, rule=rule)


def _read_match(declared: etree._Element) -> Rule | None:
    values = [value for one in named(declared, "correct-response") for value in named(one, "value")]
    correct = tuple(" ".join(text_of(value).split()) for value in values)
    several = len(correct) > 1 and attribute(declared, "cardinality") == Cardinality.SINGLE
    if attribute(declared, "base-type") not in _NAMING or not all(correct) or len(set(correct)) < len(correct):
        return None
    return None if several or not correct else MatchCorrect(correct=correct)


def _read_texts(declared: etree._Element, tests: list[etree._Element]) -> Rule | None:
    texts = tuple(text_of(value) for test in tests for value in named(test, "base-value"))
    if attribute(declared, "base-type") != BaseType.STRING or not texts:
        return None
    return MatchText(accepted=texts, case_sensitive=attribute(tests[0], "case-sensitive") == "true")


def _read_number(declared: etree._Element, test: etree._Element) -> Rule | None:
    texts = [text_of(value).strip() for value in named(test, "base-value")]
    texts += (attribute(test, "tolerance") or "0").split()[:1]
    if attribute(declared, "base-type") not in _NUMERIC or [read_float(text) for text in texts].count(None):
        return None
    try:
        value, tolerance = (Decimal(text) for text in texts)
    except (InvalidOperation, ValueError):
        return None
    return None if tolerance < 0 else MatchNumber(value=value, tolerance=tolerance)


def _outcomes_fit(root: etree._Element, *, shares: int) -> bool:
    """Tell whether SCORE begins at 0, MAXSCORE, if it is there, is 1, and no other outcome is declared."""
    declared = {attribute(one, "identifier"): one for one in named(root, "outcome-declaration")}
    if SCORE not in declared or set(declared) - {SCORE, MAXSCORE}:
        return False
    types = {BaseType.FLOAT} if shares > 1 else _OUTCOME_TYPES
    score, most = declared[SCORE], declared.get(MAXSCORE)
    return _holds(score, "0", types) and (most is None or _holds(most, "1", _OUTCOME_TYPES))


def _holds(declared: etree._Element, number: str, types: frozenset[BaseType] | set[BaseType]) -> bool:
    single = attribute(declared, "cardinality") == Cardinality.SINGLE and attribute(declared, "base-type") in types
    values = [text_of(one) for one in declared.iter("qti-value")]
    plain = set(map(name_of, children(declared))) <= {"default-value"} and not attribute(declared, "external-scored")
    given = [read_float(text) for text in values] or [read_float("0")]
    return single and plain and given == [read_float(number)]


def _compared(root: etree._Element) -> list[str]:
    """Return the parts that decide, each in one spelling."""
    return [source_of(one) for one in _deciding(root)]


def _deciding(root: etree._Element) -> Iterator[etree._Element]:
    for element in children(root):
        if name_of(element) == "response-declaration":
            yield _trimmed(element)
        elif name_of(element) == "response-processing":
            fixed = bool(attribute(element, "template"))
            yield make("response-processing", {"template": MATCH_CORRECT}) if fixed else element


def _trimmed(declared: etree._Element) -> etree._Element:
    """Return a response declaration without the space around values for which space means nothing."""
    again = etree.fromstring(etree.tostring(declared, with_tail=False))
    if attribute(again, "base-type") != BaseType.STRING:
        for value in again.iter("qti-value"):
            value.text = " ".join(text_of(value).split())
    return again
