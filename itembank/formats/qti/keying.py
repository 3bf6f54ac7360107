"""Reads the key of an item: simple rules where its program says no more than they do, else the program itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.interactions import (
    DrawingInteraction,
    EndAttemptInteraction,
    ExtendedTextInteraction,
    Interaction,
    MediaInteraction,
    UploadInteraction,
)
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, QtiProgram, ResponseKey, check_key
from itembank.core.qti.calls import Expression
from itembank.core.qti.exact import read_float
from itembank.core.qti.processing import Condition, LookUp, Rule, SetValue, targets_of
from itembank.core.qti.scoring import ScoredBy, ScoringItem
from itembank.core.scoring import SCORE
from itembank.core.variables import SINGLE_RESPONSE
from itembank.formats.qti.best import worth_of
from itembank.formats.qti.elements import attribute, children, name_of
from itembank.formats.qti.item import ParsedScoring
from itembank.formats.qti.making import source_of
from itembank.formats.qti.notes import Notes
from itembank.formats.qti.rules import rules_of

_READ_BY_PERSONS: Final = (ExtendedTextInteraction, UploadInteraction, DrawingInteraction)
_UNSCORED: Final = (MediaInteraction, EndAttemptInteraction)
_PROGRAM: Final = frozenset(
    {
        "response-declaration",
        "outcome-declaration",
        "template-declaration",
        "context-declaration",
        "template-processing",
        "response-processing",
    }
)
# Of the item itself, what its program needs.
_NAMED: Final = ("identifier", "title", "adaptive", "time-dependent")
_PROCESSING: Final = "response-processing"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReader:
    """Reads the key of one item; `vendor` tells that a part of it is answered in vendor code."""

    root: etree._Element
    scoring: ParsedScoring
    notes: Notes
    vendor: bool = False

    def key(self, content: ItemContent) -> ItemKey:
        """Return the rules or the program that scores `content`; notes why a person must, or what cannot be."""
        item = self.scoring.item
        if item is None or item.scored_by is ScoredBy.REFUSED:
            for one in self.scoring.problems:
                self.notes.refusing(one)
            return ItemKey()
        for warning in self.scoring.warnings:
            self.notes.add(warning)
        by = self._scored_by(item, content.interactions)
        rules = self._rules(content) if by is ScoredBy.RULES else None
        if rules is not None:
            return ItemKey(responses=rules)
        return ItemKey(program=self._program(item, by))

    def _rules(self, content: ItemContent) -> tuple[ResponseKey, ...] | None:
        rules = rules_of(bare_item(self.root))
        if rules is None or check_key(content, ItemKey(responses=rules), "item"):
            return None
        return rules

    def _program(self, item: ScoringItem, by: ScoredBy) -> QtiProgram:
        source = program_source(self.root)
        if by is ScoredBy.NOBODY:
            return QtiProgram(source=source, scored_by=by)
        worth = worth_of(item, self._normal_maximum())
        if worth.note and by is ScoredBy.RULES:
            self._say("max-score", worth.note, lacking=worth.doubtful)
        elif worth.worked_out and by is ScoredBy.RULES:
            self._say(
                "max-score", f"the highest SCORE is not declared; {worth.maximum} is what the best response scores"
            )
        return QtiProgram(source=source, max_score=worth.maximum, scored_by=by)

    def _normal_maximum(self) -> Fraction | None:
        for one in children(self.root):
            if name_of(one) == "outcome-declaration" and attribute(one, "identifier") == SCORE:
                return read_float(attribute(one, "normal-maximum"))
        return None

    def _scored_by(self, item: ScoringItem, interactions: Iterable[Interaction]) -> ScoredBy:
        asked = [one for one in interactions if not isinstance(one, _UNSCORED)]
        if item.scored_by is ScoredBy.HUMAN:
            for one in self.scoring.problems:
                self.notes.lacking(one)
            if not self.scoring.problems:
                self._say("scored-by-person", "SCORE is given by a person, as the item says")
            return ScoredBy.HUMAN
        if self.vendor:
            return ScoredBy.HUMAN
        if not _score_is_set(item):
            return self._without_rules(item, asked)
        lost = self._without_correct(item)
        if lost:
            hint = f"the rules compare {lost} with its correct response, but none is declared; a person scores the item"
            self._say("correct-missing", hint, lacking=True)
            return ScoredBy.HUMAN
        unread = [one for one in asked if isinstance(one, _READ_BY_PERSONS) and not self._mentions(one.response)]
        if unread:
            self._say("scored-by-person", f"no rule looks at {unread[0].response}; a person scores the item")
            return ScoredBy.HUMAN
        return ScoredBy.RULES

    def _without_rules(self, item: ScoringItem, asked: Sequence[Interaction]) -> ScoredBy:
        if not asked:
            return ScoredBy.NOBODY
        if any(isinstance(one, _READ_BY_PERSONS) for one in asked):
            self._say("scored-by-person", "no rule gives SCORE; a person scores the item")
            return ScoredBy.HUMAN
        if item.scored_by is ScoredBy.NOBODY:
            hint = "the item has no response processing: SCORE keeps its default, whatever is answered"
            self._say("not-scored", hint, lacking=True)
            return ScoredBy.NOBODY
        self._say("scored-by-person", "the rules never set SCORE; a person scores the item", lacking=True)
        return ScoredBy.HUMAN

    def _without_correct(self, item: ScoringItem) -> str:
        """Return a response variable that is compared with a correct response which is neither declared nor drawn."""
        known = item.known()
        given = set(targets_of(item.template_rules)) | {name for name, one in known.items() if one.correct is not None}
        return next((name for name in compared_with_correct(item.response_rules) if name not in given), "")

    def _mentions(self, response: str) -> bool:
        for processing in children(self.root):
            if name_of(processing) != _PROCESSING:
                continue
            if attribute(processing, "template") and not children(processing):
                return response == SINGLE_RESPONSE
            if any(attribute(one, "identifier") == response for one in processing.iter(etree.Element)):
                return True
        return False

    def _say(self, code: str, hint: str, *, lacking: bool = False) -> None:
        found = Problem(where="item", code=code, hint=hint)
        if lacking:
            self.notes.lacking(found)
        else:
            self.notes.add(found)


def _score_is_set(item: ScoringItem) -> bool:
    return SCORE in item.known() and SCORE in set(targets_of(item.response_rules))


def compared_with_correct(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield the variables whose correct responses the rules ask for."""
    for rule in rules:
        match rule:
            case SetValue() | LookUp():
                yield from _correct_in(rule.expression)
            case Condition():
                for branch in rule.branches:
                    if branch.test is not None:
                        yield from _correct_in(branch.test)
                    yield from compared_with_correct(branch.rules)
            case _:
                continue


def _correct_in(expression: Expression) -> Iterator[str]:
    if expression.name == "correct":
        yield expression.attributes.get("identifier", "")
    for operand in expression.operands:
        yield from _correct_in(operand)


def program_source(root: etree._Element) -> str:
    """Return the item without its body, under the names of QTI 3 and in one spelling."""
    return source_of(bare_item(root))


def bare_item(root: etree._Element) -> etree._Element:
    """Return a copy of the item that holds its program only."""
    bare = etree.Element("qti-assessment-item")
    for name in _NAMED:
        if (text := root.get(name)) is not None:
            bare.set(name, text)
    for child in children(root):
        if name_of(child) in _PROGRAM:
            bare.append(_bare(child))
    return bare


def _bare(element: etree._Element) -> etree._Element:
    """Return a copy that knows no namespace and no attribute of a foreign one."""
    copy = etree.Element(element.tag)
    for name, text in element.attrib.items():
        if not str(name).startswith("{"):
            copy.set(name, text)
    copy.text = element.text
    for child in children(element):
        again = _bare(child)
        again.tail = child.tail
        copy.append(again)
    return copy
