"""The routes of this package, who may use them, and how its templates name what they show."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint as Routes
from flask_babel import gettext as _

from cbt.kernel.web.filters import DEFAULT_ZONE, date_text
from cbt.kernel.web.language import language
from cbt.people.core.actors import Role
from cbt.people.web import staff_required
from itembank.core.marks import AnswerKind, Feature, Mark, Scoring
from itembank.core.records import ItemStatus
from itembank.core.review_log import SeenHow
from itembank.core.supply import Cover, Verdict

routes = Routes("itembank", __name__)
readers: Final = staff_required(Role.ADMIN, Role.AUTHOR, Role.AUDITOR)
writers: Final = staff_required(Role.ADMIN, Role.AUTHOR)
_WRITTEN: Final = frozenset({ItemStatus.DRAFT, ItemStatus.REWORK})


@routes.app_template_filter("day")
def day_words(at: datetime) -> str:
    """Return the date of an instant, short enough for a column."""
    day = at.astimezone(ZoneInfo(DEFAULT_ZONE)).date()
    return date_text(day) if language() == "ko" else str(format_date(day, "d MMM y", locale="en"))


@routes.app_template_filter("points")
def plain_points(points: Decimal) -> str:
    """Return points without zeros at their end."""
    return f"{points.normalize():f}"


@routes.app_template_filter("status_words")
def status_words(status: ItemStatus) -> str:
    """Return the name of a state of an item."""
    names: dict[ItemStatus, str] = {
        ItemStatus.DRAFT: _("Draft"),
        ItemStatus.REVIEW: _("In review"),
        ItemStatus.REWORK: _("Back to the author"),
        ItemStatus.APPROVED: _("Approved"),
        ItemStatus.BLOCKED: _("Blocked"),
        ItemStatus.RETIRED: _("Retired"),
    }
    return names[status]


@routes.app_template_filter("zip_same")
def zip_same(values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return choices that are their own words, as a select wants them."""
    return [(value, value) for value in values]


@routes.app_template_filter("state_words")
def state_words(name: str) -> str:
    """Return the name of a state that a template names by its code."""
    return status_words(ItemStatus(name))


@routes.app_template_filter("move_words")
def move_words(to: ItemStatus, start: ItemStatus) -> str:
    """Return what the button says that moves an item from state `start` to state `to`."""
    names: dict[ItemStatus, str] = {
        ItemStatus.DRAFT: _("Back to draft"),
        ItemStatus.REVIEW: _("Hand in for review") if start in _WRITTEN else _("Review again"),
        ItemStatus.REWORK: _("Give back"),
        ItemStatus.APPROVED: _("Approve"),
        ItemStatus.BLOCKED: _("Block"),
        ItemStatus.RETIRED: _("Retire"),
    }
    return names[to]


@routes.app_template_filter("seen_words")
def seen_words(how: SeenHow) -> str:
    """Return how somebody came to see an item."""
    names: dict[SeenHow, str] = {
        SeenHow.PAGE: _("On its page"),
        SeenHow.PREVIEW: _("In a preview"),
        SeenHow.COMPARISON: _("In a comparison"),
        SeenHow.EXPORT: _("In a file"),
    }
    return names[how]


@routes.app_template_filter("mark_words")
def mark_words(mark: Mark) -> str:
    """Return the name of what an item shows, of how it is answered, or of who scores it."""
    names: dict[Mark, str] = {
        Feature.PLAIN: _("Words"),
        Feature.FIGURE: _("Figure"),
        Feature.TABLE: _("Table"),
        Feature.CODE: _("Code"),
        Feature.FORMULA: _("Formula"),
        AnswerKind.SINGLE: _("One option"),
        AnswerKind.MULTIPLE: _("Several options"),
        AnswerKind.INLINE_CHOICE: _("List in a line"),
        AnswerKind.TEXT: _("Text"),
        AnswerKind.NUMBER: _("A number"),
        AnswerKind.EXTENDED_TEXT: _("Long text"),
        AnswerKind.ORDER: _("Order"),
        AnswerKind.ASSOCIATE: _("Pairs"),
        AnswerKind.MATCH: _("Matching"),
        AnswerKind.GAP_MATCH: _("Words into gaps"),
        AnswerKind.HOTTEXT: _("Words in a text"),
        AnswerKind.SLIDER: _("Slider"),
        AnswerKind.HOTSPOT: _("Part of a picture"),
        AnswerKind.SELECT_POINT: _("Point in a picture"),
        AnswerKind.GRAPHIC_ORDER: _("Order in a picture"),
        AnswerKind.GRAPHIC_ASSOCIATE: _("Pairs in a picture"),
        AnswerKind.GRAPHIC_GAP_MATCH: _("Labels on a picture"),
        AnswerKind.POSITION_OBJECT: _("Object on a picture"),
        AnswerKind.UPLOAD: _("File"),
        AnswerKind.DRAWING: _("Drawing"),
        AnswerKind.MEDIA: _("Sound or film"),
        AnswerKind.END_ATTEMPT: _("Button"),
        Scoring.RULES: _("Rules"),
        Scoring.PERSON: _("A person"),
    }
    return names[mark]


@routes.app_template_filter("verdict_words")
def verdict_words(cover: Cover) -> str:
    """Return the judgement on one cell."""
    match cover.verdict:
        case Verdict.PLENTY:
            return str(_("Plenty"))
        case Verdict.TIGHT:
            return str(_("Tight"))
        case Verdict.SHORT:
            return str(_("%(number)s missing", number=cover.missing))
        case Verdict.UNKNOWN_AREA:
            return str(_("No such area"))
