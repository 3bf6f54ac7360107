"""The sentences about files of items, their fields and pictures, by the code of a problem.

The first sentence of a code says what is wrong in general; those after it are known with their facts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


FILE_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "active-content": (
            _l("it holds something that runs or loads, which no item may"),
            _l("runs or loads something, which no item may"),
            _l("%(what)s is not allowed"),
        ),
        "and-more": (
            _l("there is more of this kind"),
            _l("%(number)s more notes"),
        ),
        "area-circle": (_l("the content areas are too deep or run in a circle"),),
        "area-missing": (_l("the content area is missing"),),
        "bad-area": (_l("the content area is not right"),),
        "bad-areas": (_l("the list of content areas is not right"),),
        "bad-code": (_l("the code may hold letters, digits, dot, hyphen and underscore"),),
        "bad-difficulty": (_l("the difficulty is a number of logits"),),
        "bad-field": (_l("this field does not hold what is needed"),),
        "bad-flag": (_l("true or false is needed"),),
        "bad-format": (_l("the format of the text is not known"),),
        "bad-id": (
            _l("the id may hold letters, digits, dot, colon, hyphen and underscore"),
            _l("every item needs an id of its own"),
        ),
        "bad-interaction": (
            _l("the way to answer cannot be read"),
            _l("there is no file %(name)s"),
            _l("%(name)s: %(reason)s"),
        ),
        "bad-item": (_l("the item is not written as one"),),
        "bad-language": (_l("the language is not known"),),
        "bad-number": (_l("a number is needed here"),),
        "bad-response-name": (_l("the name of the answer is not right"),),
        "column-missing": (_l("a column is missing"),),
        "control-character": (
            _l("there is a character that cannot be stored"),
            _l("a character that cannot be stored"),
        ),
        "date-cell": (_l("the cell became a date"),),
        "duplicate-area": (_l("a content area is there twice"),),
        "duplicate-column": (_l("a column is there twice"),),
        "duplicate-id": (_l("the id is there twice"),),
        "duplicate-option": (
            _l("an option is there twice"),
            _l("the option %(name)s is there twice; the first one counts"),
        ),
        "element-left-out": (
            _l("an element is not kept, only the words in it"),
            _l("is not understood; only the words in it are kept"),
            _l("is not QTI's; only the words in it are kept"),
            _l("is not understood"),
            _l("%(part)s: %(what)s is not kept, only the text in it"),
        ),
        "empty": (
            _l("there is nothing in it"),
            _l("an answer without text is left out"),
            _l("nothing would be seen of it"),
        ),
        "encoding": (
            _l("the file is not UTF-8"),
            _l("byte %(number)s is not UTF-8"),
        ),
        "encoding-cp1252": (
            _l("read as Windows-1252, not UTF-8"),
            _l("read as Windows-1252, not UTF-8; check letters such as é and ö"),
        ),
        "encoding-cp949": (_l("read as CP949, not UTF-8"),),
        "error-value": (_l("the cell shows an error"),),
        "field-too-long": (
            _l("a text is too long"),
            _l("%(most)s lines are the most of one question"),
            _l("%(most)s bytes are the most"),
            _l("a text of more than %(most)s bytes"),
        ),
        "figure-alt": (
            _l("a picture has no words for those who cannot see it"),
            _l("has no words for those who cannot see it"),
            _l("%(part)s: a picture has no text (alt) in its place"),
        ),
        "figure-missing": (
            _l("a picture is missing"),
            _l("the picture of the question is not in the file"),
            _l("the picture with the hotspots is not named"),
            _l("the picture %(name)s that is answered on: %(reason)s"),
            _l("there is no picture %(name)s with the file"),
            _l("%(part)s: there is no picture %(name)s beside the bank file"),
        ),
        "figure-refused": (
            _l("a picture is refused"),
            _l("an embedded picture: %(reason)s"),
            _l("%(name)s: %(reason)s"),
        ),
        "figure-size": (
            _l("the size of a picture cannot be used"),
            _l("%(name)s: %(reason)s"),
        ),
        "file-too-large": (_l("the file is too large"),),
        "folder-refused": (_l("the folder cannot be read"),),
        "formatted-number": (_l("the number was read without its format"),),
        "formula": (
            _l("a formula cannot be read"),
            _l("the formula %(formula)s is not understood: %(reason)s"),
        ),
        "formula-macro": (_l("a formula uses a macro that is not known"),),
        "formula-too-long": (_l("a formula is too long or nested too deeply"),),
        "formula-unreadable": (_l("a formula cannot be read"),),
        "id-missing": (
            _l("the item has no id"),
            _l("has no identifier to call it by"),
        ),
        "key-disagrees": (_l("two columns name different keys"),),
        "key-misfit": (
            _l("the key does not fit the answer"),
            _l("response %(name)s: it is not in the item"),
            _l("response %(name)s: no accepted text"),
            _l("response %(name)s: the tolerance is negative"),
            _l("response %(name)s: the rule does not fit the kind of answer"),
            _l("response %(name)s: there is no option %(options)s"),
            _l("response %(name)s: the correct options must be named, each once"),
            _l("response %(name)s: %(count)s correct options, but only %(most)s may be chosen"),
        ),
        "key-missing": (
            _l("the correct answer is missing"),
            _l("there is no line ANSWER: below it"),
            _l("no answer of it is correct"),
            _l("whether it is true or false is not said"),
            _l("one of its two answers, true and false, must be right"),
        ),
        "malformed-csv": (_l("the CSV file cannot be read"),),
        "malformed-json": (_l("the JSON file cannot be read"),),
        "malformed-toml": (_l("the TOML file cannot be read"),),
        "malformed-xlsx": (_l("the workbook cannot be read"),),
        "names-others": (_l("an option names other options"),),
        "near-duplicate": (_l("it reads much like another item"),),
        "no-items": (
            _l("there is no item in the file"),
            _l("every item in it was refused"),
            _l("there is no question in it"),
            _l("the manifest names no assessment item"),
        ),
        "not-one-bank-file": (
            _l("one bank file is needed"),
            _l("%(place)s must hold one bank file or a package; it holds %(found)s"),
            _l("the zip must hold one CSV or XLSX file; it holds %(found)s"),
        ),
        "options-missing": (
            _l("options are missing"),
            _l("fewer than two things to order"),
        ),
        "options-unwanted": (_l("there are options, but the answer is typed"),),
        "places-differ": (
            _l("every way to answer has exactly one place in the text"),
            _l("every interaction has exactly one place in the body"),
        ),
        "repeated-place": (_l("an answer has more than one place"),),
        "resident-number": (_l("this looks like a resident registration number"),),
        "too-many-cells": (_l("a row has more cells than the header"),),
        "too-many-correct": (_l("there are too many correct options"),),
        "too-many-items": (
            _l("there are too many items"),
            _l("%(most)s items are the most"),
        ),
        "too-many-options": (
            _l("there are too many options"),
            _l("a row has %(most)s options"),
        ),
        "unknown-column": (_l("a column is not read"),),
        "unknown-field": (_l("a field is not read"),),
        "unknown-format": (
            _l("the file holds no items that can be read"),
            _l("this is a web page"),
            _l("this is XML of a kind that holds no items here: %(element)s"),
            _l("the XML is broken"),
            _l("there is no item, bank or package manifest in it"),
            _l("these are the settings of a Canvas quiz; load the whole export, or the file beside it"),
            _l("this is an XLS file or an encrypted workbook; save it as XLSX or CSV"),
            _l("this is a PDF"),
            _l("this is a picture"),
            _l("this is a RAR archive; pack it as a zip"),
            _l("this is a 7z archive; pack it as a zip"),
        ),
        "unknown-response": (
            _l("the text names an answer that is not there"),
            _l("has no declared response variable %(name)s"),
            _l("there is no response %(name)s; %(other)s is meant"),
        ),
        "unknown-type": (_l("the kind of question is not known"),),
        "unreadable": (_l("the file cannot be read"),),
        "wrong-key": (
            _l("the correct answer is not one of the options"),
            _l("the answer %(answer)s is no single option"),
        ),
        "zip-refused": (
            _l("the archive cannot be read"),
            _l("%(name)s cannot be unpacked: %(reason)s"),
            _l("%(name)s is not as large as the directory says"),
            _l("its files overlap each other"),
            _l("%(count)s files that the manifest does not name; %(most)s is the most"),
            _l("not a readable tar.gz: %(reason)s"),
            _l("more than %(most)s files or %(bytes)s bytes"),
            _l("more than %(most)s files"),
            _l("%(name)s cannot be read: %(reason)s"),
        ),
    }
)
