"""The server processes that have announced themselves, and what they say of each sitting's forms."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from cbt.delivery.core.nodes import Forms, Node
from cbt.delivery.tables import AttemptRow, NodeRow
from cbt.kernel import canonical
from cbt.kernel.runtime import Transaction
from cbt.scheduling.tables import RegistrationRow, SittingRow

FORGOTTEN_AFTER: Final = timedelta(days=1)
_SOON: Final = timedelta(days=1)
_MOST_SITTINGS: Final = 50


def announce(tx: Transaction, node: Node) -> None:
    """Write what a node is now; those that have been silent for a day are forgotten."""
    values = {
        "name": node.name,
        "version": node.version,
        "schema": node.schema,
        "forms": canonical.encode({str(sitting): [each.papers, each.digest] for sitting, each in node.forms.items()}),
        "seen_at": node.seen_at,
    }
    if tx.session.execute(update(NodeRow).where(NodeRow.id == node.id).values(values)).rowcount:  # type: ignore[attr-defined]
        return
    tx.session.execute(insert(NodeRow).values(id=node.id, **values))
    tx.session.execute(delete(NodeRow).where(NodeRow.seen_at < node.seen_at - FORGOTTEN_AFTER))


def forget(tx: Transaction, node_id: UUID) -> None:
    """Take a node out that ends."""
    tx.session.execute(delete(NodeRow).where(NodeRow.id == node_id))


def list_nodes(tx: Transaction) -> tuple[Node, ...]:
    """Return all nodes that are known."""
    return tuple(
        Node(
            id=row.id,
            name=row.name,
            version=row.version,
            schema=row.schema,
            seen_at=row.seen_at,
            forms=_forms(canonical.decode(row.forms)),
        )
        for row in tx.session.scalars(select(NodeRow))
    )


def papers_soon(tx: Transaction, now: datetime) -> dict[UUID, int]:
    """Return how many papers the sittings have whose window is open or opens within a day."""
    statement = (
        select(SittingRow.id, func.count(AttemptRow.id))
        .join(RegistrationRow, RegistrationRow.sitting_id == SittingRow.id)
        .join(AttemptRow, AttemptRow.registration_id == RegistrationRow.id)
        .where(SittingRow.prepared_at.is_not(None), SittingRow.closes_at > now, SittingRow.opens_at < now + _SOON)
        .group_by(SittingRow.id, SittingRow.opens_at)
        .order_by(SittingRow.opens_at, SittingRow.id)
        .limit(_MOST_SITTINGS)
    )
    return {row[0]: row[1] for row in tx.session.execute(statement)}


def forms_of(tx: Transaction, sitting_id: UUID) -> tuple[tuple[UUID, bytes], ...]:
    """Return form and digest of every paper of a sitting, in one order everywhere."""
    statement = (
        select(AttemptRow.form_id, AttemptRow.form_digest)
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .where(RegistrationRow.sitting_id == sitting_id)
        .order_by(AttemptRow.id)
    )
    return tuple((row[0], row[1]) for row in tx.session.execute(statement))


def _forms(document: dict[str, Any]) -> dict[UUID, Forms]:
    """Return what a node says of the sittings; what another program wrote in another way is left out."""
    return {
        UUID(sitting): Forms(papers=told[0], digest=canonical.read_base64url(told[1]))
        for sitting, told in document.items()
        if isinstance(told, list)
    }
