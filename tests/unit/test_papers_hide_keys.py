"""I7 for items of any origin: what a paper holds of an item is made of its content, and of nothing in its key."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from cbt.cli.demo_centre import SAMPLES
from cbt.delivery.core.answering import controls_of
from cbt.delivery.core.choices import choice_map, shown_under
from cbt.delivery.core.paper import CandidateFacts, ExamFacts, Fragment, PaperFacts, build_paper
from cbt.kernel.score import score
from cbt.kernel.titles import Title
from itembank.core.documents import content_document
from itembank.core.forms import Form, FormPart, Slot
from itembank.core.keys import MatchCorrect, MatchText
from itembank.core.markup import visible_text
from itembank.core.printed import printed_values
from itembank.core.qti.values import scalar_text
from itembank.formats.bank_file import read_bank
from itembank.formats.html.items import render_item
from itembank.formats.html.setting import natural
from itembank.formats.parsed import ParsedItem
from itembank.services.keys import scorer_of

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"
BANKS = [
    SAMPLES / "showcase",
    SAMPLES / "practitioner",
    *(
        FIXTURES / name
        for name in ("kennisnet-qti3", "qtiworks", "cito-scoring/30", "pyslet-qti12", "instructure-qti12")
    ),
]
ATTEMPT = UUID(int=5)
FACTS = PaperFacts(
    attempt_id=ATTEMPT,
    receipt_key=b"r" * 32,
    exam=ExamFacts(code="E", title="exam", minutes=10, calculator="none", language="en"),
    candidate=CandidateFacts(number="1", name="n", seat="1"),
)
# Shorter words stand anywhere by chance.
_TELLING = 4
_TAG = re.compile(r"<([a-z][a-z0-9]*)\b([^>]*)>")


def paper_of(item: ParsedItem) -> str:
    """The paper with this item alone, as a candidate's browser gets it."""
    slot = Slot(
        number=1, part=0, item_code="CODE", item_version_id=UUID(int=1), key_version_id=UUID(int=2), option_order={},
        points=score("1"),
    )  # fmt: skip
    part = FormPart(code="1", title=Title(ko="가", en="a"), first=1, last=1)
    form = Form(blueprint_code="B", blueprint_digest=b"", seed=b"seed", algorithm="a", parts=(part,), slots=(slot,))
    names = choice_map(b"secret", ATTEMPT, [(1, controls_of(item.content, slot))])
    program = scorer_of(item.content, item.key).program
    printed = {} if program is None else printed_values(item.content, program, form.slot_seed(1))
    fragment = render_item(
        item.content, shown_under(names, 1), slot=1, asset_url=lambda sha: f"/delivery/assets/{sha}", printed=printed
    )
    return json.dumps(build_paper(form, FACTS, names, {1: Fragment(html=fragment)}), ensure_ascii=False)


def secrets_of(item: ParsedItem) -> Iterator[str]:
    """Words of the key: explanations, feedback, the program's own names, typed answers."""
    key = item.key
    yield from filter(None, (visible_text(text) for text in (key.explanation, *(one.content for one in key.feedback))))
    yield from (one.outcome for one in key.feedback)
    for one in key.responses:
        yield from one.rule.accepted if isinstance(one.rule, MatchText) else ()
        yield from one.rule.correct if isinstance(one.rule, MatchCorrect) else ()
    program = scorer_of(item.content, key).program
    for declared in program.declarations if program else ():
        value = declared.correct
        yield from map(scalar_text, value.scalars if value else ())
        yield from (scalar_text(one.key) for one in (declared.mapping.entries if declared.mapping else ()) if one.key)


def identifiers_of(item: ParsedItem) -> Iterator[str]:
    for group in item.content.option_groups():
        yield from group.identifiers


def public_words(item: ParsedItem) -> str:
    """All texts of the content, those of interactions included."""
    texts = []

    def collect(document: object) -> None:
        if isinstance(document, str):
            texts.append(visible_text(document))
        for inner in (
            document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
        ):
            collect(inner)

    collect({name: part for name, part in content_document(item.content).items() if name != "declarations"})
    return " ".join(texts)


@pytest.mark.parametrize("bank", BANKS, ids=lambda path: path.name)
def test_a_paper_holds_nothing_of_the_key(bank):
    if not bank.is_dir():
        pytest.skip(f"the items are not here: {bank.name}")
    items = read_bank(bank).items
    leaks = [(item.code, leak) for item in items for leak in leaks_of(item, paper_of(item))]
    assert leaks == []


def leaks_of(item: ParsedItem, paper: str) -> Iterator[str]:
    fragment = json.loads(paper)["slots"][0]["html"]
    shown, public = visible_text(html.unescape(fragment)), public_words(item)
    for secret in set(secrets_of(item)):
        if len(secret) >= _TELLING and secret in paper and secret not in public and secret not in shown:
            yield f"key: {secret}"
        if len(secret) >= _TELLING and secret in shown and secret not in public:
            yield f"shown: {secret}"
    if "<qti-" in fragment or "data-feedback" in fragment or "data-printed" in fragment:
        yield "marks of the model"
    attributes = " ".join(found[2] for found in _TAG.finditer(fragment))
    for identifier in set(identifiers_of(item)):
        if re.search(rf"(?<![\w-]){re.escape(identifier)}(?![\w-])", _without_words(attributes)):
            yield f"identifier: {identifier}"


def _without_words(attributes: str) -> str:
    """Attributes that hold names; labels hold what is seen anyway."""
    held = re.findall(r'\b(?:value|data-[a-z-]+|name|id|for|class|href)="([^"]*)"', attributes)
    return " ".join(one for one in held if not one.startswith("s1-"))


def test_a_leak_would_be_seen():
    (item,) = [one for one in read_bank(SAMPLES / "showcase").items if one.code == "HS-01"]
    told = render_item(item.content, natural(item.content), slot=1, asset_url=str) + item.key.explanation
    marked = told + '<span data-feedback="F1"></span>'
    found = set(leaks_of(item, json.dumps({"slots": [{"html": marked}]}, ensure_ascii=False)))
    assert {"identifier: ROOT", "identifier: STEM", "marks of the model"} <= found
    assert f"shown: {visible_text(item.key.explanation)}" in found
