"""An interaction of the item editor as its template sees it: its inputs, and what an answer may be."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from cbt.kernel.web.filters import title_text
from itembank.core.documents import INTERACTIONS, kind_of
from itembank.core.interactions import TextEntryInteraction
from itembank.core.item_form_key import TICKED, has_answers, paired, sides
from itembank.core.item_form_parts import Group, Leaf, Part, Rows, parts_of
from itembank.core.item_form_tree import Tree, rows_of, text_of
from itembank.core.items import ItemContent
from itembank.core.keys import Feedback
from itembank.core.labels import labels_of
from itembank.core.records import Area
from itembank.web.access import routes
from itembank.web.item_words import option_words

_FIRST: Final = frozenset(
    {"prompt", "content", "choices", "sources", "targets", "picture", "stage", "hotspots", "images", "shuffle"}
    | {"max_choices", "max_associations", "lower", "upper", "step", "expected_lines", "media_types", "title"}
    | {"max_plays", "sha256", "media_type"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionView:
    """One interaction: fields that everybody needs, the others, and the lists that answers are picked from."""

    kind: str
    number: int
    where: str
    fields: Tree
    first: tuple[Part, ...]
    others: tuple[Part, ...]
    ticked: str
    is_typed: bool
    is_picked: bool
    is_paired: bool
    is_media: bool
    lefts: tuple[tuple[str, str], ...]
    rights: tuple[tuple[str, str], ...]


def interaction_views(tree: Tree, content: ItemContent) -> tuple[InteractionView, ...]:
    """Return the interactions in their order; `content` is what was read of the fields."""
    rows = [row for row in rows_of(tree, "i") if text_of(row, "kind") in INTERACTIONS]
    labels = labels_of(content)
    views = []
    for number, (row, one) in enumerate(zip(rows, content.interactions, strict=True)):
        parts = parts_of(type(one))
        lefts, rights = sides(one)
        views.append(
            InteractionView(
                kind=kind_of(one),
                number=number,
                where=f"i-{number}",
                fields=row,
                first=tuple(part for part in parts if part.name in _FIRST),
                others=tuple(part for part in parts if part.name not in _FIRST),
                ticked=TICKED.get(type(one), ""),
                is_typed=isinstance(one, TextEntryInteraction),
                is_picked=has_answers(one),
                is_paired=paired(one),
                is_media=kind_of(one) == "media",
                lefts=tuple((name, labels.get(name, "")) for name in lefts),
                rights=tuple((name, labels.get(name, "")) for name in rights),
            )
        )
    return tuple(views)


@routes.app_template_filter("shape_of")
def shape_of(part: Part) -> str:
    """Return which macro draws a part."""
    match part:
        case Rows():
            return "rows"
        case Group():
            return "picture" if any(one.name == "sha256" for one in part.parts) else "group"
        case Leaf():
            return str(part.input)


@routes.app_template_filter("choices_of")
def choices_of(made: Any) -> list[tuple[str, str]]:
    """Return the values of an enumeration with their words."""
    return [(str(one), option_words(str(one))) for one in made]


@routes.app_template_filter("option_pair")
def option_pair(value: str) -> tuple[str, str]:
    """Return a value with its words."""
    return value, option_words(value)


@routes.app_template_filter("as_pair")
def as_pair(value: str) -> tuple[str, str]:
    """Return a value that is its own word."""
    return value, value


@routes.app_template_filter("area_pair")
def area_pair(area: Area) -> tuple[str, str]:
    """Return a content area as a list offers it."""
    title = title_text(area.title)
    return area.code, area.code if title == area.code else f"{area.code} {title}"


@routes.app_template_filter("feedback_rows")
def feedback_rows(name: str) -> Rows:
    """Return the rows of an item's feedback."""
    return Rows(name=name, made=Feedback, parts=parts_of(Feedback))


@routes.app_template_global("editor_words")
def editor_words() -> dict[str, str]:
    """Return the words of the editor's script."""
    return {
        "bold": _("Bold"),
        "italic": _("Italic"),
        "sub": _("Subscript"),
        "sup": _("Superscript"),
        "list": _("List"),
        "table": _("Table"),
        "code": _("Code"),
        "formula": _("Formula (LaTeX)"),
        "picture": _("Picture"),
        "place": _("Place of an answer"),
        "gap": _("Gap"),
        "hottext": _("Can be chosen"),
        "tools": _("Format the text"),
        "alt": _("What does the picture show, in words?"),
        "uploading": _("The picture is being uploaded"),
        "failed": _("The picture was not uploaded."),
        "large": _("The file is too large: 5 MiB at most."),
    }
