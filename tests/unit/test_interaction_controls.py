"""Every interaction as a control of a slot: its kind, its limits, its opaque names, its refusals."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbt.delivery.core.answering import MOST_POINTS, controls_of
from cbt.delivery.core.choices import ChoiceMap, choice_map, choice_map_from
from cbt.delivery.core.controls import ControlKind
from cbt.delivery.core.refusals import PairedTooOften, TooManyChoices, UnknownChoice, UnknownFile
from cbt.kernel import canonical
from cbt.kernel.score import score
from itembank.core.documents import kind_of
from itembank.core.forms import Slot
from itembank.core.interactions import SelectPointInteraction
from itembank.core.items import ItemContent
from tests.factories_interactions import EVERY, PICTURE, content_of

ATTEMPT = UUID(int=7)
SLOT = Slot(
    number=1,
    part=0,
    item_code="X",
    item_version_id=UUID(int=1),
    key_version_id=None,
    option_order={},
    points=score("1"),
)


def map_of(content: ItemContent) -> ChoiceMap:
    return choice_map(b"secret", ATTEMPT, [(1, controls_of(content, SLOT))])


def c(letter: str) -> str:
    return f"CANARY-{letter}"


def test_every_kind_is_here():
    assert all(kind_of(interaction) == kind for kind, interaction in EVERY.items())
    assert len(EVERY) == 20


@pytest.mark.parametrize(
    ("kind", "control", "values"),
    [
        ("choice", ControlKind.CHOICE, 2),
        ("order", ControlKind.ORDER, 3),
        ("associate", ControlKind.PAIR, 2),
        ("match", ControlKind.PAIR, 2),
        ("inline-choice", ControlKind.PICK, 1),
        ("gap-match", ControlKind.PAIR, 6),
        ("hottext", ControlKind.PICK, 2),
        ("text-entry", ControlKind.TEXT, 1),
        ("extended-text", ControlKind.TEXT, 3),
        ("hotspot", ControlKind.CHOICE, 1),
        ("select-point", ControlKind.POINT, 2),
        ("graphic-order", ControlKind.ORDER, 2),
        ("graphic-associate", ControlKind.PAIR, 9),
        ("graphic-gap-match", ControlKind.PAIR, 4),
        ("position-object", ControlKind.POINT, 1),
        ("slider", ControlKind.NUMBER, 1),
        ("upload", ControlKind.FILE, 1),
        ("drawing", ControlKind.FILE, 1),
        ("media", ControlKind.COUNT, 1),
        ("end-attempt", ControlKind.FLAG, 1),
    ],
)
def test_each_interaction_has_its_control(kind, control, values):
    (made,) = controls_of(content_of(kind), SLOT)
    assert (made.kind, made.values) == (control, values)


def test_points_without_a_limit_have_one():
    content = content_of("select-point")
    endless = SelectPointInteraction(response="R", picture=PICTURE, max_choices=0)
    (made,) = controls_of(ItemContent(**fields(content) | {"interactions": (endless,)}), SLOT)
    assert made.values == MOST_POINTS


def fields(content: ItemContent) -> dict[str, object]:
    return {name: getattr(content, name) for name in content.__slots__}


@pytest.mark.parametrize("kind", EVERY)
def test_a_map_reads_back_from_its_bytes(kind):
    made = map_of(content_of(kind))
    assert choice_map_from(canonical.decode(canonical.encode(made.to_document()))) == made


def test_a_map_of_an_earlier_version_reads_as_it_was():
    document = {
        "format": "choice-map/1",
        "slots": [[1, [["R", "choice", 1, [["k3x9a2", "A"]]], ["N", "number", 1, []]]]],
    }
    read = choice_map_from(document)
    assert read.responses_to_canonical(1, {"R": ("k3x9a2",), "N": ("3",)}) == {"R": ("A",), "N": ("3",)}


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """A kind, and an admissible response in canonical ids."""
    kind = draw(st.sampled_from(sorted(EVERY)))
    (control,) = controls_of(content_of(kind), SLOT)
    if control.kind is ControlKind.PAIR:
        one, other = control.choices, control.targets or control.choices
        # No identifier twice, so that no limit is broken.
        firsts = draw(st.permutations(one))
        seconds = [
            name for name in draw(st.permutations(other)) if control.targets or name not in firsts[: len(one) // 2]
        ]
        most = min(control.values, len(one) // (1 if control.targets else 2), len(seconds))
        count = draw(st.integers(0, most))
        return kind, tuple(f"{a} {b}" for a, b in zip(firsts[:count], seconds[:count], strict=True))
    if control.choices:
        return kind, tuple(draw(st.permutations(control.choices)))[: draw(st.integers(0, control.values))]
    if control.kind is ControlKind.FILE:
        return kind, tuple(draw(st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), max_size=1)))
    return kind, tuple(draw(st.lists(st.text(max_size=20), max_size=control.values)))


@given(answers())
def test_canonical_to_opaque_to_canonical_is_the_identity(answer):
    kind, values = answer
    made = map_of(content_of(kind))
    opaque = made.responses_to_opaque(1, {"R": values})
    assert made.responses_to_canonical(1, {"R": tuple(opaque["R"])}) == {"R": values}
    assert "CANARY" not in "".join(opaque["R"]) or not made.slots[1]["R"].canonical


def opaque(made: ChoiceMap, *values: str) -> dict[str, tuple[str, ...]]:
    return {"R": tuple(made.responses_to_opaque(1, {"R": values})["R"])}


@pytest.mark.parametrize(
    ("kind", "values", "refusal"),
    [
        ("choice", (c("A"), c("B"), c("C")), TooManyChoices),
        ("order", (c("A"), c("A")), TooManyChoices),
        ("associate", (f"{c('A')} {c('B')}", f"{c('B')} {c('A')}"), TooManyChoices),
        ("associate", (f"{c('A')} {c('B')}", f"{c('A')} {c('C')}"), PairedTooOften),
        ("match", (f"{c('A')} {c('C')}", f"{c('A')} {c('D')}"), PairedTooOften),
        ("match", (f"{c('A')} {c('C')}",) * 2, TooManyChoices),
        ("gap-match", (f"{c('A')} {c('G1')}", f"{c('B')} {c('G1')}"), PairedTooOften),
        ("gap-match", (f"{c('A')} {c('G1')}", f"{c('A')} {c('G2')}"), PairedTooOften),
        ("graphic-gap-match", (f"{c('A')} {c('C')}", f"{c('B')} {c('C')}"), PairedTooOften),
        ("select-point", ("1 2", "3 4", "5 6"), TooManyChoices),
        ("extended-text", ("a", "b", "c", "d"), TooManyChoices),
        ("upload", ("not-a-digest",), UnknownFile),
    ],
)
def test_what_goes_over_a_limit_is_refused(kind, values, refusal):
    made = map_of(content_of(kind))
    with pytest.raises(refusal):
        made.responses_to_canonical(1, opaque(made, *values))


def test_pairs_stand_the_right_way_round():
    made = map_of(content_of("match"))
    source, target = opaque(made, f"{c('A')} {c('C')}")["R"][0].split()
    for wrong in (f"{target} {source}", source, f"{source} {target} {target}", f"{c('A')} {c('C')}", ""):
        with pytest.raises(UnknownChoice):
            made.responses_to_canonical(1, {"R": (wrong,)})


@pytest.mark.parametrize("kind", ["text-entry", "extended-text", "slider", "select-point"])
@given(typed=st.text(max_size=30))
def test_what_was_typed_is_never_refused_for_its_form(kind, typed):
    made = map_of(content_of(kind))
    assert made.responses_to_canonical(1, {"R": (typed,)}) == {"R": (typed,)}
