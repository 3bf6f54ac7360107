"""The key of an item in lines for staff: what is right for each response, in words, and who scores it otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from flask_babel import gettext as _
from markupsafe import Markup

from itembank.core.interactions import ChoiceInteraction
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, ResponseKey
from itembank.core.labels import in_words, labels_of
from itembank.core.qti.declarations import VariableKind
from itembank.core.qti.responses import told
from itembank.core.qti.scoring import ScoredBy
from itembank.formats.html.pictures import with_pictures
from itembank.services.keys import scorer_of
from itembank.services.pages import ItemSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """What is right for one response: options with their number on the screen, or words; `source` is a program."""

    response: str
    options: tuple[tuple[int, Markup], ...] = ()
    words: tuple[str, ...] = ()
    note: str = ""
    source: str = ""


def key_lines(sheet: ItemSheet, address: Callable[[str], str]) -> tuple[KeyLine, ...]:
    """Return the lines of the key that the sheet shows; `address` gives the address of a picture."""
    if sheet.key is None:
        return ()
    labels = labels_of(sheet.shown.content)
    if sheet.key.program is not None:
        return _program_lines(sheet, sheet.key, labels)
    choices = {one.response: one for one in sheet.shown.content.choice_interactions()}
    return tuple(_line(one, choices.get(one.identifier), labels, address) for one in sheet.key.responses)


def _line(
    one: ResponseKey,
    interaction: ChoiceInteraction | None,
    labels: Mapping[str, str],
    address: Callable[[str], str],
) -> KeyLine:
    rule = one.rule
    match rule:
        case MatchCorrect() if interaction is not None:
            return KeyLine(response=one.identifier, options=_options(interaction, rule, address))
        case MatchCorrect():
            return KeyLine(response=one.identifier, words=tuple(in_words(value, labels) for value in rule.correct))
        case MatchText():
            note = _("Capitals count.") if rule.case_sensitive else _("Capitals do not count.")
            return KeyLine(response=one.identifier, words=rule.accepted, note=note)
        case MatchNumber():
            note = _("± %(tolerance)s", tolerance=f"{rule.tolerance:f}") if rule.tolerance else ""
            return KeyLine(response=one.identifier, words=(f"{rule.value:f}",), note=note)
    assert_never(rule)


def _options(
    interaction: ChoiceInteraction, rule: MatchCorrect, address: Callable[[str], str]
) -> tuple[tuple[int, Markup], ...]:
    return tuple(
        (number, Markup(with_pictures(choice.content, address)))  # noqa: S704 - cleaned when it was stored
        for number, choice in enumerate(interaction.choices, start=1)
        if choice.identifier in rule.correct
    )


def _program_lines(sheet: ItemSheet, key: ItemKey, labels: Mapping[str, str]) -> tuple[KeyLine, ...]:
    """Return what the program declares to be correct, and the program itself."""
    program = scorer_of(sheet.shown.content, key).program
    declared = [] if program is None else [one for one in program.declarations if one.kind is VariableKind.RESPONSE]
    lines = [
        KeyLine(response=one.identifier, words=_correct(told(one.correct), labels))
        for one in declared
        if one.correct is not None
    ]
    human = key.scored_by is ScoredBy.HUMAN
    note = _("A person marks this item.") if human else _("Scored by the rules that came with the item.")
    return (*lines, KeyLine(response="", note=note, source="" if key.program is None else key.program.source))


def _correct(values: object, labels: Mapping[str, str]) -> tuple[str, ...]:
    listed = values if isinstance(values, list) else [values]
    return tuple(in_words(str(value), labels) for value in listed)
