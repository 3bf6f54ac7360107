"""The key: what scores an item. It is stored, versioned and passed on apart from what a candidate is sent.

An item is scored by simple rules, one for each response variable, or by a QTI program that was imported with it, or
by a person.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from cbt.kernel.errors import Problem
from itembank.core.interactions import (
    ChoiceInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MediaInteraction,
    OrderInteraction,
    TextEntryInteraction,
)
from itembank.core.items import ItemContent
from itembank.core.options import OptionGroup, option_groups
from itembank.core.qti.scoring import ScoredBy


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCorrect:
    """Right when the values are exactly these (their order counts for ordered responses only); pairs are `A B`."""

    correct: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchText:
    """Right when the typed text is one of these, after trimming, joining of spaces and Unicode composition."""

    accepted: tuple[str, ...]
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchNumber:
    """Right when the typed number lies within `tolerance` of `value`, both ends included."""

    value: Decimal
    tolerance: Decimal = Decimal(0)


Rule: TypeAlias = MatchCorrect | MatchText | MatchNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseKey:
    """The rule of one response variable."""

    identifier: str
    rule: Rule


class FeedbackKind(StrEnum):
    """Where a feedback stands: in a line, in the body, or beside the item."""

    INLINE = "inline"
    BLOCK = "block"
    MODAL = "modal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Words that appear (or with `hidden` disappear) when the outcome variable holds `value`; `content` is clean HTML.

    `place` is the mark in the body where they stand; a modal feedback has none.
    """

    kind: FeedbackKind
    outcome: str
    value: str
    content: str
    place: str = ""
    title: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QtiProgram:
    """What scores an item in QTI's own way.

    `source` is a QTI 3 item without a body: declarations, template processing and response processing. The outcome
    variable SCORE, divided by `max_score` (above 0), is the part of the points that is earned.
    """

    source: str
    max_score: Fraction = Fraction(1)
    scored_by: ScoredBy = ScoredBy.RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKey:
    """All that scores one item, with what explains it: rules, or a program instead; `explanation` is clean HTML."""

    responses: tuple[ResponseKey, ...] = ()
    program: QtiProgram | None = None
    feedback: tuple[Feedback, ...] = ()
    explanation: str = ""
    references: tuple[str, ...] = ()

    @property
    def scored_by(self) -> ScoredBy:
        """Who scores the item."""
        return ScoredBy.RULES if self.program is None else self.program.scored_by

    def find(self, identifier: str) -> ResponseKey | None:
        """Return the key of the response variable, or None."""
        return next((one for one in self.responses if one.identifier == identifier), None)


def check_key(content: ItemContent, key: ItemKey, where: str) -> tuple[Problem, ...]:
    """Return what keeps `key` from scoring `content`: a missing rule, a foreign rule, a choice that is not there."""
    if key.program is not None:
        return ()
    asked = {one.response: one for one in content.interactions if not isinstance(one, MediaInteraction)}
    problems = [
        Problem(where=where, code="key-missing", hint=f"response {name} has no key")
        for name in asked
        if key.find(name) is None
    ]
    for one in key.responses:
        interaction = asked.get(one.identifier)
        hint = "it is not in the item" if interaction is None else _misfit(interaction, one.rule)
        if hint:
            problems.append(Problem(where=where, code="key-misfit", hint=f"response {one.identifier}: {hint}"))
    return tuple(problems)


def _misfit(interaction: Interaction, rule: Rule) -> str:
    match interaction, rule:
        case TextEntryInteraction(), MatchText():
            return "" if rule.accepted else "no accepted text"
        case TextEntryInteraction(), MatchNumber():
            return "" if rule.tolerance >= 0 else "the tolerance is negative"
        case _, MatchCorrect() if groups := option_groups(interaction):
            return _named_misfit(groups, rule) or _count_misfit(interaction, rule)
        case _:
            return "the rule does not fit the kind of answer"


def _named_misfit(groups: tuple[OptionGroup, ...], rule: MatchCorrect) -> str:
    there = {identifier for group in groups for identifier in group.identifiers}
    foreign = [name for value in rule.correct for name in value.split() if name not in there]
    if foreign:
        return f"there is no option {', '.join(foreign)}"
    if not rule.correct or len(set(rule.correct)) != len(rule.correct):
        return "the correct options must be named, each once"
    return ""


def _count_misfit(interaction: Interaction, rule: MatchCorrect) -> str:
    match interaction:
        case InlineChoiceInteraction():
            most = 1
        case ChoiceInteraction() | HottextInteraction() | OrderInteraction():
            most = interaction.max_choices
        case _:
            most = 0
    if most and len(rule.correct) > most:
        return f"{len(rule.correct)} correct options, but only {most} may be chosen"
    return ""
