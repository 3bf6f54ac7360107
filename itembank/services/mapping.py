"""Matching the columns of a foreign table: a look at what was uploaded, remembered mappings, the check by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cbt.jobs.core.jobs import Job, JobId
from cbt.jobs.services.asking import go_on
from cbt.jobs.services.files import read_file
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from itembank.core.mapping import (
    ColumnMapping,
    KnownMapping,
    digest_of,
    fitting,
    mapping_document,
    mapping_from,
)
from itembank.core.mapping_guess import guess
from itembank.formats.mapped_table import TableSample, parse_mapped, sample_table
from itembank.formats.parsed import Parsed
from itembank.services.uploading import CHECK_KIND, MAPPING, own_check
from itembank.store import banks as bank_store
from itembank.store import mappings as store

LONGEST_NAME: Final = 60
_LOOKED_AT: Final = 50  # rows that a preview reads


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTable:
    """A table that was uploaded: its first rows, the mapping to begin with, and those that are remembered and fit."""

    sample: TableSample
    mapping: ColumnMapping
    known: tuple[KnownMapping, ...] = ()
    begun_with: str = ""


def look_at_table(rt: Runtime, job: Job, bank_code: str, *, saved: str = "") -> ForeignTable:
    """Return the table of a check with the mapping it was checked by, else the one called `saved`, else a guess.

    Raises FilesGone, NoSuchBank.
    """
    sample = sample_table(read_file(rt, job, "items"))
    with rt.reading() as tx:
        everything = store.list_mappings(tx, bank_store.get(tx, bank_code).id)
    known = fitting(everything, sample.headers)
    chosen = next((one for one in known if one.name == saved), None)
    if chosen is None and MAPPING in job.arguments:
        return ForeignTable(sample=sample, mapping=mapping_from(job.arguments[MAPPING]), known=known)
    own = digest_of(sample.headers)
    chosen = chosen or next((one for one in known if one.headers == own), None)
    if chosen is not None:
        return ForeignTable(sample=sample, mapping=chosen.mapping, known=known, begun_with=chosen.name)
    return ForeignTable(sample=sample, mapping=guess(sample.headers, sample.rows), known=known)


def try_mapping(rt: Runtime, job: Job, mapping: ColumnMapping) -> Parsed:
    """Return what the first rows of the table of a check become; raises FilesGone."""
    return parse_mapped(read_file(rt, job, "items"), mapping, most=_LOOKED_AT)


def save_mapping(
    rt: Runtime, bank_code: str, name: str, mapping: ColumnMapping, *, headers: Sequence[str], by: Actor
) -> None:
    """Remember a mapping for a bank under a name, in the place of one with that name; raises NoSuchBank."""
    now = rt.clock.now()
    known = KnownMapping(name=" ".join(name.split())[:LONGEST_NAME], headers=digest_of(headers), mapping=mapping)
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        store.save(tx, now, bank.id, known)
        details = {"name": known.name, "mapping": mapping_document(mapping)}
        audit_in(tx, now, by=by, act="itembank.mapping-saved", subject=bank.code, details=details)


def start_mapped_check(rt: Runtime, checked: JobId, mapping: ColumnMapping, *, by: Actor, page: str) -> JobId:
    """Ask what loading the table of a check would do as `mapping` reads it; raises FilesGone, NotYourUpload."""
    wanted = own_check(rt, checked, by=by)
    arguments = {**wanted.arguments, MAPPING: mapping_document(mapping)}
    return go_on(rt, checked, replace(wanted, kind=CHECK_KIND, arguments=arguments, page=page), by=by)
