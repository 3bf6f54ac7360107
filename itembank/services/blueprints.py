"""Blueprints: check against the bank, save as a new version, list, and try draws without keeping them."""

from dataclasses import dataclass
from uuid import UUID

from cbt.kernel.errors import Conflict, Problem
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from itembank.core.bank import meets
from itembank.core.blueprint import Blueprint, Demand, demands
from itembank.core.check import check
from itembank.core.draw import draw_planned, plan
from itembank.core.forms import Form
from itembank.core.records import StoredBlueprint
from itembank.store import banks as bank_store
from itembank.store import blueprints as store
from itembank.store import items as item_store


class BlueprintOfAnotherBank(Conflict):
    """A blueprint of this code belongs to another bank."""

    code = "blueprint-of-another-bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedBlueprint:
    """What saving did: the stored version, or the problems for which nothing was stored; `fresh` if it is new."""

    stored: StoredBlueprint | None
    problems: tuple[Problem, ...] = ()
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """How many approved items one area of one cell could use, beside what it wants."""

    demand: Demand
    available: int


def save_blueprint(rt: Runtime, bank_code: str, blueprint: Blueprint, by: Actor, reason: str = "") -> SavedBlueprint:
    """Save a new version when the bank can meet it; the same blueprint again is no new version.

    Raises NoSuchBank, BlueprintOfAnotherBank.
    """
    now = rt.clock.now()
    with rt.reading() as tx:
        problems = check(blueprint, item_store.bank_view(tx, bank_store.get(tx, bank_code).id))
    if problems:
        return SavedBlueprint(stored=None, problems=problems)
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        blueprint_id, owner = store.lock_or_add(tx, now, bank.id, blueprint.code)
        if owner != bank.id:
            raise BlueprintOfAnotherBank(blueprint=blueprint.code)
        newest = store.find_newest(tx, blueprint.code)
        if newest is not None and newest.digest == blueprint.digest():
            return SavedBlueprint(stored=newest)
        stored = store.get_version(tx, store.add_version(tx, now, blueprint_id, blueprint))
        details = {"version": stored.number, "digest": stored.digest, "bank": bank.code}
        audit_in(tx, now, by=by, act="itembank.blueprint-saved", subject=blueprint.code, reason=reason, details=details)
        return SavedBlueprint(stored=stored, fresh=True)


def check_blueprint(rt: Runtime, bank_code: str, blueprint: Blueprint) -> tuple[Problem, ...]:
    """Return every shortage of `blueprint` in the bank; raises NoSuchBank."""
    with rt.reading() as tx:
        return check(blueprint, item_store.bank_view(tx, bank_store.get(tx, bank_code).id))


def supply(rt: Runtime, bank_code: str, blueprint: Blueprint) -> tuple[Supply, ...]:
    """Return for each area of each cell what is there, in the blueprint's order; raises NoSuchBank."""
    with rt.reading() as tx:
        view = item_store.bank_view(tx, bank_store.get(tx, bank_code).id)
    return tuple(
        Supply(demand=demand, available=sum(1 for one in view.candidates if meets(one, demand)))
        for demand in demands(blueprint)
    )


def list_blueprints(rt: Runtime, bank_code: str | None = None) -> tuple[StoredBlueprint, ...]:
    """Return the newest version of each blueprint, of one bank when it is named; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = None if bank_code is None else bank_store.get(tx, bank_code)
        return store.list_newest(tx, None if bank is None else bank.id)


def get_blueprint(rt: Runtime, code: str) -> StoredBlueprint:
    """Return the newest version; raises NoSuchBlueprint."""
    with rt.reading() as tx:
        return store.get_newest(tx, code)


def get_blueprint_version(rt: Runtime, version_id: UUID) -> StoredBlueprint:
    """Return one version by its id; raises NoSuchBlueprint."""
    with rt.reading() as tx:
        return store.get_version(tx, version_id)


def list_blueprint_versions(rt: Runtime, code: str) -> tuple[StoredBlueprint, ...]:
    """Return all versions, the newest first (none for an unknown code)."""
    with rt.reading() as tx:
        return store.list_versions(tx, code)


def try_draw(rt: Runtime, code: str, seeds: tuple[bytes, ...]) -> tuple[Form, ...]:
    """Return one form for each seed without keeping any; raises NoSuchBlueprint, BlueprintImpossible."""
    with rt.reading() as tx:
        stored = store.get_newest(tx, code)
        view = item_store.bank_view(tx, stored.bank.id)
    prepared = plan(stored.blueprint, view)
    return tuple(draw_planned(prepared, seed=seed) for seed in seeds)
