"""The tree of content areas as people edit it: add, rename, move, put in order, delete when empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import Fields
from cbt.people.services.audit import audit_in
from itembank.core.area_edit import AreaInBlueprint, AreaInUse, check_parent, stepped
from itembank.core.areas import counted
from itembank.core.bank_fields import HINTS
from itembank.core.blueprint import demands
from itembank.core.blueprint_input import CODE
from itembank.core.records import Area, AreaCount, Bank, BankId, LoadRunning
from itembank.store import areas as store
from itembank.store import banks as bank_store
from itembank.store import blueprints as blueprint_store


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTree:
    """The areas of a bank from the top, with the items in each and below it, and the codes of those to be deleted."""

    bank: Bank
    areas: tuple[AreaCount, ...]
    empty: frozenset[str]


def tree(rt: Runtime, bank_code: str) -> AreaTree:
    """Return the tree of a bank; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        areas, items = bank_store.list_areas(tx, bank.id), store.items_by_area(tx, bank.id)
        used = items.keys() | {area.parent for area in areas}
        empty = frozenset(area.code for area in areas) - used
        return AreaTree(bank=bank, areas=counted(areas, items), empty=empty)


def add_area(rt: Runtime, bank_code: str, raw: Mapping[str, str], by: Actor) -> str:
    """Add an area from typed fields (code, title_ko, title_en, parent) and return its code.

    Raises NoSuchBank, NoSuchArea, InputRefused, TakenMeanwhile.
    """
    fields = Fields(raw, HINTS)
    title, code = fields.title("title"), fields.raw("code")
    if not CODE.fullmatch(code):
        fields.fail("code", "bad-code" if code else "missing")
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        store.lock_bank(tx, bank.id)
        if code in bank_store.area_ids(tx, bank.id):
            fields.fail("code", "code-taken")
        fields.check()
        parent = _find(tx, bank.id, fields.raw("parent"))
        store.add(tx, now, bank.id, (code, parent.id if parent else None, title))
        details = {"area": code, "title": title.to_document(), "parent": parent.code if parent else ""}
        audit_in(tx, now, by=by, act="itembank.area-added", subject=bank.code, details=details)
    return code


def change_area(rt: Runtime, bank_code: str, code: str, raw: Mapping[str, str], by: Actor) -> None:
    """Rename an area, or put it below another one, from typed fields (title_ko, title_en, parent).

    Raises NoSuchBank, NoSuchArea, InputRefused, AreaInItself.
    """
    fields = Fields(raw, HINTS)
    title = fields.title("title")
    fields.check()
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        store.lock_bank(tx, bank.id)
        before = bank_store.get_area(tx, bank.id, code)
        parent = _find(tx, bank.id, fields.raw("parent"))
        after = parent.code if parent else ""
        check_parent(bank_store.list_areas(tx, bank.id), code, after)
        store.place(tx, before.id, parent.id if parent else None, title)
        details: dict[str, Any] = {"area": code}
        details["before"] = {"title": before.title.to_document(), "parent": before.parent}
        details["after"] = {"title": title.to_document(), "parent": after}
        audit_in(tx, now, by=by, act="itembank.area-changed", subject=bank.code, details=details)


def step_area(rt: Runtime, bank_code: str, code: str, step: int, by: Actor) -> None:
    """Move an area up (-1) or down (1) among those beside it; raises NoSuchBank, NoSuchArea."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        store.lock_bank(tx, bank.id)
        bank_store.get_area(tx, bank.id, code)
        store.put_in_order(tx, stepped(bank_store.list_areas(tx, bank.id), code, step))
        details = {"area": code, "step": step}
        audit_in(tx, now, by=by, act="itembank.area-stepped", subject=bank.code, details=details)


def drop_area(rt: Runtime, bank_code: str, code: str, by: Actor) -> None:
    """Delete an empty area; raises NoSuchBank, NoSuchArea, AreaInUse, AreaInBlueprint, LoadRunning."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        store.lock_bank(tx, bank.id)
        area = bank_store.get_area(tx, bank.id, code)
        if store.load_is_running(tx, bank.id):
            raise LoadRunning(bank=bank.code)
        if store.is_used(tx, area.id) or any(one.parent == code for one in bank_store.list_areas(tx, bank.id)):
            raise AreaInUse(area=code)
        if code in _asked_for(tx, bank.id):
            raise AreaInBlueprint(area=code)
        store.drop(tx, area.id)
        details = {"area": code, "title": area.title.to_document(), "parent": area.parent}
        audit_in(tx, now, by=by, act="itembank.area-dropped", subject=bank.code, details=details)


def _find(tx: Transaction, bank_id: BankId, code: str) -> Area | None:
    return bank_store.get_area(tx, bank_id, code) if code else None


def _asked_for(tx: Transaction, bank_id: BankId) -> frozenset[str]:
    """Return the areas that the newest blueprints of a bank ask for."""
    plans = blueprint_store.list_newest(tx, bank_id)
    return frozenset(demand.area for stored in plans for demand in demands(stored.blueprint))
