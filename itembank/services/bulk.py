"""Changes of many items at once: each item for itself, with an account of what was done and what was not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cbt.kernel.errors import CbtError, Unavailable
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor, Role
from cbt.people.core.inputs import InputRefused, refuse
from cbt.people.services.audit import audit_in
from itembank.core.bank_fields import HINTS, LONGEST_TIME_S, label_problem, value_problem
from itembank.core.bulk import (
    MOST_AT_ONCE,
    AddEnemy,
    BulkAct,
    MoveTo,
    NothingChosen,
    PutIntoArea,
    SetField,
    SetLevel,
    SetTime,
    TooManyItems,
)
from itembank.core.listing import ItemQuery
from itembank.core.records import BankId, NoSuchItem
from itembank.core.review import WRITERS, NoWriter
from itembank.services.metadata import change_in
from itembank.services.reviewing import Wish, move_in
from itembank.store import areas as area_store
from itembank.store import bank_fields as field_store
from itembank.store import banks as bank_store
from itembank.store import reviews as review_store
from itembank.store import search as search_store

# Small enough that a write transaction stays below 100 ms on SQLite.
_CHUNK: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkReport:
    """What was done, by item code: changed, already so, and refused with the English sentence that says why."""

    done: tuple[str, ...]
    same: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def codes_of(rt: Runtime, bank_code: str, wanted: ItemQuery) -> tuple[str, ...]:
    """Return the codes of all items that `wanted` admits; raises NoSuchBank, TooManyItems."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        found = search_store.codes(tx, bank.id, wanted, limit=MOST_AT_ONCE + 1)
    if len(found) > MOST_AT_ONCE:
        raise TooManyItems
    return found


def change_items(
    rt: Runtime, bank_code: str, codes: Sequence[str], act: BulkAct, *, by: Actor, roles: frozenset[Role]
) -> BulkReport:
    """Carry out `act` on each item, as far as it may be.

    Raises NoSuchBank, NoSuchArea, NothingChosen, TooManyItems, NoWriter, InputRefused (when `act` itself is wrong).
    """
    wanted = sorted(set(codes))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise TooManyItems if wanted else NothingChosen
    if roles.isdisjoint(WRITERS):
        raise NoWriter
    with rt.reading() as tx:
        bank_id = bank_store.get(tx, bank_code).id
        _check(tx, bank_id, act)
    found: dict[str, str | None] = {}
    for start in range(0, len(wanted), _CHUNK):
        now = rt.clock.now()
        with rt.transaction() as tx:
            for code in wanted[start : start + _CHUNK]:
                found[code] = _carried_out(tx, now, bank_id, (code, act), by=by, roles=roles)
    return BulkReport(
        done=tuple(code for code, words in found.items() if words is None),
        same=tuple(code for code, words in found.items() if words == ""),
        refused=tuple((code, words) for code, words in found.items() if words),
    )


def _check(tx: Transaction, bank_id: BankId, act: BulkAct) -> None:
    match act:
        case PutIntoArea():
            bank_store.get_area(tx, bank_id, act.area)
        case AddEnemy() if (problem := label_problem(act.label)) is not None:
            raise InputRefused((problem,))
        case SetLevel() if act.level and (problem := label_problem(act.level)) is not None:
            raise InputRefused((problem,))
        case SetTime() if act.seconds is not None and not 1 <= act.seconds <= LONGEST_TIME_S:
            raise refuse("value", "number-range")
        case SetField():
            field = next((one for one in field_store.list_fields(tx, bank_id) if one.code == act.code), None)
            code = "bad-choice" if field is None else value_problem(field, act.value)
            if code is not None:
                raise refuse("value", code, HINTS)
        case _:
            pass


def _carried_out(
    tx: Transaction, now: datetime, bank_id: BankId, deed: tuple[str, BulkAct], *, by: Actor, roles: frozenset[Role]
) -> str | None:
    """Return None when the item was changed, nothing ("") when it was so already, else why it was not."""
    code, act = deed
    try:
        match act:
            case MoveTo():
                wish = Wish(item_code=code, number=_newest(tx, bank_id, code), to=act.to, words=act.words)
                move_in(tx, now, bank_id, wish, by=by, roles=roles)
                return None
            case PutIntoArea():
                return None if _put(tx, now, bank_id, code, act.area, by=by) else ""
            case _:
                return None if change_in(tx, now, bank_id, code, act, by=by) else ""
    except Unavailable:
        raise
    except CbtError as refused:
        return refused.message


def _newest(tx: Transaction, bank_id: BankId, code: str) -> int:
    versions = review_store.facts(tx, review_store.lock_item(tx, bank_id, code))
    if not versions:
        raise NoSuchItem(item=code)
    return max(versions)


def _put(tx: Transaction, now: datetime, bank_id: BankId, code: str, area_code: str, *, by: Actor) -> bool:
    item_id = review_store.lock_item(tx, bank_id, code)
    area, before = bank_store.get_area(tx, bank_id, area_code), review_store.area_of(tx, item_id)
    if before == area.code:
        return False
    area_store.put_item(tx, item_id, area.id)
    details = {"before": before, "after": area.code}
    audit_in(tx, now, by=by, act="itembank.item-placed", subject=code, details=details)
    return True
