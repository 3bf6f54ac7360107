"""The key in the item editor: options that are ticked, answers that are picked, what is typed, or a program."""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from itembank.core import interactions as qti
from itembank.core.item_form_tree import Tree, part_of, rows_of, text_of
from itembank.core.item_form_values import Reading, typed_html, words_in
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, QtiProgram, ResponseKey, Rule, check_key
from itembank.core.options import TARGETS, option_groups
from itembank.core.qti.scoring import ScoredBy

RULES: Final = "rules"
PROGRAM: Final = "program"
SCORING: Final = (RULES, PROGRAM, str(ScoredBy.HUMAN), str(ScoredBy.NOBODY))
NO_SOURCE: Final = '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="human"/>'
# The rows in which the right ones are ticked; all others that have options get rows of answers.
TICKED: Final = {
    qti.ChoiceInteraction: "choices",
    qti.InlineChoiceInteraction: "choices",
    qti.HotspotInteraction: "hotspots",
}
_PAIRED: Final = (
    qti.AssociateInteraction,
    qti.MatchInteraction,
    qti.GapMatchInteraction,
    qti.GraphicAssociateInteraction,
    qti.GraphicGapMatchInteraction,
)
_NUMBER: Final = re.compile(r"[-+−]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][-+]?[0-9]{1,2})?")
_SHARE: Final = re.compile(r"[0-9]{1,9}(?:[./][0-9]{1,9})?")


def paired(interaction: qti.Interaction) -> bool:
    """Return whether an answer is a pair."""
    return isinstance(interaction, _PAIRED)


def has_answers(interaction: qti.Interaction) -> bool:
    """Return whether the key is rows of answers."""
    return type(interaction) not in TICKED and bool(option_groups(interaction))


