"""What our files say beyond QTI, in a namespace of our own: all that is known of an item, and the tree of its areas.

It stands in the metadata of the manifest, where the standard lets anybody add elements; other readers pass over it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lxml import etree

from itembank.core.metadata import Calibration, ItemMetadata
from itembank.core.qti.scoring import ScoredBy
from itembank.formats.areas import read_areas as checked_areas
from itembank.formats.exported import ExportItem
from itembank.formats.parsed import Findings, ParsedArea

# Classes of ours. An element that is not the author's, but holds what QTI does not let stand alone:
LOOSE: Final = "cbt-loose"
# one that is the place of the interaction in it, which would stand in a line otherwise:
PLACE: Final = "cbt-place"
# an interaction that is a block, but stands in a line:
IN_LINE: Final = "cbt-in-line"
# rubric blocks that hold parts of the key:
EXPLANATION: Final = "cbt-explanation"
REFERENCES: Final = "cbt-references"
NAMESPACE: Final = "urn:cbt:itembank:1"
ITEM: Final = f"{{{NAMESPACE}}}item"
AREA: Final = f"{{{NAMESPACE}}}area"
_ENEMY: Final = f"{{{NAMESPACE}}}enemy"
_FIELD: Final = f"{{{NAMESPACE}}}field"
_FILE: Final = f"{{{NAMESPACE}}}file"
_LONGEST: Final = 1000
_GREATEST_LOGIT: Final = 10.0
_CODE: Final = re.compile(r"[^\W_][\w.:-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What one of our files says of an item beyond QTI; `names` are the authors' names of files by SHA-256 (hex)."""

    code: str = ""
    area_code: str = ""
    status: str = ""
    difficulty_logit: float | None = None
    metadata: ItemMetadata = field(default_factory=ItemMetadata)
    max_score: Fraction | None = None
    scored_by: ScoredBy | None = None
    names: dict[str, str] = field(default_factory=dict)


def is_own(element: etree._Element, name: str) -> bool:
    """Tell whether `element` bears the class of ours."""
    return name in str(element.get("class", "")).split()


def write_own(item: ExportItem) -> etree._Element:
    """Return the element that holds what QTI has no words for."""
    known, program = item.metadata, item.key.program
    given = {
        "code": item.code,
        "area": item.area_code,
        "status": item.status,
        "difficulty-logit": _number(item.difficulty_logit),
        "level": known.level,
        "stimulus": known.stimulus,
        "time-estimate-s": "" if known.time_estimate_s is None else str(known.time_estimate_s),
        "p-estimate": _number(known.p_estimate),
        "p-observed": _number(known.p_observed),
        "max-score": "" if program is None else str(program.max_score),
        "scored-by": "" if program is None else program.scored_by.value,
    }
    if known.calibration is not None:
        given |= {f"irt-{one.name}": _number(getattr(known.calibration, one.name)) for one in fields(Calibration)}
    element = etree.Element(ITEM, {name: text for name, text in given.items() if text}, nsmap={"cbt": NAMESPACE})
    for label in sorted(known.enemies):
        etree.SubElement(element, _ENEMY).text = label
    for name, text in sorted(known.fields.items()):
        etree.SubElement(element, _FIELD, {"name": name}).text = text
    for asset in item.content.assets:
        etree.SubElement(element, _FILE, {"sha256": asset.sha256, "name": asset.name})
    return element


def read_own(root: etree._Element) -> Own | None:
    """Return what the first element of ours below `root` says, or None; what is no number there is left out."""
    element = next(root.iter(ITEM), None)
    if element is None:
        return None
    irt = {one.name: _read_number(element.get(f"irt-{one.name}")) for one in fields(Calibration)}
    scored_by, area, difficulty = element.get("scored-by", ""), _text(element, "area"), element.get("difficulty-logit")
    return Own(
        code=_text(element, "code"),
        area_code=area if _CODE.fullmatch(area) else "",
        status=_text(element, "status"),
        difficulty_logit=_read_number(difficulty, _GREATEST_LOGIT),
        metadata=ItemMetadata(
            level=_text(element, "level"),
            enemies=frozenset(one.text[:_LONGEST] for one in element.iter(_ENEMY) if one.text),
            stimulus=_text(element, "stimulus"),
            time_estimate_s=_read_whole(element.get("time-estimate-s")),
            p_estimate=_share(element.get("p-estimate")),
            p_observed=_share(element.get("p-observed")),
            calibration=Calibration(**{name: number for name, number in irt.items() if number is not None})
            if any(number is not None for number in irt.values())
            else None,
            fields=MappingProxyType({_text(one, "name"): (one.text or "")[:_LONGEST] for one in element.iter(_FIELD)}),
        ),
        max_score=_read_fraction(element.get("max-score")),
        scored_by=ScoredBy(scored_by) if scored_by in set(ScoredBy) else None,
        names={_text(one, "sha256"): _text(one, "name") for one in element.iter(_FILE)},
    )


def write_areas(areas: Iterable[ParsedArea]) -> list[etree._Element]:
    """Return an element for each area."""
    return [
        etree.Element(
            AREA,
            {"code": one.code, "parent": one.parent, "ko": one.title.ko, "en": one.title.en},
            nsmap={"cbt": NAMESPACE},
        )
        for one in areas
    ]


def read_areas(root: etree._Element) -> tuple[ParsedArea, ...]:
    """Return the areas that elements of ours below `root` describe; a tree that is none gives no areas at all."""
    written = [
        {
            "code": _text(one, "code"),
            "parent": _text(one, "parent"),
            "title": {"ko": _text(one, "ko"), "en": _text(one, "en")},
        }
        for one in root.iter(AREA)
    ]
    findings = Findings()
    areas = checked_areas(written, findings)
    return () if findings.problems else areas


def _text(element: etree._Element, name: str) -> str:
    return str(element.get(name, ""))[:_LONGEST]


def _number(number: float | None) -> str:
    return "" if number is None else repr(float(number))


def _read_number(text: str | None, greatest: float = 1e9) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) <= greatest else None


def _share(text: str | None) -> float | None:
    number = _read_number(text)
    return number if number is not None and 0 <= number <= 1 else None


def _read_whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < len(str(_LONGEST)) * 2 else None


def _read_fraction(text: str | None) -> Fraction | None:
    try:
        number = Fraction(text or "0")
    except (ValueError, ZeroDivisionError):
        return None
    return number if number > 0 else None
