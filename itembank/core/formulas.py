r"""LaTeX between `\( \)` and `\[ \]` to MathML, with every macro named that would not come out as it was meant.

latex2mathml turns unknown macros into letters and lets markup through `\text` and `\href`, so its output is
inspected here and cleaned afterwards (`markup.clean`) like all other HTML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Final

from latex2mathml.converter import convert

from cbt.kernel.errors import Problem
from itembank.core.markup import MATH_TAGS

_OPENING: Final = re.compile(r"<(pre|code)\b|\\\(|\\\[", re.IGNORECASE)
_MACRO: Final = re.compile(r"\\[A-Za-z]+")
_DEFINING: Final = frozenset({r"\def", r"\newcommand", r"\renewcommand", r"\let", r"\edef", r"\gdef"})
_WORDS: Final = re.compile(r"(\\(?:text[a-z]*|mbox|hbox|fbox))\{([^{}]*)\}")
_ESCAPED: Final = re.compile(r"\\([&%_#$])")
_NOWHERE: Final = -1
_LONGEST: Final = 2000
_DEEPEST_BRACES: Final = 40
_ARITY: Final = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_MACROS_OF: Final = {
    "menclose": frozenset({r"\boxed", r"\fbox", r"\cancel", r"\bcancel", r"\xcancel", r"\enclose"}),
    "href": frozenset({r"\href", r"\url"}),
    "style": frozenset({r"\style"}),
    "class": frozenset({r"\class"}),
    "id": frozenset({r"\cssId", r"\label"}),
}
_REFUSED_ATTRIBUTES: Final = frozenset({"href", "style", "class", "id", "src"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One formula of a text: its LaTeX source, and whether it stands on a line of its own."""

    latex: str
    block: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What stands between formulas, code with its backslashes included."""

    text: str


def pieces(text: str) -> Iterator[Passage | Formula]:
    r"""Yield the passages and formulas of `text` in order; in <pre> and <code> a `\(` means itself."""
    lowered = text.lower()
    start = place = 0
    closed: dict[str, int] = {}  # the closing sign that was last looked for, so that no text is searched twice
    while found := _OPENING.search(text, place):
        closing = f"</{found[1].lower()}" if found[1] else {"\\(": "\\)", "\\[": "\\]"}[found[0]]
        if closed.get(closing, found.end()) <= found.end() and closed.get(closing) != _NOWHERE:
            closed[closing] = lowered.find(closing, found.end() + 1)
        end = closed[closing]
        if end == _NOWHERE or found[1]:
            place = found.end() if end == _NOWHERE else end
            continue
        if found.start() > start:
            yield Passage(text=text[start : found.start()])
        yield Formula(latex=text[found.end() : end], block=closing == "\\]")
        start = place = end + len(closing)
    if start < len(text):
        yield Passage(text=text[start:])


def mathml(formula: Formula, where: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the MathML of `formula`, not cleaned yet, and what is wrong with it (then the source stands in for it)."""
    latex = formula.latex.strip()
    if len(latex) > _LONGEST or _brace_depth(latex) > _DEEPEST_BRACES:
        return _refused(latex, where, "formula-too-long", "the formula is too long or nested too deeply")
    if defining := _DEFINING.intersection(_MACRO.findall(latex)):
        return _refused(latex, where, "formula-macro", f"{' '.join(sorted(defining))}: macros cannot be defined here")
    try:
        converted: str = convert(_with_plain_words(latex), display="block" if formula.block else "inline")
    except Exception as error:  # noqa: BLE001 - the converter raises its own kinds, IndexError and more
        return _refused(latex, where, "formula-unreadable", f"{type(error).__name__}: {_excerpt(latex)}")
    faults = _inspect(converted, latex)
    if faults:
        return escape(latex), tuple(Problem(where=where, code="formula-macro", hint=hint) for hint in faults)
    return converted, ()


def _with_plain_words(latex: str) -> str:
    # The converter copies the words of \text as they are; as entities they come out as the signs that were typed.
    def spelled(found: re.Match[str]) -> str:
        words = escape(_ESCAPED.sub(r"\1", found[2]), quote=False)
        return f"{found[1]}{{{words}}}"

    return _WORDS.sub(spelled, latex)


def _refused(latex: str, where: str, code: str, hint: str) -> tuple[str, tuple[Problem, ...]]:
    return escape(latex[:_LONGEST]), (Problem(where=where, code=code, hint=hint),)


def _inspect(converted: str, latex: str) -> tuple[str, ...]:
    inspector = _Inspector()
    inspector.feed(converted)
    inspector.close()
    macros = tuple(dict.fromkeys(_MACRO.findall(latex)))
    hints = [f"{macro} is not known" for macro in inspector.unknown_macros]
    for name in dict.fromkeys(inspector.foreign):
        to_blame = [macro for macro in macros if macro in _MACROS_OF.get(name, frozenset(macros))]
        hints.append(f"{' '.join(to_blame) or _excerpt(latex)} gives {name}, which items may not hold")
    hints += [f"an argument is missing in {_excerpt(latex)}" for _ in inspector.incomplete[:1]]
    return tuple(hints)


def _brace_depth(latex: str) -> int:
    depth = deepest = 0
    for sign in latex:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest


def _excerpt(latex: str) -> str:
    return latex if len(latex) <= 40 else f"{latex[:39]}…"  # noqa: PLR2004 - enough to find it


@dataclass
class _Open:
    tag: str
    children: int = 0


class _Inspector(HTMLParser):
    """Collects macros that became letters, foreign elements and attributes, and elements that lack a child."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.unknown_macros: list[str] = []
        self.foreign: list[str] = []
        self.incomplete: list[str] = []
        self._open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in MATH_TAGS:
            self.foreign.append(tag)
        self.foreign += [name for name, _ in attrs if name in _REFUSED_ATTRIBUTES or name.startswith("on")]
        if self._open:
            self._open[-1].children += 1
        self._open.append(_Open(tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            closed = self._open.pop()
            if closed.children != _ARITY.get(closed.tag, closed.children):
                self.incomplete.append(closed.tag)
            if closed.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.startswith("\\") and self._open and self._open[-1].tag in {"mi", "mo"}:
            self.unknown_macros.append(data)
