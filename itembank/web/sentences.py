"""The sentences in which readers of files and checks of blueprints speak, as gettext knows them.

A sentence with facts in it is the message that its words follow: the facts are found again by it. What no such message
knows is said in general by its code, with what it quotes and counts; readers of English see it as it came.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from flask_babel import gettext

from cbt.kernel.errors import Problem
from itembank.web.export_sentences import EXPORT_SENTENCES
from itembank.web.file_sentences import FILE_SENTENCES
from itembank.web.place_sentences import FILE_PLACES, REASONS
from itembank.web.qti12_sentences import QTI12_SENTENCES
from itembank.web.qti_sentences import QTI_SENTENCES
from itembank.web.question_sentences import QUESTION_SENTENCES
from itembank.web.rule_sentences import RULE_NAMES, RULE_PLACES, RULE_SENTENCES


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


_PLACES: Final = (
    *RULE_PLACES,
    *FILE_PLACES,
    _l("row %(number)s"),
    _l("line %(number)s"),
    _l("item %(number)s (%(code)s)"),
    _l("item %(number)s"),
    _l("file"),
    _l("bank"),
    _l("areas"),
    _l("area %(code)s"),
    _l("blueprint"),
    _l("part %(part)s, cell %(cell)s, area %(area)s, difficulty %(low)s to %(high)s"),
    _l("part %(part)s, cell %(cell)s, area %(area)s"),
    _l("part %(part)s, cell %(cell)s"),
    _l("part %(part)s"),
)
_SENTENCES: Final = (
    *RULE_SENTENCES,
    _l("the file is empty"),
    _l("there is no column %(name)s, which the mapping names"),
    _l("%(what)s; save the bank as CSV, JSON or XLSX"),
    _l("%(size)s bytes; %(most)s is the most"),
    _l("%(place)s must hold one CSV, JSON or XLSX file; it holds %(found)s"),
    _l("byte %(number)s is not %(encoding)s; save the file as UTF-8"),
    _l("read as CP949 (한국어 Windows), not UTF-8; check that the Korean text is right"),
    _l("the control character %(character)s; is this a text file?"),
    _l("the character %(character)s cannot be stored"),
    _l("%(number)s more of this kind"),
    _l("%(count)s items; %(most)s is the most"),
    _l("%(most)s is the most"),
    _l("not a readable zip: %(reason)s"),
    _l("%(count)s files; %(most)s is the most"),
    _l("it would unpack to more than %(most)s bytes"),
    _l("%(name)s leaves the folder"),
    _l("%(name)s is a link"),
    _l("%(name)s is encrypted"),
    _l("%(name)s is there twice"),
    _l("%(name)s is a zip in a zip"),
    _l("%(name)s packs %(size)s bytes into %(packed)s"),
    _l("this is a zip, but not a workbook"),
    _l("%(name)s declares a document type"),
    _l("the workbook cannot be read: %(reason)s"),
    _l("there is no sheet"),
    _l("%(reason)s (near line %(line)s); is a quotation mark missing, or not doubled inside a text?"),
    _l("the values are nested too deeply"),
    _l("the number %(number)s is too long"),
    _l("%(name)s is not a number"),
    _l("the name %(name)s stands twice in one object"),
    _l("there is no header row"),
    _l("there is no item below the header"),
    _l("there is no item in it"),
    _l("two columns have this name"),
    _l("there is no column %(name)s; the header has %(found)s"),
    _l("there is no column with the key: correct, accepted or value"),
    _l("this column is not read"),
    _l("this field is not read"),
    _l("there is text beyond the last column; a comma in a text needs quotes around it"),
    _l("a formula is not read; paste its value, or put an apostrophe before it"),
    _l("the cell shows the error %(value)s"),
    _l("the cell became a date; format the column as text and type it again"),
    _l("read as %(text)s; format the column as text to keep what is shown"),
    _l('a bank is a list of items, or {"items": [...]}'),
    _l("text or a number is needed here"),
    _l("an item is an object with named fields"),
    _l('an object such as {"R1": {"type": "text", …}}'),
    _l("letters, digits and underscore"),
    _l("every item needs an id"),
    _l("letters, digits, dot, colon, hyphen and underscore, 64 at most"),
    _l("letters, digits, dot, hyphen and underscore, 64 at most"),
    _l("%(code)s is already the id of %(place)s"),
    _l("there is no text"),
    _l("nothing would be seen of it; to show a tag as text, set the column format to text"),
    _l("this looks like a resident registration number"),
    _l("there is no file %(name)s beside the bank file"),
    _l("there is no picture %(name)s beside the bank file"),
    _l("no words for those who cannot see the figure"),
    _l("a picture has no text (alt) in its place"),
    _l("%(name)s: neither PNG, JPEG, GIF, WebP nor SVG by its content"),
    _l("%(name)s: the SVG holds %(what)s"),
    _l("%(name)s: the SVG is not well-formed: %(reason)s"),
    _l("%(name)s: the SVG refers to %(target)s; only parts of itself are allowed"),
    _l("the text has a place for %(name)s, but there is no such response"),
    _l("%(name)s has more than one place"),
    _l("text, html or empty"),
    _l("the id has no letters before its number, so a content area must be named"),
    _l("a language tag such as ko or en"),
    _l("a number of logits from %(low)s to %(high)s"),
    _l("%(what)s is not allowed; to show it as text, set the column format to text"),
    _l("%(what)s is not kept, only the text in it"),
    _l("the formula is too long or nested too deeply"),
    _l("%(names)s: macros cannot be defined here"),
    _l("%(macro)s is not known"),
    _l("%(macro)s gives %(element)s, which items may not hold"),
    _l("an argument is missing in %(formula)s"),
    _l("%(written)s is not one of %(known)s"),
    _l("no accepted text; several are parted by |"),
    _l("a number is needed"),
    _l("a number from 0 on"),
    _l("%(written)s: a number is needed"),
    _l("%(written)s: a number from 0 on"),
    _l("a whole number from %(least)s to %(most)s"),
    _l("an item to type into has no options"),
    _l("%(count)s options; at least %(least)s are needed"),
    _l("the same as option %(letter)s"),
    _l("no correct option is named"),
    _l("%(named)s (correct counts from 0)"),
    _l("a single choice has one correct option; type multiple has more"),
    _l("%(mark)s names no option; the options are A to %(last)s, or 0 to %(most)s"),
    _l("true or false"),
    _l("an option names others by letter, so the options keep their order; say shuffle false, or reword it"),
    _l("response %(name)s has no key"),
    _l("response %(name)s: %(reason)s"),
    _l("a list of areas"),
    _l("%(most)s areas are the most"),
    _l("an area is an object with code, parent and title"),
    _l("code and parent: letters, digits, dot, colon, hyphen and underscore, 64 at most"),
    _l("two areas have this code"),
    _l("deeper than %(most)s levels, or a circle of areas"),
    _l("%(name)s is not a field of a %(kind)s"),
    _l("two parts have the code %(code)s"),
    _l("parts must be a list with at least one entry"),
    _l("cells must be a list with at least one entry"),
    _l('a title is text, or { ko = "…", en = "…" }'),
    _l('area = "…" or areas = ["…", "…"], one of the two'),
    _l("an area is named twice; raise the count instead"),
    _l('a number above 0 with at most three decimals, written as "2.5"'),
    _l('two numbers in logits, lowest first: ["-1.0", "0.5"]'),
    _l("wanted %(wanted)s, available %(available)s"),
    _l("the bank has no content area %(area)s (wanted %(wanted)s, available %(available)s)"),
    _l("these cells share their items: together wanted %(wanted)s, available %(available)s"),
    _l("somebody else has saved a newer version; open it and repeat the change"),
    _l("this code is in use already"),
    _l("reads much like %(code)s (%(likeness)s)"),
)
_WHOLE: Final = (*_SENTENCES, *REASONS)
BY_CODE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {**FILE_SENTENCES, **EXPORT_SENTENCES, **QTI_SENTENCES, **QTI12_SENTENCES, **QUESTION_SENTENCES}
)
_FACT: Final = re.compile(r"%\\\((\w+)\\\)s")
# What a hint quotes, names as an element or counts.
_QUOTED: Final = re.compile(
    r"""[\w-]+='[^']*'|'[^']*'|"[^"]*"|<[^<>]+>|(?<![\w.])-?\d[\d,.]*\d|(?<![\w.])\d(?![\w.])"""
)
_FIELD: Final = re.compile(r"(?P<place>.+?), (?:column|field) (?P<field>.+)", re.DOTALL)
_RULE: Final = re.compile(r"(?P<place>part .+), rule (?P<rule>enemies|stimuli|exposure)")
_FIELD_OF_BLUEPRINT: Final = re.compile(r"(?P<place>blueprint|part \d+(?:, cell \d+)?), (?P<field>\w+)")


