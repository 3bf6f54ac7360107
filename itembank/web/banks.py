"""Banks and the lists of their items."""

from urllib.parse import urlencode

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.web.context import page_number, runtime
from cbt.people.web import Errors, actor, answer
from itembank.core.listing import ItemQuery, Order
from itembank.services.pages import create_bank, list_bank_lines, look_through
from itembank.web.access import readers, routes, writers
from itembank.web.finding import address_of, read_query, sorted_by


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
    return bank_page(code, read_query(request.args), {})


def bank_page(code: str, query: ItemQuery, errors: Errors) -> str:
    """Return the list of a bank with what was wrong in the inputs of its bar."""
    listing = look_through(runtime(), code, query, page=page_number())
    sent = address_of(query)
    sorting = {order.value: sorted_by(query, order) for order in Order}
    facts = {"sent": sent, "sorting": sorting, "query_string": urlencode(sent, doseq=True), "errors": errors}
    return render_template("itembank/bank.html", listing=listing, query=query, **facts)


def _list_page(errors: Errors) -> str:
    return render_template("itembank/banks.html", banks=list_bank_lines(runtime()), errors=errors, raw=request.form)
