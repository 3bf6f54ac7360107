"""The interactions of QTI: how a response is given. Places, identifiers and pictures; never what is right.

HTML in here is sanitized. Marks inside it say where a part stands: `<span data-gap="G1"></span>` in the text of a gap
match, `<span data-hottext="H1">words</span>` in that of a hottext. Numbers of choices: 0 means as many as there are.
"""

from dataclasses import dataclass
from typing import TypeAlias

from itembank.core.qti.shapes import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option: `identifier` is canonical (stored and scored), `content` sanitized HTML; pinned keeps its place.

    `match_max` and `match_min` say in how many pairs it may and must stand, where options are paired.
    """

    identifier: str
    content: str
    pinned: bool = False
    match_max: int = 1
    match_min: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture by the SHA-256 of its bytes (hex), its size in the pixels that coordinates count, and its words."""

    sha256: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """A part of a picture that can be chosen; `label` is what it is called for who does not see it."""

    identifier: str
    area: Area
    label: str = ""
    match_max: int = 1
    match_min: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GapImage:
    """A picture that is laid into a gap or onto a hotspot."""

    identifier: str
    picture: Picture
    match_max: int = 1
    match_min: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interaction:
    """What every interaction has: its response variable, a prompt (HTML) and QTI's own words for its look."""

    response: str
    prompt: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceInteraction(_Interaction):
    """Options to choose from; `max_choices` 1 makes it a single choice."""

    choices: tuple[Choice, ...]
    max_choices: int = 1
    min_choices: int = 0
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInteraction(_Interaction):
    """Options to put in order; with `max_choices` only some of them need to be."""

    choices: tuple[Choice, ...]
    max_choices: int = 0
    min_choices: int = 0
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateInteraction(_Interaction):
    """Options to pair with each other."""

    choices: tuple[Choice, ...]
    max_associations: int = 1
    min_associations: int = 0
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchInteraction(_Interaction):
    """Options of one set to pair with those of another."""

    sources: tuple[Choice, ...]
    targets: tuple[Choice, ...]
    max_associations: int = 1
    min_associations: int = 0
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineChoiceInteraction(_Interaction):
    """A list inside a line, to choose one option from."""

    choices: tuple[Choice, ...]
    required: bool = False
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GapMatchInteraction(_Interaction):
    """A text with gaps, and what may be put into them."""

    content: str
    gaps: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    images: tuple[GapImage, ...] = ()
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HottextInteraction(_Interaction):
    """A text in which marked words can be chosen."""

    content: str
    hottexts: tuple[str, ...]
    max_choices: int = 1
    min_choices: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEntryInteraction(_Interaction):
    """A line to type into; `expected_length` is a width in characters, not a limit."""

    expected_length: int = 20
    placeholder_hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedTextInteraction(_Interaction):
    """A field for a longer text; `max_strings` over 1 asks for several, `preformatted` keeps its spaces."""

    expected_length: int = 0
    expected_lines: int = 0
    max_strings: int = 1
    min_strings: int = 0
    placeholder_hint: str = ""
    preformatted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotInteraction(_Interaction):
    """Parts of a picture to choose from."""

    picture: Picture
    hotspots: tuple[Hotspot, ...]
    max_choices: int = 1
    min_choices: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectPointInteraction(_Interaction):
    """A picture on which points are set."""

    picture: Picture
    max_choices: int = 1
    min_choices: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicOrderInteraction(_Interaction):
    """Parts of a picture to put in order."""

    picture: Picture
    hotspots: tuple[Hotspot, ...]
    max_choices: int = 0
    min_choices: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicAssociateInteraction(_Interaction):
    """Parts of a picture to pair with each other."""

    picture: Picture
    hotspots: tuple[Hotspot, ...]
    max_associations: int = 1
    min_associations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicGapMatchInteraction(_Interaction):
    """Texts and pictures to lay onto parts of a picture."""

    picture: Picture
    hotspots: tuple[Hotspot, ...]
    choices: tuple[Choice, ...] = ()
    images: tuple[GapImage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionObjectInteraction(_Interaction):
    """A small picture to place on a large one; `center` is the point of the small one that counts, in its pixels."""

    stage: Picture
    picture: Picture
    center: tuple[int, int] = (0, 0)
    max_choices: int = 1
    min_choices: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SliderInteraction(_Interaction):
    """A number on a scale; bounds and step are decimal text, as exact as their author wrote them."""

    lower: str
    upper: str
    step: str = "1"
    step_label: bool = False
    vertical: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadInteraction(_Interaction):
    """A file of the candidate's; `media_types` says which kinds, none means any."""

    media_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingInteraction(_Interaction):
    """A picture to draw on."""

    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInteraction(_Interaction):
    """Sound, film or picture to attend to; the response counts how often it was played."""

    sha256: str
    media_type: str
    width: int = 0
    height: int = 0
    autostart: bool = False
    loop: bool = False
    min_plays: int = 0
    max_plays: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAttemptInteraction(_Interaction):
    """A button that ends one attempt at the item, or asks for a hint."""

    title: str
    count_attempt: bool = True


Interaction: TypeAlias = (
    ChoiceInteraction
    | OrderInteraction
    | AssociateInteraction
    | MatchInteraction
    | InlineChoiceInteraction
    | GapMatchInteraction
    | HottextInteraction
    | TextEntryInteraction
    | ExtendedTextInteraction
    | HotspotInteraction
    | SelectPointInteraction
    | GraphicOrderInteraction
    | GraphicAssociateInteraction
    | GraphicGapMatchInteraction
    | PositionObjectInteraction
    | SliderInteraction
    | UploadInteraction
    | DrawingInteraction
    | MediaInteraction
    | EndAttemptInteraction
)
