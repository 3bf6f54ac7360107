"""The guilloche: made once, small, and inside the sheet."""

import re
import zlib

from hypothesis import given
from hypothesis import strategies as st

from cbt.kernel.pdf.guilloche import a4_guilloche, smooth
from cbt.kernel.pdf.operators import colour, mix, number
from cbt.kernel.pdf.qr import qr_code


def test_guilloche_is_made_once_and_is_small():
    assert a4_guilloche() is a4_guilloche()
    assert len(a4_guilloche().deflated) < 20_000


def test_guilloche_uses_lines_and_curves_only():
    operators = zlib.decompress(a4_guilloche().deflated).decode("ascii")
    assert set(re.findall(r"[A-Za-z]+", operators)) <= {
        "q",
        "Q",
        "cm",
        "m",
        "c",
        "h",
        "w",
        "J",
        "S",
        "f",
        "re",
        "RG",
        "rg",
    }
    assert operators.count("q ") == operators.count("Q")


def test_smooth_piece_meets_its_ends():
    assert smooth(lambda t: (t, 0.0), 0, 3, 1) == "0 0 m 1 0 2 0 3 0 c"


@given(st.floats(-1000, 1000))
def test_numbers_are_plain_decimals(value):
    text = number(value)
    assert re.fullmatch(r"-?\d+(\.\d{1,3})?", text)
    assert abs(float(text) - value) <= 0.0005001


def test_tint_is_a_solid_colour():
    assert mix("#000000", 0.5) == "#808080"
    assert colour("#ffffff") == "1 1 1 rg"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=80))
def test_qr_bars_stay_inside_and_apart(text):
    code = qr_code(text)
    assert all(0 <= x < x + length <= code.side and 0 <= y < code.side for x, y, length in code.bars)
    assert len({(x + step, y) for x, y, length in code.bars for step in range(length)}) == sum(b[2] for b in code.bars)
