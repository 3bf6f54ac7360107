"""A foreign table in a browser: columns are matched by choosing, items appear as they would look, and are loaded."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from itembank.services.pages import create_bank
from tests.factories_scheduling import SYSTEM

BANK = "foreign"
TABLE = """번호,과목,문제,보기1,보기2,보기3,보기4,모범답안,해설
1,화학,물의 화학식은?,H2O,CO2,O2,N2,1,수소 원자 둘과 산소 원자 하나로 되어 있다.
2,화학,가장 가벼운 기체는?,산소,수소,질소,헬륨,2,수소 분자의 질량이 가장 작다.
3,물리,힘의 단위는?,N,J,W,Pa,1,1 N은 1 kg의 물체에 1 m/s²의 가속도를 준다.
""".encode()


@pytest.fixture
def author(windows) -> Page:
    return windows.open(staff="author", viewport={"width": 1440, "height": 900})


def picture(page: Page, name: str) -> None:
    """Keep what the page shows when a folder for pictures is named."""
    if folder := os.environ.get("CBT_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_columns_are_matched_by_choosing_and_the_items_loaded(author, site, tmp_path):
    create_bank(site.rt, {"code": BANK, "title_en": "Foreign", "title_ko": "다른 양식"}, SYSTEM)
    (tmp_path / "기출.csv").write_bytes(TABLE)
    author.goto(f"/admin/banks/{BANK}/load")
    author.locator("#file").set_input_files(tmp_path / "기출.csv")
    author.locator("#load button[type=submit]").click()
    author.get_by_role("link", name="열 짝짓기").click()
    expect(author.get_by_role("heading", name="열 짝짓기")).to_be_visible()
    picture(author, "mapping-1")
    expect(author.get_by_label("선택지 4", exact=True)).to_have_value("보기4")
    author.get_by_label("정답: 맞는 선택지").select_option("모범답안")
    author.get_by_label("정답 표기 방식").select_option("number")
    author.get_by_role("button", name="문제 다시 보기").click()
    expect(author.locator("#preview article")).to_have_count(3)
    expect(author.locator("#preview article").nth(1)).to_contain_text("가장 가벼운 기체는?")
    picture(author, "mapping-2")
    assert not Axe().run(author).response["violations"]
    author.get_by_label("이 짝짓기를 저장할 이름").fill("기출 양식")
    author.get_by_label("한 칸에 모두").check()
    expect(author.get_by_label("선택지 4", exact=True)).to_be_hidden()
    author.get_by_label("선택지마다 한 열").check()
    author.locator("#mapping").get_by_role("button", name="어떻게 되는지 보기").click()
    picture(author, "mapping-3")
    author.get_by_role("button", name="3").click()
    expect(author.locator("tbody tr")).to_have_count(3)
