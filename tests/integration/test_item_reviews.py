"""The life of items in the database: moves, what is drawn, the logs that stay, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cbt.people.core.actors import Actor
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.core.records import ItemStatus, NoSuchItem
from itembank.core.review import MoveIllegal, NoWriter, OwnItem, VersionState, drawn_number
from itembank.core.review_log import SeenHow
from itembank.services.banks import get_item
from itembank.services.pages import look_at_item
from itembank.services.reviewing import Wish, comment, life_of, move_item, note_seen
from itembank.store import banks as bank_store
from itembank.store import items as item_store
from itembank.store import keys as key_store
from tests.factories_review import ROLES, Bench, make_bench, one


@pytest.fixture
def bench(any_rt, clock) -> Bench:
    return make_bench(any_rt, clock)


def drawn(rt) -> list[str]:
    with rt.reading() as tx:
        view = item_store.bank_view(tx, bank_store.get(tx, "B").id)
        by_id = {version.id: f"{code}v{version.number}" for code in _codes(tx) for version in _versions(tx, code)}
        return sorted(by_id[candidate.item_version_id] for candidate in view.candidates)


def _codes(tx):
    return [row.code for row in tx.session.execute(text("SELECT code FROM itembank_item ORDER BY code"))]


def _versions(tx, code):
    line = item_store.get_line(tx, bank_store.get(tx, "B").id, code)
    return item_store.versions(tx, line.item_id)


def test_an_item_goes_from_draft_to_approved_and_only_then_is_drawn(bench):
    bench.load(one())
    for state in ("review", "rework", "review"):
        bench.move("Q1", state)
        assert drawn(bench.rt) == []
    bench.move("Q1", "approved")
    assert drawn(bench.rt) == ["Q1v1"]
    records = list_audit(bench.rt, AuditFilter(act="itembank.item-moved")).records
    assert [record.details["after"] for record in records] == ["approved", "review", "rework", "review"]
    life = life_of(bench.rt, "B", "Q1", 1, by=bench.second, roles=ROLES)
    assert [(step.before, step.after, step.by_name) for step in life.steps] == [
        (None, "draft", "이출제"),
        ("draft", "review", "박검토"),
        ("review", "rework", "박검토"),
        ("rework", "review", "박검토"),
        ("review", "approved", "박검토"),
    ]
    assert {move.to.value for move in life.moves} == {"blocked", "retired"}


def test_nobody_approves_an_own_item(bench):
    bench.load(one())
    bench.move("Q1", "review", by=bench.writer)
    with pytest.raises(OwnItem):
        bench.move("Q1", "approved", by=bench.writer)
    assert get_item(bench.rt, "B", "Q1").versions[0].status is ItemStatus.REVIEW


def test_a_change_of_an_approved_item_is_a_new_version_and_the_old_one_is_drawn_meanwhile(bench):
    bench.load(one(), status=ItemStatus.APPROVED)
    bench.load(one(question="Which one, then?"))
    assert drawn(bench.rt) == ["Q1v1"]
    bench.move("Q1", "review", "approved", number=2)
    assert drawn(bench.rt) == ["Q1v2"]
    with pytest.raises(MoveIllegal):
        bench.move("Q1", "retired", number=1)


def test_what_is_blocked_or_retired_is_never_drawn_and_brings_no_older_version_back(bench):
    bench.load(one(), one("Q2"), status=ItemStatus.APPROVED)
    bench.load(one(question="Leaked?"), one("Q2", question="Old?"), status=ItemStatus.APPROVED)
    bench.move("Q1", "blocked", number=2)
    bench.move("Q2", "retired", number=2)
    assert drawn(bench.rt) == []
    bench.move("Q1", "review", "approved", number=2)
    assert drawn(bench.rt) == ["Q1v2"]


def test_a_blocked_draft_keeps_the_whole_item_out(bench):
    bench.load(one(), status=ItemStatus.APPROVED)
    bench.load(one(question="Leaked before its time?"))
    bench.move("Q1", "blocked", number=2)
    assert drawn(bench.rt) == []


def test_the_query_draws_what_the_rule_says(bench):
    bench.load(one(), one("Q2"), one("Q3"), status=ItemStatus.APPROVED)
    bench.load(one(question="2?"), one("Q2", question="2?"), one("Q3", question="2?"))
    bench.move("Q2", "review", "approved", number=2)
    bench.move("Q2", "blocked", "review", number=2)
    bench.move("Q3", "retired", number=2)
    with bench.rt.reading() as tx:
        expected = []
        for code in ("Q1", "Q2", "Q3"):
            states = tuple(
                VersionState(number=one.number, status=one.status, ever_approved=one.approved_at is not None)
                for one in _versions(tx, code)
            )
            expected += [f"{code}v{number}"] if (number := drawn_number(states)) else []
    assert drawn(bench.rt) == expected == ["Q1v1", "Q3v1"]


def test_a_move_from_a_state_that_is_no_longer_there_is_refused(bench):
    bench.load(one())
    bench.move("Q1", "review")
    stale = Wish(item_code="Q1", number=1, to=ItemStatus.BLOCKED, words="x", seen=ItemStatus.DRAFT)
    with pytest.raises(MoveIllegal):
        move_item(bench.rt, "B", stale, by=bench.second, roles=ROLES)
    for code, number in (("Q9", 1), ("Q1", 9)):
        with pytest.raises(NoSuchItem):
            bench.move(code, "review", number=number)


def test_comments_stay_in_their_order_with_version_and_name(bench, clock):
    bench.load(one())
    for by, words in ((bench.second, "Option B is right too."), (bench.writer, "  Mended.  ")):
        comment(bench.rt, "B", "Q1", 1, words, by=by, roles=ROLES)
        clock.advance(timedelta(minutes=1))
    with pytest.raises(NoWriter):
        comment(bench.rt, "B", "Q1", 1, "x", by=bench.second, roles=frozenset())
    life = life_of(bench.rt, "B", "Q1", 1, by=bench.second, roles=ROLES)
    assert [(said.by_name, said.words) for said in life.comments] == [
        ("박검토", "Option B is right too."),
        ("이출제", "Mended."),
    ]


def test_who_saw_an_item_is_written_once_an_hour(bench, clock):
    bench.load(one())
    version_id = look_at_item(bench.rt, "B", "Q1").shown.id
    for minutes in (0, 10, 60, 1):
        clock.advance(timedelta(minutes=minutes))
        note_seen(bench.rt, version_id, by=bench.second, how=SeenHow.PAGE)
        note_seen(bench.rt, version_id, by=bench.writer, how=SeenHow.EXPORT)
    note_seen(bench.rt, version_id, by=Actor.system("test"), how=SeenHow.EXPORT)
    seen = life_of(bench.rt, "B", "Q1", 1, by=bench.second, roles=ROLES).seen
    assert [(one.by_name, one.how) for one in seen] == [("박검토", "page"), ("이출제", "export")] * 2


REWRITES = (
    "DELETE FROM itembank_review",
    "UPDATE itembank_review SET words = 'none'",
    "DELETE FROM itembank_comment",
    "UPDATE itembank_comment SET words = 'none'",
    "DELETE FROM itembank_seen",
    "UPDATE itembank_seen SET staff_name = 'none'",
)


def test_the_logs_refuse_to_be_rewritten(bench):
    bench.load(one())
    bench.move("Q1", "review")
    comment(bench.rt, "B", "Q1", 1, "x", by=bench.second, roles=ROLES)
    note_seen(bench.rt, look_at_item(bench.rt, "B", "Q1").shown.id, by=bench.second, how=SeenHow.PAGE)
    for statement in REWRITES:
        with pytest.raises(DBAPIError, match="append-only"), bench.rt.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("status", [ItemStatus.DRAFT, ItemStatus.REVIEW])
def test_a_new_key_by_a_load_waits_for_somebody_elses_approval(bench, status):
    bench.load(one())
    bench.move("Q1", "review", by=bench.writer)
    bench.move("Q1", "approved")
    bench.load(one(correct_letter="B"), status=status)
    drawn = drawn_keys(bench.rt)
    assert drawn == {"Q1": ("A",)}
    if status is ItemStatus.DRAFT:
        bench.move("Q1", "review", by=bench.writer, number=2)
    with pytest.raises(OwnItem):
        bench.move("Q1", "approved", by=bench.writer, number=2)
    bench.move("Q1", "approved", number=2)
    assert drawn_keys(bench.rt) == {"Q1": ("B",)}


def drawn_keys(rt):
    """The right options of the items that a draw would take now."""
    with rt.reading() as tx:
        view = item_store.bank_view(tx, bank_store.get(tx, "B").id)
        keys = {one.item_code: one.key_version_id for one in view.candidates if one.key_version_id is not None}
        found = key_store.keys(tx, keys.values())
    return {code: found[key_id].responses[0].rule.correct for code, key_id in keys.items()}
