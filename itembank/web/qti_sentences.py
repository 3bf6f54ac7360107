"""The sentences about QTI 2 and 3, by the code of a problem.

The first sentence of a code says what is wrong in general; those after it are known with their facts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


QTI_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "adaptive": (
            _l("the item is adaptive, but is scored as a single attempt"),
            _l("is adaptive; it is delivered and scored as a single attempt"),
        ),
        "areas": (
            _l("how the items came into their content areas"),
            _l("content areas: %(rules)s"),
        ),
        "attribute-left-out": (
            _l("an attribute is not understood"),
            _l("has %(attribute)s, which is not understood"),
        ),
        "base-left-out": (_l("asks for numbers of another base than ten"),),
        "correct-missing": (
            _l("the rules need a correct response, but none is declared"),
            _l("the rules compare %(name)s with its correct response, but none is declared; a person scores the item"),
        ),
        "custom-operator": (
            _l("vendor code is not run; a person scores this item"),
            _l("is vendor code; a person scores this item"),
        ),
        "dependency-missing": (
            _l("a resource that is needed is not there"),
            _l("there is no resource %(name)s"),
        ),
        "empty-value": (_l("is empty, which is no value"),),
        "external-file": (
            _l("a file outside the package is named; nothing is fetched"),
            _l("names %(name)s, which is not in the package; nothing is fetched"),
        ),
        "feedback-in-feedback": (
            _l("feedback inside feedback appears with the one around it"),
            _l("always appears with the feedback around it"),
        ),
        "feedback-with-interaction": (
            _l("feedback that holds a way to answer is shown from the beginning"),
            _l("is shown from the beginning, because an answer is given in it"),
        ),
        "file-broken": (_l("a file cannot be read"),),
        "file-missing": (
            _l("a file is not there"),
            _l("names %(name)s, which is not in the package"),
            _l("names %(name)s, which is not there"),
            _l("names %(name)s, which is no file"),
            _l("names no file"),
            _l("%(name)s is not in the package"),
            _l("%(name)s is not in the bank"),
        ),
        "format-left-out": (
            _l("a format of its own is left out"),
            _l("prints in a format of its own; here the value stands plain"),
            _l("asks for a text with markup; here it is plain"),
        ),
        "id-changed": (
            _l("the item has another id than in the file"),
            _l("is called %(name)s, as in the manifest, because another item has its identifier"),
            _l("is called %(name)s, because %(written)s is no item id"),
        ),
        "include": (_l("asks for another file, which is never followed"),),
        "limit-left-out": (
            _l("a limit is left out"),
            _l("limits how many gaps are filled; here all may be"),
            _l("limits how many places are used; here all may be"),
        ),
        "link-left-out": (_l("leads out of the exam; only its words are kept"),),
        "match-group": (_l("may be paired with some options only; here with all"),),
        "materials-left-out": (_l("names tools or materials that are not delivered"),),
        "math-left-out": (_l("is not drawn by browsers; only what is inside it is kept"),),
        "max-score": (
            _l("the highest SCORE is not as declared"),
            _l("the highest SCORE is not declared; %(most)s is what the best response scores"),
            _l("SCORE may come to %(declared)s, but the correct response that is declared comes to %(reached)s"),
            _l("the correct response that is declared scores nothing"),
            _l("nothing says what the highest SCORE is; 1 is taken"),
        ),
        "media-missing": (
            _l("a sound or film is not there"),
            _l("names no file"),
        ),
        "media-refused": (
            _l("a sound or film is refused"),
            _l("%(name)s: %(reason)s"),
        ),
        "misplaced": (
            _l("does not belong here"),
            _l("does not belong here in %(name)s"),
        ),
        "missing-attribute": (
            _l("an attribute is missing"),
            _l("needs the attribute %(name)s"),
        ),
        "no-body": (
            _l("the item has no one body to show"),
            _l("has %(count)s bodies to show instead of one"),
        ),
        "no-manifest": (
            _l("there is no manifest"),
            _l("there is no imsmanifest.xml; every XML document was looked into"),
            _l("there is neither an imsmanifest.xml nor an assessment item"),
        ),
        "no-mapping": (
            _l("a mapping is not declared"),
            _l("%(name)s has no mapping"),
            _l("%(name)s has no area mapping"),
        ),
        "no-table": (
            _l("a variable has no table to look up"),
            _l("%(name)s has no table"),
        ),
        "not-a-test": (_l("is not an assessment test"),),
        "not-an-item": (
            _l("this is not an assessment item"),
            _l("is not an assessment item"),
            _l("holds %(element)s, not an assessment item"),
            _l("this is %(element)s, not an assessment item"),
            _l("this is a test; load the package with its items"),
            _l("this is a section of a test; load the package with its items"),
            _l("this is a stimulus; load the package with its items"),
        ),
        "not-scored": (
            _l("the item has no response processing"),
            _l("the item has no response processing: SCORE keeps its default, whatever is answered"),
        ),
        "object-left-out": (_l("is no picture; only the words in it are kept"),),
        "outcome-left-out": (_l("prints an outcome, which a candidate must not see before"),),
        "outside-file": (_l("names a file outside the package"),),
        "pattern-left-out": (_l("limits what may be typed; here anything may be, and is scored"),),
        "picture-missing": (
            _l("has no picture"),
            _l("stands on no stage"),
        ),
        "picture-refused": (
            _l("a picture is refused"),
            _l("holds a picture whose base64 is broken"),
            _l("names %(name)s, which is not in the package; nothing is fetched"),
            _l("names %(name)s, which lies outside the package"),
            _l("names %(name)s, which is no file"),
            _l("names %(name)s, which is not there"),
            _l("names no file"),
            _l("%(name)s: %(reason)s"),
        ),
        "place-lost": (_l("an interaction stands where none can be shown"),),
        "rubric-for-others": (
            _l("is for others than the candidate; it is kept with the key"),
            _l("is for %(views)s; it is kept with the key"),
        ),
        "scored-by-person": (
            _l("a person scores the item"),
            _l("SCORE is given by a person, as the item says"),
            _l("no rule looks at %(name)s; a person scores the item"),
            _l("no rule gives SCORE; a person scores the item"),
            _l("the rules never set SCORE; a person scores the item"),
        ),
        "section-missing": (
            _l("a section is not there"),
            _l("names %(name)s, which is not there"),
            _l("names a file that is no section"),
        ),
        "several-values": (_l("holds several values although one is declared; all are kept"),),
        "speech-left-out": (_l("says how words are spoken; the words are kept"),),
        "stimulus-missing": (
            _l("the stimulus is not there"),
            _l("names %(name)s, which is no stimulus"),
            _l("names %(name)s, which is not there"),
            _l("the text %(name)s above the item is not in this file"),
        ),
        "string-left-out": (_l("gives the typed text to a second variable, which stays empty"),),
        "style-sheet": (_l("is not used; items look as the exam does"),),
        "support-left-out": (_l("has a support that is not delivered"),),
        "supports-left-out": (_l("holds supports (spoken text, braille, glossary) that are not delivered"),),
        "template-part": (_l("stands in some drawn versions only; here it always does"),),
        "test-left-out": (
            _l("the items of the test are loaded, the test itself is not"),
            _l("%(name)s: its items are loaded into the bank; the test itself is not"),
        ),
        "too-deep": (_l("stands in too many sections"),),
        "unknown-element": (
            _l("an element does not belong here"),
            _l("does not belong into %(name)s"),
        ),
        "unknown-expression": (_l("is no expression of QTI"),),
        "unknown-rule": (_l("is no rule of QTI"),),
        "unknown-template": (
            _l("names a template that is not known"),
            _l("names %(name)s, which is not known"),
        ),
        "unknown-variable": (
            _l("names a variable that is not declared"),
            _l("names %(name)s, which is not declared"),
            _l("prints %(name)s, which is not declared"),
            _l("sets no variable, which is not declared"),
            _l("sets %(name)s, which is not declared"),
        ),
        "usage-left-out": (
            _l("the statistics cannot be read"),
            _l("%(name)s: its statistics cannot be read"),
        ),
        "vendor-interaction": (
            _l("vendor code is not run; a plain field stands in its place and a person scores it"),
            _l("is its vendor's code, which is not run; a plain field stands in its place and a person scores it"),
        ),
        "wrong-area": (
            _l("an area of a picture cannot be read"),
            _l("needs a shape with coords in pixels"),
            _l("needs a shape with coords in pixels and a number as mapped-value"),
            _l("the area cannot be read"),
            _l("the hotspot %(name)s has no place on a picture"),
        ),
        "wrong-attribute": (
            _l("an attribute has a value that it cannot have"),
            _l("%(name)s is one of: %(known)s"),
            _l("%(name)s cannot be %(value)s"),
        ),
        "wrong-base-type": (_l("this is no base type"),),
        "wrong-cardinality": (_l("this is no cardinality"),),
        "wrong-identifier": (
            _l("an identifier is not right"),
            _l("needs an identifier that no other variable has"),
            _l("has options without identifiers of their own"),
            _l("has identifiers of other than letters, digits, dot, hyphen and underscore"),
        ),
        "wrong-json": (_l("a JSON object of response variables is needed"),),
        "wrong-manifest": (
            _l("the manifest is not right"),
            _l("this is no manifest of a content package"),
            _l("calls %(name)s a test, but it is an item"),
        ),
        "wrong-number": (
            _l("a number is not right"),
            _l("has %(attribute)s, which is no count"),
            _l("has %(attribute)s, which is no number"),
            _l("needs select, a whole number"),
            _l("needs a lower and a higher bound and a step above 0"),
        ),
        "wrong-operands": (
            _l("an expression takes another number of expressions"),
            _l("needs an expression"),
            _l("takes at least %(least)s expressions, not %(count)s"),
            _l("takes %(least)s to %(most)s expressions, not %(count)s"),
            _l("takes %(wanted)s expressions, not %(count)s"),
            _l("takes 1 expression, not %(count)s"),
        ),
        "wrong-outcome": (_l("an object of outcome variables is needed"),),
        "wrong-pattern": (_l("a regular expression cannot be read"),),
        "wrong-response": (_l("a text, a list of texts, an object of texts, or null is needed"),),
        "wrong-sets": (
            _l("needs two sets of options"),
            _l("needs two sets of options, not %(count)s"),
        ),
        "wrong-value": (
            _l("a value is not of its type"),
            _l("%(value)s is no %(type)s"),
            _l("needs a map-key of the base type and a number as mapped-value"),
            _l("needs a number as source-value"),
            _l("%(name)s is a number, not %(value)s"),
        ),
        "wrong-variable": (
            _l("this variable cannot be set here"),
            _l("cannot set %(name)s, a %(kind)s variable"),
        ),
    }
)
