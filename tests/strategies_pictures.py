"""Hypothesis strategies: interactions on pictures, and those that no simple rule scores."""

from hypothesis import strategies as st

from itembank.core import interactions as qti
from itembank.core.keys import (
    MatchCorrect,
)
from itembank.core.qti.shapes import Area, Shape
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.parsed import Asset
from tests.strategies_parts import PICTURES, SOUND, Part, identifiers, picture_of, prompt_of

AREAS = (
    Area(shape=Shape.RECT, coords=(0, 0, 10, 10)),
    Area(shape=Shape.CIRCLE, coords=(20, 15, 5)),
    Area(shape=Shape.POLY, coords=(30, 0, 39, 0, 35, 10)),
    Area(shape=Shape.ELLIPSE, coords=(30, 20, 4, 3)),
)


@st.composite
def _hotspots(draw: st.DrawFn) -> tuple[qti.Hotspot, ...]:
    names = draw(identifiers(3, 4))
    return tuple(
        qti.Hotspot(identifier=name, area=area, label=draw(st.sampled_from(["", "left part"])))
        for name, area in zip(names, AREAS, strict=False)
    )


@st.composite
def graphic(draw: st.DrawFn, name: str) -> Part:
    """Return an interaction on hotspots that rules can score."""
    spots, picture = draw(_hotspots()), picture_of(PICTURES[0], draw(st.sampled_from(["a circuit", "회로"])))
    first, second, third = (one.identifier for one in spots[:3])
    ordered = tuple(draw(st.permutations([one.identifier for one in spots])))
    prompt = prompt_of(draw)
    made: list[tuple[qti.Interaction, Cardinality, BaseType, tuple[str, ...]]] = [
        (
            qti.HotspotInteraction(response=name, prompt=prompt, picture=picture, hotspots=spots, max_choices=0),
            Cardinality.MULTIPLE,
            BaseType.IDENTIFIER,
            (first, second),
        ),
        (
            qti.GraphicOrderInteraction(response=name, prompt=prompt, picture=picture, hotspots=spots),
            Cardinality.ORDERED,
            BaseType.IDENTIFIER,
            ordered,
        ),
        (
            qti.GraphicAssociateInteraction(
                response=name, prompt=prompt, picture=picture, hotspots=spots, max_associations=2
            ),
            Cardinality.MULTIPLE,
            BaseType.PAIR,
            (f"{first} {third}",),
        ),
        (
            qti.GraphicGapMatchInteraction(
                response=name,
                prompt=prompt,
                picture=picture,
                hotspots=spots,
                choices=(qti.Choice(identifier="GT", content="words"),),
                images=(qti.GapImage(identifier="GI", picture=picture_of(PICTURES[2], "")),),
            ),
            Cardinality.MULTIPLE,
            BaseType.DIRECTED_PAIR,
            (f"GT {first}", f"GI {second}"),
        ),
    ]
    interaction, cardinality, base_type, correct = draw(st.sampled_from(made))
    return Part(
        interaction=interaction,
        cardinality=cardinality,
        base_type=base_type,
        rule=MatchCorrect(correct=correct),
        right=correct,
        assets=(PICTURES[0], PICTURES[2]) if isinstance(interaction, qti.GraphicGapMatchInteraction) else PICTURES[:1],
    )


@st.composite
def open_ended(draw: st.DrawFn, name: str) -> Part:
    """Return an interaction that no simple rule scores."""
    picture = picture_of(PICTURES[0], "a map")
    one, many = Cardinality.SINGLE, Cardinality.MULTIPLE
    text = qti.ExtendedTextInteraction(
        response=name, prompt=prompt_of(draw), expected_lines=draw(st.integers(0, 9)), preformatted=draw(st.booleans())
    )
    made: list[tuple[qti.Interaction, Cardinality, BaseType, tuple[str, ...], tuple[Asset, ...]]] = [
        (text, one, BaseType.STRING, ("words",), ()),
        (
            qti.SelectPointInteraction(response=name, picture=picture, max_choices=1),
            one,
            BaseType.POINT,
            ("5 5",),
            PICTURES[:1],
        ),
        (
            qti.PositionObjectInteraction(
                response=name, stage=picture, picture=picture_of(PICTURES[1], "pin"), center=(20, 15), max_choices=2
            ),
            many,
            BaseType.POINT,
            ("5 5", "9 9"),
            PICTURES[:2],
        ),
        (
            qti.SliderInteraction(
                response=name,
                lower="0",
                upper="10",
                step=draw(st.sampled_from(["1", "2"])),
                vertical=draw(st.booleans()),
            ),
            one,
            BaseType.INTEGER,
            ("4",),
            (),
        ),
        (qti.UploadInteraction(response=name, media_types=("image/png",)), one, BaseType.FILE, (), ()),
        (qti.DrawingInteraction(response=name, picture=picture), one, BaseType.FILE, (), PICTURES[:1]),
        (
            qti.MediaInteraction(
                response=name, sha256=SOUND.ref.sha256, media_type=SOUND.ref.media_type, min_plays=1, max_plays=2
            ),
            one,
            BaseType.INTEGER,
            (),
            (SOUND,),
        ),
        (qti.EndAttemptInteraction(response=name, title="Hint"), one, BaseType.BOOLEAN, (), ()),
    ]
    interaction, cardinality, base_type, right, assets = draw(st.sampled_from(made))
    return Part(
        interaction=interaction,
        cardinality=cardinality,
        base_type=base_type,
        right=right,
        block=not isinstance(interaction, qti.EndAttemptInteraction),
        assets=assets,
    )
