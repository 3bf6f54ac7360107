"""One OLX problem to a question."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from lxml import etree

from itembank.formats.archive import ArchiveRefused, unsafe_path
from itembank.formats.figures import NoFigures
from itembank.formats.members import Members
from itembank.formats.olx.responses import HINTS, asked_in
from itembank.formats.olx.texts import INPUTS, body_html, inner_html
from itembank.formats.parsed import Original
from itembank.formats.questions.account import Account
from itembank.formats.questions.building import Question
from itembank.formats.questions.names import is_code
from itembank.formats.questions.remarks import HINT, RIGHT, explanation_of
from itembank.formats.questions.words import TextFormat, Words, place
from itembank.formats.scoring_source.parts import Asked

_VARIABLE: Final = re.compile(r"(?<![\w\\])\$\{?[A-Za-z_]\w*")
_MOST_ELEMENTS: Final = 3000
_SAID: Final = frozenset({"correcthint", *HINTS})


@dataclass(frozen=True, slots=True)
class CourseFiles:
    """The pictures of a course: `/static/x.png` is `static/x.png` below its folder."""

    members: Members
    folder: PurePosixPath

    def find(self, name: str) -> bytes | None:
        """Return the bytes, or None."""
        plain = name.partition("?")[0].lstrip("/")
        if unsafe_path(plain):
            return None
        try:
            return self.members.find(str(self.folder / plain))
        except ArchiveRefused:
            return None


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem where it was found: its element, its name in the course, and the parts of the course above it."""

    element: etree._Element
    name: str = ""
    area: tuple[str, ...] = ()
    files: CourseFiles | NoFigures = NoFigures()  # noqa: RUF009 - it holds nothing

    def question(self, account: Account) -> Question:
        """Return the question; raises NotTakenOver."""
        element = self.element
        if sum(1 for _ in element.iter()) > _MOST_ELEMENTS:
            raise account.refusal("too-large", f"{_MOST_ELEMENTS:,} elements are the most of one problem")
        original = etree.tostring(element, encoding="utf-8", with_tail=False)
        self._check_python(account)
        words = Words(account, self.files)
        responses = [one for one in element.iter() if str(one.tag).endswith("response")]
        asked: list[Asked] = []
        marks: dict[etree._Element, str] = {}
        for response in responses:
            name = f"R{len(asked) + 1}"
            asked.append(asked_in(response, name, words))
            inputs = [one for one in response.iter() if one.tag in INPUTS]
            if inputs:
                marks[inputs[0]] = place("interaction", name)
        remarks = tuple(_remarks(element, words))
        general = "".join(words.aside(inner_html(one), TextFormat.HTML, "solution") for one in element.iter("solution"))
        code = self.name or str(element.get("url_name", ""))
        return Question(
            name=str(element.get("display_name", "")),
            code=code if is_code(code) else "",
            area=self.area,
            body=words.block(body_html(element, marks), TextFormat.HTML, "text"),
            asked=tuple(asked),
            explanation=explanation_of(general, remarks),
            assets=tuple(words.used.values()),
            original=Original(name=f"{code or account.where}.xml", media_type="application/xml", payload=original),
        )

    def _check_python(self, account: Account) -> None:
        """Refuse a problem whose text needs values that its Python would compute."""
        scripts = [one for one in self.element.iter("script") if "python" in str(one.get("type", "python")).lower()]
        for script in self.element.iter("script"):
            script.text = ""
        shown = etree.tostring(self.element, encoding="unicode")
        if scripts and _VARIABLE.search(shown):
            raise account.refusal("program", "its text needs values that embedded Python computes, which is never run")


def _remarks(element: etree._Element, words: Words) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for one in element.iter("*"):
        parent = one.getparent()
        if parent is None or one.tag not in {*_SAID, "hint"}:
            continue
        html = words.aside(inner_html(one), TextFormat.HTML, "hint")
        if one.tag in HINTS:
            said.append((words.aside(inner_html(parent, without=_SAID), TextFormat.HTML, "option"), html))
        elif one.tag == "correcthint" or parent.tag == "demandhint":
            said.append((RIGHT if one.tag == "correcthint" else HINT, html))
    return said
