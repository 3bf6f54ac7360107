"""Masks of names and birth dates."""

from datetime import date

import pytest

from reports.core.mask import mask_birth_on, mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("홍길동", "홍*동"),
        ("김민", "김*"),
        ("남궁민수", "남**수"),
        ("김 민수", "김 *수"),
        ("김", "*"),
        ("洪吉東", "洪*東"),
        ("Jane Smith", "J*** S****"),
        ("Jean-Luc  O'Neill", "J******* O******"),
        ("Nguyễn Thị Ánh", "N***** T** Á**"),
        ("김 Jane", "김 J***"),
        ("", ""),
    ],
)
def test_name_is_masked(name, masked):
    assert mask_name(name) == masked


def test_decomposed_name_is_masked_like_the_composed_one():
    assert mask_name("홍길동") == "홍*동"


def test_birth_date_shows_its_year_only():
    assert mask_birth_on(date(1999, 3, 14)) == "1999. **. **."
