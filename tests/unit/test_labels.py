"""What the identifiers of an item are called when a person reads its key."""

from itembank.core.interactions import (
    Choice,
    GapMatchInteraction,
    Hotspot,
    HotspotInteraction,
    HottextInteraction,
    MatchInteraction,
    Picture,
)
from itembank.core.items import ItemContent
from itembank.core.labels import in_words, labels_of
from itembank.core.qti.shapes import Area, Shape

HEART = Hotspot(identifier="H", area=Area(shape=Shape.RECT, coords=(0, 0, 9, 9)), label="Heart")


def content(*interactions) -> ItemContent:
    return ItemContent(title="T", language="en", body="", declarations=(), interactions=interactions)


def test_options_places_and_marked_words_have_their_words():
    match = MatchInteraction(
        response="R1",
        sources=(Choice(identifier="A", content="<b>Seoul</b>"),),
        targets=(Choice(identifier="B", content="Korea"),),
    )
    gaps = GapMatchInteraction(
        response="R2", content="", gaps=("G1", "G2"), choices=(Choice(identifier="C", content="x" * 80),)
    )
    words = HottextInteraction(response="R3", content='a <span data-hottext="W">quick</span> fox', hottexts=("W",))
    spots = HotspotInteraction(response="R4", picture=Picture(sha256="", width=9, height=9), hotspots=(HEART,))
    labels = labels_of(content(match, gaps, words, spots))
    assert labels == {
        "A": "Seoul", "B": "Korea", "G1": "(1)", "G2": "(2)", "C": f"{'x' * 59}…", "W": "quick", "H": "Heart",
    }  # fmt: skip
    assert in_words("A B", labels) == "Seoul → Korea"
    assert in_words("C G2", labels).endswith("→ (2)")
    assert (in_words("12 34", labels), in_words("", labels)) == ("12 34", "")