def sides(interaction: qti.Interaction) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the first and the second part of an answer may be."""
    groups = {group.name: group.identifiers for group in option_groups(interaction)}
    first = groups.get(interaction.response, ())
    return first, groups.get(interaction.response + TARGETS, first if paired(interaction) else ())


def read_key(tree: Tree, content: ItemContent, reading: Reading, kinds: tuple[Tree, ...]) -> ItemKey:
    """Return the key that is typed; `kinds` are the fields of each interaction."""
    explained = ItemKey(
        explanation=reading.html(text_of(tree, "explanation"), "explanation", as_block=True)
        if text_of(tree, "explanation").strip()
        else "",
        references=words_in(text_of(tree, "references")),
    )
    scoring = text_of(tree, "scoring") or RULES
    if scoring in SCORING and scoring != RULES:
        return replace(explained, program=_program(tree, scoring, reading))
    keyed = zip(content.interactions, kinds, strict=True)
    rules = [
        ResponseKey(identifier=one.response, rule=rule)
        for number, (one, fields) in enumerate(keyed)
        if (rule := _rule(one, fields, reading, f"i-{number}")) is not None
    ]
    return replace(explained, responses=tuple(rules))


def _program(tree: Tree, scoring: str, reading: Reading) -> QtiProgram:
    typed = text_of(tree, "max_score").strip() or "1"
    most = Fraction(1)
    if _SHARE.fullmatch(typed) and not typed.endswith("/0"):
        most = Fraction(typed)
    if most <= 0 or not _SHARE.fullmatch(typed):
        reading.refuse("max_score", "bad-max-score")
        most = Fraction(1)
    source = text_of(tree, "program").strip()
    if scoring == PROGRAM:
        if not source:
            reading.refuse("program", "missing")
        return QtiProgram(source=source, max_score=most)
    return QtiProgram(source=source or NO_SOURCE, max_score=most, scored_by=ScoredBy(scoring))


def _rule(interaction: qti.Interaction, fields: Tree, reading: Reading, where: str) -> Rule | None:
    match interaction:
        case qti.TextEntryInteraction():
            return _typed_rule(part_of(fields, "typed"), reading, f"{where}-typed")
        case _ if rows := TICKED.get(type(interaction)):
            right = [text_of(row, "identifier").strip() for row in rows_of(fields, rows) if text_of(row, "right")]
            return MatchCorrect(correct=tuple(right))
        case _ if option_groups(interaction):
            values = [_answer(row, interaction) for row in rows_of(fields, "answers")]
            return MatchCorrect(correct=tuple(value for value in values if value))
        case _:
            return None


def _answer(row: Tree, interaction: qti.Interaction) -> str:
    first, second = text_of(row, "a").strip(), text_of(row, "b").strip()
    return f"{first} {second}".strip() if paired(interaction) else first


def _typed_rule(fields: Tree, reading: Reading, where: str) -> Rule:
    if text_of(fields, "how") != "number":
        accepted = words_in(text_of(fields, "accepted"))
        if not accepted:
            reading.refuse(f"{where}-accepted", "no-accepted")
        return MatchText(accepted=accepted, case_sensitive=bool(text_of(fields, "case")))
    value = _decimal(text_of(fields, "value"), reading, f"{where}-value")
    tolerance = _decimal(text_of(fields, "tolerance") or "0", reading, f"{where}-tolerance")
    if tolerance < 0:
        reading.refuse(f"{where}-tolerance", "bad-tolerance")
    return MatchNumber(value=value, tolerance=max(tolerance, Decimal(0)))


def _decimal(text: str, reading: Reading, where: str) -> Decimal:
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        try:
            return Decimal(plain.replace("−", "-"))
        except InvalidOperation:
            pass
    reading.refuse(where, "bad-decimal")
    return Decimal(0)


def check_answers(content: ItemContent, key: ItemKey, reading: Reading) -> None:
    """Note what keeps the key from scoring the content, each at the fields of its interaction."""
    if key.program is not None:
        return
    for number, one in enumerate(content.interactions):
        alone = replace(content, interactions=(one,), declarations=())
        rules = tuple(rule for rule in key.responses if rule.identifier == one.response)
        problems = check_key(alone, ItemKey(responses=rules), f"i-{number}-key")
        for problem in problems:
            reading.refuse(*_placed(problem.code, problem.hint, one, number))


def _placed(code: str, hint: str, interaction: qti.Interaction, number: int) -> tuple[str, str, str]:
    if code == "key-missing":
        return "scoring", "no-rule", hint
    if type(interaction) in TICKED:
        return f"i-{number}-{TICKED[type(interaction)]}", "bad-ticks", hint.partition(": ")[2]
    return f"i-{number}-answers", "bad-answers", hint.partition(": ")[2]


def typed_key(key: ItemKey | None) -> Tree:
    """Return the fields of the whole item's scoring."""
    if key is None:
        return {"scoring": RULES}
    fields: Tree = {
        "scoring": RULES,
        "explanation": typed_html(key.explanation),
        "references": "\n".join(key.references),
    }
    if key.program is not None:
        by_rules = key.program.scored_by is ScoredBy.RULES
        fields["scoring"] = PROGRAM if by_rules else str(key.program.scored_by)
        fields["program"] = key.program.source
        fields["max_score"] = str(key.program.max_score)
    return fields


def with_key(fields: Tree, interaction: qti.Interaction, rule: Rule | None) -> Tree:
    """Return the fields of an interaction with its rule in them."""
    match rule:
        case MatchText():
            accepted = "\n".join(rule.accepted)
            case = "on" if rule.case_sensitive else ""
            return {**fields, "typed": {"how": "text", "accepted": accepted, "case": case}}
        case MatchNumber():
            number = {"how": "number", "value": f"{rule.value:f}", "tolerance": f"{rule.tolerance:f}"}
            return {**fields, "typed": number}
        case MatchCorrect() if rows := TICKED.get(type(interaction)):
            ticked = [
                {**row, "right": "on" if row["identifier"] in rule.correct else ""} for row in rows_of(fields, rows)
            ]
            return {**fields, rows: ticked}
        case MatchCorrect():
            parts = [value.split(" ", 1) for value in rule.correct]
            return {**fields, "answers": [dict(zip("ab", one, strict=False)) for one in parts]}
        case None:
            return fields
