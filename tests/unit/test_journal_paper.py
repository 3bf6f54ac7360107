"""The paper, its opaque names, and the short status."""

import json
import re
from uuid import UUID

import pytest

from cbt.delivery.core.answering import controls_of
from cbt.delivery.core.choices import NotAChoiceMap, choice_map, choice_map_from
from cbt.delivery.core.controls import ControlKind
from cbt.delivery.core.entry_kinds import EntryKind
from cbt.delivery.core.paper import CandidateFacts, ExamFacts, Fragment, PaperFacts, Passage, build_paper
from cbt.delivery.core.refusals import UnknownChoice, UnknownResponse, UnknownSlot
from cbt.delivery.core.status import may, short_status
from cbt.kernel import canonical
from cbt.kernel.score import score
from cbt.kernel.titles import Title
from itembank.core.forms import Form, FormPart, Slot
from itembank.core.interactions import Choice, ChoiceInteraction, TextEntryInteraction
from itembank.core.items import ItemContent
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from tests.factories_delivery import (
    ATTEMPT_ID,
    CONTROLS,
    SECRET,
    STAFF,
    after,
    answered,
    at,
    choices,
    moved,
    paused,
    ready,
    started,
    submitted,
)

CANARY = "CANARY"


def content(*interactions, **cardinality) -> ItemContent:
    declarations = tuple(
        ResponseDeclaration(
            identifier=one.response,
            cardinality=cardinality.get("cardinality", Cardinality.SINGLE),
            base_type=cardinality.get("base_type", BaseType.IDENTIFIER),
        )
        for one in interactions
    )
    return ItemContent(title=CANARY, language="ko", body=CANARY, declarations=declarations, interactions=interactions)


def four(max_choices: int = 1) -> ChoiceInteraction:
    options = tuple(Choice(identifier=f"{CANARY}-{letter}", content=letter) for letter in "ABCD")
    return ChoiceInteraction(response="RESPONSE", choices=options, max_choices=max_choices)


def slot(number: int = 1, *, order: tuple[str, ...] = ()) -> Slot:
    return Slot(
        number=number,
        part=0,
        item_code=CANARY,
        item_version_id=UUID(int=number),
        key_version_id=UUID(int=100 + number),
        option_order={"RESPONSE": order} if order else {},
        points=score("5"),
    )


ORDER = tuple(f"{CANARY}-{letter}" for letter in "DBCA")
FORM = Form(
    blueprint_code=CANARY,
    blueprint_digest=b"b" * 32,
    seed=b"seed",
    algorithm=CANARY,
    parts=(FormPart(code="1", title=Title(ko="설계", en="Design"), first=1, last=2),),
    slots=(slot(1, order=ORDER), slot(2)),
)
FACTS = PaperFacts(
    attempt_id=ATTEMPT_ID,
    receipt_key=b"r" * 32,
    exam=ExamFacts(code="IP-2026-4", title="정보처리실무사 필기", minutes=150, calculator="plain", language="ko"),
    candidate=CandidateFacts(number="2611-0417", name="홍길동", seat="17"),
)


def paper_map():
    number = content(TextEntryInteraction(response="RESPONSE"), base_type=BaseType.FLOAT)
    return choice_map(
        SECRET, ATTEMPT_ID, [(1, controls_of(content(four()), FORM.slots[0])), (2, controls_of(number, FORM.slots[1]))]
    )


# --- names ---------------------------------------------------------------------------------------------------------


def test_names_are_short_lower_case_and_differ_within_a_slot() -> None:
    for controls in choices().slots.values():
        names = [name for control in controls.values() for name in control.canonical]
        assert all(re.fullmatch("[a-z2-7]{6}", name) for name in names)
        assert len(set(names)) == len(names)


def test_names_are_the_same_again_and_others_for_another_attempt_or_secret() -> None:
    assert choices() == choices()
    assert choices(STAFF) != choices()
    assert choice_map(b"other", ATTEMPT_ID, CONTROLS.items()) != choices()


def test_names_lead_back_to_their_choices() -> None:
    for choice in "ABCD":
        opaque = choices().to_opaque(1, "RESPONSE", choice)
        assert choices().to_canonical(1, "RESPONSE", opaque) == choice
    assert choices().to_canonical(4, "RESPONSE", "3.5") == "3.5"
    assert choices().to_opaque(4, "RESPONSE", "3.5") == "3.5"


def test_names_that_collide_take_the_next_turn(monkeypatch) -> None:
    monkeypatch.setattr("cbt.delivery.core.choices.OPAQUE_CHARACTERS", 1)
    names = list(choices().slots[1]["RESPONSE"].canonical)
    assert len(set(names)) == 4


def test_responses_go_out_as_they_came_in() -> None:
    sent = {"RESPONSE": choices().responses_to_opaque(3, {"RESPONSE": ("C", "A")})["RESPONSE"]}
    back = choices().responses_to_canonical(3, {key: tuple(values) for key, values in sent.items()})
    assert back == {"RESPONSE": ("C", "A")}


def test_foreign_names_are_refused() -> None:
    with pytest.raises(UnknownSlot):
        choices().to_opaque(9, "RESPONSE", "A")
    with pytest.raises(UnknownResponse):
        choices().to_opaque(1, "OTHER", "A")
    with pytest.raises(UnknownChoice):
        choices().to_opaque(1, "RESPONSE", "Z")
    with pytest.raises(UnknownChoice):
        choices().to_canonical(1, "RESPONSE", "A")


