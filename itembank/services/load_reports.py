"""What a load did or would do, item by item; as a canonical document and back: jobs keep it, pages show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cbt.kernel.errors import Problem
from itembank.core.qti.scoring import ScoredBy
from itembank.core.records import ChangeKind
from itembank.formats.parsed import Parsed, Understood


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """What became of one item of the file: how much was understood, what was not, and what the load does to it."""

    where: str
    code: str
    understood: Understood
    change: ChangeKind | None = None
    scored_by: ScoredBy | None = None
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What a load did, or would do; with any problem nothing was stored. Refused items are left out of it."""

    bank_code: str
    stored: bool
    format: str = ""
    items: tuple[ItemReport, ...] = ()
    codes: Mapping[ChangeKind, tuple[str, ...]] = field(default_factory=dict)
    new_areas: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def count(self, kind: ChangeKind) -> int:
        """Return how many items are of this kind."""
        return len(self.codes.get(kind, ()))


def item_reports(parsed: Parsed, changes: Mapping[str, ChangeKind]) -> tuple[ItemReport, ...]:
    """Return the report of each item of the file, the refused ones last."""
    taken = tuple(
        ItemReport(
            where=item.where,
            code=item.code,
            understood=item.understood,
            change=changes.get(item.code),
            scored_by=item.key.scored_by,
            notes=item.notes,
        )
        for item in parsed.items
    )
    refused = (
        ItemReport(where=item.where, code=item.code, understood=Understood.REFUSED, notes=item.notes)
        for item in parsed.refused
    )
    return (*taken, *refused)


def report_document(report: ImportReport) -> dict[str, Any]:
    """Return the document of a report."""
    return {
        "bank": report.bank_code,
        "stored": report.stored,
        "format": report.format,
        "items": [_item_document(item) for item in report.items],
        "codes": {kind: list(codes) for kind, codes in report.codes.items()},
        "new_areas": list(report.new_areas),
        "problems": _problem_documents(report.problems),
        "warnings": _problem_documents(report.warnings),
    }


def read_report(document: Mapping[str, Any]) -> ImportReport:
    """Return the report that a document holds."""
    return ImportReport(
        bank_code=document["bank"],
        stored=document["stored"],
        format=document["format"],
        items=tuple(_item(one) for one in document["items"]),
        codes={ChangeKind(kind): tuple(codes) for kind, codes in document["codes"].items()},
        new_areas=tuple(document["new_areas"]),
        problems=_problems(document["problems"]),
        warnings=_problems(document["warnings"]),
    )


def _item_document(item: ItemReport) -> dict[str, Any]:
    return {
        "where": _shown(item.where),
        "code": _shown(item.code),
        "understood": item.understood,
        "change": item.change,
        "scored_by": item.scored_by,
        "notes": _problem_documents(item.notes),
    }


def _item(document: Mapping[str, Any]) -> ItemReport:
    change, scored_by = document["change"], document["scored_by"]
    return ItemReport(
        where=document["where"],
        code=document["code"],
        understood=Understood(document["understood"]),
        change=None if change is None else ChangeKind(change),
        scored_by=None if scored_by is None else ScoredBy(scored_by),
        notes=_problems(document["notes"]),
    )


def _problem_documents(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [
        {"where": _shown(problem.where), "code": problem.code, "hint": _shown(problem.hint)} for problem in problems
    ]


def _problems(documents: Iterable[Mapping[str, str]]) -> tuple[Problem, ...]:
    return tuple(Problem(where=one["where"], code=one["code"], hint=one["hint"]) for one in documents)


def _shown(text: str) -> str:
    """Return `text` without the half characters that a hostile file puts into names, which no document holds."""
    return text.encode(errors="replace").decode()
