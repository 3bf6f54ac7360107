"""The search in a bank on both databases: each filter alone, all orders, and that the address says it all."""

from dataclasses import replace
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from itembank.core.listing import ItemQuery, Order
from itembank.core.marks import AnswerKind, Feature, Scoring
from itembank.core.metadata import ItemMetadata
from itembank.core.records import ItemStatus
from itembank.services.banks import get_item, list_banks
from itembank.services.pages import look_through
from itembank.store import metadata as store
from itembank.web.finding import address_of, read_query, sorted_by
from tests.factories_exam import make_world
from tests.factories_review import Bench, make_bench, one


@pytest.fixture
def bench(any_rt, clock) -> Bench:
    made = make_bench(any_rt, clock)
    made.load(one("Q1", question="Gamma?"), one("Q2", question="Alpha?", area="Y"), one("Q3", question="beta?"))
    made.load(one("Q4", question="Delta?"), status=ItemStatus.APPROVED)
    made.move("Q2", "review")
    ids = {code: get_item(any_rt, "B", code).line.item_id for code in ("Q1", "Q3")}
    with any_rt.transaction() as tx:
        known = {
            ids["Q1"]: ItemMetadata(level="apply", enemies=frozenset({"E"}), p_estimate=0.5),
            ids["Q3"]: ItemMetadata(level="recall", enemies=frozenset({"E"}), p_estimate=0.9, p_observed=0.25),
        }
        store.put(tx, clock.now(), known)
    return made


def found(bench, **wanted) -> str:
    listing = look_through(bench.rt, "B", ItemQuery(**wanted), page=1)
    assert listing.total == len(listing.items)
    return " ".join(one.code for one in listing.items)


def test_each_filter_and_each_order(bench):
    cases = (
        ({"statuses": frozenset({ItemStatus.REVIEW, ItemStatus.APPROVED})}, "Q2 Q4"),
        ({"authors": frozenset({bench.writer.id.hex})}, "Q1 Q2 Q3 Q4"),
        ({"authors": frozenset({"", bench.second.id.hex})}, ""),
        ({"scoring": frozenset({Scoring.RULES})}, "Q1 Q2 Q3 Q4"),
        ({"scoring": frozenset({Scoring.PERSON})}, ""),
        ({"levels": frozenset({"apply", "none"})}, "Q1"),
        ({"enemy": "E"}, "Q1 Q3"),
        ({"p_from": Decimal("0.25"), "p_to": Decimal("0.4")}, "Q3"),
        ({"p_from": Decimal("0.3")}, "Q1"),
        ({"forms_to": 0}, "Q1 Q2 Q3 Q4"),
        ({"forms_from": 1}, ""),
        ({"text": "delta q4"}, "Q4"),
        ({"order": Order.P}, "Q3 Q1 Q2 Q4"),
        ({"order": Order.P, "descending": True}, "Q1 Q3 Q2 Q4"),
        ({"order": Order.AREA, "descending": True}, "Q2 Q1 Q3 Q4"),
        ({"order": Order.STATE}, "Q4 Q1 Q3 Q2"),
        ({"order": Order.CODE, "descending": True}, "Q4 Q3 Q2 Q1"),
        ({"order": Order.LEVEL, "descending": True}, "Q3 Q1 Q2 Q4"),
        ({"order": Order.FORMS}, "Q1 Q2 Q3 Q4"),
        ({"order": Order.AUTHOR}, "Q1 Q2 Q3 Q4"),
    )
    for wanted, codes in cases:
        assert (wanted, found(bench, **wanted)) == (wanted, codes)
    assert found(bench, order=Order.TITLE).startswith("Q2")
    assert sorted(found(bench, order=Order.CHANGED, descending=True).split()) == ["Q1", "Q2", "Q3", "Q4"]


def test_facets_count_authors_and_levels(bench):
    facets = look_through(bench.rt, "B", ItemQuery(), page=1).facets
    assert facets.authors == {bench.writer.id.hex: ("이출제", 4)}
    assert facets.levels == {"apply": 1, "recall": 1}
    assert facets.enemies == ("E",)
    assert list(facets.statuses.items()) == [
        (ItemStatus.DRAFT, 2),
        (ItemStatus.REVIEW, 1),
        (ItemStatus.APPROVED, 1),
    ]


def test_exposure_is_filtered_and_sorted(any_rt):
    make_world(any_rt)
    bank = list_banks(any_rt)[0].bank.code
    listing = look_through(any_rt, bank, ItemQuery(order=Order.FORMS, descending=True), page=1)
    forms = [one.forms for one in listing.items]
    assert forms == sorted(forms, reverse=True)
    assert forms[0] > 0
    often = look_through(any_rt, bank, ItemQuery(forms_from=forms[0]), page=1)
    assert {one.forms for one in often.items} == {forms[0]}


FULL = ItemQuery(
    text="gate 3",
    statuses=frozenset({ItemStatus.REWORK, ItemStatus.BLOCKED}),
    areas=frozenset({"1.1"}),
    features=frozenset({Feature.TABLE}),
    answers=frozenset({AnswerKind.GAP_MATCH}),
    scoring=frozenset({Scoring.PERSON}),
    authors=frozenset({"", "01" * 16}),
    levels=frozenset({"apply"}),
    enemy="E 1",
    p_from=Decimal("0.250"),
    p_to=Decimal("0.9"),
    forms_from=1,
    forms_to=20,
    order=Order.P,
    descending=True,
)


def test_the_address_says_the_whole_query():
    for query in (FULL, ItemQuery(), ItemQuery(order=Order.FORMS)):
        assert read_query(MultiDict(address_of(query))) == query
    assert address_of(ItemQuery()) == {}
    assert FULL.narrows
    assert not ItemQuery(order=Order.P).narrows
    turned = read_query(MultiDict(sorted_by(FULL, Order.P)))
    assert turned == replace(FULL, descending=False)
    assert read_query(MultiDict(sorted_by(turned, Order.P))) == FULL


def test_what_cannot_be_read_in_an_address_asks_for_nothing():
    raw = [("status", "x"), ("p_from", "1e99"), ("p_to", "nan"), ("forms_from", "-1"), ("author", "zz"), ("sort", "x")]
    assert read_query(MultiDict(raw)) == ItemQuery()
    assert read_query(MultiDict({"p_from": "25 %", "p_to": "Infinity"})).p_from == Decimal("0.25")
