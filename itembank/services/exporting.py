"""Writing a bank into a file of some format: item by item, with the account of what the format cannot carry.

Whoever gets the file has seen its items: that is written down before the file is handed out.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import BinaryIO, Final, TypeAlias
from uuid import UUID

from cbt.kernel.progress import Tell, quiet
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from itembank.core.metadata import ItemMetadata
from itembank.core.records import Area, Bank, ItemStatus, NoSuchArea, NoSuchAsset
from itembank.formats.csv_writing import write_csv, write_xlsx
from itembank.formats.exported import Exported, ExportItem, ItemReport
from itembank.formats.gift.writing import write_gift
from itembank.formats.moodle.writing import write_moodle
from itembank.formats.parsed import ParsedArea
from itembank.formats.qti.writing_package import QTI_22_PACKAGE, write_package
from itembank.store import assets as asset_store
from itembank.store import banks as bank_store
from itembank.store import exports as store
from itembank.store import metadata as metadata_store
from itembank.store.exports import ExportLine

PHASE: Final = "Writing items"
_CHUNK: Final = 100
_SEEN_AT_ONCE: Final = 500
Writer: TypeAlias = Callable[[Iterable[ExportItem], BinaryIO, str], Generator[ItemReport]]


class ExportFormat(StrEnum):
    """The formats that a bank can be written in."""

    QTI3 = "qti3"
    QTI22 = "qti22"
    MOODLE = "moodle"
    GIFT = "gift"
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def suffix(self) -> str:
        """Return the end of the file's name."""
        return _SUFFIXES.get(self, self.value)

    @property
    def media_type(self) -> str:
        """Return the type of the file."""
        return _MEDIA_TYPES[self.suffix]


_SUFFIXES: Final = MappingProxyType(
    {
        ExportFormat.QTI3: "zip",
        ExportFormat.QTI22: "zip",
        ExportFormat.MOODLE: "xml",
        ExportFormat.GIFT: "txt",
    }
)
_MEDIA_TYPES: Final = MappingProxyType(
    {
        "zip": "application/zip",
        "xml": "application/xml",
        "txt": "text/plain; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)


def _whole(write: Callable[[Iterable[ExportItem]], Exported]) -> Writer:
    """Return the writer of a format whose file is made as a whole."""

    def writer(items: Iterable[ExportItem], target: BinaryIO, _title: str) -> Generator[ItemReport]:
        exported = write(items)
        target.write(exported.payload)
        yield from exported.items

    return writer


_WRITERS: Final[Mapping[ExportFormat, Writer]] = MappingProxyType(
    {
        ExportFormat.QTI3: lambda items, target, title: write_package(items, target, title=title),
        ExportFormat.QTI22: lambda items, target, title: write_package(
            items, target, title=title, dialect=QTI_22_PACKAGE
        ),
        ExportFormat.MOODLE: _whole(write_moodle),
        ExportFormat.GIFT: _whole(write_gift),
        ExportFormat.CSV: lambda items, target, _title: write_csv(items, target),
        ExportFormat.XLSX: lambda items, target, _title: write_xlsx(items, target),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is to be written: a bank, or of it the items of an area and those below it, or in one state."""

    bank_code: str
    format: ExportFormat
    by: Actor
    area: str = ""
    status: ItemStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What became of each item, in the order of the file."""

    bank_code: str
    format: ExportFormat
    items: tuple[ItemReport, ...]

    @property
    def written(self) -> int:
        """Return how many items are in the file."""
        return sum(1 for one in self.items if not one.left_out)


def export_bank(rt: Runtime, request: ExportRequest, target: BinaryIO, *, progress: Tell = quiet) -> ExportReport:
    """Write the items into `target` and note who got them; raises NoSuchBank, NoSuchArea."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, request.bank_code)
        areas = {one.code: one for one in bank_store.list_areas(tx, bank.id)}
        if request.area and request.area not in areas:
            raise NoSuchArea(bank=bank.code, area=request.area)
        lines = store.lines(tx, bank.id, area=request.area, status=request.status)
    reports: list[ItemReport] = []
    # Closed at once when the work is cancelled, while there is still a file to close.
    with closing(_WRITERS[request.format](_items(rt, lines, areas), target, bank.title.en)) as writing:
        for report in writing:
            reports.append(report)
            progress(len(reports), len(lines), PHASE)
    found = ExportReport(bank_code=bank.code, format=request.format, items=tuple(reports))
    _note(rt, request, bank, lines, found)
    return found


def _items(rt: Runtime, lines: tuple[ExportLine, ...], areas: Mapping[str, Area]) -> Iterator[ExportItem]:
    """Yield the items; a chunk of them is in memory at a time, and no transaction is open meanwhile."""
    for start in range(0, len(lines), _CHUNK):
        chunk = lines[start : start + _CHUNK]
        with rt.reading() as tx:
            contents = store.contents(tx, [one.version_id for one in chunk])
            known = metadata_store.of_items(tx, [one.item_id for one in chunk])
        for one in chunk:
            content, key = contents[one.version_id]
            yield ExportItem(
                code=one.code,
                areas=_path(areas, one.area_code),
                content=content,
                key=key,
                metadata=known.get(one.item_id, ItemMetadata()),
                difficulty_logit=None if one.difficulty_logit is None else float(one.difficulty_logit),
                status=one.status,
                read_asset=lambda sha256: _asset(rt, sha256),
            )


def _path(areas: Mapping[str, Area], code: str) -> tuple[ParsedArea, ...]:
    path: list[ParsedArea] = []
    while code in areas and all(code != one.code for one in path):
        area = areas[code]
        path.insert(0, ParsedArea(code=area.code, parent=area.parent, title=area.title))
        code = area.parent
    return tuple(path)


def _asset(rt: Runtime, sha256: str) -> bytes | None:
    try:
        with rt.reading() as tx:
            return asset_store.get(tx, sha256).payload
    except NoSuchAsset:
        return None


def _note(rt: Runtime, request: ExportRequest, bank: Bank, lines: tuple[ExportLine, ...], report: ExportReport) -> None:
    now = rt.clock.now()
    out = {one.code for one in report.items if one.left_out}
    seen: list[UUID] = [] if request.by.id is None else [one.version_id for one in lines if one.code not in out]
    for start in range(0, len(seen), _SEEN_AT_ONCE):
        with rt.transaction() as tx:
            store.see_all(tx, now, seen[start : start + _SEEN_AT_ONCE], request.by)
    details = {
        "format": request.format,
        "area": request.area,
        "status": request.status,
        "items": report.written,
        "left_out": len(out),
    }
    with rt.transaction() as tx:
        audit_in(tx, now, by=request.by, act="itembank.exported", subject=bank.code, details=details)
