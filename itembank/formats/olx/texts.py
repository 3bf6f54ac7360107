"""The text of an OLX problem as HTML: inputs become places, what belongs to the scoring is left out."""

import re
from collections.abc import Collection
from copy import deepcopy
from html import escape
from typing import Final

from lxml import etree

INPUTS: Final = frozenset(
    {"choicegroup", "checkboxgroup", "optioninput", "textline", "textbox", "formulaequationinput", "radiogroup"}
)
ASIDE: Final = frozenset(
    {"solution", "demandhint", "script", "responseparam", "additional_answer", "correcthint", "stringequalhint"}
    | {"regexphint", "compoundhint", "hintgroup", "hintpart", "numericalhint", "answer", "choicehint", "optionhint"}
)
_RENAMED: Final = {"label": "p", "legend": "p", "description": "p", "startouttext": "span", "endouttext": "span"}
_MATH: Final = (
    (re.compile(r"\[mathjaxinline\](.*?)\[/mathjaxinline\]", re.DOTALL), r"\\(\1\\)"),
    (re.compile(r"\[mathjax\](.*?)\[/mathjax\]", re.DOTALL), r"\\[\1\\]"),
)


def inner_html(element: etree._Element, *, without: Collection[str] = ()) -> str:
    """Return what stands inside the element as HTML, without the elements of those names."""
    copied = deepcopy(element)
    for one in [one for one in copied.iter() if one.tag in without]:
        _replace(one, "")
    inner = [escape(copied.text or "", quote=False)]
    inner += [etree.tostring(one, method="html", encoding="unicode") for one in copied]
    html = "".join(inner)
    for pattern, written in _MATH:
        html = pattern.sub(written, html)
    return html


def body_html(problem: etree._Element, marks: dict[etree._Element, str]) -> str:
    """Return the text of the problem; each element of `marks` becomes its mark, the responses around them vanish."""
    for element, mark in marks.items():
        _replace(element, mark)
    for element in list(problem.iter()):
        name = str(element.tag)
        if name in ASIDE or name in INPUTS:
            _replace(element, "")
        elif name.endswith("response"):
            element.tag = "div"
        elif name in _RENAMED:
            element.tag = _RENAMED[name]
    return inner_html(problem)


def _replace(element: etree._Element, text: str) -> None:
    """Put `text` where the element stands, keeping what follows it."""
    parent = element.getparent()
    if parent is None:
        return
    words = text + (element.tail or "")
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + words
    else:
        before.tail = (before.tail or "") + words
    parent.remove(element)
