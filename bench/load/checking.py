"""After a run: every receipt is verified and every answer that was receipted is looked up in the database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeAlias
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from bench.load.people import RESPONSE, Person
from cbt.delivery.core.receipts import Receipt, verify
from cbt.delivery.services.reading import replay_in
from cbt.delivery.tables import EntryRow
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime

_REPLAYED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was compared: answers receipted, receipts verified, and what is wrong (nothing may be)."""

    receipted: int
    wrong: tuple[str, ...]


def compare(rt: Runtime, people: Sequence[Person], notes: Mapping[str, Any]) -> Kept:
    """Return how many acknowledged answers were found in the journal as they were sent, and which were not."""
    key = rt.keys.receipt_key.public_key()
    wrong: list[str] = []
    receipted = 0
    for person, told in zip(people, notes["people"], strict=True):
        rows = _rows(rt, person)
        last = 0
        for number, status, body in told["answers"]:
            if status == HTTPStatus.OK:
                last = number
                wrong += _receipt_faults(key, person, number, json.loads(body), rows.get(number))
        sent = [each for each in told["sent"] if each[0] <= last]
        receipted += len(sent)
        wrong += _answer_faults(person, sent, rows)
    return Kept(receipted=receipted, wrong=(*wrong, *_broken(rt, people)))


_Row: TypeAlias = tuple[bytes, bytes]  # content and hash


def _receipt_faults(
    key: Ed25519PublicKey, person: Person, number: int, document: Mapping[str, Any], row: _Row | None
) -> list[str]:
    receipt = document["receipt"]
    if receipt["number"] != number or document["refused"]:
        return [f"{person.attempt_id} {number}: {document}"]
    if row is None or row[1].hex() != receipt["head"] or not _signed(key, receipt):
        return [f"{person.attempt_id} {number}: the receipt does not hold"]
    return []


def _answer_faults(person: Person, sent: Sequence[tuple[int, int, str]], rows: Mapping[int, _Row]) -> list[str]:
    faults = []
    for number, slot, choice in sent:
        entry = canonical.decode(rows[number][0]) if number in rows else {}
        if entry.get("slot") != slot or entry.get("responses") != {RESPONSE: [person.canonical(slot, choice)]}:
            faults.append(f"{person.attempt_id} {number}: not kept as it was sent")
    return faults


def _rows(rt: Runtime, person: Person) -> dict[int, _Row]:
    columns = (EntryRow.lease_number, EntryRow.content, EntryRow.hash)
    statement = select(*columns).where(EntryRow.attempt_id == person.attempt_id, EntryRow.lease == person.lease)
    with rt.reading() as tx:
        return {row[0] or 0: (row[1], row[2]) for row in tx.session.execute(statement)}


def _broken(rt: Runtime, people: Sequence[Person]) -> list[str]:
    """Return the journals, of a sample, whose chain or projection does not hold."""
    step = max(1, len(people) // _REPLAYED)
    with rt.reading() as tx:
        return [f"{one.attempt_id}: broken" for one in people[::step] if replay_in(tx, one.attempt_id).broken]


def _signed(key: Ed25519PublicKey, document: Mapping[str, Any]) -> bool:
    receipt = Receipt(
        attempt_id=UUID(document["attempt"]),
        lease=document["lease"],
        number=document["number"],
        head=bytes.fromhex(document["head"]),
        at=canonical.instant(document["at"]),
    )
    return verify(key, receipt, canonical.read_base64url(document["signature"]))
