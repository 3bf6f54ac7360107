"""Keys for grading, and for nobody else: what scores a form is fetched apart from what a candidate is sent."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Transaction
from itembank.core.forms import Form
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.qti.scoring import ScoringItem
from itembank.core.scoring import Scorer
from itembank.formats.qti.item import parse_scoring
from itembank.services.forms import slot_contents_in
from itembank.store import keys as store

_KEPT: Final = 5_000


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


def get_scorers_in(tx: Transaction, form: Form) -> dict[int, Scorer]:
    """Return what scores each slot by its number, in the versions that the form names; raises KeyMissing."""
    contents = slot_contents_in(tx, form)
    return {number: scorer_of(contents[number], key) for number, key in get_keys_in(tx, form).items()}


class ScorerShelf:
    """What scores the slots of forms, each pair of item and key version read once: neither ever changes.

    For one run of a grader, or one process; `keep` bounds it.
    """

    def __init__(self, keep: int = _KEPT) -> None:
        self._keep = keep
        self._kept: dict[tuple[UUID, UUID | None], Scorer] = {}

    def scorers_in(self, tx: Transaction, form: Form) -> dict[int, Scorer]:
        """Return what scores each slot by its number, as `get_scorers_in`; raises KeyMissing."""
        wanted = {slot.number: (slot.item_version_id, slot.key_version_id) for slot in form.slots}
        if any(versions not in self._kept for versions in wanted.values()):
            if len(self._kept) + len(wanted) > self._keep:
                self._kept.clear()
            self._kept |= {wanted[number]: scorer for number, scorer in get_scorers_in(tx, form).items()}
        return {number: self._kept[versions] for number, versions in wanted.items()}


def scorer_of(content: ItemContent, key: ItemKey) -> Scorer:
    """Return what scores `content`; the program of the key is read here."""
    program = None if key.program is None else _program(key.program.source)
    return Scorer(key=key, declarations=content.declarations, program=program)


@lru_cache(maxsize=1024)
def _program(source: str) -> ScoringItem | None:
    return parse_scoring(source.encode()).item
