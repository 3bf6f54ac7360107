"""Drafts to items: every rule that a bank file must keep, whatever format it came in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Final

from cbt.kernel.personal import find_resident_number
from itembank.core.content import Notation, Written, block, inline, plain_title
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, check_key
from itembank.core.markup import INTERACTION, places, visible_text
from itembank.formats.answers import Answer, Options, build_answer
from itembank.formats.drafts import Draft
from itembank.formats.figures import Figures
from itembank.formats.parsed import Asset, Findings, ParsedItem
from itembank.formats.pictures import PictureBox

CODE: Final = re.compile(r"[^\W_][\w.:-]{0,63}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TRAILING_NUMBER: Final = re.compile(r"[-_.: ]*\d+$")
_HANGUL: Final = re.compile(r"[가-힣]")
_GREATEST_LOGIT: Final = 10.0


def build_items(drafts: Iterable[Draft], figures: Figures, findings: Findings) -> tuple[ParsedItem, ...]:
    """Return the items that are right; notes everything else, duplicate ids included."""
    box = PictureBox(figures, findings)
    first_seen: dict[str, str] = {}
    items: list[ParsedItem] = []
    for draft in drafts:
        before = len(findings.problems)
        _check_code(draft, first_seen, findings)
        item = _Building(draft=draft, box=box, findings=findings).item()
        if len(findings.problems) == before:
            items.append(item)
    return tuple(items)


def _check_code(draft: Draft, first_seen: dict[str, str], findings: Findings) -> None:
    where = draft.at("id")
    if not draft.code:
        findings.refuse(where, "id-missing", "every item needs an id")
    elif not CODE.fullmatch(draft.code):
        findings.refuse(where, "bad-id", "letters, digits, dot, colon, hyphen and underscore, 64 at most")
    elif draft.code in first_seen:
        findings.refuse(where, "duplicate-id", f"{draft.code} is already the id of {first_seen[draft.code]}")
    first_seen.setdefault(draft.code, draft.where)


@dataclass(slots=True)
class _Building:
    draft: Draft
    box: PictureBox
    findings: Findings
    used: dict[str, Asset] = field(default_factory=dict)

    def item(self) -> ParsedItem:
        draft = self.draft
        notation = self._notation()
        stem = self._written("question", draft.stem, notation, needed=True)
        options = self._options(notation)
        answers = [build_answer(draft, response, options, self.findings) for response in draft.responses]
        content = self._content(stem, self._figure(), answers)
        key = ItemKey(
            responses=tuple(answer.key for answer in answers if answer.key is not None),
            explanation=self._written("explanation", draft.explanation, notation),
            references=tuple(reference for reference in draft.references if reference),
        )
        if all(answer.key is not None for answer in answers):
            self.findings.problems += check_key(content, key, draft.at("correct"))
        return ParsedItem(
            where=draft.where,
            code=draft.code,
            area_code=self._area(),
            content=content,
            key=key,
            difficulty_logit=self._difficulty(),
            assets=tuple(self.used.values()),
        )

    def _content(self, stem: str, figure: str, answers: list[Answer]) -> ItemContent:
        return ItemContent(
            title=self.draft.title[:200] or plain_title(stem) or self.draft.code,
            language=self._language(),
            body=self._with_places(stem + figure, [answer.interaction.response for answer in answers]),
            declarations=tuple(answer.declaration for answer in answers),
            interactions=tuple(answer.interaction for answer in answers),
            assets=tuple(asset.ref for asset in self.used.values()),
        )

    def _written(self, name: str, text: str, notation: Notation, *, needed: bool = False) -> str:
        where = self.draft.at(name)
        if not text.strip():
            if needed:
                self.findings.refuse(where, "empty", "there is no text")
            return ""
        pictures = self.box.lookup(where, self.used)
        return self._noted(where, block(text, where, notation=notation, pictures=pictures))

    def _options(self, notation: Notation) -> Options:
        options: dict[tuple[str, str], str] = {}
        for response in self.draft.responses:
            for option in response.options:
                where = self.draft.at(f"{response.prefix}{option.field}")
                pictures = self.box.lookup(where, self.used)
                written = inline(option.text, where, notation=notation, pictures=pictures)
                options[response.identifier, option.letter] = self._noted(where, written)
        return options

    def _noted(self, where: str, written: Written) -> str:
        self.findings.problems += written.problems
        self.findings.warnings += written.warnings
        if not written.problems and not visible_text(written.html):
            hint = "nothing would be seen of it; to show a tag as text, set the column format to text"
            self.findings.refuse(where, "empty", hint)
        if find_resident_number(written.html):
            self.findings.warn(where, "resident-number", "this looks like a resident registration number")
        return written.html

    def _figure(self) -> str:
        draft = self.draft
        if not draft.figure:
            return ""
        where = draft.at("figure")
        address = self.box.lookup(where, self.used)(draft.figure)
        if address is None:
            self.findings.refuse(
                where, "figure-missing", f"there is no file {draft.figure[:80]!r} beside the bank file"
            )
            return ""
        if not draft.figure_alt:
            self.findings.warn(draft.at("figure_alt"), "figure-alt", "no words for those who cannot see the figure")
        words = escape(draft.figure_alt or draft.figure.rpartition("/")[2].rpartition(".")[0] or draft.figure)
        return f'<figure><img src="{address}" alt="{words}"></figure>'

    def _with_places(self, body: str, responses: list[str]) -> str:
        marked = places(body)
        for name in dict.fromkeys(marked):
            if name not in responses:
                hint = f"the text has a place for {name}, but there is no such response"
                self.findings.refuse(self.draft.at("question"), "unknown-response", hint)
            elif marked.count(name) > 1:
                self.findings.refuse(self.draft.at("question"), "repeated-place", f"{name} has more than one place")
        missing = (name for name in responses if name not in marked)
        return body + "".join(f'<div {INTERACTION}="{name}"></div>' for name in missing)

    def _notation(self) -> Notation:
        try:
            return Notation(self.draft.notation.lower() or Notation.AUTO)
        except ValueError:
            self.findings.refuse(self.draft.at("format"), "bad-format", "text, html or empty")
            return Notation.TEXT

    def _area(self) -> str:
        area = self.draft.area or _TRAILING_NUMBER.sub("", self.draft.code)
        if not area:
            hint = "the id has no letters before its number, so a content area must be named"
            self.findings.refuse(self.draft.at("area"), "area-missing", hint)
        elif not CODE.fullmatch(area):
            hint = "letters, digits, dot, colon, hyphen and underscore, 64 at most"
            self.findings.refuse(self.draft.at("area"), "bad-area", hint)
        return area

    def _language(self) -> str:
        language = self.draft.language
        if not language:
            return "ko" if _HANGUL.search(self.draft.stem) else "en"
        if not _LANGUAGE.fullmatch(language):
            self.findings.refuse(self.draft.at("language"), "bad-language", "a language tag such as ko or en")
        return language

    def _difficulty(self) -> float | None:
        if not self.draft.difficulty:
            return None
        try:
            logit = float(self.draft.difficulty)
        except ValueError:
            logit = float("nan")
        if not -_GREATEST_LOGIT <= logit <= _GREATEST_LOGIT:
            hint = f"a number of logits from -{_GREATEST_LOGIT:g} to {_GREATEST_LOGIT:g}"
            self.findings.refuse(self.draft.at("difficulty"), "bad-difficulty", hint)
            return None
        return logit
