"""Reads the interactions whose responses name options: choose, order, pair, fill gaps, mark words."""

from html import escape

from lxml import etree

from itembank.core.interactions import (
    AssociateInteraction,
    ChoiceInteraction,
    GapMatchInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    OrderInteraction,
)
from itembank.formats.qti.asking import Ask
from itembank.formats.qti.elements import attribute, named


def read_choice(ask: Ask) -> ChoiceInteraction:
    """Return the choice."""
    return ChoiceInteraction(
        **ask.common(),
        choices=ask.choices("simple-choice"),
        max_choices=ask.most(),
        min_choices=ask.count("min-choices"),
        shuffle=ask.truth("shuffle"),
    )


def read_order(ask: Ask) -> OrderInteraction:
    """Return the ordering."""
    return OrderInteraction(
        **ask.common(),
        choices=ask.choices("simple-choice"),
        max_choices=ask.count("max-choices"),
        min_choices=ask.count("min-choices"),
        shuffle=ask.truth("shuffle"),
    )


def read_associate(ask: Ask) -> AssociateInteraction:
    """Return the pairing of options with each other."""
    return AssociateInteraction(
        **ask.common(),
        choices=ask.choices("simple-associable-choice"),
        max_associations=ask.most("max-associations"),
        min_associations=ask.count("min-associations"),
        shuffle=ask.truth("shuffle"),
    )


def read_match(ask: Ask) -> MatchInteraction:
    """Return the pairing of the options of two sets."""
    sets = [ask.choices("simple-associable-choice", within=one) for one in named(ask.element, "simple-match-set")]
    if len(sets) != 2:  # noqa: PLR2004 - what is paired, and with what
        ask.reading.notes.refuse(ask.element, "wrong-sets", f"needs two sets of options, not {len(sets)}")
        sets = [(), ()]
    return MatchInteraction(
        **ask.common(),
        sources=sets[0],
        targets=sets[1],
        max_associations=ask.most("max-associations"),
        min_associations=ask.count("min-associations"),
        shuffle=ask.truth("shuffle"),
    )


def read_inline_choice(ask: Ask) -> InlineChoiceInteraction:
    """Return the list inside a line."""
    return InlineChoiceInteraction(
        **ask.common(),
        choices=ask.choices("inline-choice"),
        required=ask.truth("required") or ask.count("min-choices") > 0,
        shuffle=ask.truth("shuffle"),
    )


def read_gap_match(ask: Ask) -> GapMatchInteraction:
    """Return the text with gaps."""
    gaps: list[str] = []

    def gap(element: etree._Element) -> str:
        ask.shown_if_drawn(element)
        gaps.append(attribute(element, "identifier"))
        return f'<span data-gap="{escape(gaps[-1])}"></span>'

    content = ask.text_with(gap=gap)
    ask.distinct(gaps, marks=True)
    choices, images = ask.choices("gap-text"), ask.gap_images()
    ask.distinct([*(one.identifier for one in choices), *(one.identifier for one in images)])
    _limits_kept(ask, len(gaps))
    return GapMatchInteraction(
        **ask.common(),
        content=content,
        gaps=tuple(gaps),
        choices=choices,
        images=images,
        shuffle=ask.truth("shuffle"),
    )


def _limits_kept(ask: Ask, gaps: int) -> None:
    most, least = ask.count("max-associations"), ask.count("min-associations")
    if least or (0 < most < gaps):
        ask.reading.notes.lack(ask.element, "limit-left-out", "limits how many gaps are filled; here all may be")


def read_hottext(ask: Ask) -> HottextInteraction:
    """Return the text in which words can be chosen."""
    hottexts: list[str] = []

    def hottext(element: etree._Element) -> str:
        ask.shown_if_drawn(element)
        hottexts.append(attribute(element, "identifier"))
        return f'<span data-hottext="{escape(hottexts[-1])}">{ask.flow.html(element)}</span>'

    content = ask.text_with(hottext=hottext)
    ask.distinct(hottexts, marks=True)
    return HottextInteraction(
        **ask.common(),
        content=content,
        hottexts=tuple(hottexts),
        max_choices=ask.most(),
        min_choices=ask.count("min-choices"),
    )
