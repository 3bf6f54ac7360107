"""Question formats: what is written reads back the same, and no file makes a reader fail in a way of its own."""

from hypothesis import given

from itembank.formats.gift.parsing import parse_gift
from itembank.formats.gift.writing import write_gift
from itembank.formats.moodle.parsing import parse_moodle
from itembank.formats.moodle.writing import write_moodle
from tests.factories_questions import choices, composed, items, leaving, ordered, ranged, said, typed


def returned(item, write, parse):
    written = write([leaving(item)])
    (report,) = written.items
    assert (report.left_out, report.notes) == (False, ())
    parsed = parse(written.payload)
    assert (parsed.problems, parsed.refused) == ((), ())
    (back,) = parsed.items
    return back


@given(items() | items(choices(inline=True)) | items(typed() | ranged(), inside=True))
def test_gift_reads_back_what_it_wrote(item):
    assert said(returned(item, write_gift, parse_gift)) == said(item)


@given(items() | items(choices(inline=True)) | items(typed() | ranged(), inside=True) | items(ordered()) | composed())
def test_moodle_reads_back_what_it_wrote(item):
    assert said(returned(item, write_moodle, parse_moodle)) == said(item)
