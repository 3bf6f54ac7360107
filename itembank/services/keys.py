"""Keys for grading, and for nobody else: what scores a form is fetched apart from what a candidate is sent."""

from uuid import UUID

from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Transaction
from itembank.core.forms import Form
from itembank.core.keys import ItemKey
from itembank.store import keys as store


class KeyMissing(NotFound):
    """A form names a key version that is not there."""

    code = "key-version-missing"


def get_keys_in(tx: Transaction, form: Form) -> dict[int, ItemKey]:
    """Return the key of each slot by its number, in the key versions that the form names; raises KeyMissing."""
    wanted = {slot.number: slot.key_version_id for slot in form.slots}
    found = store.keys(tx, (key_id for key_id in wanted.values() if key_id is not None))
    missing = [number for number, key_id in wanted.items() if key_id is None or key_id not in found]
    if missing:
        raise KeyMissing(slots=missing)
    return {number: found[key_id] for number, key_id in wanted.items() if key_id is not None}


def get_keys_by_id_in(tx: Transaction, key_version_ids: tuple[UUID, ...]) -> dict[UUID, ItemKey]:
    """Return keys by the ids of their versions; an unknown id is left out."""
    return store.keys(tx, key_version_ids)
