"""Reads of an assessment test what scores it: its outcomes, its items with categories and weights, its processing."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.qti.exact import read_float
from itembank.core.qti.outcomes import WholeTest
from itembank.core.qti.processing import faults_of
from itembank.core.qti.results import ItemInTest
from itembank.formats.qti.declaring import DeclarationReader
from itembank.formats.qti.door import DocumentRefused, open_document
from itembank.formats.qti.elements import attribute, children, name_of, named, problem
from itembank.formats.qti.item import problems_of
from itembank.formats.qti.ruling import RuleReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedTest:
    """What was read of a test; with `problems` its outcome processing cannot be followed."""

    test: WholeTest | None
    problems: tuple[Problem, ...] = ()


def parse_test(payload: bytes) -> ParsedTest:
    """Return what scores the test in `payload`; a problem names its element and line. Never raises."""
    try:
        root = open_document(payload)
    except DocumentRefused as refusal:
        return ParsedTest(test=None, problems=(Problem(where="document", code=refusal.code, hint=refusal.message),))
    if name_of(root) != "assessment-test":
        return ParsedTest(test=None, problems=(problem(root, "not-a-test", "is not an assessment test"),))
    return read_test(root)


def read_test(root: etree._Element) -> ParsedTest:
    """Return what scores the test that `root` holds."""
    declaring, ruling = DeclarationReader(), RuleReader()
    declarations = declaring.read_all(root)
    rules = ruling.read_all(tuple(rule for one in named(root, "outcome-processing") for rule in children(one)))
    faults = problems_of(faults_of(rules, {one.identifier: one for one in declarations}, test=True))
    items = tuple(item for part in named(root, "test-part") for item in _items(part, frozenset()))
    return ParsedTest(
        test=WholeTest(identifier=attribute(root, "identifier"), declarations=declarations, rules=rules, items=items),
        problems=(*declaring.problems, *ruling.problems, *faults),
    )


def _items(element: etree._Element, sections: frozenset[str]) -> Iterator[ItemInTest]:
    for child in children(element):
        if name_of(child) == "assessment-section":
            yield from _items(child, sections | {attribute(child, "identifier")})
        elif name_of(child) == "assessment-item-ref":
            weights = {
                attribute(one, "identifier"): read_float(attribute(one, "value")) for one in named(child, "weight")
            }
            yield ItemInTest(
                identifier=attribute(child, "identifier"),
                sections=sections,
                categories=frozenset(attribute(child, "category").split()),
                weights={name: weight for name, weight in weights.items() if weight is not None},
            )
