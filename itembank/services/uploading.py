"""Loading a bank from what somebody uploaded, as long work: first a look at what would happen, then the load.

The look keeps the files for two hours, so that the load needs no second upload and loads exactly what was looked at.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from cbt.jobs.core.jobs import Job, JobId, TryLater, Wanted
from cbt.jobs.services.asking import get_job, go_on, start
from cbt.jobs.services.files import read_file
from cbt.jobs.services.running import Duty
from cbt.kernel.errors import Forbidden
from cbt.kernel.progress import Tell
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor, Role
from itembank.core.mapping import mapping_from
from itembank.core.records import ItemStatus, LoadRunning
from itembank.formats.area_file import parse_areas
from itembank.formats.bank_file import parse_bank
from itembank.formats.mapped_table import parse_mapped
from itembank.formats.parsed import Parsed
from itembank.services.importing import COMPARING, READING, WRITING, ImportRequest, import_bank
from itembank.services.load_reports import ImportReport, report_document
from itembank.store import banks as bank_store

CHECK_KIND: Final = "itembank.check-file"
LOAD_KIND: Final = "itembank.load-file"
MAPPING: Final = "mapping"  # the argument that says what the columns of a foreign table mean
_LOADERS: Final = frozenset({Role.ADMIN, Role.AUTHOR})
_KEPT_FOR: Final = timedelta(hours=2)
# A load that died keeps its bank for a minute; the attempt after it waits so long.
_AFTER_A_DEATH: Final = timedelta(seconds=65)


class NotYourUpload(Forbidden):
    """Somebody else uploaded the file; upload it yourself."""

    code = "not-your-upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The files as they came; `areas` may be empty. `status` is what new versions begin with."""

    name: str
    items: bytes
    areas: bytes = b""
    status: ItemStatus = ItemStatus.APPROVED


def start_check(rt: Runtime, bank_code: str, upload: Upload, *, by: Actor, page: str) -> JobId:
    """Ask what loading an upload into a bank would do; `page` shows it. Raises NoSuchBank."""
    with rt.reading() as tx:
        bank_store.get(tx, bank_code)
    arguments = {"bank": bank_code, "name": upload.name[:200], "status": upload.status}
    wanted = Wanted(kind=CHECK_KIND, subject=bank_code, arguments=arguments, roles=_LOADERS, page=page)
    return start(rt, wanted, by=by, files={"items": upload.items, "areas": upload.areas})


def start_load(rt: Runtime, checked: JobId, *, by: Actor, page: str) -> JobId:
    """Ask for the load of what was looked at; `page` shows what came of it. Raises FilesGone, NotYourUpload."""
    wanted = own_check(rt, checked, by=by)
    return go_on(rt, checked, replace(wanted, kind=LOAD_KIND, page=page), by=by)


def own_check(rt: Runtime, checked: JobId, *, by: Actor) -> Wanted:
    """Return what was asked for by who goes on with it now; raises NotYourUpload.

    Whoever loads becomes the author, and what the items may begin as was granted to whoever uploaded.
    """
    job = get_job(rt, checked)
    if job.by.id != by.id:
        raise NotYourUpload(job=checked)
    return job.wanted


def _load(rt: Runtime, job: Job, progress: Tell, *, dry_run: bool) -> dict[str, Any]:
    progress(0, 0, READING)
    items, areas = read_file(rt, job, "items"), read_file(rt, job, "areas")
    parsed = _parsed(items, job)
    described = parse_areas(areas) if areas else Parsed()
    progress(0, 0, READING)
    request = ImportRequest(
        bank_code=job.arguments["bank"],
        by=job.by,
        status=ItemStatus(job.arguments["status"]),
        areas=described.areas,
        source=job.arguments["name"],
    )
    both = replace(parsed, problems=(*described.problems, *parsed.problems))
    return report_document(_import(rt, job, both, request, dry_run=dry_run, progress=progress))


def _parsed(items: bytes, job: Job) -> Parsed:
    if MAPPING in job.arguments:
        return parse_mapped(items, mapping_from(job.arguments[MAPPING]))
    return parse_bank(items)


def _import(
    rt: Runtime, job: Job, parsed: Parsed, request: ImportRequest, *, dry_run: bool, progress: Tell
) -> ImportReport:
    try:
        return import_bank(rt, parsed, request, dry_run=dry_run, progress=progress)
    except LoadRunning:
        if job.attempt == 1:
            raise
        raise TryLater(_AFTER_A_DEATH) from None


def _check_file(rt: Runtime, job: Job, progress: Tell) -> dict[str, Any]:
    return _load(rt, job, progress, dry_run=True)


def _load_file(rt: Runtime, job: Job, progress: Tell) -> dict[str, Any]:
    return _load(rt, job, progress, dry_run=False)


CHECK: Final = Duty(kind=CHECK_KIND, run=_check_file, phases=(READING, COMPARING), keep_files=_KEPT_FOR)
LOAD: Final = Duty(kind=LOAD_KIND, run=_load_file, phases=(READING, COMPARING, WRITING))
