"""Drawn values in the text of an item: which variables it prints, and as what words."""

import re
from collections.abc import Mapping
from typing import Final

from itembank.core.interactions import ChoiceInteraction, GapMatchInteraction, HottextInteraction, OrderInteraction
from itembank.core.items import ItemContent
from itembank.core.qti.declarations import VariableKind
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.responses import told
from itembank.core.qti.scoring import ScoringItem, start

_PRINTED: Final = re.compile(r'<span data-printed="([A-Za-z_][A-Za-z0-9_.-]{0,63})"></span>')


def printed_names(content: ItemContent) -> frozenset[str]:
    """Return the variables that the item's text, prompts and options print."""
    return frozenset(name for text in _texts(content) for name in _PRINTED.findall(text))


def printed_values(content: ItemContent, program: ScoringItem, seed: bytes) -> Mapping[str, str]:
    """Return the words of the drawn variables that `content` prints, and of no others.

    Only template variables are drawn before the attempt; an outcome, which could tell the key, is never printed.
    """
    try:
        values = start(program, seed).values
    except ScoringFault:
        return {}
    names = printed_names(content) & frozenset(program.of_kind(VariableKind.TEMPLATE))
    return {name: _words(told(values.get(name))) for name in sorted(names)}


def _words(text: object) -> str:
    match text:
        case str():
            return text
        case list():
            return ", ".join(map(str, text))
        case _:
            return ""


def _texts(content: ItemContent) -> list[str]:
    texts = [content.body, *(one.prompt for one in content.interactions)]
    for one in content.interactions:
        if isinstance(one, ChoiceInteraction | OrderInteraction):
            texts += [choice.content for choice in one.choices]
        elif isinstance(one, GapMatchInteraction | HottextInteraction):
            texts.append(one.content)
    return texts
