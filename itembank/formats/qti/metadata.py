"""Reads what a package says of an item beside its document: LOM, QTI's own metadata, curriculum standards."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from itembank.core.metadata import ItemMetadata
from itembank.formats.parsed import ParsedArea
from itembank.formats.qti.own import Own, read_areas, read_own

_MOST_FIELDS: Final = 40
_LONGEST: Final = 300
# What sorts by subject; other classifications say who owns a picture or how it may be used.
_SUBJECTS: Final = frozenset({"discipline", "subject", "topic", "content area", "contentarea", "domain", "idea"})
_NOT_CODE: Final = re.compile(r"[^\w:-]+")
_DURATION: Final = re.compile(r"PT?(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,7})(?:\.\d+)?S)?")
_QTI_FIELDS: Final = frozenset(
    {"timeDependent", "composite", "itemTemplate", "solutionAvailable", "feedbackType", "scoringMode"}
    | {"toolName", "toolVersion", "toolVendor"}
)
_LEVELS: Final = frozenset({"dok", "depthofknowledge", "bloom", "cognitivelevel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lom:
    """What is useful of a resource's metadata; `area` is a path of codes joined by dots, or empty."""

    area: str = ""
    language: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    time_s: int | None = None
    own: Own | None = None
    areas: tuple[ParsedArea, ...] = ()

    def metadata(self, more: Mapping[str, str], p_observed: float | None) -> ItemMetadata:
        """Return the metadata of an item, with statistics from elsewhere; a file of ours has said all itself."""
        if self.own is not None:
            return self.own.metadata
        fields = dict(self.fields) | dict(more)
        level = next((text for name, text in self.fields if _plain(name) in _LEVELS), "")
        return ItemMetadata(level=level[:100], time_estimate_s=self.time_s, p_observed=p_observed, fields=fields)


def read_lom(holder: etree._Element | None) -> Lom:
    """Return what the `metadata` element of a resource says; nothing without one."""
    if holder is None:
        return Lom()
    paths = tuple(_classified(holder))
    area = next((path for purpose, path in paths if purpose in _SUBJECTS), ())
    fields = (*_taxa(paths), *_general(holder), *_qti(holder), *_standards(holder))
    return Lom(
        area=".".join(code for code in map(_code, area) if code)[:64].strip("."),
        language=_language(holder),
        fields=tuple(islice(dict(fields).items(), _MOST_FIELDS)),
        time_s=_time(holder),
        own=read_own(holder),
        areas=read_areas(holder),
    )


def _classified(holder: etree._Element) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield purpose (or the name of the taxonomy) and path of each classification."""
    for one in _all(holder, "classification"):
        purpose = _first(_all(one, "purpose"))
        for path in _all(one, "taxonPath", "taxonpath"):
            source = _first(_all(path, "source"))
            taxa = tuple(_taxon(taxon) for taxon in _all(path, "taxon"))
            yield (purpose or source).lower(), tuple(name for name in taxa if name)


def _taxon(taxon: etree._Element) -> str:
    own = [one for one in taxon if isinstance(one.tag, str)]
    names = {_name(one): _words(one) for one in own}
    return names.get("id") or names.get("entry") or ""


def _taxa(paths: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    for purpose, path in paths:
        if path:
            yield purpose[:60] or "classification", " / ".join(path)[:_LONGEST]


def _general(holder: etree._Element) -> Iterator[tuple[str, str]]:
    for general in _all(holder, "general"):
        words = [_words(one) for one in _all(general, "keyword")]
        if any(words):
            yield "keywords", ", ".join(filter(None, words))[:_LONGEST]
        for identifier in _all(general, "identifier"):
            if entry := _first(_all(identifier, "entry")):
                yield "lom-identifier", entry[:_LONGEST]
    for difficulty in _all(holder, "difficulty"):
        if value := _first(_all(difficulty, "value")):
            yield "difficulty", value[:_LONGEST]


def _qti(holder: etree._Element) -> Iterator[tuple[str, str]]:
    for own in _all(holder, "qtiMetadata"):
        for one in own:
            if isinstance(one.tag, str) and _name(one) in _QTI_FIELDS and _words(one):
                yield f"qti:{_name(one)}", _words(one)[:_LONGEST]


def _standards(holder: etree._Element) -> Iterator[tuple[str, str]]:
    for one in _all(holder, "curriculumStandardsMetadata"):
        found = [_words(guid) for guid in _all(one, "GUID", "guid")]
        if found:
            provider = str(one.get("providerId", "")).strip()[:40]
            yield f"curriculum:{provider}" if provider else "curriculum", ", ".join(found)[:_LONGEST]


def _language(holder: etree._Element) -> str:
    for general in _all(holder, "general"):
        for one in general:
            if isinstance(one.tag, str) and _name(one) == "language":
                return _words(one)
    return ""


def _time(holder: etree._Element) -> int | None:
    for one in _all(holder, "typicalLearningTime", "typicallearningtime"):
        found = _DURATION.fullmatch(_first(_all(one, "duration")) or _words(one))
        if found and any(found.groups()):
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            return hours * 3600 + minutes * 60 + seconds
    return None


def _code(words: str) -> str:
    return _NOT_CODE.sub("-", words).strip("-_:")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _all(holder: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (one for one in holder.iter(etree.Element) if _name(one) in names)


def _first(found: Iterable[etree._Element]) -> str:
    return next((words for words in map(_value, found) if words), "")


def _value(element: etree._Element) -> str:
    """Return the value of a LOM vocabulary term, without its source."""
    values = [one for one in element if isinstance(one.tag, str) and _name(one) == "value"]
    return _words(values[0]) if values else _words(element)


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
