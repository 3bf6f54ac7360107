"""Versions of an item side by side, and the items that read like it."""

from flask import render_template, request
from flask_babel import gettext as _

from cbt.kernel.web.context import runtime
from cbt.people.web import actor
from itembank.core.records import NoSuchItem
from itembank.core.review_log import SeenHow
from itembank.services.comparing import compare_versions
from itembank.services.duplicates import duplicates_of
from itembank.services.pages import look_at_item
from itembank.services.reviewing import note_seen
from itembank.web.access import mark_words, readers, routes
from itembank.web.items import MOST_VERSIONS


@routes.get("/admin/banks/<code>/items/<item_code>/compare")
@readers
def item_compare(code: str, item_code: str) -> str:
    """Show two versions of an item side by side: those named, else the newest one and the one before it."""
    numbers = [one.number for one in look_at_item(runtime(), code, item_code).versions]
    newer = _asked("newer", numbers[0])
    older = _asked("older", max((one for one in numbers if one < newer), default=numbers[-1]))
    sides = compare_versions(runtime(), code, item_code, (older, newer), mark_words)
    for version in {sides.older.id, sides.newer.id}:
        note_seen(runtime(), version, by=actor(), how=SeenHow.COMPARISON)
    groups = (
        (_("Item text"), sides.text),
        (_("Options"), sides.options),
        (_("Key"), sides.key),
        (_("About this item"), sides.facts),
    )
    return render_template("itembank/compare.html", sides=sides, groups=groups)


@routes.get("/admin/banks/<code>/items/<item_code>/alike")
@readers
def item_alike(code: str, item_code: str) -> str:
    """List the items that read like this one."""
    return render_template("itembank/alike.html", found=duplicates_of(runtime(), code, item_code))


@routes.app_template_filter("part_words")
def part_words(name: str) -> str:
    """Return what a compared part of an item is called."""
    kind, _blank, rest = name.partition(" ")
    names = {
        "title": _("Title"),
        "stimulus": _("Shared stimulus"),
        "body": _("Question"),
        "prompt": _("Prompt"),
        "program": _("Program"),
        "feedback": _("Feedback"),
        "explanation": _("Explanation"),
        "references": _("References"),
        "language": _("Language"),
        "difficulty": _("Difficulty (logit)"),
        "option": _("Option"),
        "right": _("Right answer"),
        "area": _("Content area"),
        "answer": _("Kind of answer"),
        "figure": _("Figure"),
    }
    return f"{names[kind]} {rest}".strip() if kind in names else name


def _asked(name: str, otherwise: int) -> int:
    number = request.args.get(name, otherwise, type=int)
    if not 0 < number <= MOST_VERSIONS:
        raise NoSuchItem
    return number
