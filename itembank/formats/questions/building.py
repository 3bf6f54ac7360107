"""Questions to items: one account, one code, one key for each; what cannot become an item is refused by itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final
from urllib.parse import unquote

from cbt.kernel.errors import Problem
from itembank.core.content import plain_title
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, check_key
from itembank.core.markup import INTERACTION, places
from itembank.core.metadata import ItemMetadata
from itembank.core.variables import Cardinality
from itembank.formats.parsed import FIELD_BYTES, MOST_ITEMS, Asset, Findings, Original, Parsed, ParsedItem, RefusedItem
from itembank.formats.questions.account import MOST_PARTS, Account, NotTakenOver
from itembank.formats.questions.names import UNSORTED, AreaTree, Codes, code_of, digest_code
from itembank.formats.scoring_source.key import scored_by
from itembank.formats.scoring_source.parts import Asked, Mapped, Texts
from itembank.formats.scoring_source.source import Drawing

_HANGUL: Final = re.compile(r"[가-힣]")
_LONGEST_TITLE: Final = 200
_MOST_REFUSED: Final = 2000
_LONGEST_SOURCE: Final = 512 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it was read: its text holds the places of those responses that stand inside it."""

    name: str
    body: str
    asked: tuple[Asked, ...] = ()
    code: str = ""
    area: tuple[str, ...] = ()
    language: str = ""
    explanation: str = ""
    drawing: Drawing | None = None
    assets: tuple[Asset, ...] = ()
    metadata: ItemMetadata | None = None
    original: Original | None = None


@dataclass(slots=True)
class Collection:
    """The items of one file as they are made."""

    findings: Findings
    codes: Codes = field(default_factory=Codes)
    tree: AreaTree = field(default_factory=AreaTree)
    items: list[ParsedItem] = field(default_factory=list)
    refused: list[RefusedItem] = field(default_factory=list)

    def take(self, where: str, name: str, read: Callable[[Account], Question]) -> None:
        """Add the item of the question that `read` returns, or its refusal."""
        if len(self.items) >= MOST_ITEMS or len(self.refused) >= _MOST_REFUSED:
            self._stop()
            return
        account = Account(where=where)
        try:
            self.items.append(self._item(account, read(account)))
        except NotTakenOver as refusal:
            code = code_of(name) or "?"
            self.refused.append(RefusedItem(where=where, code=code, notes=(*account.notes, *refusal.problems)))

    def parsed(self, kind: str) -> Parsed:
        """Return all that was read of the file, as the format `kind`."""
        if not self.items and not self.refused and not self.findings.problems:
            self.findings.refuse("file", "no-items", "there is no question in it")
        if any(item.area_code == UNSORTED for item in self.items):
            hint = f"questions without a category are in the content area {UNSORTED!r}"
            self.findings.warn("file", "no-category", hint)
        found = self.findings.parsed(tuple(self.items), tuple(self.tree.areas))
        return replace(found, format=kind, refused=tuple(self.refused))

    def _stop(self) -> None:
        full = any(one.code == "too-many-items" for one in self.findings.problems)
        if not full:
            self.findings.refuse("file", "too-many-items", f"{MOST_ITEMS:,} items are the most")

    def _item(self, account: Account, question: Question) -> ParsedItem:
        _check_size(account, question)
        content = _content(account, question)
        scored = scored_by([one.part() for one in question.asked], question.drawing)
        key = ItemKey(responses=scored.responses, program=scored.program, explanation=question.explanation)
        _check(account, content, key)
        wish = question.code or code_of(question.name) or digest_code(question.body)
        return ParsedItem(
            where=account.where,
            code=self.codes.unique(wish),
            area_code=self.tree.code(question.area),
            content=content,
            key=key,
            assets=_named(question.assets),
            metadata=question.metadata,
            understood=account.understood,
            notes=tuple(account.notes),
            original=question.original,
        )


def _content(account: Account, question: Question) -> ItemContent:
    if not question.asked:
        account.note("asks-nothing", "it asks nothing, so it earns nothing")
    marked = places(question.body)
    names = [one.interaction.response for one in question.asked]
    if sorted(marked) != sorted(set(marked)) or not set(marked) <= set(names):
        raise account.refusal("place", "a place for an answer stands twice or belongs to nothing")
    missing = "".join(f'<div {INTERACTION}="{name}"></div>' for name in names if name not in marked)
    body = question.body + missing
    return ItemContent(
        title=question.name.strip()[:_LONGEST_TITLE] or plain_title(question.body) or "?",
        language=question.language or language_of(question.body),
        body=body,
        declarations=tuple(one.declaration for one in question.asked),
        interactions=tuple(one.interaction for one in question.asked),
        assets=tuple(asset.ref for asset in _named(question.assets)),
    )


def _named(assets: tuple[Asset, ...]) -> tuple[Asset, ...]:
    """Return the pictures under their own names, without the path that a text called them by."""
    return tuple(replace(one, ref=replace(one.ref, name=_file_name(one.ref.name))) for one in assets)


def _file_name(path: str) -> str:
    return unquote(path.partition("?")[0]).rpartition("/")[2] or "picture"


def language_of(html: str) -> str:
    """Return the language that a text without one is taken to be in."""
    return "ko" if _HANGUL.search(html) else "en"


def _check_size(account: Account, question: Question) -> None:
    """Refuse a question before its key is made, which takes the longer the more it holds."""
    scorings = [one.scoring for one in question.asked]
    answers = sum(len(one.fractions()) for one in scorings)
    signs = sum(len(text.text) for one in scorings if isinstance(one, Texts) for text in one.accepted)
    if max(answers, len(scorings)) > MOST_PARTS or signs > FIELD_BYTES:
        hint = f"more than {MOST_PARTS:,} answers, or more than {FIELD_BYTES:,} characters of them"
        raise account.refusal("too-many-parts", hint)


def _check(account: Account, content: ItemContent, key: ItemKey) -> None:
    if key.program is not None and len(key.program.source) > _LONGEST_SOURCE:
        raise account.refusal("too-many-parts", "its answers are more than can be scored")
    problems: tuple[Problem, ...] = check_key(content, key, account.where)
    if problems:
        raise NotTakenOver(*problems)


def check_fractions(account: Account, asked: Asked) -> None:
    """Refuse what can earn nothing; note what can never earn everything, and what takes points away."""
    fractions = asked.scoring.fractions()
    best = max(fractions, default=Fraction(0))
    several = asked.declaration.cardinality is not Cardinality.SINGLE
    if several and isinstance(asked.scoring, Mapped):
        best = sum((one for one in fractions if one > 0), start=Fraction(0))
    if best <= 0:
        raise account.refusal("key-missing", "no answer of it is correct")
    if best < 1:
        account.remark("below-full", f"the best answer earns {float(best):.4g} of the points")
    if not several and min(fractions) < 0:
        account.note("negative", "an answer that takes points away elsewhere earns nothing here")
