"""Hypothesis strategies: every kind of interaction, with the rule that fits it and a response that is right."""

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from itembank.core import interactions as qti
from itembank.core.keys import (
    MatchCorrect,
    MatchNumber,
    MatchText,
)
from itembank.core.markup import clean
from itembank.core.variables import BaseType, Cardinality
from tests.strategies_parts import PICTURES, Part, choices_of, lines, picture_of, prompt_of, words
from tests.strategies_pictures import graphic, open_ended


@st.composite
def choice(draw: st.DrawFn, name: str) -> Part:
    """Return one choice or several."""
    choices = draw(choices_of())
    several = draw(st.booleans())
    options = [one.identifier for one in choices]
    most = len(options) if several else 1
    correct = tuple(draw(st.lists(st.sampled_from(options), min_size=1, max_size=most, unique=True)))
    return Part(
        interaction=qti.ChoiceInteraction(
            response=name,
            prompt=prompt_of(draw),
            classes=tuple(draw(st.lists(st.sampled_from(["qti-labels-none", "qti-choices-stacking-2"]), unique=True))),
            choices=choices,
            max_choices=draw(st.sampled_from([0, len(options)])) if several else 1,
            min_choices=draw(st.sampled_from([0, 1])),
            shuffle=draw(st.booleans()),
        ),
        cardinality=Cardinality.MULTIPLE if several else Cardinality.SINGLE,
        base_type=BaseType.IDENTIFIER,
        rule=MatchCorrect(correct=correct),
        right=correct,
    )


@st.composite
def order(draw: st.DrawFn, name: str) -> Part:
    """Return options to put in order."""
    choices = draw(choices_of())
    correct = tuple(draw(st.permutations([one.identifier for one in choices])))
    return Part(
        interaction=qti.OrderInteraction(
            response=name, prompt=prompt_of(draw), choices=choices, shuffle=draw(st.booleans())
        ),
        cardinality=Cardinality.ORDERED,
        base_type=BaseType.IDENTIFIER,
        rule=MatchCorrect(correct=correct),
        right=correct,
    )


@st.composite
def associate(draw: st.DrawFn, name: str) -> Part:
    """Return options to pair with each other."""
    choices = draw(choices_of(least=4, most=4))
    one, two, three, four = (choice.identifier for choice in choices)
    correct = draw(st.sampled_from([(f"{one} {two}",), (f"{one} {three}", f"{four} {two}")]))
    return Part(
        interaction=qti.AssociateInteraction(
            response=name,
            prompt=prompt_of(draw),
            choices=choices,
            max_associations=draw(st.sampled_from([0, 2])),
            shuffle=draw(st.booleans()),
        ),
        cardinality=Cardinality.MULTIPLE,
        base_type=BaseType.PAIR,
        rule=MatchCorrect(correct=correct),
        right=correct,
    )


@st.composite
def match(draw: st.DrawFn, name: str) -> Part:
    """Return options of two sets to pair."""
    sources = draw(choices_of(pins=False, most=3))
    targets = tuple(
        qti.Choice(identifier=f"T{number}", content=draw(lines), match_max=draw(st.sampled_from([0, 1, 4])))
        for number in range(1, 3)
    )
    correct = tuple(f"{one.identifier} {draw(st.sampled_from(targets)).identifier}" for one in sources)
    return Part(
        interaction=qti.MatchInteraction(
            response=name, prompt=prompt_of(draw), sources=sources, targets=targets, max_associations=len(sources)
        ),
        cardinality=Cardinality.MULTIPLE,
        base_type=BaseType.DIRECTED_PAIR,
        rule=MatchCorrect(correct=correct),
        right=correct,
    )


@st.composite
def inline_choice(draw: st.DrawFn, name: str) -> Part:
    """Return a list inside a line."""
    choices = draw(choices_of())
    correct = (draw(st.sampled_from(choices)).identifier,)
    return Part(
        interaction=qti.InlineChoiceInteraction(
            response=name, choices=choices, required=draw(st.booleans()), shuffle=draw(st.booleans())
        ),
        cardinality=Cardinality.SINGLE,
        base_type=BaseType.IDENTIFIER,
        rule=MatchCorrect(correct=correct),
        right=correct,
        block=False,
    )


@st.composite
def gap_match(draw: st.DrawFn, name: str) -> Part:
    """Return a text with two gaps."""
    choices = draw(choices_of(pins=False, least=3))
    images = (
        (qti.GapImage(identifier="IMG", picture=picture_of(PICTURES[1], "a lamp"), match_max=2),)
        if draw(st.booleans())
        else ()
    )
    first, second = draw(st.permutations([one.identifier for one in choices]))[:2]
    correct = (f"{first} G1", f"{second} G2")
    return Part(
        interaction=qti.GapMatchInteraction(
            response=name,
            prompt=prompt_of(draw),
            content=f'<p>{draw(lines)} <span data-gap="G1"></span>, <span data-gap="G2"></span>.</p>',
            gaps=("G1", "G2"),
            choices=choices,
            images=images,
            shuffle=draw(st.booleans()),
        ),
        cardinality=Cardinality.MULTIPLE,
        base_type=BaseType.DIRECTED_PAIR,
        rule=MatchCorrect(correct=correct),
        right=correct,
        assets=(PICTURES[1],) if images else (),
    )


@st.composite
def hottext(draw: st.DrawFn, name: str) -> Part:
    """Return a text with marked words."""
    text = f'<p>{draw(lines)} <span data-hottext="H1">{draw(lines)}</span> and <span data-hottext="H2">b</span></p>'
    correct = draw(st.sampled_from([("H1",), ("H2",), ("H1", "H2")]))
    return Part(
        interaction=qti.HottextInteraction(
            response=name, prompt=prompt_of(draw), content=clean(text), hottexts=("H1", "H2"), max_choices=0
        ),
        cardinality=Cardinality.MULTIPLE,
        base_type=BaseType.IDENTIFIER,
        rule=MatchCorrect(correct=correct),
        right=correct,
    )


@st.composite
def text_entry(draw: st.DrawFn, name: str) -> Part:
    """Return a line to type a text into."""
    accepted = tuple(draw(st.lists(words, min_size=1, max_size=3, unique=True)))
    return Part(
        interaction=qti.TextEntryInteraction(
            response=name,
            expected_length=draw(st.integers(1, 60)),
            placeholder_hint=draw(st.sampled_from(["", "word"])),
        ),
        cardinality=Cardinality.SINGLE,
        base_type=BaseType.STRING,
        rule=MatchText(accepted=accepted, case_sensitive=draw(st.booleans())),
        right=accepted[:1],
        block=False,
    )


@st.composite
def number_entry(draw: st.DrawFn, name: str) -> Part:
    """Return a line to type a number into."""
    value = draw(st.decimals(-1000, 1000, places=2))
    return Part(
        interaction=qti.TextEntryInteraction(response=name, expected_length=12),
        cardinality=Cardinality.SINGLE,
        base_type=BaseType.FLOAT,
        rule=MatchNumber(value=value, tolerance=draw(st.decimals(0, 10, places=2))),
        right=(str(value),),
        block=False,
    )


KINDS: Mapping[str, Callable[[str], st.SearchStrategy[Part]]] = {
    "choice": choice,
    "order": order,
    "associate": associate,
    "match": match,
    "inline-choice": inline_choice,
    "gap-match": gap_match,
    "hottext": hottext,
    "text": text_entry,
    "number": number_entry,
    "graphic": graphic,
    "open": open_ended,
}
