"""Reads response processing of QTI 1.2 into `conditions`; what cannot be followed is named, never guessed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from lxml import etree

from itembank.core.qti.exact import read_float
from itembank.core.variables import Cardinality
from itembank.formats.qti12.areas import area_of
from itembank.formats.qti12.conditions import (
    Assignment,
    Compared,
    Either,
    Every,
    Holds,
    InOrder,
    Inside,
    Not,
    OneOf,
    Other,
    Outcome,
    Processing,
    RespCondition,
    Test,
    Unanswered,
    VarEqual,
)
from itembank.formats.qti12.elements import children, first, given, is_yes, line_of, name_of, named, words_of
from itembank.formats.qti12.sheet import Sheet

SCORE: Final = "SCORE"
_ACTIONS: Final = frozenset({"set", "add", "subtract", "multiply", "divide"})
_COMPARED: Final = {"varlt": "lt", "varlte": "lte", "vargt": "gt", "vargte": "gte"}
_PERSON: Final = frozenset({"humanrater", "human"})
_IDLE: Final = frozenset({"qticomment", "interpretvar"})


@dataclass(slots=True)
class ProcessingReader:
    """Reads one item's processing; `cardinalities` names its responses."""

    sheet: Sheet
    cardinalities: Mapping[str, Cardinality]
    quiet: bool = False
    _unread: list[str] = field(default_factory=list)
    _limits: dict[str, Outcome] = field(default_factory=dict)

    def read(self, elements: Sequence[etree._Element]) -> Processing:
        """Return what the resprocessing `elements` of one item say together."""
        for one in elements:
            self._outcomes(one)
        conditions = [self._condition(child) for one in elements for child in named(one, "respcondition")]
        if any(first(one, "itemproc_extension") is not None for one in elements):
            self.sheet.warn("vendor-extension", "what a vendor added to the processing stays in the original file")
        for stranger in (child for one in elements for child in children(one)):
            if name_of(stranger) not in {*_IDLE, "outcomes", "respcondition", "itemproc_extension"}:
                self._unreadable(stranger)
        return Processing(
            outcomes=tuple(self._limits.values()),
            conditions=tuple(conditions),
            by_person=any(given(one, "scoremodel").lower() in _PERSON for one in elements),
            unread=tuple(dict.fromkeys(self._unread)),
        )

    def _outcomes(self, element: etree._Element) -> None:
        for one in named(element, "outcomes"):
            for declared in named(one, "decvar"):
                name = given(declared, "varname") or SCORE
                numbers = {key: read_float(given(declared, key)) for key in ("defaultval", "minvalue", "maxvalue")}
                self._limits.setdefault(
                    name,
                    Outcome(
                        name=name,
                        default=numbers["defaultval"] or Fraction(0),
                        least=numbers["minvalue"],
                        most=numbers["maxvalue"],
                    ),
                )

    def _condition(self, element: etree._Element) -> RespCondition:
        tests = [self._test(child) for one in named(element, "conditionvar") for child in children(one)]
        for stranger in named(element, "respcond_extension"):
            self._unreadable(stranger)
        says = given(element, "continue")
        return RespCondition(
            test=self._together([test for test in tests if test is not None]),
            assignments=tuple(made for one in named(element, "setvar") for made in self._assignment(one)),
            feedback=tuple(
                given(one, "linkrefid") for one in named(element, "displayfeedback") if given(one, "linkrefid")
            ),
            ends=None if not says else not is_yes(says),
            line=line_of(element),
        )

    def _assignment(self, element: etree._Element) -> tuple[Assignment, ...]:
        name = given(element, "varname") or given(element, "variablename") or SCORE
        action, amount = given(element, "action", "Set").lower() or "set", self._amount(words_of(element))
        if action not in _ACTIONS or amount is None or (action == "divide" and amount == 0):
            self._unread.append(f"setvar {action} {words_of(element)[:40]!r} on line {line_of(element)}")
            return ()
        return (Assignment(outcome=name, action=action, amount=amount),)

    def _amount(self, text: str) -> Fraction | None:
        name, _, part = text.rpartition(".")
        declared = self._limits.get(name)
        if declared is not None and part in {"max", "min"}:  # Blackboard's way to say it
            return declared.most if part == "max" else declared.least or Fraction(0)
        return Fraction(0) if not text else read_float(text.replace(",", "."))

    def _together(self, tests: list[Test]) -> Test:
        """Return the tests of one conditionvar or `and`.

        Several values of one response that can only hold one are alternatives: nothing else could ever hold, and
        Canvas and Common Cartridge write accepted texts so.
        """
        equal = [one for one in tests if isinstance(one, VarEqual)]
        names = {one.response for one in equal}
        if len(equal) == len(tests) > 1 and len(names) == 1 and len({one.value for one in equal}) > 1:
            cardinality = self.cardinalities.get(equal[0].response)
            if cardinality is Cardinality.SINGLE:
                return Either(tests=tuple(tests))
            if cardinality is Cardinality.ORDERED and all(one.place is None for one in equal):
                return InOrder(response=equal[0].response, values=tuple(one.value for one in equal))
        return tests[0] if len(tests) == 1 else Every(tests=tuple(tests))

    def _test(self, element: etree._Element) -> Test | None:
        name = name_of(element)
        if name in {"and", "or"}:
            tests = [test for test in map(self._test, children(element)) if test is not None]
            return self._together(tests) if name == "and" else Either(tests=tuple(tests))
        if name == "not":
            tests = [test for test in map(self._test, children(element)) if test is not None]
            return Not(test=self._together(tests))
        if name == "other":
            return Other()
        if name in _IDLE:
            return None
        return self._leaf(element, name)

    def _leaf(self, element: etree._Element, name: str) -> Test | None:
        response = self._response(element)
        if response is None:
            return None
        readers: Mapping[str, Callable[[etree._Element, str], Test | None]] = {
            "varequal": self._equal,
            "varsubset": self._subset,
            "varinside": self._inside,
            "varsubstring": self._holds,
        }
        if name in readers:
            return readers[name](element, response)
        if name == "unanswered":
            return Unanswered(response=response)
        if name in _COMPARED:
            if read_float(words_of(element)) is None:
                self._unread.append(f"{name} with {words_of(element)[:40]!r} on line {line_of(element)}")
                return None
            return Compared(response=response, operator=_COMPARED[name], value=words_of(element))
        self._unreadable(element)
        return None

    def _response(self, element: etree._Element) -> str | None:
        name = given(element, "respident")
        if name in self.cardinalities:
            return name
        if len(self.cardinalities) == 1:
            only = next(iter(self.cardinalities))
            if name and not self.quiet:
                self.sheet.note("unknown-response", f"there is no response {name[:60]!r}; {only[:60]!r} is meant")
            return only
        self._unread.append(
            f"{name_of(element)} on line {line_of(element)} names the response {name[:60]!r}, which is not there"
        )
        return None

    def _equal(self, element: etree._Element, response: str) -> Test:
        place, figures = given(element, "index"), given(element, "precision")
        relative = given(element, "margintype").lower() == "percent"
        text = "".join(str(part) for part in element.itertext())
        return VarEqual(
            response=response,
            value=text.strip(),
            case_sensitive=is_yes(given(element, "case")),
            place=int(place) if place.isascii() and place.isdigit() else None,
            margin=given(element, "margin"),
            relative=relative,
            figures=int(figures) if figures.isascii() and figures.isdigit() else None,
            decimals=given(element, "precisiontype").lower().startswith("decimal"),
        )

    def _subset(self, element: etree._Element, response: str) -> Test:
        values = tuple(part.strip() for part in words_of(element).split(",") if part.strip())
        single = self.cardinalities[response] is Cardinality.SINGLE
        if not single:
            self.sheet.note("varsubset", "varsubset is read as: the response is exactly, or partly, these values")
        return OneOf(
            response=response, values=values, exactly=not single and given(element, "setmatch").lower() != "partial"
        )

    def _inside(self, element: etree._Element, response: str) -> Test | None:
        area = area_of(given(element, "areatype"), words_of(element), None)
        if area is None:
            self._unread.append(f"varinside with {words_of(element)[:60]!r} on line {line_of(element)}")
            return None
        return Inside(response=response, area=area)

    def _holds(self, element: etree._Element, response: str) -> Test:
        sensitive = is_yes(given(element, "case"))
        return Holds(response=response, value=words_of(element), case_sensitive=sensitive)

    def _unreadable(self, element: etree._Element) -> None:
        self._unread.append(f"<{name_of(element)[:40]}> on line {line_of(element)}")


def without_feedback(processing: Processing) -> Processing:
    """Return the processing without what only shows feedback."""
    kept = tuple(replace(one, feedback=()) for one in processing.conditions if one.assignments or one.ends)
    return replace(processing, conditions=kept)


def has_instructions(elements: Sequence[etree._Element]) -> bool:
    """Tell whether anything in the resprocessing sets an outcome."""
    return any(first(one, "setvar") is not None for one in elements)
