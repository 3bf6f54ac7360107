"""Near duplicates: the items of a bank that read like another one, or like a text that is about to be kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from cbt.kernel.errors import Problem
from cbt.kernel.runtime import Runtime, Transaction
from itembank.core.items import ItemContent
from itembank.core.passages import all_words
from itembank.core.records import Bank, BankId, ChangeKind, ItemLine
from itembank.core.similarity import Index, Near, bands, ranked, shingles
from itembank.formats.parsed import ParsedItem
from itembank.store import banks as bank_store
from itembank.store import duplicates as store
from itembank.store import items as item_store
from itembank.store.loads import Change

# From so many texts on it is quicker to take in the whole bank than to ask for each.
_MANY: Final = 200
_MOST_WARNINGS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An item that reads like the one in question, from 0 to 1."""

    line: ItemLine
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """An item with those that read like it, the most alike first."""

    bank: Bank
    line: ItemLine
    alike: tuple[Alike, ...]


def duplicates_of(rt: Runtime, bank_code: str, item_code: str) -> Duplicates:
    """Return the items of the bank that read like this one; raises NoSuchBank, NoSuchItem."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        line = item_store.get_line(tx, bank.id, item_code)
        content = item_store.versions(tx, line.item_id)[0].content
        found = near_in(tx, bank.id, all_words(content), beside=item_code)
        alike = tuple(Alike(line=item_store.get_line(tx, bank.id, one.key), likeness=one.likeness) for one in found)
        return Duplicates(bank=bank, line=line, alike=alike)


def near_content(rt: Runtime, bank_code: str, content: ItemContent, *, beside: str = "") -> tuple[Near[str], ...]:
    """Return codes of items that read like `content`, which need not be kept yet; raises NoSuchBank.

    `beside` is the code of the item that `content` is a version of.
    """
    with rt.reading() as tx:
        return near_in(tx, bank_store.get(tx, bank_code).id, all_words(content), beside=beside)


def near_in(tx: Transaction, bank_id: BankId, text: str, *, beside: str = "") -> tuple[Near[str], ...]:
    """Return codes of items that read like `text`, without the item `beside`."""
    runs = shingles(text)
    found = store.candidates(tx, bank_id, bands(runs))
    return ranked({code: words for code, words in found.items() if code != beside}, runs)


def warnings_in(
    tx: Transaction, bank_code: str, changes: Iterable[Change], items: Iterable[ParsedItem]
) -> tuple[Problem, ...]:
    """Return a warning for each new item of a load that reads like another one, of the bank or of the load.

    `items` say where each stands in the file.
    """
    bank = bank_store.find(tx, bank_code)
    places = {item.code: item.where for item in items}
    new = (change.entry for change in changes if change.kind is ChangeKind.NEW)
    texts = {entry.code: store.reading(entry.words) for entry in new}
    return tuple(
        Problem(where=places[code], code="near-duplicate", hint=f"reads much like {near.key} ({near.likeness:.2f})")
        for code, near in islice(_near_each(tx, bank.id if bank else None, texts), _MOST_WARNINGS)
    )


def _near_each(tx: Transaction, bank_id: BankId | None, texts: Mapping[str, str]) -> Iterator[tuple[str, Near[str]]]:
    """Yield for texts by item code the item that reads most like each, of the bank or of the texts before it."""
    many = bank_id is not None and len(texts) > _MANY
    index = Index(store.all_words(tx, bank_id)) if bank_id is not None and many else Index[str]()
    for code, text in texts.items():
        runs = shingles(text)
        numbers = bands(runs)
        there = {} if bank_id is None or many else store.candidates(tx, bank_id, numbers)
        there.pop(code, None)
        near = ranked(there, runs) or index.near(text, beside=(code,))
        index.add(code, text, numbers)
        if near:
            yield code, near[0]
