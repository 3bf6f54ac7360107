"""One response of a draft to its interaction, declaration and key, with every disagreement named."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, assert_never

from itembank.core.interactions import Choice, ChoiceInteraction, Interaction, TextEntryInteraction
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText, ResponseKey
from itembank.core.markup import visible_text
from itembank.core.pinning import names_others, stays_last
from itembank.core.scoring import read_number
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.drafts import Draft, ResponseDraft
from itembank.formats.parsed import Findings

# (response, letter) -> the option's HTML.
Options = Mapping[tuple[str, str], str]
_TRUE: Final = frozenset({"true", "yes", "y", "1", "o"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "x"})
_FEWEST_OPTIONS: Final = 2
_WIDEST: Final = 80
_TEXT_WIDTH: Final = 20
_NUMBER_WIDTH: Final = 10


class Kind(StrEnum):
    """The kinds of answer that are scored now."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one response becomes; without a key something was wrong with it."""

    interaction: Interaction
    declaration: ResponseDeclaration
    key: ResponseKey | None


def build_answer(draft: Draft, response: ResponseDraft, options: Options, findings: Findings) -> Answer:
    """Return the answer of one response; what is wrong is noted."""
    reading = _Reading(draft, response, options, findings)
    kind = reading.kind()
    match kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            return reading.choice(kind)
        case Kind.TEXT:
            return reading.text()
        case Kind.NUMBER:
            return reading.number()
    assert_never(kind)


