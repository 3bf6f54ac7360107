"""Which server processes are there, and whether they agree: the same program, the same schema, the same forms. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cbt.kernel.errors import Conflict

SILENT_AFTER: Final = timedelta(seconds=35)


class NodesDiffer(Conflict):
    """Servers that are alive run another program or hold other forms; the message names them."""

    code = "nodes-differ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """How a process reads a sitting's forms: how many papers there were when it looked, and its digest over them."""

    papers: int
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One server process: what it runs, and how it reads the forms of each sitting that it has looked at."""

    id: UUID
    name: str
    version: str
    schema: str
    seen_at: datetime
    forms: Mapping[UUID, Forms] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Return the node as people read it."""
        return f"{self.name} ({self.version}, {self.schema})"


def alive(nodes: Iterable[Node], now: datetime) -> tuple[Node, ...]:
    """Return the nodes that were heard of lately, by name; who is silent serves nobody, or will be heard of again."""
    return tuple(sorted((node for node in nodes if now - node.seen_at < SILENT_AFTER), key=_name))


def differing(mine: Node, others: Iterable[Node], sitting_id: UUID) -> tuple[Node, ...]:
    """Return the nodes that do not agree with `mine` about the program, the schema or the forms of a sitting.

    A node that has not looked at the sitting yet, or not since a paper was made, runs the same program on the same
    rows: it has nothing to differ in. Papers are never taken away, so equal numbers of them are the same papers.
    """
    return tuple(node for node in others if node.id != mine.id and not _agree(mine, node, sitting_id))


def _agree(one: Node, other: Node, sitting_id: UUID) -> bool:
    if (one.version, one.schema) != (other.version, other.schema):
        return False
    mine, theirs = one.forms.get(sitting_id), other.forms.get(sitting_id)
    if mine is None or theirs is None or mine.papers != theirs.papers:
        return True
    return mine.digest == theirs.digest


def _name(node: Node) -> str:
    return node.name
