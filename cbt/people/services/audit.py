"""The audit trail: every staff act leaves a record in its own transaction; a sealer chains them afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from cbt.kernel.errors import Problem
from cbt.kernel.ids import new_id
from cbt.kernel.personal import refuse_resident_number
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.audit import AuditFilter, AuditRecord, broken_links
from cbt.people.store import audit as store

PAGE: Final = 50
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})
_SEALED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """One page of the trail, what a filter may choose from, and how many records there are."""

    records: tuple[AuditRecord, ...]
    acts: tuple[str, ...]
    total: int
    page: int

    @property
    def first(self) -> int:
        """Return the place of the first record shown, from 1 (0 when there is none)."""
        return (self.page - 1) * PAGE + 1 if self.records else 0

    @property
    def last(self) -> int:
        """Return the place of the last record shown."""
        return (self.page - 1) * PAGE + len(self.records)


def audit_in(  # noqa: PLR0913  # keyword-only: who did what to what, and why
    tx: Transaction,
    now: datetime,
    *,
    by: Actor,
    act: str,
    subject: str,
    reason: str = "",
    details: Mapping[str, Any] = _NONE,
) -> None:
    """Write down that `by` did `act` to `subject`, in the act's own transaction.

    `act` is a stable dotted name ("people.staff-created"), `subject` a code or an id that people can search for.
    Raises ResidentNumber when the reason holds one.
    """
    refuse_resident_number("reason", reason)
    facts = {"act": act, "subject": subject, "reason": reason, "details": dict(details)}
    store.append(tx, new_id(now), now, by, facts)


def seal_audit(rt: Runtime) -> int:
    """Chain the records that were committed since the last time; return how many (500 at most)."""
    now = rt.clock.now()
    with rt.reading() as tx:
        if not store.has_waiting(tx):
            return 0
    with rt.transaction() as tx:
        return store.seal_waiting(tx, now, _SEALED_AT_ONCE)


def verify_audit(rt: Runtime) -> tuple[Problem, ...]:
    """Return a problem for each record that was altered, cut out or put out of order since it was sealed."""
    with rt.reading() as tx:
        loose = tuple(
            Problem(where=f"record {record_id}", code="audit-loose", hint="It is neither sealed nor waiting.")
            for record_id in store.list_loose(tx)
        )
        return broken_links(store.links(tx)) + loose


def audit_head(rt: Runtime) -> tuple[int, bytes]:
    """Return number and hash of the chain's last link, to be printed or published."""
    with rt.reading() as tx:
        return store.head(tx)


def list_audit(rt: Runtime, wanted: AuditFilter, *, page: int = 1) -> AuditPage:
    """Return page `page` (from 1) of the records that `wanted` admits, the newest first."""
    with rt.reading() as tx:
        return AuditPage(
            records=store.list_page(tx, wanted, offset=(max(page, 1) - 1) * PAGE, limit=PAGE),
            acts=store.list_acts(tx),
            total=store.count(tx, wanted),
            page=max(page, 1),
        )


def list_latest(rt: Runtime, count: int) -> tuple[AuditRecord, ...]:
    """Return the newest `count` records."""
    with rt.reading() as tx:
        return store.list_page(tx, AuditFilter(), offset=0, limit=count)
