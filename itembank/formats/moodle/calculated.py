"""Moodle's calculated questions: one item whose numbers are drawn from the data set that came with the question.

One row of the data set is drawn for each candidate; all variables of the question take their values from that row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from lxml import etree

from itembank.formats.moodle.fields import Fields, notation_of, number_in, plain_text, source_text
from itembank.formats.moodle.formula import NotAFormula, expression_of
from itembank.formats.moodle.made import Made, answer_remarks, fraction
from itembank.formats.moodle.simple import unit_of
from itembank.formats.questions import asking
from itembank.formats.questions.building import check_fractions
from itembank.formats.questions.words import place, without_marks
from itembank.formats.scoring_source.parts import Computed, ComputedNumber
from itembank.formats.scoring_source.source import Drawing

_PREFIX: Final = "V_"
_ROW: Final = "ROW"
_USED: Final = re.compile(r"\{(=)?((?:[^{}]|\{[A-Za-z_]\w{0,40}\})+)\}")
_NAME: Final = re.compile(r"[A-Za-z_]\w{0,40}")
_MOST_ROWS: Final = 1000
_PERCENT: Final = 100


@dataclass(slots=True)
class _Drawn:
    """The variables of one question as they are declared and set."""

    fields: Fields
    declarations: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    computed: int = 0

    def drawing(self) -> Drawing:
        """Return all declarations and rules."""
        return Drawing(declarations="".join(self.declarations), processing="".join(self.rules))

    def formula(self, formula: str) -> str:
        """Return the name of a new variable that holds the value of the formula."""
        try:
            expression = expression_of(formula, _PREFIX)
        except NotAFormula as wrong:
            hint = f"the formula {formula.strip()[:60]!r} is not understood: {wrong}"
            raise self.fields.account.refusal("formula", hint) from wrong
        foreign = set(re.findall(r"\{(\w+)\}", formula)) - self.names
        if foreign:
            hint = f"{min(foreign)} is not in the data set, of which the question needs every variable"
            raise self.fields.account.refusal("data-set", hint)
        self.computed += 1
        name = f"COMPUTED_{self.computed}"
        self.declarations.append(_declared(name))
        self.rules.append(_set(name, expression))
        return name

    def marked(self, text: str) -> str:
        """Return a text with places for the values that it shows."""

        def shown(found: re.Match[str]) -> str:
            if found[1]:
                return place("printed", self.formula(found[2]))
            return place("printed", _PREFIX + found[2]) if found[2] in self.names else found[0]

        return _USED.sub(shown, without_marks(self.fields.account.bounded(text)))


def number(fields: Fields) -> Made:
    """Return a line for the number that the formula gives."""
    drawn = _drawn(fields)
    answers = [one for one in fields.all("answer") if plain_text(one) != "*" or fraction(fields, one)]
    accepted = tuple(_near(fields, one, drawn) for one in answers)
    asked = asking.number(Computed(accepted=accepted))
    check_fractions(fields.account, asked)
    terms = [plain_text(one) for one in answers]
    body = _body(fields, drawn)
    return Made(
        body=body + unit_of(fields),
        asked=(asked,),
        drawing=drawn.drawing(),
        remarks=answer_remarks(fields, terms, answers),
    )


def choice(fields: Fields) -> Made:
    """Return a choice of options that show computed values."""
    drawn = _drawn(fields)
    answers = fields.all("answer")
    contents = [
        fields.words_for(one).inline(drawn.marked(source_text(one)), notation_of(one), f"answer {n}")
        for n, one in enumerate(answers, start=1)
    ]
    asked = asking.choice(
        contents,
        asking.by_fractions([fraction(fields, one) for one in answers]),
        several=not fields.flag("single", default=True),
        shuffle=fields.flag("shuffleanswers", default=True),
    )
    check_fractions(fields.account, asked)
    return Made(body=_body(fields, drawn), asked=(asked,), drawing=drawn.drawing())


def _body(fields: Fields, drawn: _Drawn) -> str:
    element = fields.element.find("questiontext")
    if element is None or not plain_text(element):
        raise fields.account.refusal("empty", "there is no text", "questiontext")
    return fields.block_in(element, "questiontext", drawn.marked(source_text(element)))


def _near(fields: Fields, answer: etree._Element, drawn: _Drawn) -> ComputedNumber:
    tolerance = abs(number_in(plain_text(answer.find("tolerance"), "0"), "tolerance", fields.account))
    kind = plain_text(answer.find("tolerancetype"), "2")
    if kind == "3" and tolerance:
        fields.account.note("tolerance", "a geometric tolerance is taken as a relative one")
    relative = kind in {"1", "3"}
    return ComputedNumber(
        variable=drawn.formula(plain_text(answer)),
        tolerance=tolerance * _PERCENT if relative else tolerance,
        relative=relative,
        fraction=fraction(fields, answer),
    )


def _drawn(fields: Fields) -> _Drawn:
    drawn = _Drawn(fields)
    sets = dict(_data_sets(fields))
    rows = min((len(values) for values in sets.values()), default=0)
    if not rows or rows > _MOST_ROWS:
        hint = f"the data set has {rows} rows; from 1 to {_MOST_ROWS} can be drawn from"
        raise fields.account.refusal("data-set", hint)
    drawn.declarations.append(
        f'<qti-template-declaration identifier="{_ROW}" cardinality="single" base-type="integer"/>'
    )
    drawn.rules.append(_set(_ROW, f'<qti-random-integer min="1" max="{rows}"/>'))
    for name, values in sets.items():
        drawn.names.add(name)
        drawn.declarations += [_column(name, values[:rows]), _declared(_PREFIX + name)]
        column = f'<qti-index n="{_ROW}"><qti-variable identifier="ROWS_{name}"/></qti-index>'
        drawn.rules.append(_set(_PREFIX + name, column))
    return drawn


def _data_sets(fields: Fields) -> Iterator[tuple[str, list[str]]]:
    for one in fields.element.iterfind("dataset_definitions/dataset_definition"):
        name = plain_text(one.find("name"))
        if not _NAME.fullmatch(name):
            raise fields.account.refusal("data-set", f"a variable cannot be called {name[:40]!r}")
        items = one.findall("dataset_items/dataset_item")
        ordered = sorted(items, key=lambda item: _whole(plain_text(item.find("number"))))
        values = [number_in(plain_text(item.find("value")), f"data set {name}", fields.account) for item in ordered]
        yield name, [_decimal(value) for value in values]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - a row's number


def _decimal(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _column(name: str, values: list[str]) -> str:
    inner = "".join(f"<qti-value>{value}</qti-value>" for value in values)
    start = f'<qti-template-declaration identifier="ROWS_{name}" cardinality="ordered" base-type="float">'
    return f"{start}<qti-default-value>{inner}</qti-default-value></qti-template-declaration>"


def _declared(name: str) -> str:
    return f'<qti-template-declaration identifier="{name}" cardinality="single" base-type="float"/>'


def _set(name: str, expression: str) -> str:
    return f'<qti-set-template-value identifier="{name}">{expression}</qti-set-template-value>'
