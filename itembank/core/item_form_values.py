"""Typed fields to values of the item model, and back; whatever is wrong is noted under the name of its field.

Reading never fails: a field that cannot be read has its default, so that a half-written item can be shown already.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cbt.kernel.errors import Problem
from itembank.core.content import Notation, Written, block, kept
from itembank.core.interactions import Picture
from itembank.core.item_form_parts import DERIVED, Group, Input, Leaf, Part, Rows, parts_of, separator
from itembank.core.item_form_tree import Tree, part_of, rows_of, text_of
from itembank.core.items import AssetRef
from itembank.core.qti.shapes import Area, Shape, read_area

_BLANK: Final = (400, 300)  # the size of a picture that is still to come
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_SIGNED: Final = re.compile(r"-?[0-9]{1,6}")
_FORMULA: Final = re.compile(r"\\(?=[(\[])")


@dataclass(slots=True)
class Reading:
    """One reading of an editor's fields."""

    files: Mapping[str, AssetRef]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def pictures(self, address: str) -> str | None:
        """Return the address of a picture that is there, or None."""
        digest = address.removeprefix("asset:")
        return f"asset:{digest}" if self.is_picture(digest) else None

    def is_picture(self, digest: str) -> bool:
        """Return whether there is a picture under the digest."""
        return digest in self.files and self.files[digest].media_type.startswith("image/")

    def refuse(self, where: str, code: str, hint: str = "") -> None:
        """Note what is wrong with a field; the first problem of a field stands."""
        if all(problem.where != where for problem in self.problems):
            self.problems.append(Problem(where=where, code=code, hint=hint))

    def html(self, text: str, where: str, *, as_block: bool = False) -> str:
        """Return cleaned HTML."""
        written: Written
        if as_block:
            written = block(text, where, notation=Notation.HTML, pictures=self.pictures)
        else:
            written = kept(text, where, pictures=self.pictures)
        for problem in written.problems:
            self.refuse(where, problem.code, problem.hint)
        self.warnings += written.warnings
        return written.html

    def value(self, made: type, tree: Tree, where: str) -> Any:
        """Return the value of the dataclass `made` that the fields below `where` describe."""
        values = {part.name: self._part(part, tree, f"{where}-{part.name}") for part in parts_of(made)}
        for name, mark in DERIVED.items():
            if name in made.__dataclass_fields__:  # type: ignore[attr-defined]
                values[name] = marks_in(values["content"], mark)
        if made is Picture and not (self.is_picture(values["sha256"]) and values["width"] and values["height"]):
            self.refuse(f"{where}-file", "no-picture")
            return Picture(sha256="", width=_BLANK[0], height=_BLANK[1], alt=values["alt"])
        if made is Area and read_area(values["shape"], " ".join(map(str, values["coords"]))) is None:
            self.refuse(f"{where}-coords", "bad-coordinates")
            return Area(shape=Shape.DEFAULT)
        if "media_type" in values:
            file = self.files.get(values["sha256"])
            values |= {"sha256": "", "media_type": ""} if file is None else {"media_type": file.media_type}
        return made(**values)

    def _part(self, part: Part, tree: Tree, where: str) -> Any:
        match part:
            case Group():
                return self.value(part.made, part_of(tree, part.name), where)
            case Rows():
                rows = rows_of(tree, part.name)
                return tuple(self.value(part.made, row, f"{where}-{number}") for number, row in enumerate(rows))
            case Leaf():
                return self._leaf(part, text_of(tree, part.name), where)

    def _leaf(self, leaf: Leaf, text: str, where: str) -> Any:
        if leaf.input is Input.FLAG:
            return bool(text)
        if not text.strip():
            if leaf.required and not leaf.hidden and leaf.input is not Input.NUMBERS:
                self.refuse(where, "missing")
            return leaf.default
        if leaf.input is Input.HTML:
            return self.html(text, where, as_block=leaf.block)
        return _READERS[leaf.input](self, leaf, text, where)

    def number(self, leaf: Leaf, text: str, where: str) -> Any:
        """Return a whole number from 0 on."""
        if _WHOLE.fullmatch(text.strip()):
            return int(text)
        self.refuse(where, "bad-number")
        return leaf.default

    def numbers(self, leaf: Leaf, text: str, where: str) -> Any:
        """Return whole numbers with spaces or commas between them."""
        found = text.replace(",", " ").split()
        fits = not leaf.default or len(leaf.default) == len(found)
        if fits and all(_SIGNED.fullmatch(one) for one in found):
            return tuple(int(one) for one in found)
        self.refuse(where, "bad-coordinates")
        return leaf.default

    def choice(self, leaf: Leaf, text: str, where: str) -> Any:
        """Return one value of an enumeration."""
        if text in set(leaf.made):
            return leaf.made(text)
        self.refuse(where, "bad-choice")
        return leaf.default or next(iter(leaf.made))


def _line(_reading: Reading, _leaf: Leaf, text: str, _where: str) -> str:
    return text.strip()


def _words(_reading: Reading, leaf: Leaf, text: str, _where: str) -> tuple[str, ...]:
    return words_in(text) if separator(leaf) == "\n" else tuple(text.split())


_READERS: Final[dict[Input, Callable[[Reading, Leaf, str, str], Any]]] = {
    Input.LINE: _line,
    Input.WORDS: _words,
    Input.NUMBER: Reading.number,
    Input.NUMBERS: Reading.numbers,
    Input.CHOICE: Reading.choice,
}


def words_in(text: str) -> tuple[str, ...]:
    """Return the lines of a text that hold something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def marks_in(html: str, mark: str) -> tuple[str, ...]:
    """Return the names that a mark has in cleaned HTML, each once, in order."""
    return tuple(dict.fromkeys(re.findall(rf'<span {mark}="([^"]+)"', html)))


def typed(value: Any) -> Tree:
    """Return the fields that `Reading.value` reads `value` from."""
    return {part.name: _typed(part, getattr(value, part.name)) for part in parts_of(type(value))}


def _typed(part: Part, value: Any) -> Any:
    match part:
        case Group():
            return typed(value)
        case Rows():
            return [typed(one) for one in value]
        case Leaf():
            return _typed_leaf(part, value)


def _typed_leaf(leaf: Leaf, value: Any) -> str:
    match leaf.input:
        case Input.FLAG:
            return "on" if value else ""
        case Input.WORDS:
            return separator(leaf).join(value)
        case Input.NUMBERS:
            return " ".join(map(str, value))
        case Input.HTML:
            return typed_html(value)
        case _:
            return str(value)


def typed_html(html: str) -> str:
    r"""Return stored HTML as it is typed: a `\(` that is no formula is spelled so that it stays none."""
    return _FORMULA.sub("&#92;", html)
