"""The public check of a document: open to anyone, by code or QR, with the birth date for the rest."""

from datetime import date

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from cbt.kernel.errors import TooManyRequests
from cbt.kernel.web.context import runtime
from cbt.people.core.inputs import read_day
from reports.core.facts import PublicStatus
from reports.core.words import DECISIONS
from reports.services.checking import TooManyBirthDates, check
from reports.web.result import routes

KINDS = {
    PublicStatus.VALID: "ok",
    PublicStatus.PROVISIONAL: "warn",
    PublicStatus.SUPERSEDED: "bad",
    PublicStatus.REVOKED: "bad",
    PublicStatus.UNKNOWN: "none",
}


@routes.get("/verify")
def verify() -> Response | str:
    """Show the check, or go on to the code that a form without script sent."""
    code = request.args.get("code", "").strip()
    if code:
        return make_response(redirect(url_for("reports.verify_code", code=code[:100]), 303))
    return _page()


@routes.get("/verify/<code>")
def verify_code(code: str) -> Response | str:
    """Show what the code alone may tell: where a QR code leads."""
    return _answer(code, "")


@routes.post("/verify")
def verify_post() -> Response | str:
    """Show what code and birth date may tell; the birth date never stands in an address."""
    return _answer(request.form.get("code", ""), request.form.get("birth", ""))


def _answer(code: str, birth: str) -> Response | str:
    code, birth = code.strip()[:100], birth.strip()[:40]
    if not code:
        return _page(errors={"code": _("Write the code that stands at the foot of the paper.")})
    birth_on: date | None = read_day(birth) if birth else None
    if birth and birth_on is None:
        return _page(code=code, birth=birth, errors={"birth": _("Write eight digits: year, month, day.")})
    try:
        found = check(runtime(), code, birth_on, request.remote_addr or "")
    except TooManyBirthDates as refused:
        return make_response(_page(code=code, errors={"birth": _(refused.message)}), 429)
    except TooManyRequests:
        page = _page(code=code, errors={"code": _("Too many checks from here. Wait a minute and try again.")})
        return make_response(page, 429)
    return _page(code=code, birth=birth, answer=found, at=runtime().clock.now())


def _page(**facts: object) -> str:
    return render_template("reports/verify.html", kinds=KINDS, decisions=DECISIONS, **facts)
