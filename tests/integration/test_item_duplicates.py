"""Near duplicates in the database, on both: asked for an item, for a text, and found by a load."""

import pytest
from sqlalchemy import text

from cbt.kernel.schema import migrate, unmigrate
from itembank.formats.bank_file import parse_bank
from itembank.services.banks import get_item
from itembank.services.duplicates import duplicates_of, near_content
from itembank.services.importing import ImportRequest, import_bank
from tests.factories_itembank import csv_file
from tests.factories_review import Bench, make_bench, one

FIRST = one("Q1", question="Which protocol of the transport layer sets up a connection before it sends data?", a="TCP")
LIKE = one("Q2", question="Which protocol of the transport layer sets up a connection before sending data?", a="TCP")
OTHER = one("Q3", question="What is the greatest number of hosts in a network with a mask of 27 bits?", d="30")


@pytest.fixture
def bench(any_rt, clock) -> Bench:
    made = make_bench(any_rt, clock)
    made.load(FIRST, OTHER)
    return made


def look(bench, *rows, **options):
    request = ImportRequest(bank_code="B", by=bench.writer)
    return import_bank(bench.rt, parse_bank(csv_file(*rows)), request, **options).warnings


def test_items_that_read_alike_are_found_whichever_is_asked_for(bench):
    bench.load(LIKE)
    for asked, found in (("Q1", ["Q2"]), ("Q2", ["Q1"]), ("Q3", [])):
        alike = duplicates_of(bench.rt, "B", asked).alike
        assert [one.line.code for one in alike] == found
        assert all(0.6 <= one.likeness < 1 for one in alike)


def test_only_the_newest_version_of_an_item_counts(bench):
    bench.load(LIKE)
    bench.load(one("Q2", question="How many bits has an address of the version six of the internet protocol?"))
    assert duplicates_of(bench.rt, "B", "Q1").alike == ()


def test_a_text_is_asked_for_before_it_is_kept(bench):
    content = get_item(bench.rt, "B", "Q1").versions[0].content
    assert [near.key for near in near_content(bench.rt, "B", content)] == ["Q1"]
    assert near_content(bench.rt, "B", content, beside="Q1") == ()


def test_a_load_warns_of_new_items_like_one_of_the_bank_or_of_the_file(bench):
    warning = look(bench, LIKE, dry_run=True)[0]
    assert (warning.code, warning.where, warning.hint[:20]) == ("near-duplicate", "row 2", "reads much like Q1 (")
    twins = (one("Q8", question=OTHER["question"] + " Now.", d="31"), one("Q9", question=OTHER["question"] + " Now!"))
    assert len(look(bench, *twins, dry_run=True)) == 2
    assert look(bench, FIRST, OTHER, dry_run=True) == ()


def test_a_large_load_is_compared_with_the_whole_bank_at_once(bench):
    many = [one(f"M{n:03}", question=f"{n * 7919} {chr(97 + n % 26) * 9} {n}?", a=f"{n}-{n * n}", b=f"x{n ** 3}",
                c=f"{n * 31}", d=f"y{n * 1_000_003}") for n in range(210)]  # fmt: skip
    found = [warning for warning in look(bench, *many, LIKE, dry_run=True) if warning.where == "row 212"]
    assert [warning.hint[:18] for warning in found] == ["reads much like Q1"]


def test_the_schema_step_fills_the_bands_of_what_is_there(bench):
    before = _bands(bench.rt)
    assert len(before) == 40
    unmigrate(bench.rt.engine, "0015")
    migrate(bench.rt.engine)
    assert _bands(bench.rt) == before


def _bands(rt):
    with rt.engine.connect() as connection:
        rows = connection.execute(text("SELECT item_version_id, number FROM itembank_band ORDER BY 1, 2")).all()
        return [(bytes(one), number) for one, number in rows]
