"""The words of the item editor: kinds of questions, names of fields, and what to do about each problem."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask_babel import gettext as _

from cbt.kernel.errors import Problem
from itembank.web.access import routes
from itembank.web.sentences import sentence


def _l(words: str) -> str:
    """Mark words for translation."""
    return words


_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "choice": _l("Choice from options"),
        "inline-choice": _l("List in a line"),
        "text-entry": _l("Short text or number"),
        "extended-text": _l("Long text"),
        "order": _l("Order"),
        "associate": _l("Pairs"),
        "match": _l("Matching"),
        "gap-match": _l("Words into gaps"),
        "hottext": _l("Words in a text"),
        "hotspot": _l("Part of a picture"),
        "select-point": _l("Point in a picture"),
        "graphic-order": _l("Order in a picture"),
        "graphic-associate": _l("Pairs in a picture"),
        "graphic-gap-match": _l("Labels on a picture"),
        "position-object": _l("Object on a picture"),
        "slider": _l("Slider"),
        "upload": _l("File"),
        "drawing": _l("Drawing"),
        "media": _l("Sound or film"),
        "end-attempt": _l("Button"),
    }
)
_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prompt": _l("Instruction above the answer"),
        "response": _l("Name of the answer"),
        "classes": _l("Classes for its look"),
        "choices": _l("Options"),
        "sources": _l("Left side"),
        "targets": _l("Right side"),
        "hotspots": _l("Areas of the picture"),
        "images": _l("Pictures to place"),
        "feedback": _l("Feedback"),
        "content": _l("Wording"),
        "identifier": _l("Name"),
        "pinned": _l("Keeps its place"),
        "match_max": _l("Pairs at most (0: any number)"),
        "match_min": _l("Pairs at least"),
        "max_choices": _l("Answers at most (0: any number)"),
        "min_choices": _l("Answers at least"),
        "max_associations": _l("Pairs at most (0: any number)"),
        "min_associations": _l("Pairs at least"),
        "shuffle": _l("Shuffle the options"),
        "required": _l("Must be answered"),
        "expected_length": _l("Width in characters"),
        "expected_lines": _l("Lines"),
        "placeholder_hint": _l("Words inside the empty field"),
        "max_strings": _l("Texts at most (0: any number)"),
        "min_strings": _l("Texts at least"),
        "preformatted": _l("Keeps spaces and lines"),
        "picture": _l("Picture"),
        "stage": _l("Picture below"),
        "center": _l("Point of the object that counts (x y)"),
        "label": _l("What it is called"),
        "shape": _l("Shape"),
        "coords": _l("Coordinates in pixels"),
        "lower": _l("From"),
        "upper": _l("To"),
        "step": _l("Step"),
        "step_label": _l("Number each step"),
        "vertical": _l("Upright"),
        "reverse": _l("Greatest value first"),
        "media_types": _l("Kinds of files, such as image/png application/pdf"),
        "autostart": _l("Starts by itself"),
        "loop": _l("Repeats"),
        "min_plays": _l("Plays at least"),
        "max_plays": _l("Plays at most (0: any number)"),
        "title": _l("Title"),
        "count_attempt": _l("Counts as an attempt"),
        "width": _l("Width in pixels"),
        "height": _l("Height in pixels"),
        "kind": _l("Where it appears"),
        "outcome": _l("Outcome variable"),
        "value": _l("Value"),
        "place": _l("Place in the text"),
        "hidden": _l("Disappears instead"),
        "code": _l("Code"),
        "body": _l("Wording"),
    }
)
_OPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "default": _l("The whole picture"),
        "rect": _l("Rectangle (left, top, right, bottom)"),
        "circle": _l("Circle (x, y, radius)"),
        "poly": _l("Polygon (x, y of each corner)"),
        "ellipse": _l("Ellipse (x, y, half width, half height)"),
        "inline": _l("In a line"),
        "block": _l("In the text"),
        "modal": _l("Beside the item"),
        "rules": _l("The right answers above"),
        "program": _l("A QTI program"),
        "human": _l("A person marks it"),
        "nobody": _l("Nobody: it gives no points"),
    }
)
_PLACED: Final = frozenset(
    {"missing", "bad-number", "bad-coordinates", "bad-decimal", "bad-identifier", "same-identifier", "no-picture"}
    | {"active-content", "figure-missing", "bad-choice", "resident-number"}
)


@routes.app_template_filter("kind_words")
def kind_words(kind: str) -> str:
    """Return the name of a kind of interaction."""
    return str(_(_KINDS[kind])) if kind in _KINDS else kind


@routes.app_template_filter("field_words")
def field_words(name: str) -> str:
    """Return the label of a field of the item model."""
    return str(_(_FIELDS[name])) if name in _FIELDS else name


@routes.app_template_filter("option_words")
def option_words(value: str) -> str:
    """Return the name of a value that is chosen from a list."""
    return str(_(_OPTIONS[value])) if value in _OPTIONS else value


def problem_words(problem: Problem) -> str:
    """Return what to do about a problem, as a sentence in the reader's language."""
    words = _words(problem)
    place = _place(problem.where) if problem.code in _PLACED else ""
    return f"{place}: {words}" if place else words or sentence(problem)


