"""Names that authors gave to codes: of items and of content areas, each once in a file, at every reading the same."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cbt.kernel.titles import Title
from itembank.formats.parsed import ParsedArea

UNSORTED: Final = "unsorted"
_LONGEST: Final = 64
_FOREIGN: Final = re.compile(r"[^\w.:-]+")
_START: Final = re.compile(r"^[\W_]+")
_DEEPEST: Final = 12


def code_of(name: str) -> str:
    """Return `name` as a code (letters, digits, dot, colon, hyphen, underscore), or nothing when none is in it."""
    plain = _FOREIGN.sub("-", unicodedata.normalize("NFC", name).strip())
    return _START.sub("", plain)[:_LONGEST].rstrip("-.:_")


def is_code(name: str) -> bool:
    """Tell whether `name` can be a code as it is."""
    return bool(re.fullmatch(r"[^\W_][\w.:-]{0,63}", name))


def digest_code(text: str) -> str:
    """Return a code for what has no name: the same text has the same."""
    return f"q-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:10]}"


@dataclass(slots=True)
class Codes:
    """Hands out codes, each once."""

    _given: set[str] = field(default_factory=set)

    def unique(self, wish: str) -> str:
        """Return `wish`, or with a number behind it when it is taken."""
        number, code = 1, wish
        while code in self._given:
            number += 1
            code = f"{wish[: _LONGEST - len(str(number)) - 1]}-{number}"
        self._given.add(code)
        return code


@dataclass(slots=True)
class AreaTree:
    """Content areas from the paths of categories, each area once."""

    _codes: dict[tuple[str, ...], str] = field(default_factory=dict)
    _taken: Codes = field(default_factory=Codes)
    areas: list[ParsedArea] = field(default_factory=list)
    _wished: dict[tuple[str, ...], str] = field(default_factory=dict)

    def code(self, path: Sequence[str]) -> str:
        """Return the code of the area at `path`; its levels above become areas too, no path is the unsorted one."""
        names = tuple(name.strip()[:200] for name in path if name.strip())[:_DEEPEST] or (UNSORTED,)
        above = ""
        for depth in range(1, len(names) + 1):
            here = names[:depth]
            if here not in self._codes:
                code = self._taken.unique(self._wished.get(here) or code_of(here[-1]) or digest_code("/".join(here)))
                self._codes[here] = code
                name = here[-1]
                self.areas.append(ParsedArea(code=code, parent=above, title=Title(ko=name, en=name)))
            above = self._codes[here]
        return above

    def name(self, path: Sequence[str], code: str) -> None:
        """Keep `code` for the area at `path`, unless another one has it or the area has one already."""
        names = tuple(path)
        if code not in self._wished.values():
            self._wished.setdefault(names, code)
