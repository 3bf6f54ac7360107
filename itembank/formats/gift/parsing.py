"""GIFT files to items."""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from types import MappingProxyType
from typing import Final, assert_never

from itembank.core.interactions import InlineChoiceInteraction
from itembank.core.metadata import ItemMetadata
from itembank.core.scoring import read_number
from itembank.core.variables import SINGLE_RESPONSE
from itembank.formats.figures import Figures, NoFigures
from itembank.formats.gift.pieces import Piece, pieces
from itembank.formats.gift.reading import Answer, GiftQuestion, Kind, Said, read_question
from itembank.formats.parsed import Findings, Original, Parsed
from itembank.formats.questions import asking
from itembank.formats.questions.account import Account, NotTakenOver
from itembank.formats.questions.building import Collection, Question, check_fractions, language_of
from itembank.formats.questions.encodings import read_old_text
from itembank.formats.questions.names import is_code
from itembank.formats.questions.remarks import RIGHT, WRONG, explanation_of
from itembank.formats.questions.words import Words, place
from itembank.formats.scoring_source.parts import AcceptedText, Asked, Range

GIFT: Final = "gift"
_GAP: Final = "_____"
_RANGE: Final = re.compile(r"^\s*(.+?)\s*\.\.\s*(.+?)\s*$")
_LEAST_PAIRS: Final = 2
_BLOCKS: Final = re.compile(r"<(?:img|p|div|pre|table|ul|ol|math)\b")
_TITLED: Final = re.compile(r"^\s*::[^\n]*?::", re.MULTILINE)
_OWN_MARK: Final = re.compile(r"^(?:\$CATEGORY:|\[(?:html|markdown|plain|moodle)\])", re.MULTILINE)
_LISTED: Final = re.compile(r"[,;\t|]")
_COLUMNS: Final = frozenset({"id", "question", "stem", "answer", "answers", "correct", "area"})
_LOOKED_AT: Final = 30


def looks_like_gift(text: str) -> bool:
    """Tell whether a text is GIFT: a category, a title, or answers in braces; a table with columns is not."""
    head = text[:200_000].replace("\r\n", "\n").lstrip("\n\ufeff ")
    if _COLUMNS & {cell.strip(' "').lower() for cell in _LISTED.split(head.partition("\n")[0])}:
        return False
    found = list(islice(pieces(head), _LOOKED_AT))
    if _OWN_MARK.search(head) or (found and _TITLED.match(found[0].text)):
        return True
    kinds = [_kind(piece) for piece in found]
    return any(kind not in {None, Kind.DESCRIPTION} for kind in kinds) and kinds.count(None) * 2 <= len(kinds)


def _kind(piece: Piece) -> Kind | None:
    try:
        read = read_question(piece.text, Account(where=""))
    except NotTakenOver:
        return None
    guessed = read.kind is Kind.SHORT and not re.search(r"\{\s*=", piece.text)
    return None if guessed else read.kind


def parse_gift(payload: bytes, *, figures: Figures | None = None) -> Parsed:
    """Return the items of a GIFT file; what is wrong with one question refuses that question alone.

    `figures` finds the pictures that its HTML names.
    """
    collection = Collection(findings=Findings())
    text = read_old_text(payload, collection.findings)
    if text is None:
        return collection.parsed(GIFT)
    for piece in pieces(text.replace("\r\n", "\n").replace("\r", "\n")):
        collection.take(
            f"line {piece.line}", piece.identifier or piece.text[:40], _Reading(piece, figures or NoFigures()).question
        )
    return collection.parsed(GIFT)


class _Reading:
    """Reads one piece of a file."""

    def __init__(self, piece: Piece, figures: Figures) -> None:
        self._piece = piece
        self._figures = figures

    def question(self, account: Account) -> Question:
        """Return the question; raises NotTakenOver."""
        piece = self._piece
        read = read_question(piece.text, account)
        words = Words(account, self._figures)
        asked = _asked(read, words)
        body = words.block(_stem(read, asked), read.stem.notation, "text")
        explanation = _explanation(read, words)
        return Question(
            name=read.title,
            code=piece.identifier if is_code(piece.identifier) else "",
            area=piece.category,
            body=body,
            asked=asked,
            explanation=explanation,
            assets=tuple(words.used.values()),
            metadata=_metadata(piece),
            original=Original(name=f"{account.where}.gift", media_type="text/plain", payload=piece.text.encode()),
        )


