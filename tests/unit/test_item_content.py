"""Authors' text to item HTML: what stays text, what is cleaned, what is refused and how it is named."""

import pytest

from itembank.core.content import Notation, block, inline
from itembank.core.markup import clean, places

PICTURE = "asset:" + "ab" * 32


def html(text, **options):
    written = block(text, "row 2", **options)
    assert written.problems == ()
    return written.html


def codes(text, **options):
    return [problem.code for problem in block(text, "row 2", **options).problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if a < b", "<p>if a &lt; b</p>"),
        ("a<b && c>d", "<p>a&lt;b &amp;&amp; c&gt;d</p>"),
        ("List<String> x;", "<p>List&lt;String&gt; x;</p>"),
        ("<p>", "<p>&lt;p&gt;</p>"),
        ("two\nlines\n\nand more", "<p>two<br>lines</p><p>and more</p>"),
        ("x <b>not</b> y", "<p>x <b>not</b> y</p>"),
        ("<p>x</p>", "<p>x</p>"),
    ],
)
def test_plain_text_is_escaped_and_html_is_recognised(text, expected):
    assert html(text) == expected


def test_notation_text_shows_tags_as_they_are():
    assert html("<p>x</p>", notation=Notation.TEXT) == "<p>&lt;p&gt;x&lt;/p&gt;</p>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<p>x</p><script src=x></script>",
        "<p onclick='x()'>x</p>",
        "<img src=x onerror=alert(1)>",
        "<p>x</p><iframe></iframe>",
        "<a href='javascript:alert(1)'>x</a><p>y</p>",
        "<a href='java\tscript:alert(1)'>x</a><p>y</p>",
        "<p>x</p><svg><p></svg>",
        "<p>x</p><style>p {}</style>",
    ],
)
def test_active_content_is_refused_by_name(text):
    problem = block(text, "row 2, column question").problems[0]
    assert (problem.code, problem.where) == ("active-content", "row 2, column question")


def test_unknown_elements_leave_their_words_and_a_warning():
    written = block("<center>x <b>y</b></center>", "row 2")
    assert written.html == "<p>x <b>y</b></p>"
    assert [warning.code for warning in written.warnings] == ["element-left-out"]


def test_tables_code_and_places_stay():
    text = (
        '<p>Give <span data-interaction="R1"></span></p><table><caption>c</caption><tbody><tr><th scope="row">x</th>'
        "<td>1</td></tr></tbody></table><pre><code>if a &lt; b:\n    pass</code></pre>"
    )
    assert html(text) == text
    assert places(text) == ("R1",)


def test_styles_ids_and_foreign_classes_are_dropped_but_shared_vocabulary_stays():
    assert html('<p id="x" style="color:red" class="big qti-indent">x</p>') == '<p class="qti-indent">x</p>'


def test_latex_becomes_mathml_inside_text_and_on_its_own_line():
    formula = '<math display="inline"><mrow><msub><mi>x</mi><mn>1</mn></msub><mo>&lt;</mo><mn>2</mn></mrow></math>'
    assert html(r"Is \(x_1 < 2\) so?") == f"<p>Is {formula} so?</p>"
    assert '<math display="block"><mrow><munderover>' in html(r"\[\sum_{i=1}^n i\]")


def test_latex_in_code_stays_as_it_is():
    assert html(r"<p>a</p><pre>print('\(x\)')</pre>") == r"<p>a</p><pre>print('\(x\)')</pre>"


@pytest.mark.parametrize(
    ("latex", "named"),
    [
        (r"\foo x", r"\foo"),
        (r"\boxed{x}", r"\boxed"),
        (r"\href{javascript:alert(1)}{x}", r"\href"),
        (r"\style{color:red}{x}", r"\style"),
        (r"\def\x{\x}\x", r"\def"),
        (r"\frac{1}", r"\frac{1}"),
    ],
)
def test_a_macro_that_would_not_come_out_is_named(latex, named):
    problem = block(rf"Solve \({latex}\)", "row 2").problems[0]
    assert problem.code == "formula-macro"
    assert named in problem.hint


def test_unreadable_latex_is_a_problem_and_not_an_exception():
    assert codes(r"\(\left( x\)") == ["formula-unreadable"]
    assert codes(r"\(" + "{" * 3000 + r"\)") == ["formula-too-long"]


def test_markup_in_the_words_of_a_formula_is_shown_as_text():
    assert "<img" not in html(r"\(\text{<img src=x onerror=alert(1)>}\)")
    assert "&lt;img" in html(r"\(\text{<img src=x>}\)")


def test_pictures_are_named_by_digest_and_missing_ones_are_problems():
    found = html('<p>x <img src="a.png" alt="A graph"></p>', pictures={"a.png": PICTURE}.get)
    assert found == f'<p>x <img src="{PICTURE}" alt="A graph"></p>'
    assert codes('<p>x <img src="b.png" alt="x"></p>') == ["figure-missing"]
    assert codes('<p><img src="https://elsewhere.example/x.png" alt="x">y</p>') == ["figure-missing"]


def test_a_lone_paragraph_of_an_option_becomes_inline():
    assert inline("<p>x <i>y</i></p>", "row 2").html == "x <i>y</i>"
    assert inline("<p>x</p><p>y</p>", "row 2").html == "<p>x</p><p>y</p>"


@pytest.mark.parametrize(
    "seed", ["<b>", r"\(", "<pre>", "<a ", "<b\n", "<!--", "<b a=", "</b", "&", " ", "\n ", r"\[", "<img "]
)
def test_a_field_full_of_one_fragment_is_read_quickly(seed):
    text = (seed * 65536)[:65536]
    for notation in Notation:
        block(text, "row 2", notation=notation)


def test_cleaning_twice_changes_nothing():
    once = clean('<p>x<math><mi>a</mi></math><table><tr><td>1</table><div data-interaction="R">')
    assert clean(once) == once
