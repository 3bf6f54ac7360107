"""What the public check shows, before and after the birth date."""

from datetime import date

import pytest

from reports.core.facts import PublicStatus, SecondFactor, Standing, answer
from reports.core.outcome import Decision
from reports.core.record import SheetStatus
from tests.factories_reports import holder, sheet_record

BORN = date(1999, 3, 14)
OTHER = date(1999, 3, 15)


def test_code_alone_shows_masked_facts_only():
    shown = answer(sheet_record(), Standing.ISSUED, None)
    assert shown.status is PublicStatus.VALID
    assert shown.second_factor is SecondFactor.NOT_GIVEN
    assert shown.full is None
    assert shown.masked is not None
    assert shown.masked.holder == "홍*동"
    assert shown.masked.decision is Decision.PASSED


def test_birth_date_adds_the_lines_of_the_paper():
    shown = answer(sheet_record(), Standing.ISSUED, BORN)
    assert shown.second_factor is SecondFactor.MATCHED
    assert shown.full is not None
    assert shown.full.holder == "홍길동"
    assert len(shown.full.subjects) == 5


def test_wrong_birth_date_adds_nothing():
    shown = answer(sheet_record(), Standing.ISSUED, OTHER)
    assert shown.second_factor is SecondFactor.NO_MATCH
    assert shown.full is None
    assert shown.masked == answer(sheet_record(), Standing.ISSUED, None).masked


def test_provisional_sheet_is_not_called_valid():
    shown = answer(sheet_record(status=SheetStatus.PROVISIONAL), Standing.ISSUED, BORN)
    assert shown.status is PublicStatus.PROVISIONAL
    assert shown.full is not None


@pytest.mark.parametrize(
    ("standing", "status"),
    [(Standing.REVOKED, PublicStatus.REVOKED), (Standing.SUPERSEDED, PublicStatus.SUPERSEDED)],
)
def test_sheet_that_no_longer_stands_shows_no_result(standing, status):
    shown = answer(sheet_record(), standing, BORN)
    assert shown.status is status
    assert shown.full is None
    assert shown.masked is not None
    assert shown.masked.decision is None


@pytest.mark.parametrize(("born", "factor"), [(None, SecondFactor.NOT_GIVEN), (BORN, SecondFactor.NO_MATCH)])
def test_unknown_code_shows_nothing(born, factor):
    shown = answer(None, Standing.ISSUED, born)
    assert (shown.status, shown.second_factor) == (PublicStatus.UNKNOWN, factor)
    assert shown.masked is shown.full is None


def test_masked_facts_hold_neither_name_nor_birth_date_nor_number():
    record = sheet_record(holder=holder(name="남궁민수", name_latin="NAMGUNG Minsu"))
    text = repr(answer(record, Standing.ISSUED, OTHER))
    for secret in ("남궁민수", "NAMGUNG", "1999", record.holder.candidate_number, record.number):
        assert secret not in text
