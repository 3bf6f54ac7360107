"""Writes the program of an item: a QTI 3 item without a body, its declarations and its response processing.

Points are whole numbers of a unit that all fractions share, and only the last step divides, so thirds stay exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Final, assert_never

from itembank.core.qti.shapes import Area
from itembank.core.variables import Cardinality
from itembank.formats.scoring_source.parts import (
    AcceptedText,
    Areas,
    ByPerson,
    Computed,
    ComputedNumber,
    Exactly,
    Mapped,
    Placed,
    Range,
    Ranges,
    ScoredPart,
    Texts,
)
from itembank.formats.scoring_source.wildcards import LONGEST_PATTERN, has_wildcard, literal, pattern_of

POINTS: Final = "SCORE_"
_NAMESPACE: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_ITEM: Final = (
    f'<qti-assessment-item xmlns="{_NAMESPACE}" identifier="item" title="" adaptive="false" time-dependent="false">'
)
_ZERO: Final = "<qti-default-value><qti-value>0</qti-value></qti-default-value>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part with the units of points that it is worth."""

    part: ScoredPart
    units: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Variables that are drawn for each candidate: their declarations and the processing that sets them, in QTI 3."""

    declarations: str
    processing: str


def source_of(shares: Sequence[Share], unit: int, parts: Sequence[ScoredPart], drawing: Drawing | None) -> str:
    """Return the program; without shares a person scores the parts, or nobody does when there are none."""
    human = ' external-scored="human"' if parts and not shares else ""
    lines = [_ITEM, *([_declaration(share) for share in shares] or [_plain_declaration(one) for one in parts])]
    lines += [_outcome("SCORE", human), *(_outcome(POINTS + share.part.declaration.identifier) for share in shares)]
    if drawing is not None:
        lines += [drawing.declarations, f"<qti-template-processing>{drawing.processing}</qti-template-processing>"]
    if shares:
        rules = [rule for share in shares for rule in _rules(share)]
        lines += ["<qti-response-processing>", *rules, _total(shares, unit), "</qti-response-processing>"]
    return "\n".join([*lines, "</qti-assessment-item>"])


def _plain_declaration(part: ScoredPart, inner: str = "") -> str:
    one = part.declaration
    start = (
        f'<qti-response-declaration identifier="{one.identifier}" cardinality="{one.cardinality}" '
        f'base-type="{one.base_type}"'
    )
    return f"{start}>{inner}</qti-response-declaration>" if inner else f"{start}/>"


def _declaration(share: Share) -> str:
    part = share.part
    match part.scoring:
        case Exactly(correct=values) | Placed(order=values):
            return _plain_declaration(part, _correct(values))
        case Mapped(values=values):
            return _plain_declaration(part, _correct(_best(part, values)) + _mapping(share, values))
        case Areas(areas=areas):
            return _plain_declaration(part, _area_mapping(share, areas))
        case Texts(accepted=texts):
            plain = [literal(one.text) for one in texts if one.fraction == 1 and not has_wildcard(one.text)]
            return _plain_declaration(part, _correct(tuple(plain[:1])))
        case Ranges() | Computed() | ByPerson():
            return _plain_declaration(part)
    assert_never(part.scoring)


def _correct(values: tuple[str, ...]) -> str:
    inner = "".join(f"<qti-value>{escape(value)}</qti-value>" for value in values)
    return f"<qti-correct-response>{inner}</qti-correct-response>" if values else ""


def _best(part: ScoredPart, values: tuple[tuple[str, Fraction], ...]) -> tuple[str, ...]:
    """Return the values that earn most: all that earn anything, or of a single response the first of the best."""
    good = tuple(value for value, fraction in values if fraction > 0)
    if part.declaration.cardinality is not Cardinality.SINGLE:
        return good
    return tuple(value for value, fraction in values if fraction == max(one for _, one in values))[: len(good[:1])]


def _mapping(share: Share, values: tuple[tuple[str, Fraction], ...]) -> str:
    several = share.part.declaration.cardinality is not Cardinality.SINGLE
    bounds = f' lower-bound="0" upper-bound="{_units(share.units)}"' if several else ""
    entries = "".join(
        f'<qti-map-entry map-key="{escape(value)}" mapped-value="{_units(fraction * share.units)}"/>'
        for value, fraction in values
    )
    return f'<qti-mapping default-value="0"{bounds}>{entries}</qti-mapping>'


def _area_mapping(share: Share, areas: tuple[tuple[Area, Fraction], ...]) -> str:
    entries = "".join(
        f'<qti-area-map-entry shape="{area.shape}" coords="{",".join(str(one) for one in area.coords)}" '
        f'mapped-value="{_units(fraction * share.units)}"/>'
        for area, fraction in areas
    )
    bounds = f'lower-bound="0" upper-bound="{_units(share.units)}"'
    return f'<qti-area-mapping default-value="0" {bounds}>{entries}</qti-area-mapping>'


def _units(number: Fraction) -> str:
    return str(int(number))


def _outcome(identifier: str, more: str = "") -> str:
    start = f'<qti-outcome-declaration identifier="{identifier}" cardinality="single" base-type="float"{more}>'
    return f"{start}{_ZERO}</qti-outcome-declaration>"


def _rules(share: Share) -> Iterator[str]:
    scoring, name = share.part.scoring, share.part.declaration.identifier
    match scoring:
        case Exactly():
            test = f'<qti-match>{_variable(name)}<qti-correct identifier="{name}"/></qti-match>'
            yield _chain([(test, _set(name, _float(share.units)))])
        case Mapped():
            yield _set(name, f'<qti-map-response identifier="{name}"/>')
        case Areas():
            yield _set(name, f'<qti-map-response-point identifier="{name}"/>')
        case Placed():
            yield from _placed(share, scoring)
        case Texts() | Ranges() | Computed():
            yield _chain([(test, _set(name, _float(worth * share.units))) for test, worth in _tests(name, scoring)])
        case ByPerson():
            return
        case _:
            assert_never(scoring)


def _tests(name: str, scoring: Texts | Ranges | Computed) -> Iterator[tuple[str, Fraction]]:
    match scoring:
        case Texts(accepted=texts):
            yield from ((_text_test(name, one, scoring), one.fraction) for one in texts)
        case Ranges(accepted=ranges):
            yield from ((_range_test(name, one), one.fraction) for one in ranges)
        case Computed(accepted=numbers):
            yield from ((_near_test(name, one), one.fraction) for one in numbers)
        case _:
            assert_never(scoring)


def _placed(share: Share, scoring: Placed) -> Iterator[str]:
    name = share.part.declaration.identifier
    each = share.units / len(scoring.order)
    for place, value in enumerate(scoring.order, start=1):
        here = f'<qti-index n="{place}">{_variable(name)}</qti-index>'
        test = f'<qti-match>{here}<qti-base-value base-type="identifier">{escape(value)}</qti-base-value></qti-match>'
        more = f"<qti-sum>{_variable(POINTS + name)}{_float(each)}</qti-sum>"
        yield _chain([(test, _set(name, more))])


def _text_test(name: str, one: AcceptedText, texts: Texts) -> str:
    pattern = pattern_of(one.text, case_sensitive=texts.case_sensitive)
    if len(pattern) <= LONGEST_PATTERN:
        return f'<qti-pattern-match pattern="{escape(pattern)}">{_variable(name)}</qti-pattern-match>'
    sensitive = "true" if texts.case_sensitive else "false"
    value = f'<qti-base-value base-type="string">{escape(literal(one.text))}</qti-base-value>'
    return f'<qti-string-match case-sensitive="{sensitive}">{_variable(name)}{value}</qti-string-match>'


def _range_test(name: str, one: Range) -> str:
    tests = []
    if one.low is not None:
        tests.append(f"<qti-gte>{_variable(name)}{_float(one.low)}</qti-gte>")
    if one.high is not None:
        tests.append(f"<qti-lte>{_variable(name)}{_float(one.high)}</qti-lte>")
    return f"<qti-and>{''.join(tests)}</qti-and>" if tests else _is_given(name)


def _is_given(name: str) -> str:
    return f"<qti-not><qti-is-null>{_variable(name)}</qti-is-null></qti-not>"


def _near_test(name: str, one: ComputedNumber) -> str:
    mode = "relative" if one.relative else "absolute"
    tolerance = f'tolerance-mode="{mode}" tolerance="{number_text(one.tolerance)}"'
    return f"<qti-equal {tolerance}>{_variable(one.variable)}{_variable(name)}</qti-equal>"


def _chain(branches: list[tuple[str, str]]) -> str:
    """Return the condition of which the first branch that is true is followed."""
    names = ["qti-response-if", *["qti-response-else-if"] * (len(branches) - 1)]
    inner = [f"<{name}>{test}{rule}</{name}>" for name, (test, rule) in zip(names, branches, strict=True)]
    return f"<qti-response-condition>{''.join(inner)}</qti-response-condition>"


def _set(name: str, expression: str, prefix: str = POINTS) -> str:
    return f'<qti-set-outcome-value identifier="{prefix}{name}">{expression}</qti-set-outcome-value>'


def _total(shares: Sequence[Share], unit: int) -> str:
    total = f"<qti-sum>{''.join(_variable(POINTS + one.part.declaration.identifier) for one in shares)}</qti-sum>"
    whole = f"<qti-divide>{total}{_float(Fraction(unit))}</qti-divide>" if unit > 1 else total
    return _set("SCORE", whole, prefix="")


def _variable(name: str) -> str:
    return f'<qti-variable identifier="{name}"/>'


def _float(number: Fraction | Decimal) -> str:
    return f'<qti-base-value base-type="float">{number_text(number)}</qti-base-value>'


def number_text(number: Fraction | Decimal) -> str:
    """Return a whole number or a decimal as QTI writes it, exactly."""
    if isinstance(number, Fraction):
        return _units(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
