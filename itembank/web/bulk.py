"""Changes of many items at once, from the list of a bank."""

from typing import Final
from urllib.parse import parse_qsl

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cbt.kernel.errors import InvalidInput, status_of
from cbt.kernel.web.context import runtime
from cbt.people.core.inputs import InputRefused
from cbt.people.web import actor, current_staff
from itembank.core.bulk import (
    AddEnemy,
    BulkAct,
    MoveTo,
    PutIntoArea,
    RemoveEnemy,
    SetField,
    SetLevel,
    SetTime,
)
from itembank.core.records import ItemStatus
from itembank.services.banks import get_bank
from itembank.services.bulk import change_items, codes_of
from itembank.web.access import routes, status_words, writers
from itembank.web.banks import bank_page
from itembank.web.finding import address_of, read_query

_MOST_ARGUMENTS: Final = 300
_LONGEST_NUMBER: Final = 6


class NoSuchAct(InvalidInput):
    """Choose what to do with the items."""

    code = "no-such-act"


@routes.post("/admin/banks/<code>/items")
@writers
def bulk(code: str) -> ResponseReturnValue:
    """Change the chosen items, or all that the list has found."""
    query = read_query(MultiDict(parse_qsl(request.form.get("query", "")[:8000])[:_MOST_ARGUMENTS]))
    rt, staff = runtime(), current_staff()
    try:
        act = _act()
        chosen = codes_of(rt, code, query) if request.form.get("found") == "all" else request.form.getlist("item")
        report = change_items(rt, code, chosen, act, by=actor(), roles=staff.roles)
    except InputRefused as refused:
        return bank_page(code, query, {"act": _(refused.problems[0].hint)}), status_of(refused)
    except InvalidInput as refused:
        return bank_page(code, query, {"act": _(refused.message)}), status_of(refused)
    back = url_for("itembank.bank", code=code, **address_of(query))
    return render_template("itembank/bulk.html", bank=get_bank(rt, code), report=report, back=back, deed=_deed(act))


def _act() -> BulkAct:
    name, value = request.form.get("act", ""), request.form.get("value", "").strip()
    kind, _dash, rest = name.partition("-")
    states = {state.value: state for state in ItemStatus}
    if kind == "move" and rest in states:
        return MoveTo(to=states[rest], words=request.form.get("words", ""))
    if kind == "field" and rest:
        return SetField(code=rest, value=value)
    if name == "area":
        return PutIntoArea(area=request.form.get("area", ""))
    return _known_act(name, value)


def _known_act(name: str, value: str) -> BulkAct:
    match name:
        case "level":
            return SetLevel(level=value)
        case "time":
            return SetTime(seconds=_seconds(value))
        case "enemy-add":
            return AddEnemy(label=value)
        case "enemy-remove":
            return RemoveEnemy(label=value)
        case _:
            raise NoSuchAct


def _seconds(value: str) -> int | None:
    if not value:
        return None
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _LONGEST_NUMBER else -1


def _deed(act: BulkAct) -> str:
    """Return what was done, as a title."""
    words = ""
    match act:
        case MoveTo():
            words = _("State: %(state)s", state=status_words(act.to))
        case PutIntoArea():
            words = _("Content area: %(area)s", area=act.area)
        case SetLevel():
            words = _("Level: %(level)s", level=act.level or "—")
        case SetTime():
            words = _("Time estimate: %(seconds)s s", seconds=act.seconds or "—")
        case AddEnemy():
            words = _("Into the enemy set %(label)s", label=act.label)
        case RemoveEnemy():
            words = _("Out of the enemy set %(label)s", label=act.label)
        case SetField():
            words = _("%(field)s: %(value)s", field=act.code, value=act.value or "—")
    return str(words)
