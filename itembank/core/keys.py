"""The key: what scores an item. It is stored, versioned and passed on apart from what a candidate is sent."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from cbt.kernel.errors import Problem
from itembank.core.items import ChoiceInteraction, ItemContent, TextEntryInteraction


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCorrect:
    """Right when the chosen identifiers are exactly these (their order counts for ordered responses only)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKey:
    """All rules of one item with what explains them; `explanation` is sanitized HTML."""

    responses: tuple[ResponseKey, ...]
    explanation: str = ""
    references: tuple[str, ...] = ()

    def find(self, identifier: str) -> ResponseKey | None:
        """Return the key of the response variable, or None."""
        return next((one for one in self.responses if one.identifier == identifier), None)


def check_key(content: ItemContent, key: ItemKey, where: str) -> tuple[Problem, ...]:
    """Return what keeps `key` from scoring `content`: a missing rule, a foreign rule, a choice that is not there."""
    asked = {interaction.response: interaction for interaction in content.interactions}
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


def _misfit(interaction: ChoiceInteraction | TextEntryInteraction, rule: Rule) -> str:
    match interaction, rule:
        case ChoiceInteraction(), MatchCorrect():
            return _choice_misfit(interaction, rule)
        case TextEntryInteraction(), MatchText():
            return "" if rule.accepted else "no accepted text"
        case TextEntryInteraction(), MatchNumber():
            return "" if rule.tolerance >= 0 else "the tolerance is negative"
        case _:
            return "the rule does not fit the kind of answer"


def _choice_misfit(interaction: ChoiceInteraction, rule: MatchCorrect) -> str:
    there = {choice.identifier for choice in interaction.choices}
    foreign = [identifier for identifier in rule.correct if identifier not in there]
    if foreign:
        return f"there is no option {', '.join(foreign)}"
    if not rule.correct or len(set(rule.correct)) != len(rule.correct):
        return "the correct options must be named, each once"
    if interaction.max_choices and len(rule.correct) > interaction.max_choices:
        return f"{len(rule.correct)} correct options, but only {interaction.max_choices} may be chosen"
    return ""
