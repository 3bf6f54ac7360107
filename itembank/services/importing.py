"""Loads: a parsed bank file into a bank, all or nothing; the dry run says what would happen and writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from cbt.kernel.errors import Problem
from cbt.kernel.progress import Tell, quiet
from cbt.kernel.runtime import Runtime, Transaction
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from itembank.core import areas as tree
from itembank.core.blueprint_input import CODE
from itembank.core.passages import all_words
from itembank.core.records import (
    Bank,
    ChangeKind,
    ItemEntry,
    ItemStatus,
    KnownItem,
    StoredAsset,
    StoredOriginal,
    change_of,
    content_bytes,
    key_bytes,
    logit,
)
from itembank.formats.parsed import Original, Parsed, ParsedArea, ParsedItem, Understood
from itembank.services.duplicates import warnings_in
from itembank.services.load_reports import ImportReport, item_reports
from itembank.store import banks as bank_store
from itembank.store import loads as store
from itembank.store.loads import Change

# Small enough that a write transaction stays far below 100 ms on SQLite.
_CHUNK: Final = 200
_CODES_IN_AUDIT: Final = 50
READING: Final = "Reading the file"
COMPARING: Final = "Comparing with the bank"
WRITING: Final = "Writing items"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """Where a load goes and on whose word; `status` is what its new versions begin with, `source` names the file."""

    bank_code: str
    by: Actor
    title: Title | None = None
    status: ItemStatus = ItemStatus.APPROVED
    areas: tuple[ParsedArea, ...] = ()
    source: str = ""
    reason: str = ""


def import_bank(
    rt: Runtime, parsed: Parsed, request: ImportRequest, *, dry_run: bool = False, progress: Tell = quiet
) -> ImportReport:
    """Load `parsed` into the bank, which is made when it is not there; returns what was done and every problem.

    The rows are written hidden in short transactions and become visible by one row, together with the audit record.
    Raises LoadRunning while another load into the bank lives; whatever `progress` raises leaves nothing behind.
    """
    problems = (*parsed.problems, *_request_problems(parsed, request))
    if problems:
        return ImportReport(
            bank_code=request.bank_code,
            stored=False,
            format=parsed.format,
            items=item_reports(parsed, {}),
            problems=problems,
            warnings=parsed.warnings,
        )
    load = _Load(parsed=parsed, request=request, progress=progress)
    with rt.reading() as tx:
        load.compare(tx)
        load.warnings += warnings_in(tx, request.bank_code, load.changes, parsed.items)
    if not dry_run:
        load.write(rt)
    return load.report(stored=not dry_run)


def _request_problems(parsed: Parsed, request: ImportRequest) -> tuple[Problem, ...]:
    problems = []
    if not CODE.fullmatch(request.bank_code):
        hint = "letters, digits, dot, hyphen and underscore, 64 at most"
        problems.append(Problem(where="bank", code="bad-code", hint=hint))
    if not parsed.items and not parsed.problems:
        hint = "every item in it was refused" if parsed.refused else "there is no item in it"
        problems.append(Problem(where="file", code="no-items", hint=hint))
    return tuple(problems)


class _Load:
    def __init__(self, *, parsed: Parsed, request: ImportRequest, progress: Tell) -> None:
        self._parsed = parsed
        self._request = request
        self._progress = progress
        self._areas = {area.code: area for area in (*parsed.areas, *request.areas)}
        self._entries = tuple(self._compared())
        self.warnings = parsed.warnings
        self.changes: tuple[Change, ...] = ()
        self._new_areas: tuple[str, ...] = ()

    def compare(self, tx: Transaction) -> None:
        """Find out what differs from what the bank holds."""
        bank = bank_store.find(tx, self._request.bank_code)
        known = {} if bank is None else store.known_items(tx, bank.id, [entry.code for entry in self._entries])
        there = {} if bank is None else bank_store.area_ids(tx, bank.id)
        status = self._request.status
        self.changes = tuple(_change(entry, known.get(entry.code), status) for entry in self._entries)
        self._new_areas = self._missing_areas(there)

    def write(self, rt: Runtime) -> None:
        """Write all that differs."""
        bank, load_id = self._begin(rt)
        try:
            changes = [change for change in self.changes if change.kind is not ChangeKind.UNCHANGED]
            for number, chunk in enumerate(_chunks(changes)):
                self._progress(number * _CHUNK, len(changes), WRITING)
                now = rt.clock.now()
                with rt.transaction() as tx:
                    store.write_chunk(tx, now, load_id, bank.id, self._request.status, chunk)
                    store.touch(tx, load_id, now)
            self._publish(rt, bank, load_id)
        except BaseException:
            with rt.transaction() as tx:
                if store.is_published(tx, load_id):  # an interruption that came too late
                    return
                store.sweep(tx, load_id)
            raise

    def _compared(self) -> Iterator[ItemEntry]:
        for number, item in enumerate(self._parsed.items):
            self._progress(number, len(self._parsed.items), COMPARING)
            yield _entry(item)

    def report(self, *, stored: bool) -> ImportReport:
        """Return what this load did or would do."""
        return ImportReport(
            bank_code=self._request.bank_code,
            stored=stored,
            format=self._parsed.format,
            items=item_reports(self._parsed, {change.entry.code: change.kind for change in self.changes}),
            codes=self._codes(),
            new_areas=self._new_areas,
            warnings=self.warnings,
        )

    def _begin(self, rt: Runtime) -> tuple[Bank, UUID]:
        now = rt.clock.now()
        with rt.transaction() as tx:
            bank = self._bank(tx, now)
            load_id = store.begin(tx, now, bank.id, self._request.by)
            # Once more, now that no other load can change it.
            self.compare(tx)
            bank_store.add_areas(tx, now, bank.id, load_id, [self._area(code) for code in self._new_areas])
        return bank, load_id

    def _bank(self, tx: Transaction, now: datetime) -> Bank:
        code, title = self._request.bank_code, self._request.title
        bank = bank_store.find(tx, code)
        if bank is None:
            return bank_store.add(tx, now, code, title or Title(ko=code, en=code))
        if title is not None and title != bank.title:
            bank_store.retitle(tx, bank.id, title)
        return bank

    def _publish(self, rt: Runtime, bank: Bank, load_id: UUID) -> None:
        now = rt.clock.now()
        with rt.transaction() as tx:
            named = [self._area(code) for code in self._areas if code not in self._new_areas]
            bank_store.change_areas(tx, bank.id, named)
            store.publish(tx, load_id, now)
            audit_in(
                tx,
                now,
                by=self._request.by,
                act="itembank.imported",
                subject=bank.code,
                reason=self._request.reason,
                details=self._details(load_id),
            )

    def _details(self, load_id: UUID) -> dict[str, object]:
        codes = self._codes()
        return {
            "load": load_id,
            "source": self._request.source,
            "status": self._request.status,
            "counts": {kind.value: len(codes.get(kind, ())) for kind in ChangeKind},
            "rekeyed": list(codes.get(ChangeKind.REKEYED, ())[:_CODES_IN_AUDIT]),
            "warnings": len(self._parsed.warnings),
        }

    def _codes(self) -> dict[ChangeKind, tuple[str, ...]]:
        return {kind: tuple(change.entry.code for change in self.changes if change.kind is kind) for kind in ChangeKind}

    def _missing_areas(self, there: Mapping[str, object]) -> tuple[str, ...]:
        ordered: list[str] = []
        for area in self._areas.values():
            ordered += [code for code in (area.parent, area.code) if code]
        ordered += [entry.area_code for entry in self._entries]
        return tree.missing(ordered, there)

    def _area(self, code: str) -> tuple[str, str, Title]:
        described = self._areas.get(code)
        if described is None:
            return code, tree.implied_parent(code), tree.plain_title(code)
        return code, described.parent or tree.implied_parent(code), described.title


def _entry(item: ParsedItem) -> ItemEntry:
    return ItemEntry(
        code=item.code,
        area_code=item.area_code,
        content=item.content,
        content_bytes=content_bytes(item.content),
        key_bytes=key_bytes(item.key),
        difficulty=logit(item.difficulty_logit),
        words=f"{item.code} {all_words(item.content)}".lower(),
        assets={asset.ref.sha256: asset.ref.name for asset in item.assets},
        pictures=tuple(
            StoredAsset(sha256=asset.ref.sha256, media_type=asset.ref.media_type, payload=asset.payload)
            for asset in item.assets
        ),
        original=None if item.original is None else _original(item.original),
        unsure=item.understood is Understood.PARTIAL,
        metadata=item.metadata,
    )


def _original(original: Original) -> StoredOriginal:
    return StoredOriginal(name=original.name, media_type=original.media_type, payload=original.payload)


def _change(entry: ItemEntry, known: KnownItem | None, status: ItemStatus) -> Change:
    """Return what the load does to one item.

    A new key under a version that may be drawn counts at once; unless the load is of approved items that were
    understood in full, it makes a new version, which somebody else approves.
    """
    kind = change_of(entry, known)
    if kind is ChangeKind.REKEYED and (entry.unsure or status is not ItemStatus.APPROVED):
        kind = ChangeKind.CHANGED
    return Change(kind=kind, entry=entry, known=known)


def _chunks(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    left = iter(changes)
    return list(iter(lambda: tuple(islice(left, _CHUNK)), ()))
