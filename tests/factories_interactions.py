"""One interaction of every kind, with identifiers that would be seen if they got out."""

from itembank.core import interactions as qti
from itembank.core.items import ItemContent
from itembank.core.qti.shapes import Area, Shape
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration

PICTURE = qti.Picture(sha256="ab" * 32, width=400, height=300, alt="a map")
TYPES = {
    "associate": BaseType.PAIR,
    "graphic-associate": BaseType.PAIR,
    "match": BaseType.DIRECTED_PAIR,
    "gap-match": BaseType.DIRECTED_PAIR,
    "graphic-gap-match": BaseType.DIRECTED_PAIR,
    "select-point": BaseType.POINT,
    "position-object": BaseType.POINT,
    "slider": BaseType.FLOAT,
    "text-entry": BaseType.STRING,
    "extended-text": BaseType.STRING,
    "upload": BaseType.FILE,
    "drawing": BaseType.FILE,
    "media": BaseType.INTEGER,
    "end-attempt": BaseType.BOOLEAN,
}


def choices(*letters: str, match_max: int = 1) -> tuple[qti.Choice, ...]:
    return tuple(
        qti.Choice(identifier=f"CANARY-{letter}", content=f"option {letter}", match_max=match_max) for letter in letters
    )


def hotspots(*letters: str, match_max: int = 1) -> tuple[qti.Hotspot, ...]:
    return tuple(
        qti.Hotspot(
            identifier=f"CANARY-{letter}",
            area=Area(shape=Shape.CIRCLE, coords=(50 * place, 40, 20)),
            label=f"place {letter}",
            match_max=match_max,
        )
        for place, letter in enumerate(letters, 1)
    )


GAPS = '<p>one <span data-gap="CANARY-G1"></span> two <span data-gap="CANARY-G2"></span></p>'
WORDS = (
    '<p><span data-hottext="CANARY-H1">one <span>and</span> two</span> <span data-hottext="CANARY-H2">three</span></p>'
)
EVERY: dict[str, qti.Interaction] = {
    "choice": qti.ChoiceInteraction(response="R", choices=choices("A", "B", "C"), max_choices=2),
    "order": qti.OrderInteraction(response="R", choices=choices("A", "B", "C")),
    "associate": qti.AssociateInteraction(response="R", choices=choices("A", "B", "C", "D"), max_associations=2),
    "match": qti.MatchInteraction(
        response="R", sources=choices("A", "B"), targets=choices("C", "D", match_max=0), max_associations=2
    ),
    "inline-choice": qti.InlineChoiceInteraction(response="R", choices=choices("A", "B")),
    "gap-match": qti.GapMatchInteraction(
        response="R", content=GAPS, gaps=("CANARY-G1", "CANARY-G2"), choices=choices("A", "B", "C")
    ),
    "hottext": qti.HottextInteraction(response="R", content=WORDS, hottexts=("CANARY-H1", "CANARY-H2"), max_choices=0),
    "text-entry": qti.TextEntryInteraction(response="R", classes=("qti-input-width-6",)),
    "extended-text": qti.ExtendedTextInteraction(response="R", max_strings=3, classes=("qti-height-lines-3",)),
    "hotspot": qti.HotspotInteraction(
        response="R", picture=PICTURE, hotspots=hotspots("A", "B"), prompt="<p>Where?</p>"
    ),
    "select-point": qti.SelectPointInteraction(response="R", picture=PICTURE, max_choices=2),
    "graphic-order": qti.GraphicOrderInteraction(
        response="R", picture=PICTURE, hotspots=hotspots("A", "B", "C"), max_choices=2
    ),
    "graphic-associate": qti.GraphicAssociateInteraction(
        response="R", picture=PICTURE, hotspots=hotspots("A", "B", "C", match_max=0), max_associations=0
    ),
    "graphic-gap-match": qti.GraphicGapMatchInteraction(
        response="R",
        picture=PICTURE,
        hotspots=hotspots("C", "D"),
        choices=choices("A"),
        images=(qti.GapImage(identifier="CANARY-B", picture=PICTURE),),
    ),
    "position-object": qti.PositionObjectInteraction(response="R", stage=PICTURE, picture=PICTURE, center=(5, 5)),
    "slider": qti.SliderInteraction(response="R", lower="0", upper="10", step="0.5", vertical=True),
    "upload": qti.UploadInteraction(response="R", media_types=("text/plain", "image/*")),
    "drawing": qti.DrawingInteraction(response="R", picture=PICTURE),
    "media": qti.MediaInteraction(response="R", sha256="cd" * 32, media_type="audio/wav", max_plays=2),
    "end-attempt": qti.EndAttemptInteraction(response="R", title="Show me a hint"),
}


def content_of(kind: str, *, place: str = "div") -> ItemContent:
    """An item with the interaction of that kind alone."""
    interaction = EVERY[kind]
    declared = ResponseDeclaration(
        identifier="R", cardinality=_cardinality(kind), base_type=TYPES.get(kind, BaseType.IDENTIFIER)
    )
    return ItemContent(
        title="an item",
        language="en",
        body=f'<p>Stem.</p><{place} data-interaction="R"></{place}>',
        declarations=(declared,),
        interactions=(interaction,),
    )


def _cardinality(kind: str) -> Cardinality:
    if kind in {"order", "graphic-order"}:
        return Cardinality.ORDERED
    single = {"inline-choice", "text-entry", "position-object", "slider", "upload", "drawing", "media", "end-attempt"}
    return Cardinality.SINGLE if kind in single else Cardinality.MULTIPLE
