"""The canonical record of a result sheet, and the words that go with it."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cbt.kernel.canonical import NotCanonical, decode, encode
from cbt.kernel.titles import Title
from reports.core.outcome import Decision
from reports.core.record import SheetRecord, SheetStatus
from reports.core.words import decision_words, heading, standard_sentence
from tests.factories_reports import EXAM, SITTING, holder, sheet_record, subject


def test_record_is_read_back_from_its_canonical_bytes():
    record = sheet_record(subjects=(replace(subject(1), score=Fraction(200, 3), floor=None), subject(2)))
    assert SheetRecord.from_document(decode(encode(record.to_document()))) == record


def test_digest_changes_with_any_field():
    record = sheet_record()
    assert len(record.digest) == 32
    assert record.digest == sheet_record().digest
    assert record.digest != replace(record, number="2026-4-0417824").digest
    assert record.digest != replace(record, holder=holder(name="홍길순")).digest


def test_digest_does_not_depend_on_how_hangul_is_typed():
    assert sheet_record(holder=holder(name="홍길동")).digest == sheet_record().digest


def test_other_schema_is_refused():
    with pytest.raises(NotCanonical):
        SheetRecord.from_document({**sheet_record().to_document(), "schema": "cbt/badge/1"})


def test_check_url_is_the_page_and_the_code():
    record = sheet_record()
    assert record.check_url == f"https://verify.example/verify/{record.verify_code}"


def test_only_a_final_pass_is_a_certificate_of_passing():
    passed = sheet_record()
    failed = sheet_record(decision=Decision.FAILED)
    provisional = sheet_record(status=SheetStatus.PROVISIONAL)
    assert heading(passed).ko == "합격증명서"
    assert heading(failed).ko == heading(provisional).ko == "성적증명서"


def test_provisional_decision_says_so():
    assert decision_words(sheet_record(status=SheetStatus.PROVISIONAL)) == Title(
        ko="잠정 합격", en="Passed, provisional"
    )
    assert decision_words(sheet_record(decision=Decision.FAILED)) == Title(ko="불합격", en="Not passed")


def test_standard_sentence_claims_a_pass_only_when_it_is_final():
    final = standard_sentence(EXAM, SITTING, SheetStatus.FINAL, Decision.PASSED)
    provisional = standard_sentence(EXAM, SITTING, SheetStatus.PROVISIONAL, Decision.PASSED)
    failed = standard_sentence(EXAM, SITTING, SheetStatus.FINAL, Decision.FAILED)
    assert "합격하였음" in final.ko
    assert "passed" in final.en
    assert "합격" not in provisional.ko + failed.ko
    assert "passed" not in provisional.en + failed.en
