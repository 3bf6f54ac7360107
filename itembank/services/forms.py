"""Forms for the packages above: plan once, draw, freeze; and what a paper is made of. No key passes through here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Transaction
from itembank.core.bank import BankView
from itembank.core.draw import Plan, plan
from itembank.core.forms import Form
from itembank.core.items import ItemContent
from itembank.core.records import AssetFacts, DigestedForm, StoredAsset, StoredBlueprint, StoredForm
from itembank.store import assets as asset_store
from itembank.store import blueprints as blueprint_store
from itembank.store import forms as store
from itembank.store import items as item_store


class ContentMissing(NotFound):
    """A form names an item version that is not there."""

    code = "content-missing"


def blueprint_version_in(tx: Transaction, blueprint_version_id: UUID) -> StoredBlueprint:
    """Return one version of a blueprint with its bank; raises NoSuchBlueprint."""
    return blueprint_store.get_version(tx, blueprint_version_id)


def load_view_in(tx: Transaction, blueprint_version_id: UUID) -> BankView:
    """Return the snapshot of the blueprint's bank to draw from; raises NoSuchBlueprint."""
    return item_store.bank_view(tx, blueprint_store.get_version(tx, blueprint_version_id).bank.id)


def load_plan_in(tx: Transaction, blueprint_version_id: UUID) -> Plan:
    """Return the plan to draw many forms from; raises NoSuchBlueprint, BlueprintImpossible with every shortage."""
    stored = blueprint_store.get_version(tx, blueprint_version_id)
    return plan(stored.blueprint, item_store.bank_view(tx, stored.bank.id))


def freeze_form_in(tx: Transaction, now: datetime, blueprint_version_id: UUID, form: Form) -> StoredForm:
    """Keep `form` for good; returns it with its id and digest."""
    return store.add(tx, now, blueprint_version_id, form)


def get_form_in(tx: Transaction, form_id: UUID) -> StoredForm:
    """Return a frozen form; raises NoSuchForm."""
    return store.get(tx, form_id)


def get_forms_in(tx: Transaction, form_ids: Iterable[UUID]) -> dict[UUID, DigestedForm]:
    """Return frozen forms by id, each with its digest; raises NoSuchForm."""
    return store.get_many(tx, form_ids)


def contents_in(tx: Transaction, item_version_ids: Iterable[UUID]) -> dict[UUID, ItemContent]:
    """Return what candidates may see of these item versions; raises ContentMissing."""
    wanted = set(item_version_ids)
    found = item_store.contents(tx, wanted)
    if len(found) != len(wanted):
        raise ContentMissing(item_versions=sorted(map(str, wanted - found.keys())))
    return found


def slot_contents_in(tx: Transaction, form: Form) -> dict[int, ItemContent]:
    """Return the content of each slot by its number; raises ContentMissing."""
    found = contents_in(tx, (slot.item_version_id for slot in form.slots))
    return {slot.number: found[slot.item_version_id] for slot in form.slots}


def assets_shown_in(tx: Transaction, item_version_ids: Iterable[UUID]) -> dict[UUID, tuple[AssetFacts, ...]]:
    """Return what is known of the pictures that item versions show to candidates; those without any are left out."""
    return asset_store.facts_shown_by(tx, item_version_ids)


def asset_in(tx: Transaction, sha256: str) -> StoredAsset:
    """Return a picture; raises NoSuchAsset. Whether it may be shown is the caller's to know."""
    return asset_store.get(tx, sha256)
