"""A key back to scored parts, for formats that say it with fractions; only what says exactly the same."""

from decimal import Decimal
from fractions import Fraction

from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, QtiProgram
from itembank.core.qti.calls import Expression
from itembank.core.qti.declarations import Declaration
from itembank.core.qti.exact import read_float
from itembank.core.qti.processing import Condition, Rule, SetValue
from itembank.core.qti.scoring import ScoredBy, ScoringItem
from itembank.core.qti.values import scalar_text
from itembank.core.variables import ResponseDeclaration
from itembank.formats.qti.item import parse_scoring
from itembank.formats.scoring_source.key import program_of, scoring_of
from itembank.formats.scoring_source.parts import (
    AcceptedText,
    Areas,
    ByPerson,
    Exactly,
    Mapped,
    Placed,
    Range,
    Ranges,
    ScoredPart,
    Scoring,
    Texts,
)
from itembank.formats.scoring_source.source import POINTS
from itembank.formats.scoring_source.wildcards import pattern_of, quoted, text_of


def parts_of(content: ItemContent, key: ItemKey) -> tuple[ScoredPart, ...] | None:
    """Return what scores each response of the item, or None when it cannot be said in parts."""
    if key.program is not None:
        return _parts_of_program(content, key.program)
    known = {one.identifier: one for one in content.declarations}
    if any(one.identifier not in known for one in key.responses):
        return None
    return tuple(ScoredPart(declaration=known[one.identifier], scoring=scoring_of(one.rule)) for one in key.responses)


def _parts_of_program(content: ItemContent, program: QtiProgram) -> tuple[ScoredPart, ...] | None:
    """Return the parts whose program this is: read from it, written again, and compared."""
    if program.scored_by is ScoredBy.HUMAN:
        parts = tuple(ScoredPart(declaration=one, scoring=ByPerson()) for one in content.declarations)
        return parts or None
    if program.scored_by is ScoredBy.NOBODY:
        return ()
    item = parse_scoring(program.source.encode()).item
    if item is None:
        return None
    try:
        read = _read_parts(content.declarations, item)
    except (_NotOurs, ArithmeticError):
        return None
    return read if read and program_of(read) == program else None


class _NotOurs(ValueError):
    """The program says something that parts do not."""


def _read_parts(declared: tuple[ResponseDeclaration, ...], item: ScoringItem) -> tuple[ScoredPart, ...]:
    rules: dict[str, list[Rule]] = {}
    for rule in item.response_rules[:-1]:
        rules.setdefault(_target(rule), []).append(rule)
    unit = _unit(item.response_rules[-1] if item.response_rules else None)
    known = item.known()
    several = len(rules) > 1
    parts = []
    for one in declared:
        found = rules.get(POINTS + one.identifier)
        if found is None:
            raise _NotOurs(one.identifier)
        units = _most_units(found, known[one.identifier]) if several else unit
        scoring = _scoring(found, known[one.identifier], units)
        parts.append(ScoredPart(declaration=one, scoring=scoring, weight=units / unit if several else Fraction(1)))
    return tuple(parts)


def _unit(rule: Rule | None) -> Fraction:
    if not isinstance(rule, SetValue):
        raise _NotOurs
    return _number(rule.expression.operands[1]) if rule.expression.name == "divide" else Fraction(1)


def _target(rule: Rule) -> str:
    match rule:
        case SetValue():
            return rule.identifier
        case Condition(branches=(first, *_)) if first.rules:
            return _target(first.rules[0])
        case _:
            raise _NotOurs


def _most_units(rules: list[Rule], declaration: Declaration) -> Fraction:
    match rules[0]:
        case SetValue() if declaration.mapping is not None:
            table = declaration.mapping
            return table.upper or max(one.mapped for one in table.entries)
        case SetValue() if declaration.area_mapping is not None:
            return declaration.area_mapping.upper or Fraction(1)
        case Condition() if _is_placed(rules):
            return sum((_added(rule) for rule in rules), start=Fraction(0))
        case Condition(branches=branches):
            return max(_set_to(branch.rules) for branch in branches)
        case _:
            raise _NotOurs


def _scoring(rules: list[Rule], declaration: Declaration, units: Fraction) -> Scoring:
    if not units:
        raise _NotOurs
    match rules[0]:
        case SetValue() if declaration.mapping is not None:
            entries = declaration.mapping.entries
            values = tuple((scalar_text(one.key), one.mapped / units) for one in entries if one.key is not None)
            return Mapped(values=values)
        case SetValue() if declaration.area_mapping is not None:
            return Areas(areas=tuple((one.area, one.mapped / units) for one in declaration.area_mapping.entries))
        case Condition(branches=branches):
            if _is_placed(rules):
                return Placed(order=_correct(declaration))
            tests = [(branch.test, _set_to(branch.rules) / units) for branch in branches if branch.test is not None]
            return _tested(tests, declaration)
        case _:
            raise _NotOurs


def _tested(tests: list[tuple[Expression, Fraction]], declaration: Declaration) -> Scoring:
    first = tests[0][0]
    if first.name == "match":
        return Exactly(correct=_correct(declaration))
    if first.name in {"pattern-match", "string-match"}:
        accepted = tuple(AcceptedText(text=_text(test), fraction=fraction) for test, fraction in tests)
        return Texts(accepted=accepted, case_sensitive=any(_minds_case(test) for test, _ in tests))
    if first.name in {"and", "not"}:
        return Ranges(accepted=tuple(_range(test, fraction) for test, fraction in tests))
    raise _NotOurs


def _text(test: Expression) -> str:
    if test.name == "pattern-match":
        return text_of(test.attributes.get("pattern", ""))
    return quoted(test.operands[1].text)


def _minds_case(test: Expression) -> bool:
    if test.name == "string-match":
        return test.attributes.get("case-sensitive") == "true"
    pattern = test.attributes.get("pattern", "")
    return pattern_of(text_of(pattern), case_sensitive=False) != pattern


def _range(test: Expression, fraction: Fraction) -> Range:
    bounds = {one.name: _decimal(one.operands[1]) for one in test.operands if one.name in {"gte", "lte"}}
    return Range(low=bounds.get("gte"), high=bounds.get("lte"), fraction=fraction)


def _is_placed(rules: list[Rule]) -> bool:
    first = rules[0]
    test = first.branches[0].test if isinstance(first, Condition) else None
    return test is not None and bool(test.operands) and test.operands[0].name == "index"


def _added(rule: Rule) -> Fraction:
    inner = rule.branches[0].rules[0] if isinstance(rule, Condition) else rule
    if not isinstance(inner, SetValue) or inner.expression.name != "sum":
        raise _NotOurs
    return _number(inner.expression.operands[1])


def _set_to(rules: tuple[Rule, ...]) -> Fraction:
    if len(rules) != 1 or not isinstance(rules[0], SetValue):
        raise _NotOurs
    return _number(rules[0].expression)


def _correct(declaration: Declaration) -> tuple[str, ...]:
    return () if declaration.correct is None else tuple(scalar_text(one) for one in declaration.correct.scalars)


def _number(expression: Expression) -> Fraction:
    number = read_float(expression.text) if expression.name == "base-value" else None
    if number is None:
        raise _NotOurs
    return number


def _decimal(expression: Expression) -> Decimal:
    _number(expression)
    return Decimal(expression.text.strip())
