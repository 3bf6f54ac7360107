"""Every code that a reader or writer of files gives has a sentence for the page, told apart from the source itself."""

import ast
import re

from itembank.web.export_sentences import EXPORT_SENTENCES
from itembank.web.file_sentences import FILE_SENTENCES
from itembank.web.qti12_sentences import QTI12_SENTENCES
from itembank.web.qti_sentences import QTI_SENTENCES
from itembank.web.question_sentences import QUESTION_SENTENCES
from itembank.web.sentences import BY_CODE
from tests.architecture.tree import modules

FAMILIES = (FILE_SENTENCES, EXPORT_SENTENCES, QTI_SENTENCES, QTI12_SENTENCES, QUESTION_SENTENCES)
# Checks of blueprints, forms and typed items are told by whole sentences of their own (rule_sentences, item_words).
READERS = ("itembank/formats/", "itembank/core/qti/", "itembank/core/content", "itembank/core/formulas")
NOTING = re.compile(r"refus|warn|note|remark|lack|fault|problem|say", re.IGNORECASE)
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Plain words that are no codes: places whose code stands in a variable, and an encoding.
NO_CODES = {"document", "utf-8"}


def _words(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _codes(call: ast.Call) -> set[str]:
    """The code that a call notes: named, or the last plain word before the hint."""
    named = {_words(one.value) for one in call.keywords if one.arg == "code"} - {""}
    if named or not NOTING.search(ast.unparse(call.func).rpartition(".")[2]):
        return named
    return set([word for one in call.args[:-1] if CODE.fullmatch(word := _words(one))][-1:])


def _noted() -> dict[str, str]:
    return {
        code: path
        for path, tree in modules(("itembank",))
        if path.startswith(READERS)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for code in _codes(call)
    }


def test_every_code_that_readers_and_writers_give_has_a_sentence():
    noted = _noted()
    assert len(noted) > 200
    assert {code: path for code, path in noted.items() if code not in BY_CODE and code not in NO_CODES} == {}


def test_a_code_is_said_by_one_family_alone():
    assert sum(map(len, FAMILIES)) == len(BY_CODE)


def test_general_sentences_need_no_facts():
    assert [sentences[0] for sentences in BY_CODE.values() if "%(" in sentences[0]] == []
