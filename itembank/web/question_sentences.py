"""The sentences about GIFT, Aiken, Moodle, OLX and H5P, by the code of a problem.

The first sentence of a code says what is wrong in general; those after it are known with their facts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


QUESTION_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "all-shown": (_l("all things are to be put in order, not a part of them that is drawn"),),
        "asks-nothing": (_l("it asks nothing, so it earns nothing"),),
        "attachments": (_l("only the text is asked for, no files"),),
        "below-full": (
            _l("the best answer earns less than all points"),
            _l("the best answer earns %(share)s of the points"),
        ),
        "bounds": (
            _l("the bounds of a range belong to it here"),
            _l("the bounds of %(range)s belong to it here"),
        ),
        "data-set": (
            _l("the data set of the question cannot be used"),
            _l("%(name)s is not in the data set, of which the question needs every variable"),
            _l("the data set has %(count)s rows; from 1 to %(most)s can be drawn from"),
            _l("a variable cannot be called %(name)s"),
        ),
        "file": (
            _l("a file of the question cannot be read"),
            _l("the file %(name)s cannot be read"),
        ),
        "gap": (
            _l("a gap cannot be read"),
            _l("one of the fields is not closed, or is of a kind that is not known"),
            _l("fields of the kind %(kind)s are not known"),
            _l("the gap %(name)s has no answer"),
        ),
        "gaps-missing": (
            _l("there is no gap to fill"),
            _l("there is no blank such as *answer* in it"),
            _l("there is no gap such as *word* in it"),
            _l("there is no gap such as [[1]] in the text, or nothing to fill it"),
        ),
        "gift-answer": (
            _l("the answers are not written as GIFT has them"),
            _l("%(text)s stands before the first answer, which begins with = or ~"),
        ),
        "gift-braces": (
            _l("the braces around the answers do not match"),
            _l("the braces around the answers do not match (a blank line ends a question)"),
            _l("there is more than one pair of braces; escape those that are text"),
        ),
        "gift-matching": (
            _l("the pairs are not written as GIFT has them"),
            _l("fewer than two pairs"),
            _l("%(text)s has nothing to match it with"),
        ),
        "gift-number": (
            _l("a number is not written as GIFT has it"),
            _l("%(text)s is an empty range"),
            _l("%(text)s is not a number"),
        ),
        "groups": (_l("the words of all groups can be put into every gap"),),
        "hidden": (_l("it is hidden in Moodle"),),
        "keywords": (_l("the key words are not looked for; a person scores the text"),),
        "markers": (_l("each marker has the picture for itself; markers without a place are left out"),),
        "media": (
            _l("it shows something that is not read"),
            _l("it shows %(name)s, which is not read"),
        ),
        "negative": (_l("an answer that takes points away elsewhere earns nothing here"),),
        "no-category": (
            _l("questions without a category go to one content area"),
            _l("questions without a category are in the content area %(name)s"),
        ),
        "not-h5p": (
            _l("this is not an H5P file"),
            _l("there is no %(name)s in it"),
            _l("it is not an object"),
        ),
        "not-moodle": (
            _l("this is not a Moodle file"),
            _l("the root element is %(name)s, not quiz"),
        ),
        "number": (
            _l("a number is needed"),
            _l("%(text)s is not a number"),
        ),
        "options": (
            _l("the options cannot be read"),
            _l("the options are not a list of texts such as ('a','b')"),
        ),
        "options-order": (
            _l("the options are not in the order A, B, C"),
            _l("the options are %(found)s, not %(expected)s"),
        ),
        "order-scoring": (
            _l("scored by right places"),
            _l("scored by right places, not by %(grading)s"),
        ),
        "pairs-missing": (_l("fewer than two pairs"),),
        "partial-credit": (
            _l("the partial credit is not kept"),
            _l("the partial credit %(kind)s is not kept; all must be right"),
            _l("partial credit for near numbers is not kept"),
        ),
        "pattern": (
            _l("the answer is a regular expression; a person scores it"),
            _l("the answer is a regular expression of Python; a person scores it"),
        ),
        "penalty": (
            _l("points that are taken off for repeated tries are left out"),
            _l("%(count)s questions take points off for repeated tries; here one response counts, so nothing is taken"),
        ),
        "place": (
            _l("a place for an answer is not right"),
            _l("a place for an answer stands twice or belongs to nothing"),
            _l("a gap or value stands where none can be shown"),
        ),
        "plugin": (_l("the program that is written is not run; a person scores it"),),
        "program": (
            _l("a program is never run"),
            _l("its text needs values that embedded Python computes, which is never run"),
            _l("%(name)s is scored by a program that is never run here; a person scores it"),
        ),
        "question-type": (
            _l("a question of this type is left out"),
            _l("content of the type %(kind)s is left out"),
            _l("questions of the type %(kind)s are left out: %(reason)s"),
        ),
        "response-type": (
            _l("a response of this type is left out"),
            _l("responses of the type %(kind)s are left out"),
            _l("%(count)s lists in one response; one can be read"),
        ),
        "spelling": (_l("an answer with a small spelling error is not accepted here"),),
        "template": (_l("the text that the field begins with is left out"),),
        "tolerance": (_l("a geometric tolerance is taken as a relative one"),),
        "too-large": (
            _l("there is too much in it"),
            _l("%(most)s elements are the most of one problem"),
            _l("at most 1 MiB"),
        ),
        "too-many-parts": (
            _l("the question has too many parts"),
            _l("%(most)s texts are the most of one question"),
            _l("%(most)s answers are the most of one question"),
            _l("more than %(most)s answers, or more than %(longest)s characters of them"),
            _l("its answers are more than can be scored"),
        ),
        "units": (
            _l("a unit is not scored"),
            _l("the number is asked for in %(unit)s; another unit, or a missing one, is not scored"),
        ),
        "weights": (_l("all fields have the weight 0"),),
        "words": (
            _l("the number of words is not right"),
            _l("%(count)s words, %(right)s of them right; from 1 right one to %(most)s words can be asked"),
        ),
        "xml-refused": (_l("the XML cannot be read"),),
        "zone": (
            _l("a zone of the picture cannot be used"),
            _l("zone %(number)s has no right answer"),
            _l("there is no zone to drag something onto"),
            _l("there is no place for a marker"),
            _l("there is no marker %(name)s"),
            _l("the shape of zone %(number)s cannot be read"),
        ),
    }
)
