"""The arithmetic of the calculators, as the browser does it: tables of what is written and what must come out."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EVALUATE = """async ([texts, degrees]) => {
  const { evaluate, NotPossible, NotRead } = await import("/static/exam/calculator/expression.js");
  const { show } = await import("/static/exam/calculator/decimal.js");
  return texts.map((text) => {
    try {
      return show(evaluate(text, { degrees }));
    } catch (trouble) {
      if (trouble instanceof NotPossible) return "not possible";
      if (trouble instanceof NotRead) return "not read";
      throw trouble;
    }
  });
}"""
PRESS = """async (lines) => {
  const { EMPTY, press } = await import("/static/exam/calculator/reckon.js");
  return lines.map((keys) => {
    const { shown, error } = [...keys].reduce(press, EMPTY);
    return error ? "error" : shown;
  });
}"""
WRITE = """async (lines) => {
  const { write } = await import("/static/exam/calculator/scientific.js");
  return lines.map(([keys, done]) => {
    let parts = done ? ["1"] : [];
    keys.forEach((key, place) => { parts = write(parts, key, done && place === 0); });
    return parts.join("");
  });
}"""


def table(text: str) -> dict[str, str]:
    """Of lines of `expression → value | expression → value`."""
    pairs = (pair.split("→") for line in text.strip().splitlines() for pair in line.split("|"))
    return {written.strip(): value.strip() for written, value in pairs}


EXACT = table("""
    0.1+0.2 → 0.3 | 0.1×3 → 0.3 | 1−0.9 → 0.1 | 1.1×1.1 → 1.21 | 0.3−0.1 → 0.2 | 100×1.1 → 110
    1÷3 → 0.333333333333 | 2÷3 → 0.666666666667 | 1÷7×7 → 1 | (1÷3)×3 → 1 | 1000000000000+0.1 → 1E12
    999999999999+1 → 1E12 | 99999999999.5+0.5 → 100000000000 | 123456789×987654321 → 1.21932631113E17
    1E−8 → 0.00000001 | 1E−9 → 0.000000001 | 1E-10 → 1E-10 | 0.000000001234 → 0.000000001234 | 5 → 5
    5. → 5 | .5 → 0.5 | -0 → 0 | 1.50 → 1.5 | 1.5E3+1 → 1501