class _Reading:
    def __init__(self, draft: Draft, response: ResponseDraft, options: Options, findings: Findings) -> None:
        self._draft = draft
        self._response = response
        self._options = options
        self._findings = findings

    def kind(self) -> Kind:
        written = self._response.kind
        if written in set(Kind):
            return Kind(written)
        if written:
            known = ", ".join(Kind)
            self._refuse("type", "unknown-type", f"{written[:40]!r} is not one of {known}")
        return self._guessed()

    def _guessed(self) -> Kind:
        if self._response.accepted:
            return Kind.TEXT
        if self._response.value:
            return Kind.NUMBER
        many = max(len(self._response.correct), len(self._response.correct_letter)) > 1
        return Kind.MULTIPLE if many else Kind.SINGLE

    def choice(self, kind: Kind) -> Answer:
        response = self._response
        single = kind is Kind.SINGLE
        self._check_options()
        letters = tuple(option.letter for option in response.options)
        pinned = self._pinned(letters)
        interaction = ChoiceInteraction(
            response=response.identifier,
            choices=tuple(
                Choice(
                    identifier=letter,
                    content=self._options[response.identifier, letter],
                    pinned=letter in pinned,
                )
                for letter in letters
            ),
            max_choices=1 if single else self._whole("max_choices", response.max_choices, 0, len(letters)),
            shuffle=self._shuffle(),
        )
        correct = self._correct(letters, single=single)
        return Answer(
            interaction=interaction,
            declaration=ResponseDeclaration(
                identifier=response.identifier,
                cardinality=Cardinality.SINGLE if single else Cardinality.MULTIPLE,
                base_type=BaseType.IDENTIFIER,
            ),
            key=ResponseKey(identifier=response.identifier, rule=MatchCorrect(correct=correct)) if correct else None,
        )

    def text(self) -> Answer:
        response = self._response
        if not response.accepted:
            self._refuse("accepted", "key-missing", "no accepted text; several are parted by |")
        rule = MatchText(
            accepted=response.accepted,
            case_sensitive=self._flag("case_sensitive", response.case_sensitive, default=False),
        )
        key = ResponseKey(identifier=response.identifier, rule=rule) if response.accepted else None
        return self._entry(BaseType.STRING, _TEXT_WIDTH, key)

    def number(self) -> Answer:
        response = self._response
        value = self._decimal("value", response.value, "a number is needed")
        tolerance = self._decimal("tolerance", response.tolerance or "0", "a number from 0 on")
        if tolerance is not None and tolerance < 0:
            self._refuse("tolerance", "bad-number", "a number from 0 on")
            tolerance = None
        key = None
        if value is not None and tolerance is not None:
            key = ResponseKey(identifier=response.identifier, rule=MatchNumber(value=value, tolerance=tolerance))
        return self._entry(BaseType.FLOAT, _NUMBER_WIDTH, key)

    def _entry(self, base_type: BaseType, width: int, key: ResponseKey | None) -> Answer:
        response = self._response
        # Never derived from the key: a width would tell the length of the answer.
        expected = self._whole("width", response.width, width, _WIDEST)
        declaration = ResponseDeclaration(
            identifier=response.identifier, cardinality=Cardinality.SINGLE, base_type=base_type
        )
        if response.options:
            self._refuse(response.options[0].field, "options-unwanted", "an item to type into has no options")
        return Answer(
            interaction=TextEntryInteraction(response=response.identifier, expected_length=expected),
            declaration=declaration,
            key=key,
        )

    def _check_options(self) -> None:
        options = self._response.options
        if len(options) < _FEWEST_OPTIONS:
            self._refuse("a", "options-missing", f"{len(options)} options; at least {_FEWEST_OPTIONS} are needed")
        seen: dict[str, str] = {}
        for option in options:
            html = self._options[self._response.identifier, option.letter]
            if html and html in seen:
                self._refuse(option.field, "duplicate-option", f"the same as option {seen[html]}")
            seen.setdefault(html, option.letter)

    def _correct(self, letters: tuple[str, ...], *, single: bool) -> tuple[str, ...]:
        response = self._response
        by_column = {
            name: self._marks(name, written, letters)
            for name, written in (("correct", response.correct), ("correct_letter", response.correct_letter))
            if written
        }
        if not by_column:
            self._refuse("correct", "key-missing", "no correct option is named")
            return ()
        if () in by_column.values():
            return ()
        if len({frozenset(marks) for marks in by_column.values()}) > 1:
            named = " but ".join(f"{name} names {', '.join(marks)}" for name, marks in by_column.items())
            self._refuse("correct_letter", "key-disagrees", f"{named} (correct counts from 0)")
            return ()
        name, marks = next(iter(by_column.items()))
        if single and len(marks) > 1:
            self._refuse(name, "too-many-correct", "a single choice has one correct option; type multiple has more")
            return ()
        return tuple(letter for letter in letters if letter in marks)

    def _marks(self, name: str, written: tuple[str, ...], letters: tuple[str, ...]) -> tuple[str, ...]:
        marks = tuple(dict.fromkeys(_letter(mark, letters) for mark in written))
        wrong = next((mark for mark in written if not _letter(mark, letters)), None)
        if wrong is None:
            return marks
        last = letters[-1] if letters else "none"
        hint = f"{wrong[:20]!r} names no option; the options are A to {last}, or 0 to {max(len(letters) - 1, 0)}"
        self._refuse(name, "wrong-key", hint)
        return ()

    def _pinned(self, letters: tuple[str, ...]) -> frozenset[str]:
        written = self._response.pinned
        if not written:
            texts = [visible_text(self._options[self._response.identifier, letter]) for letter in letters]
            return frozenset(letters[index] for index in stays_last(texts))
        if written == ("none",):
            return frozenset()
        if written == ("last",):
            return frozenset(letters[-1:])
        return frozenset(self._marks("pinned", written, letters))

    def _shuffle(self) -> bool:
        response = self._response
        texts = [visible_text(self._options[response.identifier, option.letter]) for option in response.options]
        if not response.shuffle and not response.pinned and names_others(texts):
            hint = "an option names others by letter, so the options keep their order; say shuffle false, or reword it"
            self._findings.warn(self._at("shuffle"), "names-others", hint)
            return False
        return self._flag("shuffle", response.shuffle, default=True)

    def _flag(self, name: str, written: str, *, default: bool) -> bool:
        plain = written.strip().lower()
        if plain in _TRUE or plain in _FALSE:
            return plain in _TRUE
        if plain:
            self._refuse(name, "bad-flag", "true or false")
        return default

    def _whole(self, name: str, written: str, default: int, most: int) -> int:
        if not written:
            return default
        if written.isascii() and written.isdigit() and len(written) < 4 and 0 <= int(written) <= most:  # noqa: PLR2004
            return int(written)
        self._refuse(name, "bad-number", f"a whole number from 0 to {most}")
        return default

    def _decimal(self, name: str, written: str, hint: str) -> Decimal | None:
        number = read_number(written)
        if number is None:
            self._refuse(name, "bad-number", f"{written[:40]!r}: {hint}" if written else hint)
        return number

    def _at(self, field: str) -> str:
        return self._draft.at(f"{self._response.prefix}{field}")

    def _refuse(self, field: str, code: str, hint: str) -> None:
        self._findings.refuse(self._at(field), code, hint)


def _letter(mark: str, letters: tuple[str, ...]) -> str:
    """Return the letter that a mark names (`c`, `C` or 2), or nothing."""
    if mark.isascii() and mark.isdigit() and len(mark) < 3:  # noqa: PLR2004 - no item has a hundred options
        index = int(mark)
        return letters[index] if index < len(letters) else ""
    return mark.upper() if mark.upper() in letters else ""
