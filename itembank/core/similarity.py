"""Near duplicates: how alike two items read, and an index that finds the ones that are alike without comparing all.

A text is taken as the set of its runs of four letters or digits, without spaces, marks and capitals: what is moved,
spaced or punctuated otherwise stays alike, in Korean as in English. Likeness is the Jaccard index of two sets. The
index keeps for each text a few numbers (bands of a MinHash by one permutation, after Li, Owen and Zhang 2012); texts
that share a number are compared in full. Options count as the rest does.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from zlib import crc32

Key = TypeVar("Key", bound=Hashable)
NEAR: Final = 0.6
_RUN: Final = 4
# Two texts of likeness 0.7 share one of 20 bands of 4 with probability 0.996, of 0.6 with 0.94, of 0.1 with 0.002.
_ROWS: Final = 4
BANDS: Final = 20
_BINS: Final = BANDS * _ROWS
_KEPT: Final = re.compile(r"[\W_]+")
_SPREAD: Final = 0x9E3779B1
_WORD: Final = 1 << 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Near(Generic[Key]):
    """A text that is like another one: its key and the likeness, from 0 to 1."""

    key: Key
    likeness: float


def shingles(text: str) -> frozenset[str]:
    """Return the runs of letters and digits of `text`; a text shorter than a run is one run itself."""
    plain = _KEPT.sub("", unicodedata.normalize("NFKC", text).casefold())
    if len(plain) <= _RUN:
        return frozenset({plain}) if plain else frozenset()
    return frozenset(plain[place : place + _RUN] for place in range(len(plain) - _RUN + 1))


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard index of two sets of runs, from 0 to 1; two empty sets are not alike."""
    together = len(first & second)
    return together / (len(first) + len(second) - together) if together else 0.0


def bands(runs: frozenset[str]) -> tuple[int, ...]:
    """Return BANDS numbers (below 2**40); two sets share one of them the likelier, the more alike they are."""
    if not runs:
        return ()
    least = [_WORD] * _BINS
    for run in runs:
        mixed = (crc32(run.encode()) * _SPREAD) % _WORD
        place = mixed % _BINS
        least[place] = min(least[place], mixed)
    _fill(least)
    rows = (least[start : start + _ROWS] for start in range(0, _BINS, _ROWS))
    return tuple(
        place * _WORD + crc32(b"".join(value.to_bytes(5, "big") for value in row)) for place, row in enumerate(rows)
    )


def _fill(least: list[int]) -> None:
    """Give an empty bin the value of the next filled one, so that short texts can be found too."""
    last = next(value for value in least if value < _WORD)
    for place in reversed(range(len(least))):
        if least[place] == _WORD:
            least[place] = last
        last = least[place]


class Index(Generic[Key]):
    """Texts that can be asked for their like; it keeps the texts and their bands, and no run of them."""

    def __init__(self, texts: Mapping[Key, str] | None = None) -> None:
        self._texts: dict[Key, str] = {}
        self._keys: dict[int, list[Key]] = {}
        for key, text in (texts or {}).items():
            self.add(key, text, bands(shingles(text)))

    def add(self, key: Key, text: str, numbers: tuple[int, ...]) -> None:
        """Take in a text with its bands."""
        self._texts[key] = text
        for number in numbers:
            self._keys.setdefault(number, []).append(key)

    def near(self, text: str, *, least: float = NEAR, beside: Iterable[Key] = ()) -> tuple[Near[Key], ...]:
        """Return the texts that are at least so much like `text`, the most alike first, without those `beside`."""
        runs = shingles(text)
        candidates = {key for number in bands(runs) for key in self._keys.get(number, ())}
        return ranked({key: self._texts[key] for key in candidates.difference(beside)}, runs, least=least)


def ranked(texts: Mapping[Key, str], runs: frozenset[str], *, least: float = NEAR) -> tuple[Near[Key], ...]:
    """Return those of `texts` that are at least so much like `runs`, the most alike first."""
    found = [Near(key=key, likeness=likeness(runs, shingles(text))) for key, text in texts.items()]
    alike = [one for one in found if one.likeness >= least]
    return tuple(sorted(alike, key=lambda one: (-one.likeness, str(one.key))))
