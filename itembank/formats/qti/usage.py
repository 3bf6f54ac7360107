"""Reads usage data: statistics of items that somebody else observed. They are kept as theirs, with provenance."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from itembank.core.qti.exact import read_float
from itembank.formats.qti.door import DocumentRefused
from itembank.formats.xml_door import WHOLE_BANK, open_xml

EXTERNAL: Final = "external:"
_P_VALUE: Final = "p-value"
_STATISTICS: Final = frozenset({"ordinaryStatistic", "categorizedStatistic"})
_LONGEST: Final = 300
_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Statistics:
    """What somebody observed of one item: fields by name, and the share of candidates that were right."""

    fields: dict[str, str] = field(default_factory=dict)
    p_values: list[float] = field(default_factory=list)

    @property
    def p_observed(self) -> float | None:
        """The share of right answers, when exactly one was told."""
        return self.p_values[0] if len(self.p_values) == 1 else None


def read_usage(payload: bytes, found: dict[str, Statistics]) -> bool:
    """Add the statistics in `payload` to those of their items (by identifier); False when it is no usage data."""
    try:
        root = open_xml(payload, WHOLE_BANK)
    except DocumentRefused:
        return False
    if _plain(root) != "usageData":
        return False
    glossary = str(root.get("glossary", ""))
    for one in root.iter(etree.Element):
        if _plain(one) in _STATISTICS:
            _keep(one, glossary, found)
    return True


def _keep(element: etree._Element, glossary: str, found: dict[str, Statistics]) -> None:
    name = str(element.get("name", "")).strip()[:60]
    value = "; ".join(_values(element))[:_LONGEST]
    if not name or not value:
        return
    parts = (("n", "caseCount"), ("se", "stdError"), ("sd", "stdDeviation"), ("updated", "lastUpdated"))
    told = [f"{short}={element.get(long)}" for short, long in parts if element.get(long)]
    told += [str(element.get("context") or glossary)]
    where = ", ".join(part[:80] for part in told if part)
    for target in _targets(element):
        own = found.setdefault(target, Statistics())
        if len(own.fields) < _MOST:
            own.fields[EXTERNAL + name] = f"{value} ({where})" if where else value
        number = read_float(value)
        if name.lower() == _P_VALUE and number is not None and 0 <= number <= 1:
            own.p_values.append(float(number))


def _values(element: etree._Element) -> Iterator[str]:
    for one in element.iter(etree.Element):
        if _plain(one) == "value":
            yield "".join(str(part) for part in one.itertext()).strip()
        elif _plain(one) == "mapEntry":
            yield f"{one.get('mapKey', '')}: {one.get('mappedValue', '')}"


def _targets(element: etree._Element) -> Iterator[str]:
    for one in element:
        if isinstance(one.tag, str) and _plain(one) == "targetObject":
            yield str(one.get("identifier", "")).strip()


def _plain(element: etree._Element) -> str:
    """Return the name as QTI 2 writes it."""
    name = str(etree.QName(element).localname).removeprefix("qti-")
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)
