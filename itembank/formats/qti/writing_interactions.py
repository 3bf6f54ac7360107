"""Each interaction as its element of QTI 3; those on pictures are in `writing_graphic`."""

from collections.abc import Iterable

from lxml import etree

from itembank.core.interactions import (
    AssociateInteraction,
    Choice,
    ChoiceInteraction,
    EndAttemptInteraction,
    ExtendedTextInteraction,
    GapMatchInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    OrderInteraction,
    SliderInteraction,
    TextEntryInteraction,
    UploadInteraction,
)
from itembank.formats.qti.making import make
from itembank.formats.qti.writing_body import Pen
from itembank.formats.qti.writing_graphic import begin, flag, gap_image, limits, no_prompt, pairs, write_graphic


def write_interaction(pen: Pen, one: Interaction) -> etree._Element:
    """Return the element of one interaction; a position object comes inside its stage."""
    match one:
        case ChoiceInteraction() | OrderInteraction() | AssociateInteraction() | MatchInteraction():
            return _write_choosing(pen, one)
        case GapMatchInteraction() | HottextInteraction():
            return _write_marked(pen, one)
        case InlineChoiceInteraction() | TextEntryInteraction() | EndAttemptInteraction():
            return _write_in_line(pen, one)
        case ExtendedTextInteraction() | SliderInteraction() | UploadInteraction():
            return _write_open(pen, one)
        case _:
            return write_graphic(pen, one)


def _write_in_line(
    pen: Pen, one: InlineChoiceInteraction | TextEntryInteraction | EndAttemptInteraction
) -> etree._Element:
    no_prompt(pen, one)
    match one:
        case InlineChoiceInteraction():
            given = {"shuffle": flag(one.shuffle), "required": flag(one.required)}
            element = begin(pen, one, "inline-choice", given, prompt=False)
            element.extend(_choices(pen, one.choices, "inline-choice"))
            return element
        case TextEntryInteraction():
            given = {"expected-length": str(one.expected_length)} | _hint(one.placeholder_hint)
            return begin(pen, one, "text-entry", given, prompt=False)
        case EndAttemptInteraction():
            given = {"title": one.title, "count-attempt": flag(one.count_attempt)}
            return begin(pen, one, "end-attempt", given, prompt=False)


def _write_choosing(
    pen: Pen, one: ChoiceInteraction | OrderInteraction | AssociateInteraction | MatchInteraction
) -> etree._Element:
    shuffle = {"shuffle": flag(one.shuffle)}
    if isinstance(one, ChoiceInteraction):
        element = begin(pen, one, "choice", shuffle | limits("choices", one.max_choices, one.min_choices))
        element.extend(_choices(pen, one.choices, "simple-choice"))
        return element
    if isinstance(one, OrderInteraction):
        bounds = limits("choices", one.max_choices, one.min_choices) if one.max_choices or one.min_choices else {}
        element = begin(pen, one, "order", shuffle | bounds)
        element.extend(_choices(pen, one.choices, "simple-choice"))
        return element
    bounds = limits("associations", one.max_associations, one.min_associations)
    if isinstance(one, AssociateInteraction):
        element = begin(pen, one, "associate", shuffle | bounds)
        element.extend(_choices(pen, one.choices, "simple-associable-choice", paired=True))
        return element
    element = begin(pen, one, "match", shuffle | bounds)
    for choices in (one.sources, one.targets):
        inner = _choices(pen, choices, "simple-associable-choice", paired=True)
        element.append(make("simple-match-set", inner=inner))
    return element


def _write_marked(pen: Pen, one: GapMatchInteraction | HottextInteraction) -> etree._Element:
    if isinstance(one, HottextInteraction):
        element = begin(pen, one, "hottext", limits("choices", one.max_choices, one.min_choices))
        return pen.html(element, one.content, marks={"data-hottext": _hottext}, blocks=True)
    element = begin(pen, one, "gap-match", {"shuffle": flag(one.shuffle)})
    if any(choice.pinned for choice in one.choices):
        pen.note(f"response {one.response}", "pinned-left-out", "a text for gaps keeps no place in QTI")
    element.extend(_choices(pen, one.choices, "gap-text", paired=True))
    element.extend(gap_image(pen, image) for image in one.images)
    return pen.html(element, one.content, marks={"data-gap": _gap}, blocks=True)


def _gap(mark: etree._Element, identifier: str) -> Iterable[etree._Element]:
    del mark
    return (make("gap", {"identifier": identifier}),)


def _hottext(mark: etree._Element, identifier: str) -> Iterable[etree._Element]:
    words = make("hottext", {"identifier": identifier}, list(mark))
    words.text = mark.text
    return (words,)


def _write_open(pen: Pen, one: ExtendedTextInteraction | SliderInteraction | UploadInteraction) -> etree._Element:
    match one:
        case ExtendedTextInteraction():
            numbers = {
                "expected-length": one.expected_length,
                "expected-lines": one.expected_lines,
                "max-strings": one.max_strings if one.max_strings != 1 else 0,
                "min-strings": one.min_strings,
            }
            given = {name: str(number) for name, number in numbers.items() if number}
            kind = {"format": "preformatted"} if one.preformatted else {}
            return begin(pen, one, "extended-text", given | kind | _hint(one.placeholder_hint))
        case SliderInteraction():
            given = {
                "lower-bound": one.lower,
                "upper-bound": one.upper,
                "step": one.step,
                "step-label": flag(one.step_label),
                "orientation": "vertical" if one.vertical else "horizontal",
                "reverse": flag(one.reverse),
            }
            return begin(pen, one, "slider", given)
        case UploadInteraction():
            return begin(pen, one, "upload", {"type": " ".join(one.media_types)} if one.media_types else {})


def _choices(pen: Pen, choices: Iterable[Choice], name: str, *, paired: bool = False) -> list[etree._Element]:
    return [_choice(pen, one, name, paired=paired) for one in choices]


def _choice(pen: Pen, one: Choice, name: str, *, paired: bool) -> etree._Element:
    given = {"identifier": one.identifier}
    if paired:
        given |= pairs(one.match_max, one.match_min)
    if one.pinned and name != "gap-text":
        given["fixed"] = "true"
    return pen.html(make(name, given), one.content)


def _hint(words: str) -> dict[str, str]:
    return {"placeholder-text": words} if words else {}
