"""Reads the declarations of variables with their defaults, correct responses, mappings and tables."""

from collections.abc import Iterable
from fractions import Fraction

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.qti.declarations import (
    AreaMapEntry,
    AreaMapping,
    Declaration,
    InterpolationEntry,
    InterpolationTable,
    LookupTable,
    MapEntry,
    Mapping,
    MatchTable,
    VariableKind,
)
from itembank.core.qti.exact import read_float, read_integer
from itembank.core.qti.shapes import read_area
from itembank.core.qti.values import Scalar, Value, container, read_scalar, record, single
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti.elements import attribute, children, name_of, named, problem, text_of

_KINDS = {
    "response-declaration": VariableKind.RESPONSE,
    "outcome-declaration": VariableKind.OUTCOME,
    "template-declaration": VariableKind.TEMPLATE,
    "context-declaration": VariableKind.TEMPLATE,
}
_IDENTIFIER_OF_OLD = "intOrIdentifier"
_TRUE = frozenset({"true", "1"})


class DeclarationReader:
    """Reads declarations one after the other and keeps what it could not read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def read_all(self, parent: etree._Element) -> tuple[Declaration, ...]:
        """Return the declarations below `parent`, in their order."""
        found: dict[str, Declaration] = {}
        for element in children(parent):
            if name_of(element) not in _KINDS:
                continue
            one = self.read(element)
            if not one.identifier or one.identifier in found:
                self._refuse(element, "wrong-identifier", "needs an identifier that no other variable has")
            found.setdefault(one.identifier, one)
        return tuple(found.values())

    def read(self, element: etree._Element) -> Declaration:
        """Return the declaration that `element` holds."""
        base_type, cardinality = self._base_type(element), self._cardinality(element)
        correct, several = self._value(element, "correct-response", cardinality, base_type)
        default, _ = self._value(element, "default-value", cardinality, base_type)
        mapping, areas, table = self._mapping(element, base_type), self._areas(element), self._table(element, base_type)
        return Declaration(
            kind=_KINDS[name_of(element)],
            identifier=attribute(element, "identifier"),
            cardinality=Cardinality.MULTIPLE if several else cardinality,
            base_type=base_type,
            default=default,
            correct=correct,
            mapping=mapping,
            area_mapping=areas,
            table=table,
            external=attribute(element, "external-scored") in {"human", "externalMachine"},
        )

    def _base_type(self, element: etree._Element) -> BaseType | None:
        text = attribute(element, "base-type")
        if text == _IDENTIFIER_OF_OLD:
            return BaseType.IDENTIFIER
        if text in set(BaseType):
            return BaseType(text)
        if text or attribute(element, "cardinality") != Cardinality.RECORD:
            self._refuse(element, "wrong-base-type", f"{text!r} is no base type")
        return None

    def _cardinality(self, element: etree._Element) -> Cardinality:
        text = attribute(element, "cardinality")
        if text not in set(Cardinality):
            self._refuse(element, "wrong-cardinality", f"{text!r} is no cardinality")
            return Cardinality.SINGLE
        return Cardinality(text)

    def _value(
        self, element: etree._Element, name: str, cardinality: Cardinality, base_type: BaseType | None
    ) -> tuple[Value | None, bool]:
        """Return the value below the child `name`, and whether it holds several although one is declared."""
        holders = named(element, name)
        if not holders:
            return None, False
        for stranger in (child for child in children(holders[0]) if name_of(child) != "value"):
            self._refuse(stranger, "unknown-element", f"does not belong into qti-{name}")
        values = named(holders[0], "value")
        if cardinality is Cardinality.RECORD:
            return record([(attribute(one, "field-identifier"), self._field(one)) for one in values]), False
        scalars = self._scalars(values, base_type)
        if cardinality is not Cardinality.SINGLE:
            return container(cardinality, base_type, scalars), False
        if len(scalars) > 1:
            self._warn(holders[0], "several-values", "holds several values although one is declared; all are kept")
            return container(Cardinality.MULTIPLE, base_type, scalars), True
        return single(base_type or BaseType.STRING, scalars[0]) if scalars else None, False

    def _field(self, element: etree._Element) -> Value | None:
        base_type = self._base_type(element) or BaseType.STRING
        scalars = self._scalars((element,), base_type)
        return single(base_type, scalars[0]) if scalars else None

    def _scalars(self, values: Iterable[etree._Element], base_type: BaseType | None) -> list[Scalar]:
        found: list[Scalar] = []
        for element in values:
            text = text_of(element)
            scalar = read_scalar(base_type or BaseType.STRING, text)
            if not text.strip():
                self._warn(element, "empty-value", "is empty, which is no value")
            elif scalar is None:
                self._refuse(element, "wrong-value", f"{text.strip()[:40]!r} is no {base_type}")
            else:
                found.append(scalar)
        return found

    def _mapping(self, element: etree._Element, base_type: BaseType | None) -> Mapping | None:
        holders = named(element, "mapping")
        if not holders:
            return None
        entries = [self._entry(one, base_type) for one in named(holders[0], "map-entry")]
        default, lower, upper = self._bounds(holders[0])
        return Mapping(entries=tuple(one for one in entries if one), default=default, lower=lower, upper=upper)

    def _entry(self, element: etree._Element, base_type: BaseType | None) -> MapEntry | None:
        text, mapped = str(element.get("map-key", "")), read_float(attribute(element, "mapped-value"))
        key = read_scalar(base_type or BaseType.STRING, text) if text.strip() else None
        if mapped is None or (text.strip() and key is None):
            self._refuse(element, "wrong-value", "needs a map-key of the base type and a number as mapped-value")
            return None
        sensitive = attribute(element, "case-sensitive", "true") in _TRUE
        return MapEntry(key=key, mapped=mapped, case_sensitive=sensitive)

    def _areas(self, element: etree._Element) -> AreaMapping | None:
        holders = named(element, "area-mapping")
        if not holders:
            return None
        entries = [self._area(one) for one in named(holders[0], "area-map-entry")]
        default, lower, upper = self._bounds(holders[0])
        return AreaMapping(entries=tuple(one for one in entries if one), default=default, lower=lower, upper=upper)

    def _area(self, element: etree._Element) -> AreaMapEntry | None:
        area = read_area(attribute(element, "shape"), attribute(element, "coords"))
        mapped = read_float(attribute(element, "mapped-value"))
        if area is None or mapped is None:
            self._refuse(element, "wrong-area", "needs a shape with coords in pixels and a number as mapped-value")
            return None
        return AreaMapEntry(area=area, mapped=mapped)

    def _bounds(self, element: etree._Element) -> tuple[Fraction, Fraction | None, Fraction | None]:
        numbers: list[Fraction | None] = []
        for name in ("default-value", "lower-bound", "upper-bound"):
            text = attribute(element, name)
            numbers.append(read_float(text) if text else None)
            if text and numbers[-1] is None:
                self._refuse(element, "wrong-value", f"{name} is a number, not {text[:40]!r}")
        return numbers[0] or Fraction(0), numbers[1], numbers[2]

    def _table(self, element: etree._Element, base_type: BaseType | None) -> LookupTable | None:
        for holder in named(element, "match-table"):
            lines = [(read_integer(attribute(one, "source-value")), one) for one in children(holder)]
            self._refuse_unread(lines)
            entries = [(source, self._target(one, base_type)) for source, one in lines if source is not None]
            return MatchTable(entries=tuple(entries), default=self._target(holder, base_type, "default-value"))
        for holder in named(element, "interpolation-table"):
            rows = [(read_float(attribute(one, "source-value")), one) for one in children(holder)]
            self._refuse_unread(rows)
            ranges = [self._range(source, one, base_type) for source, one in rows if source is not None]
            return InterpolationTable(entries=tuple(ranges), default=self._target(holder, base_type, "default-value"))
        return None

    def _range(self, source: Fraction, element: etree._Element, base_type: BaseType | None) -> InterpolationEntry:
        boundary = attribute(element, "include-boundary", "true") in _TRUE
        return InterpolationEntry(source=source, value=self._target(element, base_type), include_boundary=boundary)

    def _target(self, element: etree._Element, base_type: BaseType | None, name: str = "target-value") -> Value | None:
        text = attribute(element, name)
        scalar = read_scalar(base_type or BaseType.STRING, text) if text else None
        if text and scalar is None:
            self._refuse(element, "wrong-value", f"{text[:40]!r} is no {base_type}")
        return None if scalar is None else single(base_type or BaseType.STRING, scalar)

    def _refuse_unread(self, rows: Iterable[tuple[int | Fraction | None, etree._Element]]) -> None:
        for source, element in rows:
            if source is None:
                self._refuse(element, "wrong-value", "needs a number as source-value")

    def _refuse(self, element: etree._Element, code: str, hint: str) -> None:
        self.problems.append(problem(element, code, hint))

    def _warn(self, element: etree._Element, code: str, hint: str) -> None:
        self.warnings.append(problem(element, code, hint))
