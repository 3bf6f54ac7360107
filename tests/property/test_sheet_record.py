"""Any record survives its canonical form."""

import unicodedata
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from cbt.kernel.canonical import decode, encode
from cbt.kernel.titles import Title
from reports.core.outcome import Decision, Overall, SubjectDecision, SubjectLine
from reports.core.record import Holder, Origin, SheetRecord, SheetStatus
from reports.core.verify_code import new_code

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
TITLES = st.builds(Title, ko=TEXTS, en=TEXTS)
DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))
SCORES = st.fractions(0, 100, max_denominator=10**9)
DIGESTS = st.binary(min_size=32, max_size=32)
COUNTS = st.integers(0, 500)
LINES = st.builds(
    SubjectLine,
    code=TEXTS,
    title=TITLES,
    correct=COUNTS,
    items=COUNTS,
    score=SCORES,
    floor=st.none() | SCORES,
    decision=st.sampled_from(SubjectDecision),
)
OVERALLS = st.builds(
    Overall,
    correct=COUNTS,
    items=COUNTS,
    score=SCORES,
    needed_score=st.none() | SCORES,
    needed_correct=st.none() | COUNTS,
    decision=st.sampled_from(Decision),
)
RECORDS = st.builds(
    SheetRecord,
    number=TEXTS,
    issue_number=TEXTS,
    verify_code=st.binary(min_size=8, max_size=8).map(lambda seed: new_code(lambda _: seed)),
    status=st.sampled_from(SheetStatus),
    holder=st.builds(Holder, name=TEXTS, name_latin=TEXTS, candidate_number=TEXTS, birth_on=DATES),
    exam_code=TEXTS,
    exam=TITLES,
    sitting=TITLES,
    sat_on=DATES,
    subjects=st.lists(LINES, max_size=4).map(tuple),
    overall=OVERALLS,
    rule=TITLES,
    sentence=TITLES,
    issuer=TITLES,
    signatory=TITLES,
    issued_at=st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    issued_on=DATES,
    verify_url=TEXTS,
    template_version=st.integers(1, 99),
    origin=st.builds(Origin, result_id=st.uuids(), form_digest=DIGESTS, journal_head=DIGESTS),
)


@given(RECORDS)
def test_record_round_trips_with_the_same_digest(record):
    again = SheetRecord.from_document(decode(encode(record.to_document())))
    assert again == record
    assert again.digest == record.digest


@given(RECORDS, SCORES)
def test_changed_score_changes_the_digest(record, score):
    document = decode(encode(record.to_document()))
    document["overall"]["score"] = str(score)
    changed = SheetRecord.from_document(document)
    assert (changed.digest == record.digest) == (score == record.overall.score)
