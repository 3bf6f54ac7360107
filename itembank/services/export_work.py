"""Writing a bank into a file as long work: the file waits for two hours for whoever asked for it, and nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, cast

from cbt.jobs.core.jobs import Job, JobId, Wanted
from cbt.jobs.services.asking import start
from cbt.jobs.services.files import pieces_of, write_file
from cbt.jobs.services.running import Duty
from cbt.kernel.errors import Forbidden
from cbt.kernel.progress import Tell
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from itembank.core.records import ItemStatus, NoSuchArea
from itembank.services.exporting import PHASE, ExportFormat, ExportReport, ExportRequest, export_bank
from itembank.store import banks as bank_store

EXPORT_KIND: Final = "itembank.export-file"
MOST_TOLD: Final = 500
_FILE: Final = "file"
_KEPT_FOR: Final = timedelta(hours=2)


class NotYourExport(Forbidden):
    """The file is for whoever asked for it; write one of your own."""

    code = "not-your-export"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """What somebody wants written."""

    format: ExportFormat
    area: str = ""
    status: ItemStatus | None = None


def start_export(rt: Runtime, bank_code: str, wish: ExportWish, *, by: Actor, page: str) -> JobId:
    """Ask for a file of a bank; `page` shows what came of it. Raises NoSuchBank, NoSuchArea."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        if wish.area and all(one.code != wish.area for one in bank_store.list_areas(tx, bank.id)):
            raise NoSuchArea(bank=bank_code, area=wish.area)
    arguments = {"bank": bank_code, "format": wish.format, "area": wish.area, "status": wish.status or ""}
    wanted = Wanted(kind=EXPORT_KIND, subject=bank_code, arguments=arguments, roles=frozenset(), page=page)
    return start(rt, wanted, by=by, files={_FILE: b""})


def exported_file(rt: Runtime, job: Job, *, by: Actor) -> Iterator[bytes]:
    """Return the file of an export, piece by piece; raises NotYourExport, FilesGone."""
    if job.by.id != by.id:
        raise NotYourExport(job=job.id)
    return pieces_of(rt, job, _FILE)


def _export(rt: Runtime, job: Job, progress: Tell) -> dict[str, Any]:
    status = job.arguments["status"]
    request = ExportRequest(
        bank_code=job.arguments["bank"],
        format=ExportFormat(job.arguments["format"]),
        by=job.by,
        area=job.arguments["area"],
        status=ItemStatus(status) if status else None,
    )
    with TemporaryFile() as made:
        report = export_bank(rt, request, cast("BinaryIO", made), progress=progress)
        made.seek(0)
        write_file(rt, job, _FILE, cast("BinaryIO", made))
    return _told(report)


def _told(report: ExportReport) -> dict[str, Any]:
    noted = [one for one in report.items if one.notes]
    return {
        "format": report.format,
        "written": report.written,
        "left_out": len(report.items) - report.written,
        "noted": len(noted),
        "items": [
            {
                "code": one.code,
                "left_out": one.left_out,
                "notes": [{"where": note.where, "code": note.code, "hint": note.hint} for note in one.notes],
            }
            for one in noted[:MOST_TOLD]
        ],
    }


EXPORT: Final = Duty(kind=EXPORT_KIND, run=_export, phases=(PHASE,), keep_files=_KEPT_FOR)
