"""Builders of items, banks and bank files."""

import csv
import io
import json
import zipfile
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest

from cbt.kernel.score import score
from cbt.kernel.titles import Title
from itembank.core.bank import BankView, Candidate, OptionSet
from itembank.core.blueprint import Blueprint, Cell, DifficultyBand, Part

TECHNICIAN = Path(__file__).parents[2] / "shared" / "fixtures" / "ncvec-technician"
COLUMNS = ("id", "question", "a", "b", "c", "d", "correct_letter")
# The smallest PNG: one transparent pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636000010000000500"
    "01 0d0a2db40000000049454e44ae426082".replace(" ", "")
)
FOUR = ("one", "two", "three", "four")


def technician() -> Path:
    if not TECHNICIAN.is_dir():
        pytest.skip("the shared fixtures are not here")
    return TECHNICIAN


def row(code: str = "Q1", **cells: str) -> dict[str, str]:
    return {
        "id": code,
        "question": "Which one?",
        **dict(zip("abcd", FOUR, strict=True)),
        "correct_letter": "A",
        "area": "X",
        **cells,
    }


def csv_file(*rows: dict[str, str]) -> bytes:
    names = list(dict.fromkeys(name for one in rows for name in one))
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def json_file(*items: dict[str, object]) -> bytes:
    return json.dumps(items).encode()


def xlsx_file(rows: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    for one in rows:
        workbook.active.append(one)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def zip_file(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, payload in members.items():
            archive.writestr(name, payload)
    return out.getvalue()


def candidate(number: int, *areas: str, pinned: str = "", difficulty: float | None = None) -> Candidate:
    return Candidate(
        item_code=f"Q{number:04}",
        item_version_id=UUID(int=number),
        key_version_id=UUID(int=10_000 + number),
        areas=frozenset(areas),
        option_sets=(OptionSet(response="RESPONSE", choices=tuple("ABCD"), pinned=frozenset(pinned)),),
        difficulty_logit=difficulty,
    )


def bank(*candidates: Candidate) -> BankView:
    return BankView(
        candidates=candidates, areas=frozenset(area for candidate in candidates for area in candidate.areas)
    )


def cell(*areas: str, count: int = 1, points: str = "1", band: tuple[str, str] | None = None) -> Cell:
    difficulty = None if band is None else DifficultyBand(low_logit=score(band[0]), high_logit=score(band[1]))
    return Cell(areas=areas, count=count, points=score(points), difficulty=difficulty)


def blueprint(*parts: tuple[Cell, ...], shuffle_options: bool = True) -> Blueprint:
    return Blueprint(
        code="B",
        title=Title(ko="시험", en="Exam"),
        parts=tuple(
            Part(code=str(number), title=Title(ko=f"{number}과목", en=f"Part {number}"), cells=cells)
            for number, cells in enumerate(parts, start=1)
        ),
        shuffle_options=shuffle_options,
    )
