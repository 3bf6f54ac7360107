"""Reads of an assessment item what scores it: declarations, template processing and response processing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.qti.declarations import Declaration, VariableKind
from itembank.core.qti.expressions import CUSTOM, Fault
from itembank.core.qti.processing import Rule, faults_of
from itembank.core.qti.scoring import BUILT_IN, ScoredBy, ScoringItem
from itembank.core.qti.templates import template_rules
from itembank.formats.qti.declaring import DeclarationReader
from itembank.formats.qti.door import DocumentRefused, open_document
from itembank.formats.qti.elements import attribute, children, name_of, named, place_of, problem
from itembank.formats.qti.ruling import RuleReader

_ITEM: Final = "assessment-item"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedScoring:
    """What was read of an item; `problems` keep it from being scored by rules, `warnings` do not."""

    item: ScoringItem | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def parse_scoring(payload: bytes) -> ParsedScoring:
    """Return what scores the item in `payload`; a problem names its element and line. Never raises."""
    try:
        root = open_document(payload)
    except DocumentRefused as refusal:
        return ParsedScoring(item=None, problems=(Problem(where="document", code=refusal.code, hint=refusal.message),))
    if name_of(root) != _ITEM:
        return ParsedScoring(item=None, problems=(problem(root, "not-an-item", "is not an assessment item"),))
    return read_scoring(root)


def read_scoring(root: etree._Element) -> ParsedScoring:
    """Return what scores the item that `root` holds."""
    declaring, ruling = DeclarationReader(), RuleReader()
    declarations = declaring.read_all(root)
    template = ruling.read_all(tuple(rule for one in named(root, "template-processing") for rule in children(one)))
    unread_template = bool(ruling.problems)
    processing = named(root, "response-processing")
    response = _response_rules(processing, ruling)
    known = {one.identifier: one for one in (*BUILT_IN, *declarations)}
    template_faults, faults = problems_of(faults_of(template, known)), problems_of(faults_of(response, known))
    problems = (*declaring.problems, *ruling.problems, *template_faults, *faults)
    item = ScoringItem(
        identifier=attribute(root, "identifier"),
        declarations=declarations,
        template_rules=template,
        response_rules=response,
        scored_by=_scored_by(declarations, problems, processed=bool(processing)),
        drawn_by_rules=not (unread_template or template_faults),
        adaptive=attribute(root, "adaptive") in {"true", "1"},
    )
    return ParsedScoring(item=item, problems=problems, warnings=tuple(declaring.warnings))


def _response_rules(processing: tuple[etree._Element, ...], ruling: RuleReader) -> tuple[Rule, ...]:
    """Return the rules of the named template when it is a fixed one, else those inside the element."""
    if not processing:
        return ()
    address = attribute(processing[0], "template") or attribute(processing[0], "template-location")
    fixed = template_rules(address) if address else None
    inner = children(processing[0])
    if address and fixed is None and not inner:
        ruling.problems.append(problem(processing[0], "unknown-template", f"names {address[:100]}, which is not known"))
    return ruling.read_all(inner) if fixed is None else fixed


def _scored_by(declarations: tuple[Declaration, ...], problems: tuple[Problem, ...], *, processed: bool) -> ScoredBy:
    outside = any(one.external for one in declarations if one.kind is VariableKind.OUTCOME)
    if outside or any(one.code == CUSTOM for one in problems):
        return ScoredBy.HUMAN
    if problems:
        return ScoredBy.REFUSED
    return ScoredBy.RULES if processed else ScoredBy.NOBODY


def problems_of(faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """Return the faults as problems that name element and line."""
    return tuple(Problem(where=place_of(one.line, one.element), code=one.code, hint=one.hint) for one in faults)