def test_choice_map_is_read_back_from_its_bytes() -> None:
    assert choice_map_from(canonical.decode(canonical.encode(choices().to_document()))) == choices()


@pytest.mark.parametrize("document", [None, {}, {"format": "choice-map/1"}, {"format": "choice-map/1", "slots": [[1]]}])
def test_document_that_is_no_choice_map_is_refused(document) -> None:
    with pytest.raises(NotAChoiceMap):
        choice_map_from(document)


# --- controls ------------------------------------------------------------------------------------------------------


def test_choices_stand_in_the_order_of_the_form() -> None:
    (control,) = controls_of(content(four()), FORM.slots[0])
    assert control.choices == ORDER
    assert (control.kind, control.values) == (ControlKind.CHOICE, 1)


def test_choices_without_an_order_stand_as_written() -> None:
    (control,) = controls_of(content(four()), slot())
    assert control.choices == tuple(f"{CANARY}-{letter}" for letter in "ABCD")


@pytest.mark.parametrize(("max_choices", "values"), [(0, 4), (2, 2)])
def test_multiple_choice_takes_as_many_as_it_says(max_choices, values) -> None:
    (control,) = controls_of(content(four(max_choices), cardinality=Cardinality.MULTIPLE), slot())
    assert control.values == values


@pytest.mark.parametrize(
    ("base_type", "kind"), [(BaseType.STRING, "text"), (BaseType.INTEGER, "number"), (BaseType.FLOAT, "number")]
)
def test_typed_entry_is_a_text_or_a_number(base_type, kind) -> None:
    (control,) = controls_of(content(TextEntryInteraction(response="R"), base_type=base_type), slot())
    assert control.kind == kind


# --- paper ---------------------------------------------------------------------------------------------------------


def test_paper_is_exactly_this() -> None:
    names = list(paper_map().slots[1]["RESPONSE"].canonical)
    assert build_paper(FORM, FACTS, paper_map(), {1: Fragment(html="<p>a</p>"), 2: Fragment(html="<p>b</p>")}) == {
        "attempt": "01936000-0000-7000-8000-000000000001",
        "form": FORM.digest.hex(),
        "receipt_key": "cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI",
        "exam": {
            "code": "IP-2026-4",
            "title": "정보처리실무사 필기",
            "minutes": 150,
            "calculator": "plain",
            "language": "ko",
        },
        "candidate": {"number": "2611-0417", "name": "홍길동", "seat": "17"},
        "parts": [{"code": "1", "title": "설계", "first": 1, "last": 2}],
        "slots": [
            {
                "slot": 1,
                "part": 0,
                "controls": [{"response": "RESPONSE", "kind": "choice", "max": 1, "choices": names}],
                "html": "<p>a</p>",
            },
            {"slot": 2, "part": 0, "controls": [{"response": "RESPONSE", "kind": "number"}], "html": "<p>b</p>"},
        ],
    }


def test_paper_holds_nothing_of_item_and_form_but_the_whitelist() -> None:
    assert CANARY not in json.dumps(build_paper(FORM, FACTS, paper_map(), {1: Fragment(html=""), 2: Fragment(html="")}))


def test_items_on_the_same_passage_name_its_place() -> None:
    passage = Passage(title="글", html="<p>text</p>")
    paper = build_paper(
        FORM, FACTS, paper_map(), {1: Fragment(html="", passage=passage), 2: Fragment(html="", passage=passage)}
    )
    assert paper["passages"] == [{"title": "글", "html": "<p>text</p>"}]
    assert [slot["passage"] for slot in paper["slots"]] == [0, 0]


def test_paper_needs_every_fragment() -> None:
    with pytest.raises(KeyError):
        build_paper(FORM, FACTS, paper_map(), {1: Fragment(html="")})


# --- status --------------------------------------------------------------------------------------------------------


def test_status_of_a_running_attempt() -> None:
    assert short_status(after(started(0), answered(1, 1, 1, "A")), at(29.5)) == {
        "state": "running",
        "now": "2026-11-22T00:00:29.500000Z",
        "deadline_at": "2026-11-22T00:10:00.000000Z",
        "remaining_s": 571,
        "allowed_s": 600,
        "answered": 1,
        "may": ["answer", "flag", "submit", "raise-hand"],
        "next": 2,
    }


@pytest.mark.parametrize(
    ("history", "now", "left", "deadline", "allowed"),
    [
        ((), 0, None, None, []),
        ((started(0), paused(60)), 90, 540, None, ["raise-hand"]),
        ((started(0),), 600, 0, "2026-11-22T00:10:00.000000Z", []),
        ((started(0), submitted(60, 1)), 90, 0, None, []),
    ],
)
def test_status_shows_what_may_be_offered(history, now, left, deadline, allowed) -> None:
    status = short_status(after(*history) if history else ready(), at(now))
    assert (status["remaining_s"], status["deadline_at"], status["may"]) == (left, deadline, allowed)


def test_status_counts_numbers_of_the_present_lease() -> None:
    assert short_status(after(started(0), answered(1, 1, 1, "A"), moved(2)), at(3))["next"] == 1


def test_nothing_may_be_done_that_is_no_entry_of_a_candidate() -> None:
    assert set(may(after(started(0)), at(1))) == {"answer", "flag", "submit", "raise-hand"}
    assert EntryKind.VOIDED not in may(after(started(0)), at(1))
