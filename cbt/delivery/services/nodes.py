"""Nodes compare before a room opens: each server process announces what it runs; whoever differs keeps rooms shut.

The rows are the truth. On SQLite one process serves, so that it has nobody to compare forms with.
"""

import os
import socket
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from cbt.delivery.core.nodes import Forms, Node, NodesDiffer, alive, differing
from cbt.delivery.store import nodes as store
from cbt.kernel import canonical, schema
from cbt.kernel.build import code_version
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from itembank.services.forms import get_form_in

_READ_AGAIN: Final = 20  # forms that are read by this program and digested anew, so that a changed reader shows


@dataclass(slots=True)
class NodeDesk:
    """One process among the nodes: announces itself, and remembers the forms that it has digested."""

    rt: Runtime
    id: UUID
    _known: dict[UUID, Forms] = field(default_factory=dict)

    @classmethod
    def open(cls, rt: Runtime) -> "NodeDesk":
        """Return the desk of a process that has just begun."""
        return cls(rt=rt, id=new_id(rt.clock.now()))

    def announce(self) -> None:
        """Say that this process is there, and what it runs."""
        now = self.rt.clock.now()
        node = replace(this_node(now), id=self.id, forms=self._forms(now))
        with self.rt.transaction() as tx:
            store.announce(tx, node)

    def leave(self) -> None:
        """Say that this process ends."""
        with self.rt.transaction() as tx:
            store.forget(tx, self.id)

    def _forms(self, now: datetime) -> dict[UUID, Forms]:
        if self.rt.write_lock is not None:
            return {}
        with self.rt.reading() as tx:
            papers = store.papers_soon(tx, now)
            known = {sitting_id: self._known.get(sitting_id) for sitting_id in papers}
            self._known = {
                sitting_id: forms if forms and forms.papers == papers[sitting_id] else _read_forms(tx, sitting_id)
                for sitting_id, forms in known.items()
            }
        return self._known


def this_node(now: datetime) -> Node:
    """Return what this process runs, under no id of its own."""
    return Node(
        id=UUID(int=0),
        name=f"{socket.gethostname()}:{os.getpid()}",
        version=code_version(),
        schema=schema.newest_step() or "",
        seen_at=now,
    )


def live_nodes(rt: Runtime) -> tuple[Node, ...]:
    """Return the server processes that were heard of lately."""
    with rt.reading() as tx:
        return alive(store.list_nodes(tx), rt.clock.now())


def nodes_agree(rt: Runtime) -> tuple[int, bool]:
    """Return how many server processes are alive, and whether all run the program of the one that is asked."""
    mine, others = this_node(rt.clock.now()), live_nodes(rt)
    return len(others), not differing(mine, others, mine.id)


def require_same_nodes_in(tx: Transaction, mine: Node, sitting_id: UUID) -> None:
    """Raise NodesDiffer, naming the nodes, when a live one differs from the process that asks."""
    others = alive(store.list_nodes(tx), mine.seen_at)
    if any(node.forms for node in others):
        mine = replace(mine, forms={sitting_id: _read_forms(tx, sitting_id)})
    found = differing(mine, others, sitting_id)
    if found:
        raise NodesDiffer(", ".join(node.words for node in (*found, mine)), sitting=sitting_id)


def _read_forms(tx: Transaction, sitting_id: UUID) -> Forms:
    """Return one digest over all papers of a sitting; the first of them as this program reads their forms."""
    papers = store.forms_of(tx, sitting_id)
    told = b"".join(digest for _, digest in papers)
    read = b"".join(get_form_in(tx, form_id).form.digest for form_id, _ in papers[:_READ_AGAIN])
    return Forms(papers=len(papers), digest=canonical.digest(told + read))
