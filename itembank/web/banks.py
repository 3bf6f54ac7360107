"""Banks and the lists of their items."""

from enum import StrEnum
from typing import TypeVar

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.web.context import page_number, runtime
from cbt.people.web import Errors, actor, answer
from itembank.core.listing import LONGEST_SEARCH, ItemQuery
from itembank.core.marks import AnswerKind, Feature
from itembank.core.records import ItemStatus
from itembank.services.pages import create_bank, list_bank_lines, look_through
from itembank.web.access import readers, routes, writers

Name = TypeVar("Name", bound=StrEnum)


@routes.get("/admin/banks")
@readers
def banks() -> str:
    """List the banks."""
    return _list_page({})


@routes.post("/admin/banks")
@writers
def bank_new() -> ResponseReturnValue:
    """Make an empty bank."""

    def act() -> str:
        code = create_bank(runtime(), request.form, by=actor())
        flash(_("The bank is there. Load its items from a file."), "ok")
        return url_for("itembank.load", code=code)

    return answer(act, _list_page)


@routes.get("/admin/banks/<code>")
@readers
def bank(code: str) -> str:
    """Show the items of a bank, narrowed by words and facets."""
    query = ItemQuery(
        text=request.args.get("q", "").strip()[:LONGEST_SEARCH],
        statuses=_chosen("status", ItemStatus),
        areas=frozenset(request.args.getlist("area")[:100]),
        features=_chosen("shows", Feature),
        answers=_chosen("answer", AnswerKind),
    )
    listing = look_through(runtime(), code, query, page=page_number())
    return render_template("itembank/bank.html", listing=listing, query=query)


def _list_page(errors: Errors) -> str:
    return render_template("itembank/banks.html", banks=list_bank_lines(runtime()), errors=errors, raw=request.form)


def _chosen(name: str, kinds: type[Name]) -> frozenset[Name]:
    known = {kind.value for kind in kinds}
    return frozenset(kinds(value) for value in request.args.getlist(name) if value in known)
