"""What must hold of an item beyond each field: names that differ, places that are there, words that can be read."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from itembank.core import interactions as qti
from itembank.core.item_form_values import Reading
from itembank.core.items import ItemContent
from itembank.core.markup import places, visible_text
from itembank.core.options import option_groups

IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ROWS: Final = ("choices", "sources", "targets", "hotspots", "images")
_LEAST_OPTIONS: Final = 2


def check_content(content: ItemContent, reading: Reading) -> None:
    """Note what is wrong with an item that is read already."""
    _check_words(content, reading)
    if not content.interactions:
        reading.refuse("kinds", "no-interaction")
    here = places(content.body)
    names = [one.response for one in content.interactions]
    if sorted(here) != sorted(names):
        reading.refuse("body", "places-differ", ", ".join(sorted(set(here) ^ set(names)) or set(here)))
    for number, one in enumerate(content.interactions):
        if one.response and not IDENTIFIER.fullmatch(one.response):
            reading.refuse(f"i-{number}-response", "bad-identifier")
        if names.count(one.response) > 1:
            reading.refuse(f"i-{number}-response", "same-identifier")
        _check_interaction(one, f"i-{number}", reading)


def _check_words(content: ItemContent, reading: Reading) -> None:
    if not _LANGUAGE.fullmatch(content.language):
        reading.refuse("language", "bad-choice")
    prompts = "".join(one.prompt for one in content.interactions)
    if not visible_text(content.body + prompts):
        reading.refuse("body", "no-text")


def _check_interaction(one: qti.Interaction, where: str, reading: Reading) -> None:
    _check_names(one, where, reading)
    groups = option_groups(one)
    if groups and not groups[0].identifiers:
        hottext = isinstance(one, qti.HottextInteraction)
        field, code = (f"{where}-content", "no-hottexts") if hottext else (_first_rows(one, where), "no-options")
        reading.refuse(field, code)
    match one:
        case qti.ChoiceInteraction() | qti.InlineChoiceInteraction() | qti.OrderInteraction() if (
            len(one.choices) < _LEAST_OPTIONS
        ):
            reading.refuse(f"{where}-choices", "few-options")
        case qti.GapMatchInteraction() if not one.gaps:
            reading.refuse(f"{where}-content", "no-gaps")
        case qti.SliderInteraction():
            _check_slider(one, where, reading)
        case qti.MediaInteraction() if not one.sha256:
            reading.refuse(f"{where}-file", "no-media")
        case _:
            return


def _check_names(one: qti.Interaction, where: str, reading: Reading) -> None:
    seen: set[str] = set()
    for field, identifier in _identifiers(one, where):
        if identifier and not IDENTIFIER.fullmatch(identifier):
            reading.refuse(field, "bad-identifier")
        if identifier in seen:
            reading.refuse(field, "same-identifier")
        seen.add(identifier)


def _identifiers(one: qti.Interaction, where: str) -> Iterator[tuple[str, str]]:
    for name in _ROWS:
        for number, row in enumerate(getattr(one, name, ())):
            yield f"{where}-{name}-{number}-identifier", row.identifier


def _first_rows(one: qti.Interaction, where: str) -> str:
    return next(f"{where}-{name}" for name in _ROWS if hasattr(one, name))


def _check_slider(one: qti.SliderInteraction, where: str, reading: Reading) -> None:
    for name in ("lower", "upper", "step"):
        if not _DECIMAL.fullmatch(getattr(one, name)):
            reading.refuse(f"{where}-{name}", "bad-decimal")
            return
    if Decimal(one.lower) >= Decimal(one.upper):
        reading.refuse(f"{where}-upper", "bad-scale")
    if Decimal(one.step) <= 0:
        reading.refuse(f"{where}-step", "bad-step")
