"""The result sheet on paper: what can be read back from the file, and what is refused."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp

from cbt.kernel.pdf import noto
from cbt.kernel.pdf.fonts import FontSet, MissingGlyph, load_fonts
from cbt.kernel.titles import Title
from reports.core.outcome import Decision, Overall, SubjectDecision
from reports.core.record import SheetStatus
from reports.core.verify_code import show_code
from reports.pdf.flow import SheetTooFull
from reports.pdf.sheet import draw_sheet
from tests.factories_reports import holder, sheet_record, subject

LONG = Title(
    ko="친환경 건축물 에너지 성능 평가 및 시뮬레이션 실무",
    en="Energy Performance Assessment and Simulation of Green Buildings",
)


@pytest.fixture(scope="session", params=["system", "package"])
def fonts(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> FontSet:
    home: Path = pytestconfig.cache.mkdir("fonts")
    return load_fonts(home, None if request.param == "system" else noto.cut_weights(home))


def text_of(pdf: bytes) -> str:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_text_can_be_read_back(fonts):
    record = sheet_record()
    text = text_of(draw_sheet(record, fonts))
    for words in (
        "합격증명서",
        "CERTIFICATE OF EXAMINATION RESULTS",
        f"제 {record.number} 호",
        record.issue_number,
        "홍길동",
        "HONG Gildong",
        "1999년 3월 14일",
        record.holder.candidate_number,
        "정보처리실무사 필기 (1320)",
        "정보보호와 서비스 운영",
        "65.0",
        "13 / 20",
        "과목마다 40점 이상, 전 과목 평균 60점 이상",
        "2026년 12월 21일",
        "표본자격시행원장",
        show_code(record.verify_code),
        "verify.example/verify",
    ):
        assert words in text


def test_qr_code_is_read_from_a_scan(fonts):
    record = sheet_record(verify_url="https://results.exams.example.or.kr/verify")
    with pypdfium2.PdfDocument(draw_sheet(record, fonts)) as document:
        image = document[0].render(scale=150 / 72, grayscale=True).to_pil()
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == record.check_url
    assert code.ec_level == "M"


def test_every_font_is_embedded_and_none_is_a_default(fonts):
    pdf = pypdf.PdfReader(io.BytesIO(draw_sheet(sheet_record(), fonts)))
    names = set()
    for reference in pdf.pages[0]["/Resources"]["/Font"].values():
        font = reference.get_object()
        names.add(font["/BaseFont"])
        assert "/FontFile2" in font["/FontDescriptor"]
        assert "/ToUnicode" in font
    assert len(names) >= 2
    assert not any("Helvetica" in name for name in names)


def test_file_says_what_it_is_without_naming_the_holder(fonts):
    pdf = pypdf.PdfReader(io.BytesIO(draw_sheet(sheet_record(), fonts)))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "합격증명서 제 2026-4-0417823 호"
    assert pdf.metadata.creation_date == datetime(2026, 12, 21, 1, 2, 3, tzinfo=UTC)
    assert "홍길동" not in str(pdf.metadata)
    assert pdf.trailer["/Root"]["/Lang"] == "ko-KR"


def test_same_record_gives_the_same_bytes(fonts, monkeypatch):
    first = draw_sheet(sheet_record(), fonts)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert draw_sheet(sheet_record(), fonts) == first
    assert draw_sheet(sheet_record(number="2026-4-0417824"), fonts) != first


def test_page_is_small(fonts):
    assert len(draw_sheet(sheet_record(), fonts)) < 130_000


def test_failed_sheet_is_a_statement_of_results(fonts):
    text = text_of(draw_sheet(sheet_record(decision=Decision.FAILED), fonts))
    assert "성적증명서" in text
    assert "불합격" in text
    assert "Not passed" in text
    assert "합격증명서" not in text


def test_provisional_sheet_says_so_in_words(fonts):
    text = text_of(draw_sheet(sheet_record(status=SheetStatus.PROVISIONAL), fonts))
    assert "잠정 성적 · Provisional" in text
    assert "잠정 합격" in text
    assert "합격증명서" not in text


def test_one_subject_exam_shows_correct_items_and_what_was_needed(fonts):
    line = replace(
        subject(1, correct=28),
        items=35,
        score=Fraction(80),
        floor=None,
        decision=SubjectDecision.NO_FLOOR,
        title=Title(ko="기술급", en="Technician Class"),
    )
    whole = Overall(correct=28, items=35, score=Fraction(80), needed_correct=26, decision=Decision.PASSED)
    text = text_of(draw_sheet(sheet_record(subjects=(line,), overall=whole), fonts))
    assert "28 / 35" in text
    assert "26 / 35" in text
    assert "Technician Class" in text
    assert "과락" not in text


@pytest.mark.parametrize("count", [1, 2, 5, 8, 10])
@pytest.mark.parametrize("status", SheetStatus)
def test_up_to_ten_long_subjects_fit(fonts, count, status):
    lines = tuple(subject(number, title=LONG) for number in range(1, count + 1))
    sitting = Title(ko="2026년도 정기 국가기술자격 기사 제4회 필기시험", en="Fourth regular national round of 2026")
    record = sheet_record(subjects=lines, status=status, sitting=sitting)
    text = text_of(draw_sheet(record, fonts))
    assert text.count(LONG.en) == count


def test_more_than_a_page_is_refused(fonts):
    lines = tuple(subject(number, title=LONG) for number in range(1, 31))
    with pytest.raises(SheetTooFull):
        draw_sheet(sheet_record(subjects=lines), fonts)


@pytest.mark.parametrize(
    "name",
    ["황보남궁독고선우제갈사공동방", "Maximiliano Alejandro Fernández de la Vega y Montemayor-Quesada", "洪吉東"],
)
def test_long_and_foreign_names_are_printed_whole(fonts, name):
    assert name in text_of(draw_sheet(sheet_record(holder=holder(name=name, name_latin="")), fonts))


def test_name_that_cannot_be_printed_is_refused(fonts):
    with pytest.raises(MissingGlyph) as caught:
        draw_sheet(sheet_record(holder=holder(name="髙橋")), fonts)
    assert caught.value.ids["code_point"] == "U+9AD9"


def test_long_verify_address_stays_inside_the_frame(fonts):
    record = sheet_record(verify_url="https://" + "very-long-name." * 6 + "example/verify")
    assert show_code(record.verify_code) in text_of(draw_sheet(record, fonts))


def test_score_below_a_limit_never_reads_as_the_limit(fonts):
    lines = (replace(subject(1), score=Fraction(5999967, 100000), floor=Fraction("62.25")), subject(2))
    text = text_of(draw_sheet(sheet_record(subjects=lines), fonts))
    assert "59.9" in text
    assert "60.0" not in text
    assert "62.25" in text