""")
ORDER = table("""
    2+3×4 → 14 | (2+3)×4 → 20 | 2×3+4 → 10 | 8÷4÷2 → 1 | 8−4−2 → 2 | 8÷(4÷2) → 4 | 2^3^2 → 512
    (2^3)^2 → 64 | −3² → -9 | (−3)² → 9 | 2×−3 → -6 | 2^−3 → 0.125 | −2^2 → -4 | 5! → 120 | −3! → -6
    2^3! → 64 | 200×10% → 20 | 50%² → 0.25 | 4⁻¹ → 0.25 | 2³² → 64 | √(16)² → 16 | 1+2×3^2−4÷2 → 17
    ((1+2)×(3+4)) → 21 | −−2 → 2 | +3 → 3 | 10−2×3% → 9.94 | 6÷2×(1+2) → 9 | (1+2 → 3 | 2×(3+√(4 → 10
""")
FUNCTIONS = table("""
    √(2) → 1.41421356237 | √(0.25) → 0.5 | √(1E50) → 1E25 | ∛(27) → 3 | ∛(−8) → -2
    ∛(2) → 1.25992104989 | ln(1) → 0 | ln(e) → 1 | ln(10) → 2.30258509299 | ln(0.5) → -0.69314718056
    log(1000) → 3 | log(0.001) → -3 | log(2) → 0.301029995664 | log(5)+log(2) → 1 | e^1 → 2.71828182846
    e^0 → 1 | e^−1 → 0.367879441171 | e^10 → 22026.4657948 | ln(e^5) → 5 | 2^0.5 → 1.41421356237
    4^0.5 → 2 | 8^(1÷3) → 2 | 0^5 → 0 | 10^−3 → 0.001 | 1.05^30 → 4.32194237515 | 69! → 1.71122452428E98
    0! → 1 | π → 3.14159265359 | e → 2.71828182846
""")
DEGREES = table("""
    sin(0) → 0 | sin(30) → 0.5 | sin(90) → 1 | sin(180) → 0 | sin(270) → -1 | sin(360) → 0
    sin(−30) → -0.5 | sin(3600000030) → 0.5 | cos(0) → 1 | cos(60) → 0.5 | cos(90) → 0 | cos(180) → -1
    cos(45)² → 0.5 | tan(45) → 1 | tan(0) → 0 | tan(60) → 1.73205080757 | tan(89) → 57.2899616308
    sin⁻¹(0.5) → 30 | sin⁻¹(1) → 90 | sin⁻¹(−1) → -90 | cos⁻¹(0.5) → 60 | cos⁻¹(−1) → 180
    cos⁻¹(0) → 90 | tan⁻¹(1) → 45 | tan⁻¹(−1) → -45 | sin(20)^2+cos(20)^2 → 1
""")
RADIANS = table("""
    sin(π) → 0 | cos(π) → -1 | sin(π÷2) → 1 | cos(π÷2) → 0 | sin(π÷6) → 0.5 | tan(π÷4) → 1
    sin(1) → 0.841470984808 | cos(1) → 0.540302305868 | 4×tan⁻¹(1) → 3.14159265359
    sin⁻¹(1) → 1.57079632679 | sin(100) → -0.50636564111 | tan(1.5) → 14.1014199472
""")
IMPOSSIBLE = (
    "1÷0", "0÷0", "√(−1)", "ln(0)", "ln(−1)", "log(0)", "tan(90)", "tan(270)", "sin⁻¹(2)", "cos⁻¹(−1.1)",
    "70!", "(−1)!", "2.5!", "0^0", "0^−1", "(−2)^0.5", "10^100", "1E99×10", "e^300", "sin(1E13)", "0⁻¹",
)  # fmt: skip
UNREADABLE = (
    "", "+", "3+", "()", "2 3", "1..2", "2(3)", "sin", "sin30", "1E", "3×÷4", ")", "(1))", "alert(1)", "a",
    "1;2", "__proto__", "√4",
)  # fmt: skip
POCKET = table("""
    .1+.2= → 0.3 | 2+3*4= → 20 | 1/3= → 0.333333333333 | 200+10%= → 220 | 200*10%= → 20 | 50% → 0.5
    9r → 3 | 2r → 1.41421356237 | 5n → -5 | 5nn → 5 | 12B3 → 13 | 5B → 0 | 2+3== → 8 | 2*= → 4
    1-.9= → 0.1 | 12C → 0 | 1/0= → error | 1/0=7 → error | 1/0=C7 → 7 | 9nr → error | 1.2.3 → 1.23
    00012 → 12 | 1234567890123 → 123456789012 | 5+*2= → 10 | 2+3+ → 5 | 1-2= → -1
    99999999999*99999999999= → 9.9999999998E21 | = → 0 | 7=8 → 8
""")
WRITTEN = {
    ("2", "π"): "2×π",
    ("2", "("): "2×(",
    (")", "2"): ")×2",
    ("π", "e"): "π×e",
    ("2", "sin("): "2×sin(",
    ("1", "2", ".", "5"): "12.5",
    ("3", "²", "4"): "3²×4",
    ("Ans", "2"): "Ans×2",
    ("2", "+", "π"): "2+π",
    ("2", "E", "3"): "2E3",
}


@pytest.fixture
def page(windows):
    page = windows.open()
    page.goto("/staff/sign-in")
    return page


def evaluate(page, texts, *, degrees=True):
    return dict(zip(texts, page.evaluate(EVALUATE, [list(texts), degrees]), strict=True))


@pytest.mark.parametrize("table", [EXACT, ORDER, FUNCTIONS, DEGREES], ids=["decimal", "order", "functions", "degrees"])
def test_expressions_have_the_values_of_the_table(page, table):
    assert evaluate(page, table) == table


def test_angles_in_radians(page):
    assert evaluate(page, RADIANS, degrees=False) == RADIANS


def test_what_has_no_value_is_said_not_to_be_possible(page):
    assert set(evaluate(page, IMPOSSIBLE).items()) == {(text, "not possible") for text in IMPOSSIBLE}


def test_what_is_no_expression_is_not_read_and_never_run(page):
    assert set(evaluate(page, UNREADABLE).items()) == {(text, "not read") for text in UNREADABLE}


def test_the_plain_calculator_works_as_a_pocket_calculator(page):
    assert dict(zip(POCKET, page.evaluate(PRESS, list(POCKET)), strict=True)) == POCKET


def test_a_left_out_multiplication_sign_is_written_and_a_result_is_gone_on_with(page):
    found = page.evaluate(WRITE, [[list(keys), False] for keys in WRITTEN])
    assert dict(zip(WRITTEN, found, strict=True)) == WRITTEN
    assert page.evaluate(WRITE, [[["+", "2"], True], [["7"], True], [["²"], True]]) == ["Ans+2", "7", "Ans²"]


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False)
SIGNS = {"+": Fraction.__add__, "−": Fraction.__sub__, "×": Fraction.__mul__, "÷": Fraction.__truediv__}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.sampled_from(list(SIGNS)), NUMBERS), min_size=20, max_size=60))
def test_sums_and_products_agree_with_exact_fractions(page, terms):
    """To the twelfth digit, for numbers with four places."""
    terms = [(a, sign, b) for a, sign, b in terms if sign != "÷" or b]
    texts = [f"({a}){sign}({b})".replace("-", "−") for a, sign, b in terms]
    for (a, sign, b), text in zip(terms, page.evaluate(EVALUATE, [texts, True]), strict=True):
        exact = SIGNS[sign](Fraction(a), Fraction(b))
        shown = Fraction(text.replace("E", "e"))
        assert abs(shown - exact) <= abs(exact) * Fraction(1, 2 * 10**11), (a, sign, b, text)
