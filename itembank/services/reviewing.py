"""The life of items: moves between states, comments, and the log of who saw an item. Each move leaves an audit row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cbt.kernel.errors import InvalidInput
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor, Role
from cbt.people.core.inputs import refuse
from cbt.people.services.audit import audit_in
from itembank.core.records import BankId, ItemStatus, NoSuchItem, StoredVersion
from itembank.core.review import (
    LONGEST_WORDS,
    WRITERS,
    Move,
    MoveIllegal,
    Mover,
    NoWriter,
    check_move,
    legal_moves,
    others_moves,
)
from itembank.core.review_log import Comment, Moved, Seen, SeenHow, Step
from itembank.store import banks as bank_store
from itembank.store import items as item_store
from itembank.store import reviews as store


class WordsTooLong(InvalidInput):
    """The words are too long: 2000 characters at most."""

    code = "words-too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A move that somebody wants, of version `number`; `seen` is the state that the person saw it in, if told."""

    item_code: str
    number: int
    to: ItemStatus
    words: str = ""
    seen: ItemStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The life of one version for its page: the moves on offer, those that wait for others, the item's history."""

    moves: tuple[Move, ...]
    others: tuple[ItemStatus, ...]
    steps: tuple[Step, ...]
    comments: tuple[Comment, ...]
    seen: tuple[Seen, ...]


def move_item(rt: Runtime, bank_code: str, wish: Wish, *, by: Actor, roles: frozenset[Role]) -> None:
    """Move a version to another state.

    Raises NoSuchBank, NoSuchItem, MoveIllegal, OwnItem, NotTheAuthor, NoWriter, ReasonNeeded, WordsTooLong.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        move_in(tx, now, bank.id, wish, by=by, roles=roles)


def move_in(tx: Transaction, now: datetime, bank_id: BankId, wish: Wish, *, by: Actor, roles: frozenset[Role]) -> None:
    """Move a version to another state in the caller's transaction; raises as `move_item`."""
    words = _words(wish.words)
    versions = store.facts(tx, store.lock_item(tx, bank_id, wish.item_code))
    if wish.number not in versions:
        raise NoSuchItem(item=wish.item_code, version=wish.number)
    version_id, facts = versions[wish.number]
    if wish.seen not in {None, facts.status}:
        raise MoveIllegal(item=wish.item_code, status=facts.status)
    check_move(facts, Mover(id=by.id, roles=roles), wish.to, words)
    store.move(tx, now, version_id, Moved(before=facts.status, after=wish.to, by=by, words=words))
    details = {"version": wish.number, "before": facts.status, "after": wish.to, "id": version_id}
    audit_in(tx, now, by=by, act="itembank.item-moved", subject=wish.item_code, reason=words, details=details)


def comment(  # noqa: PLR0913 - keyword-only: who says what
    rt: Runtime, bank_code: str, item_code: str, number: int, words: str, *, by: Actor, roles: frozenset[Role]
) -> None:
    """Add a comment to a version; raises NoSuchBank, NoSuchItem, NoWriter, InputRefused, WordsTooLong."""
    if roles.isdisjoint(WRITERS):
        raise NoWriter
    said = _words(words)
    if not said:
        raise refuse("words", "missing")
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        versions = store.facts(tx, store.lock_item(tx, bank.id, item_code))
        if number not in versions:
            raise NoSuchItem(bank=bank_code, item=item_code, version=number)
        store.add_comment(tx, now, versions[number][0], by, said)
        details = {"version": number, "id": versions[number][0]}
        audit_in(tx, now, by=by, act="itembank.item-commented", subject=item_code, reason=said, details=details)


def note_seen(rt: Runtime, version_id: UUID, *, by: Actor, how: SeenHow) -> None:
    """Write down that somebody saw a version, once an hour; it must stand before anything is shown."""
    if by.id is None:
        return
    now = rt.clock.now()
    with rt.reading() as tx:
        if store.was_seen(tx, now, version_id, by.id):
            return
    with rt.transaction() as tx:
        store.see(tx, now, version_id, by, how)


def life_of(rt: Runtime, bank_code: str, item_code: str, number: int, *, by: Actor, roles: frozenset[Role]) -> Life:
    """Return the life of version `number` of an item as `by` meets it; raises NoSuchBank, NoSuchItem."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        item_id = item_store.get_line(tx, bank.id, item_code).item_id
        facts = store.facts(tx, item_id)
        if number not in facts:
            raise NoSuchItem(bank=bank_code, item=item_code, version=number)
        mover = Mover(id=by.id, roles=roles)
        return Life(
            moves=legal_moves(facts[number][1], mover),
            others=others_moves(facts[number][1], mover),
            steps=_steps(item_store.versions(tx, item_id), store.moves(tx, item_id)),
            comments=store.comments(tx, item_id),
            seen=store.readers(tx, item_id),
        )


def _steps(versions: tuple[StoredVersion, ...], moves: tuple[Step, ...]) -> tuple[Step, ...]:
    first: dict[int, Step] = {}
    for step in moves:
        first.setdefault(step.number, step)
    written = tuple(
        Step(
            number=one.number,
            before=None,
            after=(first[one.number].before if one.number in first else None) or one.status,
            by_name=one.author_name,
            at=one.created_at,
            words="",
        )
        for one in versions
    )
    return tuple(sorted((*written, *moves), key=lambda step: (step.at, step.before is not None, step.number)))


def _words(typed: str) -> str:
    words = typed.strip()
    if len(words) > LONGEST_WORDS:
        raise WordsTooLong
    return words
