"""The drawn values that an item prints for one candidate: made from the key's program, and nothing else of the key."""

from collections.abc import Mapping
from uuid import UUID

from cbt.kernel.runtime import Transaction
from itembank.core.forms import Form
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.printed import printed_names, printed_values
from itembank.services.keys import scorer_of
from itembank.store import keys as store


def printed_in(tx: Transaction, form: Form, contents: Mapping[int, ItemContent]) -> dict[int, Mapping[str, str]]:
    """Return by slot what the item there prints, for the slots whose items print something."""
    printing = {number: content for number, content in contents.items() if printed_names(content)}
    if not printing:
        return {}
    versions: dict[int, UUID] = {
        slot.number: slot.key_version_id
        for slot in form.slots
        if slot.number in printing and slot.key_version_id is not None
    }
    keys = store.keys(tx, versions.values())
    return {
        number: _printed(printing[number], keys[version], form.slot_seed(number))
        for number, version in versions.items()
        if version in keys
    }


def sample_of(content: ItemContent, key: ItemKey | None) -> Mapping[str, str]:
    """Return the values that one draw prints: what a preview shows."""
    return {} if key is None or not printed_names(content) else _printed(content, key, b"preview")


def _printed(content: ItemContent, key: ItemKey, seed: bytes) -> Mapping[str, str]:
    scorer = scorer_of(content, key)
    return {} if scorer.program is None else printed_values(content, scorer.program, seed)
