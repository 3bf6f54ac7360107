"""Rows of seals: a sitting's key pair and the release codes of its centres, each kept as it was made first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from cbt.delivery.tables import ReleaseRow, SealRow
from cbt.kernel.db import insert_new
from cbt.kernel.runtime import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A sitting's key pair as it is stored: the public half as SPKI, the private one (PKCS #8) wrapped."""

    public_key: bytes
    private_key: bytes


def find_key_pair(tx: Transaction, sitting_id: UUID) -> KeyPair | None:
    """Return the key pair of a sitting, or None before its papers are made."""
    row = tx.session.scalar(select(SealRow).where(SealRow.sitting_id == sitting_id))
    return None if row is None else KeyPair(public_key=row.public_key, private_key=row.private_key)


def add_key_pair(tx: Transaction, now: datetime, sitting_id: UUID, pair: KeyPair) -> None:
    """Keep a sitting's key pair, unless it has one already."""
    values = {"sitting_id": sitting_id, "public_key": pair.public_key, "private_key": pair.private_key}
    tx.session.execute(insert_new(tx.session, SealRow), [{**values, "created_at": now}])


def codes_of(tx: Transaction, wanted: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], bytes]:
    """Return the wrapped release codes by (sitting, centre); those that were not made are left out."""
    statement = select(ReleaseRow).where(tuple_(ReleaseRow.sitting_id, ReleaseRow.centre_id).in_(list(wanted)))
    return {(row.sitting_id, row.centre_id): row.code for row in tx.session.scalars(statement)}


def codes_of_sitting(tx: Transaction, sitting_id: UUID) -> dict[UUID, bytes]:
    """Return the wrapped release codes of a sitting by centre."""
    statement = select(ReleaseRow.centre_id, ReleaseRow.code).where(ReleaseRow.sitting_id == sitting_id)
    return {row.centre_id: row.code for row in tx.session.execute(statement)}


def add_codes(tx: Transaction, now: datetime, sitting_id: UUID, codes: Mapping[UUID, bytes]) -> None:
    """Keep the wrapped release codes of those centres that have none yet."""
    values = [
        {"sitting_id": sitting_id, "centre_id": centre_id, "code": code, "created_at": now}
        for centre_id, code in codes.items()
    ]
    if values:
        tx.session.execute(insert_new(tx.session, ReleaseRow), values)
