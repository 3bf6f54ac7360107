"""The audit trail: one record per act, and the hash chain that a sealer lays over the records afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cbt.kernel.canonical import digest, encode
from cbt.kernel.errors import Problem
from cbt.people.core.actors import ActorKind

GENESIS: Final = digest(b"cbt audit/1")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One act as it is shown."""

    id: UUID
    at: datetime
    actor_kind: ActorKind
    actor_name: str
    act: str
    subject: str
    reason: str
    details: Mapping[str, Any]
    number: int | None  # place in the chain; None until it is sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which records a reader wants; an empty field wants all."""

    act: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One sealed record: its number, its id, its canonical bytes, what its columns say, and the stored hash."""

    number: int
    id: UUID
    body: bytes
    columns: Mapping[str, object]
    hash: bytes


def link_hash(previous: bytes, record_id: UUID, number: int, body: bytes) -> bytes:
    """Return SHA-256 over the hash before, the record's id, its number (8 bytes) and its canonical bytes."""
    return digest(previous + record_id.bytes + number.to_bytes(8) + body)


def broken_links(links: Iterable[Link], *, previous: bytes = GENESIS, number: int = 0) -> tuple[Problem, ...]:
    """Return a problem for each sealed record that does not follow from the one before or whose columns differ."""
    problems: list[Problem] = []
    for link in links:
        number += 1
        where = f"record {link.number} ({link.id})"
        if link.number != number:
            problems.append(Problem(where=where, code="audit-gap", hint=f"Number {number} was expected."))
            number = link.number
        if link.hash != link_hash(previous, link.id, link.number, link.body):
            problems.append(Problem(where=where, code="audit-altered", hint="Its hash does not follow."))
        if encode(link.columns) != link.body:
            problems.append(Problem(where=where, code="audit-columns", hint="Its columns say something else."))
        previous = link.hash
    return tuple(problems)
