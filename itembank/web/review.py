"""The life of an item on its page: moving it to another state, and what people say of it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.errors import InvalidInput, status_of
from cbt.kernel.web.context import runtime
from cbt.people.core.inputs import InputRefused
from cbt.people.web import actor, current_staff
from itembank.core.records import ItemStatus, NoSuchItem
from itembank.core.review import MoveIllegal, NotTheAuthor, OwnItem
from itembank.services.reviewing import Wish, comment, move_item
from itembank.web.access import routes, status_words, writers
from itembank.web.items import MOST_VERSIONS, item_page


@routes.post("/admin/banks/<code>/items/<item_code>/move")
@writers
def item_move(code: str, item_code: str) -> ResponseReturnValue:
    """Move a version of an item to another state."""
    wish = _wish(item_code)
    try:
        move_item(runtime(), code, wish, by=actor(), roles=current_staff().roles)
    except (InvalidInput, MoveIllegal, OwnItem, NotTheAuthor) as refused:
        return item_page(code, item_code, wish.number, {"words": _(refused.message)}), status_of(refused)
    flash(_("%(item)s: %(state)s", item=item_code, state=status_words(wish.to)), "ok")
    return redirect(_address(code, item_code, wish.number), 303)


@routes.post("/admin/banks/<code>/items/<item_code>/comments")
@writers
def item_comment(code: str, item_code: str) -> ResponseReturnValue:
    """Add a comment to a version of an item."""
    number = _number()
    try:
        words = request.form.get("comment", "")
        comment(runtime(), code, item_code, number, words, by=actor(), roles=current_staff().roles)
    except InputRefused:
        return item_page(code, item_code, number, {"comment": _("Fill in this field.")}), 400
    except InvalidInput as refused:
        return item_page(code, item_code, number, {"comment": _(refused.message)}), status_of(refused)
    return redirect(_address(code, item_code, number) + "#comments", 303)


def _address(code: str, item_code: str, number: int) -> str:
    return url_for("itembank.item", code=code, item_code=item_code, version=number)


def _number() -> int:
    number = request.form.get("version", type=int)
    if number is None or not 0 < number <= MOST_VERSIONS:
        raise NoSuchItem
    return number


def _wish(item_code: str) -> Wish:
    try:
        to, seen = ItemStatus(request.form.get("to", "")), ItemStatus(request.form.get("seen", ""))
    except ValueError:
        raise MoveIllegal from None
    return Wish(item_code=item_code, number=_number(), to=to, words=request.form.get("words", ""), seen=seen)
