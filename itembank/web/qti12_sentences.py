"""The sentences about QTI 1.2, by the code of a problem.

The first sentence of a code says what is wrong in general; those after it are known with their facts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


QTI12_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "answer-pattern": (
            _l("an answer is only accepted as it is written"),
            _l("%(answer)s is only accepted as it is written here"),
        ),
        "bad-manifest": (
            _l("the manifest is not right"),
            _l("it is not a package manifest"),
        ),
        "blanks-together": (
            _l("several blanks are asked for in one place"),
            _l("%(count)s blanks of one response are asked for in one place"),
        ),
        "copy-left-out": (
            _l("a copy of the item is left out"),
            _l("the same as %(name)s of an item bank; it is loaded once"),
        ),
        "empty-option": (
            _l("an option has no words"),
            _l("%(count)s options have no words; their names stand in their place"),
            _l("the option %(name)s has no words; a dash stands in their place"),
            _l("an option without words, %(name)s, is left out"),
        ),
        "feedback-for-staff": (
            _l("feedback for staff stays in the original file"),
            _l("the feedback %(name)s is for staff; it stays in the original file"),
        ),
        "file-types": (
            _l("not all kinds of files are known; any is taken"),
            _l("of the allowed files %(types)s not all are known; any is taken"),
        ),
        "greatest-score": (
            _l("the most points differ from what is declared"),
            _l("%(reached)s can be reached, %(declared)s is declared; what can be reached counts as all points"),
        ),
        "items-elsewhere": (
            _l("items from another file are named"),
            _l("%(element)s takes items from %(name)s, which is not in this file"),
        ),
        "media-left-out": (
            _l("a sound or film cannot be played here"),
            _l("%(name)s cannot be played here, its name stands in its place"),
        ),
        "missing-file": (
            _l("a file is not in the package"),
            _l("%(name)s is not in the package"),
        ),
        "no-number-sets": (
            _l("the file holds no numbers for the formula"),
            _l("the file holds no numbers for the formula, which is not run here"),
        ),
        "no-options": (
            _l("there are no options"),
            _l("there are no hotspots"),
            _l("the response %(name)s has no options"),
            _l("the response %(name)s has nothing to pair"),
        ),
        "no-question": (
            _l("nothing is asked"),
            _l("the item has no presentation, so nothing is asked"),
            _l("only something to read"),
            _l("no response is asked for"),
        ),
        "no-score": (_l("no response was found that earns more than none, so a person scores the item"),),
        "no-scoring": (_l("the file does not say how the item is scored, so a person scores it"),),
        "not-qti12": (
            _l("this is not a QTI 1.2 document"),
            _l("%(element)s is not a QTI 1.2 document"),
        ),
        "number-as-text": (_l("a number is asked for, but the key holds text; what is typed stays text"),),
        "number-sets": (
            _l("not all sets of numbers are kept"),
            _l("%(kept)s of %(count)s sets of numbers are kept"),
        ),
        "outside": (
            _l("a file lies outside the package"),
            _l("%(name)s lies outside the package"),
        ),
        "points-add-up": (_l("no condition says whether it ends the processing; their points are added up"),),
        "processing-unread": (
            _l("the scoring cannot be followed, so a person scores the item"),
            _l("%(what)s cannot be followed, so a person scores the item"),
            _l("%(reason)s, so a person scores the item"),
        ),
        "reference-missing": (
            _l("something that is referred to is not there"),
            _l("there is no material %(name)s"),
        ),
        "rendering-unknown": (
            _l("a way to answer is not known"),
            _l("the response %(name)s has no rendering that is known"),
        ),
        "repeated-response": (
            _l("a response is there twice"),
            _l("the response %(name)s is there twice"),
        ),
        "settings-unread": (_l("the settings cannot be read"),),
        "several-scores": (
            _l("several scores are given; the score is their sum"),
            _l("%(names)s are scored; the score is their sum"),
        ),
        "slider-bounds": (
            _l("the slider has no bounds"),
            _l("the slider %(name)s has no bounds"),
        ),
        "undeclared-outcome": (
            _l("another outcome is scored than declared"),
            _l("%(name)s is scored, %(others)s is declared and never set"),
        ),
        "varsubset": (_l("varsubset is read as: the response is exactly, or partly, these values"),),
        "vendor-extension": (_l("what a vendor added to the processing stays in the original file"),),
        "vendor-response": (_l("a response is of a kind that only its vendor knows"),),
        "wrong-tolerance": (
            _l("the tolerance is no number; the answer must be exact"),
            _l("the tolerance %(value)s is no number; the answer must be exact"),
        ),
    }
)
