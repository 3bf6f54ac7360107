"""Loading a bank from what somebody uploaded: the file with its items, and one with the content areas."""

from dataclasses import dataclass, replace

from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from itembank.core.records import ItemStatus
from itembank.formats.area_file import parse_areas
from itembank.formats.bank_file import parse_bank
from itembank.formats.parsed import Parsed
from itembank.services.importing import ImportReport, ImportRequest, import_bank
from itembank.store import banks as bank_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The files as they came; `areas` may be empty. `status` is what new versions begin with."""

    name: str
    items: bytes
    areas: bytes = b""
    status: ItemStatus = ItemStatus.APPROVED


def load_upload(rt: Runtime, bank_code: str, upload: Upload, by: Actor, *, dry_run: bool) -> ImportReport:
    """Load an upload into a bank, all or nothing, or say what that would do; raises NoSuchBank, LoadRunning."""
    with rt.reading() as tx:
        bank_store.get(tx, bank_code)
    parsed = parse_bank(upload.items)
    described = parse_areas(upload.areas) if upload.areas else Parsed()
    request = ImportRequest(
        bank_code=bank_code, by=by, status=upload.status, areas=described.areas, source=upload.name[:200]
    )
    both = replace(parsed, problems=(*described.problems, *parsed.problems))
    return import_bank(rt, both, request, dry_run=dry_run)
