"""Reads an assessment test as a structure: parts, sections, items, and the rules of its navigation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.qti.assessment.structure import (
    AssessmentTest,
    BranchRule,
    Child,
    ItemRef,
    Navigation,
    Section,
    Selection,
    SessionControl,
    Submission,
    TestPart,
    TimeLimits,
)
from itembank.core.qti.calls import Expression
from itembank.core.qti.exact import read_float
from itembank.core.qti.expressions import check
from itembank.formats.qti.door import DocumentRefused, open_document
from itembank.formats.qti.elements import attribute, children, name_of, named, problem
from itembank.formats.qti.item import problems_of
from itembank.formats.qti.ruling import read_expression
from itembank.formats.qti.whole_test import read_test

_TRUE: Final = frozenset({"true", "1"})
_DEEPEST: Final = 20
_FLAGS: Final = (
    "show-feedback",
    "allow-review",
    "show-solution",
    "allow-comment",
    "allow-skipping",
    "validate-responses",
)

# Gives the file under an href of the test, or None.
Beside = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedAssessment:
    """What was read of a test; with `problems` it cannot be walked or scored as it says."""

    test: AssessmentTest | None
    problems: tuple[Problem, ...] = ()


def parse_assessment(payload: bytes, beside: Beside = lambda _href: None) -> ParsedAssessment:
    """Return the test in `payload`; sections in files of their own are read from `beside`. Never raises."""
    try:
        root = open_document(payload)
    except DocumentRefused as refusal:
        return ParsedAssessment(
            test=None, problems=(Problem(where="document", code=refusal.code, hint=refusal.message),)
        )
    if name_of(root) != "assessment-test":
        return ParsedAssessment(test=None, problems=(problem(root, "not-a-test", "is not an assessment test"),))
    scored = read_test(root)
    reader = _Reader(beside, {one.identifier: one for one in scored.test.declarations} if scored.test else {})
    parts = tuple(reader.part(one) for one in named(root, "test-part"))
    if scored.test is None:
        return ParsedAssessment(test=None, problems=scored.problems)
    test = AssessmentTest(
        identifier=attribute(root, "identifier"),
        title=attribute(root, "title"),
        parts=parts,
        scoring=scored.test,
        time_limits=reader.time_limits(root),
    )
    return ParsedAssessment(test=test, problems=(*scored.problems, *reader.problems))


class _Reader:
    def __init__(self, beside: Beside, known: Mapping[str, Any]) -> None:
        self.problems: list[Problem] = []
        self._beside = beside
        self._known = known

    def part(self, element: etree._Element) -> TestPart:
        """Return the part that `element` holds."""
        linear = attribute(element, "navigation-mode") != "nonlinear"
        together = attribute(element, "submission-mode") == "simultaneous"
        return TestPart(
            **self._station(element),
            sections=tuple(child for child in self._children(element, 0) if isinstance(child, Section)),
            navigation=Navigation.LINEAR if linear else Navigation.NONLINEAR,
            submission=Submission.SIMULTANEOUS if together else Submission.INDIVIDUAL,
        )

    def time_limits(self, element: etree._Element) -> TimeLimits | None:
        """Return the limits that `element` sets, or None."""
        for limits in named(element, "time-limits"):
            return TimeLimits(
                least_s=self._number(limits, "min-time"),
                most_s=self._number(limits, "max-time"),
                late=_flag(limits, "allow-late-submission"),
            )
        return None

    def _children(self, element: etree._Element, depth: int) -> Iterator[Child]:
        for child in children(element):
            match name_of(child):
                case "assessment-section":
                    yield self._section(child, depth + 1)
                case "assessment-section-ref":
                    yield from self._section_elsewhere(child, depth + 1)
                case "assessment-item-ref":
                    yield self._item(child)
                case _:
                    continue

    def _section_elsewhere(self, element: etree._Element, depth: int) -> Iterator[Section]:
        payload = self._beside(attribute(element, "href")) if depth < _DEEPEST else None
        if payload is None:
            self._refuse(element, "section-missing", f"names {attribute(element, 'href')[:100]!r}, which is not there")
            return
        try:
            root = open_document(payload)
        except DocumentRefused as refusal:
            self._refuse(element, refusal.code, refusal.message)
            return
        if name_of(root) == "assessment-section":
            yield self._section(root, depth)
        else:
            self._refuse(element, "section-missing", "names a file that is no section")

    def _section(self, element: etree._Element, depth: int) -> Section:
        if depth > _DEEPEST:
            self._refuse(element, "too-deep", "stands in too many sections")
            return Section(identifier=attribute(element, "identifier"), children=())
        return Section(
            **self._station(element),
            children=tuple(self._children(element, depth)),
            title=attribute(element, "title"),
            visible=_flag(element, "visible", otherwise=True),
            keep_together=_flag(element, "keep-together", otherwise=True),
            required=_flag(element, "required"),
            fixed=_flag(element, "fixed"),
            selection=self._selection(element),
            shuffle=any(_flag(one, "shuffle") for one in named(element, "ordering")),
        )

    def _selection(self, element: etree._Element) -> Selection | None:
        for one in named(element, "selection"):
            count = self._whole(one, "select")
            if count is not None:
                return Selection(select=count, with_replacement=_flag(one, "with-replacement"))
            self._refuse(one, "wrong-number", "needs select, a whole number")
        return None

    def _item(self, element: etree._Element) -> ItemRef:
        weights = {attribute(one, "identifier"): self._number(one, "value") for one in named(element, "weight")}
        return ItemRef(
            **self._station(element),
            href=attribute(element, "href"),
            required=_flag(element, "required"),
            fixed=_flag(element, "fixed"),
            categories=frozenset(attribute(element, "category").split()),
            weights={name: weight for name, weight in weights.items() if weight is not None},
            variable_mappings={
                attribute(one, "source-identifier"): attribute(one, "target-identifier")
                for one in named(element, "variable-mapping")
            },
        )

    def _station(self, element: etree._Element) -> dict[str, Any]:
        return {
            "identifier": attribute(element, "identifier"),
            "pre_conditions": tuple(
                found for one in named(element, "pre-condition") for found in self._expressions(one)
            ),
            "branch_rules": tuple(
                BranchRule(target=attribute(one, "target"), expression=found)
                for one in named(element, "branch-rule")
                for found in self._expressions(one)
            ),
            "control": self._control(element),
            "time_limits": self.time_limits(element),
        }

    def _expressions(self, element: etree._Element) -> Iterator[Expression]:
        inner = children(element)
        if len(inner) != 1:
            self._refuse(element, "wrong-operands", f"takes 1 expression, not {len(inner)}")
            return
        expression = read_expression(inner[0])
        self.problems += problems_of(check(expression, self._known, test=True))
        yield expression

    def _control(self, element: etree._Element) -> SessionControl:
        for one in named(element, "item-session-control"):
            flags = {name.replace("-", "_"): _flag(one, name) for name in _FLAGS if one.get(name) is not None}
            return SessionControl(max_attempts=self._whole(one, "max-attempts"), **flags)
        return SessionControl()

    def _whole(self, element: etree._Element, name: str) -> int | None:
        number = self._number(element, name)
        return int(number) if number is not None and number == int(number) and number >= 0 else None

    def _number(self, element: etree._Element, name: str) -> Fraction | None:
        text = attribute(element, name)
        number = read_float(text) if text else None
        if text and number is None:
            self._refuse(element, "wrong-number", f"has {name}={text[:40]!r}, which is no number")
        return number

    def _refuse(self, element: etree._Element, code: str, hint: str) -> None:
        self.problems.append(problem(element, code, hint))


def _flag(element: etree._Element, name: str, *, otherwise: bool = False) -> bool:
    text = attribute(element, name)
    return text in _TRUE if text else otherwise