def _metadata(piece: Piece) -> ItemMetadata | None:
    return ItemMetadata(fields=MappingProxyType({"tags": ", ".join(piece.tags)})) if piece.tags else None


def _stem(read: GiftQuestion, asked: tuple[Asked, ...]) -> str:
    """Return the text with the place of answers that stand in its midst."""
    if not read.after:
        return read.stem.text.strip()
    inline = bool(asked) and read.kind in {Kind.SHORT, Kind.NUMERICAL}
    inline = inline or any(isinstance(one.interaction, InlineChoiceInteraction) for one in asked)
    here = place("interaction", SINGLE_RESPONSE) if inline else _GAP
    return f"{read.stem.text}{here}{read.after}".strip()


def _asked(read: GiftQuestion, words: Words) -> tuple[Asked, ...]:
    match read.kind:
        case Kind.DESCRIPTION:
            return ()
        case Kind.ESSAY:
            return (asking.essay(),)
        case Kind.TRUE_FALSE:
            return (asking.true_false(right=read.truth, language=language_of(read.stem.text)),)
        case Kind.MATCHING:
            return (_matching(read, words),)
        case Kind.CHOICE:
            made = _choice(read, words)
        case Kind.SHORT:
            texts = (AcceptedText(text=one.said.text.strip(), fraction=_worth(one)) for one in read.answers)
            made = asking.typed(tuple(texts))
        case Kind.NUMERICAL:
            made = asking.number(tuple(_range(one, words.account) for one in read.answers))
        case _:
            assert_never(read.kind)
    check_fractions(words.account, made)
    return (made,)


def _choice(read: GiftQuestion, words: Words) -> Asked:
    parts = enumerate(read.answers, start=1)
    contents = tuple(words.inline(one.said.text.strip(), one.said.notation, f"answer {n}") for n, one in parts)
    several = not any(one.right for one in read.answers)
    inline = bool(read.after) and not any(_BLOCKS.search(content) for content in contents)
    fractions = [_worth(one) for one in read.answers]
    return asking.choice(contents, asking.by_fractions(fractions), several=several, inline=inline)


def _worth(one: Answer) -> Fraction:
    if one.weight is not None:
        return asking.fraction_of(one.weight)
    return Fraction(int(one.right))


def _range(one: Answer, account: Account) -> Range:
    text = one.said.text.strip()
    if text in {"*", ""}:
        return Range(low=None, high=None, fraction=_worth(one))
    if found := _RANGE.match(text):
        low, high = (_number(part, account) for part in found.groups())
    else:
        middle, _, around = text.partition(":")
        value, tolerance = _number(middle, account), _number(around, account) if around.strip() else Decimal(0)
        low, high = value - tolerance, value + tolerance
    if low > high:
        raise account.refusal("gift-number", f"{text[:60]!r} is an empty range")
    return Range(low=low, high=high, fraction=_worth(one))


def _number(text: str, account: Account) -> Decimal:
    number = read_number(text)
    if number is None:
        raise account.refusal("gift-number", f"{text.strip()[:40]!r} is not a number")
    return number


def _matching(read: GiftQuestion, words: Words) -> Asked:
    targets: dict[str, int] = {}
    sources: list[str] = []
    right: list[int] = []
    for number, one in enumerate(read.answers, start=1):
        told = one.beside or one.said
        beside = words.inline(told.text.strip(), told.notation, f"match {number}")
        target = targets.setdefault(beside, len(targets))
        if one.said:
            sources.append(words.inline(one.said.text.strip(), one.said.notation, f"pair {number}"))
            right.append(target)
    if len(sources) < _LEAST_PAIRS:
        raise words.account.refusal("gift-matching", "fewer than two pairs")
    return asking.pairs(sources, tuple(targets), right)


def _explanation(read: GiftQuestion, words: Words) -> str:
    general = words.aside(read.general.text, read.general.notation, "general feedback") if read.general else ""
    remarks = [
        (_aside(one.said, words, "answer"), _aside(one.feedback, words, "feedback"))
        for one in read.answers
        if one.feedback
    ]
    signs = zip((WRONG, RIGHT), read.truth_feedback, strict=False)
    remarks += [(sign, _aside(said, words, "feedback")) for sign, said in signs]
    return explanation_of(general, remarks)


def _aside(said: Said, words: Words, part: str) -> str:
    return words.aside(said.text.strip(), said.notation, part)
