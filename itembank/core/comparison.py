"""Two versions of a text side by side: which words went, which came, which stayed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

MOST_WORDS: Final = 4000
_TOKEN: Final = re.compile(r"\s+|\w+|[^\w\s]")


class Mark(StrEnum):
    """What became of some words from the older version to the newer one."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words with what became of them."""

    mark: Mark
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One text in two versions; `older` holds what stayed and went, `newer` what stayed and came."""

    name: str
    older: tuple[Piece, ...]
    newer: tuple[Piece, ...]

    @property
    def differs(self) -> bool:
        """Return whether any word went or came."""
        return any(piece.mark is not Mark.SAME for piece in (*self.older, *self.newer))


def compare(name: str, older: str, newer: str) -> Compared:
    """Return the texts word by word; blanks between words that stayed belong to them.

    A text of more than MOST_WORDS words is told to differ as a whole: the search for common words is quadratic.
    """
    first, second = _TOKEN.findall(older), _TOKEN.findall(newer)
    if older != newer and max(len(first), len(second)) > MOST_WORDS:
        return Compared(name=name, older=_whole(Mark.GONE, older), newer=_whole(Mark.NEW, newer))
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        mark = Mark.SAME if kind == "equal" else Mark.GONE
        _append(left, mark, first[a:b])
        _append(right, Mark.SAME if kind == "equal" else Mark.NEW, second[c:d])
    return Compared(name=name, older=tuple(left), newer=tuple(right))


def _whole(mark: Mark, text: str) -> tuple[Piece, ...]:
    return (Piece(mark=mark, words=text),) if text else ()


def _append(pieces: list[Piece], mark: Mark, tokens: Sequence[str]) -> None:
    if tokens:
        pieces.append(Piece(mark=mark, words="".join(tokens)))


def pairs(older: Sequence[tuple[str, str]], newer: Sequence[tuple[str, str]]) -> tuple[Compared, ...]:
    """Return named texts compared by name, in the newer order; those that are gone come last."""
    before, after = dict(older), dict(newer)
    names = [*after, *(name for name in before if name not in after)]
    return tuple(compare(name, before.get(name, ""), after.get(name, "")) for name in names)
