"""A GIFT file cut into pieces: questions with their line, the category they are in, and the tags before them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_CATEGORY: Final = re.compile(r"^\$CATEGORY:\s*(.*?)\s*$")
_COMMENT: Final = re.compile(r"^\s*//")
_ID: Final = re.compile(r"\[id:([^\]\n]{1,200})\]")
_TAG: Final = re.compile(r"\[tag:([^\]\n]{1,200})\]")
_TOP: Final = re.compile(r"^\$[a-z]+\d*\$$")


@dataclass(slots=True)
class Piece:
    """The lines of one question, from line `line` on."""

    line: int
    category: tuple[str, ...]
    identifier: str = ""
    tags: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The question as it stands in the file."""
        return "\n".join(self.lines).strip("\n")


def pieces(text: str) -> Iterator[Piece]:
    """Yield the questions of a file; a blank line ends a question, comments and categories stand by themselves."""
    category: tuple[str, ...] = ()
    comments: list[str] = []
    piece = Piece(line=0, category=())
    for number, line in enumerate(text.split("\n"), start=1):
        found = _CATEGORY.match(line.strip())
        if found or not line.strip():
            if piece.lines:
                yield piece
                comments = []
            piece = Piece(line=0, category=())
            category = path_of(found[1]) if found else category
        elif _COMMENT.match(line):
            comments += [] if piece.lines else [line]
        else:
            piece = piece if piece.lines else _begun(number, category, comments)
            piece.lines.append(line)
    if piece.lines:
        yield piece


def path_of(category: str) -> tuple[str, ...]:
    """Return the names in a category path; what Moodle puts before them (`$course$/top`) is no name, `//` a slash."""
    names = [name.replace("\0", "/").strip() for name in category.replace("//", "\0").split("/")]
    if names and _TOP.match(names[0]):
        del names[0]
    names = names[1:] if names[:1] == ["top"] else names
    return tuple(name for name in names if name)


def _begun(number: int, category: tuple[str, ...], comments: list[str]) -> Piece:
    said = "\n".join(comments)
    identifier = _ID.search(said)
    return Piece(
        line=number,
        category=category,
        identifier=identifier[1].strip() if identifier else "",
        tags=tuple(tag.strip() for tag in _TAG.findall(said)),
    )
