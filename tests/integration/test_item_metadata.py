"""Metadata and exposure in the database, on both databases; and what the schema's steps read off older rows."""

from dataclasses import replace

from sqlalchemy import text

from cbt.kernel.schema import migrate, unmigrate
from itembank.core.metadata import Calibration, ItemMetadata
from itembank.core.records import ItemStatus
from itembank.services.banks import get_item
from itembank.store import banks as bank_store
from itembank.store import items as item_store
from itembank.store import metadata as store
from tests.factories_exam import make_world
from tests.factories_review import make_bench, one

FULL = ItemMetadata(
    level="apply",
    enemies=frozenset({"gates", "table 3"}),
    stimulus="S1",
    time_estimate_s=90,
    p_estimate=0.615,
    calibration=Calibration(discrimination=1.25, difficulty=-0.5),
    fields={"source": "2019"},
)


def test_metadata_is_kept_and_replaced(any_rt, clock):
    make_bench(any_rt, clock).load(one(), one("Q2"))
    item_id = get_item(any_rt, "B", "Q1").line.item_id
    other = get_item(any_rt, "B", "Q2").line.item_id
    for metadata in (FULL, replace(FULL, enemies=frozenset({"gates"}), p_observed=0.4), ItemMetadata()):
        with any_rt.transaction() as tx:
            store.put(tx, clock.now(), {item_id: metadata})
        with any_rt.reading() as tx:
            bank_id = bank_store.get(tx, "B").id
            assert store.find(tx, item_id) == metadata
            assert store.find(tx, other) == ItemMetadata()
            assert store.of_bank(tx, bank_id) == {item_id: metadata} == store.of_items(tx, [item_id, other])


def test_exposure_counts_frozen_forms_and_is_read_off_them_by_the_schema_step(any_rt):
    world = make_world(any_rt)
    counted = _exposure(any_rt)
    assert sum(counted.values()) == 8 * len(world.people)
    rows = _rows(any_rt)
    with any_rt.transaction() as tx:  # sealed papers bar the way back
        tx.session.execute(text("UPDATE delivery_paper SET sealed_for = NULL"))
    unmigrate(any_rt.engine, "0012")
    migrate(any_rt.engine)
    assert _exposure(any_rt) == counted
    assert _rows(any_rt) == rows


def _exposure(rt):
    with rt.reading() as tx:
        bank = bank_store.list_summaries(tx)[0].bank
        found = store.exposure(tx, bank.id)
        assert store.exposure_of(tx, found) == found
        assert store.forms_of_bank(tx, bank.id) == sum(found.values()) // 8
    return found


def _rows(rt):
    with rt.engine.connect() as connection:
        marks = connection.execute(text("SELECT id, marks FROM itembank_item_version ORDER BY id")).all()
        assert all(mark for _, mark in marks)
        return [(bytes(one), mark) for one, mark in marks]


def test_the_draw_knows_metadata_and_exposure(any_rt, clock):
    bench = make_bench(any_rt, clock)
    bench.load(one(), one("Q2", difficulty="0"), one("Q3"), status=ItemStatus.APPROVED)
    ids = {code: get_item(any_rt, "B", code).line.item_id for code in ("Q1", "Q2", "Q3")}
    with any_rt.transaction() as tx:
        store.put(tx, clock.now(), {ids["Q1"]: replace(FULL, calibration=None, p_observed=0.25)})
    with any_rt.reading() as tx:
        first, second, third = sorted(
            item_store.bank_view(tx, bank_store.get(tx, "B").id).candidates, key=lambda one: one.item_code
        )
    assert (first.level, first.enemies, first.stimulus, first.expected) == ("apply", FULL.enemies, "S1", 0.25)
    assert (second.expected, third.expected) == (0.5, None)
    assert {one.exposure for one in (first, second, third)} == {0}