def place_words(where: str) -> tuple[str, str]:
    """Return the place of a problem in the reader's language, and the name of the column or field (or nothing)."""
    if ruled := _RULE.fullmatch(where):
        name = RULE_NAMES[ruled["rule"]]
        return _in_words(ruled["place"], _PLACES), str(gettext(name))
    found = _FIELD.fullmatch(where) or _FIELD_OF_BLUEPRINT.fullmatch(where)
    place, field = (found["place"], found["field"]) if found else (where, "")
    return "; ".join(_in_words(one, _PLACES) for one in place.split("; ")), field


def sentence(problem: Problem) -> str:
    """Return what is wrong, in the reader's language, as a sentence."""
    general, *exact = BY_CODE.get(problem.code, ("",))
    words = _known(problem.hint, exact) or _known(problem.hint, _WHOLE) or _in_general(problem.hint, general)
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '…')) else '.'}"


def _in_general(hint: str, general: str) -> str:
    """Return `general` in the reader's language with the facts of `hint`; `hint` where that says it in full."""
    said = str(gettext(general)) if general else ""
    if hint and said in {"", general}:
        return hint
    facts = ", ".join(dict.fromkeys(_QUOTED.findall(hint)))
    return f"{said} ({facts})" if facts else said


def _in_words(text: str, known: Iterable[str]) -> str:
    return _known(text, known) or text


def _known(text: str, known: Iterable[str]) -> str:
    """Return `text` in the reader's language, or nothing where none of the messages says it."""
    for message in known:
        if found := _pattern(message).fullmatch(text):
            facts = found.groupdict()
            if "place" in facts:
                facts["place"] = _in_words(facts["place"], _PLACES)
            if "reason" in facts:
                facts["reason"] = _in_words(facts["reason"], _WHOLE)
            return str(gettext(message, **facts) if facts else gettext(message))
    return ""


@cache
def _pattern(message: str) -> re.Pattern[str]:
    return re.compile(_FACT.sub(r"(?P<\1>.+?)", re.escape(message)), re.DOTALL)
