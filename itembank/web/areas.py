"""The tree of content areas of a bank: add, rename, move, put in order, delete when empty."""

from typing import Final

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.web.context import runtime
from cbt.people.web import Errors, actor, answer
from itembank.services.areas import add_area, change_area, drop_area, step_area, tree
from itembank.web.access import readers, routes, writers

_STEPS: Final = {"up": -1, "down": 1}


@routes.get("/admin/banks/<code>/areas")
@readers
def areas(code: str) -> str:
    """Show the tree; `area` in the address opens the inputs of one of them."""
    return _page(code, {})


@routes.post("/admin/banks/<code>/areas")
@writers
def area_new(code: str) -> ResponseReturnValue:
    """Add an area."""

    def act() -> str:
        added = add_area(runtime(), code, request.form, by=actor())
        flash(_("The content area %(area)s is there.", area=added), "ok")
        return url_for("itembank.areas", code=code)

    return answer(act, lambda errors: _page(code, errors))


@routes.post("/admin/banks/<code>/areas/<area_code>/<any(save,up,down,drop):deed>")
@writers
def area_change(code: str, area_code: str, deed: str) -> Response:
    """Rename, move, put in order or delete an area."""

    def act() -> str:
        if deed == "save":
            change_area(runtime(), code, area_code, request.form, by=actor())
        elif deed == "drop":
            drop_area(runtime(), code, area_code, by=actor())
            flash(_("The content area %(area)s is deleted.", area=area_code), "ok")
        else:
            step_area(runtime(), code, area_code, _STEPS[deed], by=actor())
        return url_for("itembank.areas", code=code)

    return answer(act, lambda errors: _page(code, errors, area_code))


def _page(code: str, errors: Errors, chosen: str = "") -> str:
    facts = {"chosen": chosen or request.args.get("area", ""), "errors": errors, "raw": request.form}
    return render_template("itembank/areas.html", tree=tree(runtime(), code), **facts)