def _place(where: str) -> str:
    """Return the words for a field whose sentence does not say which one it is."""
    *above, name = where.split("-")
    rows = [(step, above[place + 1]) for place, step in enumerate(above[:-1]) if step in _FIELDS]
    if rows and rows[-1][1].isdecimal():
        step, number = rows[-1]
        return f"{_(_FIELDS[step])} {int(number) + 1}"
    return str(_(_FIELDS[name])) if above and name in _FIELDS else ""


def _words(problem: Problem) -> str:
    words: dict[str, str] = {
        "missing": _("Fill in this field."),
        "no-text": _("Write the question."),
        "no-interaction": _("Add a way to answer."),
        "places-differ": _("Each answer has one place in the text; check %(names)s.", names=problem.hint),
        "bad-identifier": _("Name: a letter first, then letters, digits, dot, hyphen and underscore."),
        "same-identifier": _("This name is there already; each is used once."),
        "no-options": _("Add options."),
        "few-options": _("Add at least two options."),
        "no-gaps": _("Mark at least one gap in the text."),
        "no-hottexts": _("Mark at least one place in the text that can be chosen."),
        "no-picture": _("Choose a picture."),
        "no-media": _("Choose a sound or film."),
        "bad-number": _("Write a whole number."),
        "bad-coordinates": _("Write whole numbers as the shape needs them."),
        "bad-decimal": _("Write a number."),
        "bad-scale": _("The scale must end above its beginning."),
        "bad-step": _("The step must be above 0."),
        "bad-choice": _("Choose one of the entries."),
        "bad-logit": _("Write a number of logits from -10 to 10, or nothing."),
        "bad-max-score": _("Write the most points the program gives, above 0."),
        "bad-program": _("The program cannot be followed: %(reason)s", reason=problem.hint),
        "bad-tolerance": _("The tolerance is 0 or more."),
        "no-accepted": _("Write at least one text that is right."),
        "no-rule": _("An answer here has no simple rule: choose a QTI program, or let a person mark it."),
        "bad-ticks": _("Tick what is right, and no more than may be chosen."),
        "bad-answers": _("Pick the right answers, each once."),
        "bad-item-code": _("Number: letters, digits, dot, hyphen and underscore, 64 at most."),
        "item-code-taken": _("This number is in use already."),
        "no-area": _("Choose a content area."),
        "figure-missing": _("This picture is not here: upload it, or paste it into the text."),
        "figure-alt": _("A picture has no words for those who cannot see it."),
        "resident-number": _("This looks like a resident registration number; it must not be entered."),
    }
    return words.get(problem.code, "")
