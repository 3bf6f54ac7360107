"""The pages from sign-in to the exam screen."""

from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import Blueprint as Routes
from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from cbt.delivery.core.seat_state import WAIT_WORDS, SeatState
from cbt.delivery.services.seating import Seating, look
from cbt.delivery.services.signing_in import SignInRefused, sign_in_candidate
from cbt.delivery.web.session import (
    choice_of,
    current_candidate,
    current_device,
    forget,
    read_choice,
    remember,
    with_device,
)
from cbt.kernel.web.context import runtime
from cbt.kernel.web.filters import time_text
from cbt.kernel.web.language import language
from cbt.scheduling.core.pass_rules import rule_words

routes = Routes("delivery", __name__)


@routes.get("/")
def sign_in() -> Response:
    """Show the sign-in; from here on the browser is known by its secret."""
    return with_device(make_response(render_template("delivery/sign_in.html")))


@routes.post("/")
def sign_in_post() -> Response:
    """Sign a candidate in, or let the candidate choose among several exams."""
    number, birth = request.form.get("number", ""), request.form.get("birth", "")
    try:
        offers = sign_in_candidate(runtime(), number, birth, current_device())
    except SignInRefused as refused:
        errors = {refused.field: _(refused.message)}
        page = render_template("delivery/sign_in.html", number=number, birth=birth, errors=errors)
        return with_device(make_response(page, 429 if refused.field == "form" else 400))
    if len(offers) > 1:
        choices = [(offer, choice_of(offer.facts.registration.id)) for offer in offers]
        return make_response(render_template("delivery/choose.html", choices=choices))
    return _signed_in(offers[0].facts.registration.id)


@routes.post("/exam/choose")
def choose() -> Response:
    """Sign the candidate in to the exam that was chosen."""
    return _signed_in(read_choice(request.form.get("exam", "")))


@routes.post("/exam/sign-out")
def sign_out() -> Response:
    """Sign the candidate out at this browser."""
    return forget(make_response(redirect(url_for("delivery.sign_in"), 303)))


@routes.get("/exam/identity")
def identity() -> Response | str:
    """Show who the candidate is, to be compared with the admission slip."""
    return _before_start("delivery/identity.html")


@routes.post("/exam/identity")
def identity_post() -> Response:
    """Go on once the details are confirmed."""
    return make_response(redirect(url_for("delivery.notice"), 303))


@routes.get("/exam/notice")
def notice() -> Response | str:
    """Show what to know before the start."""
    return _before_start("delivery/notice.html")


@routes.post("/exam/notice")
def notice_post() -> Response:
    """Go on once the notice is read."""
    return make_response(redirect(url_for("delivery.wait"), 303))


@routes.get("/exam/wait")
def wait() -> Response | str:
    """Wait for the proctor's start."""
    return _before_start("delivery/wait.html")


@routes.get("/exam/paper")
def exam() -> Response | str:
    """Show the exam screen to the browser that holds the exam."""
    seating = _seating()
    if seating.state is SeatState.OPEN and seating.attempt is not None and seating.attempt.started_at is not None:
        return render_template("delivery/exam.html")
    return _lead(seating)


def _signed_in(registration_id: UUID) -> Response:
    return remember(make_response(redirect(url_for("delivery.identity"), 303)), registration_id)


def _seating() -> Seating:
    session = current_candidate()
    return look(runtime(), session.registration_id, session.device)


def _lead(seating: Seating) -> Response:
    """Return the redirect to the page where this candidate belongs now."""
    if seating.state is SeatState.ENDED:
        return make_response(redirect(url_for("reports.result"), 303))
    if seating.state is SeatState.OPEN and seating.attempt is not None and seating.attempt.started_at is not None:
        return make_response(redirect(url_for("delivery.exam"), 303))
    return make_response(redirect(url_for("delivery.wait"), 303))


def _before_start(template: str) -> Response | str:
    seating = _seating()
    if seating.state is SeatState.ENDED:
        return _lead(seating)
    return render_template(template, **_facts(seating))


def _facts(seating: Seating) -> dict[str, Any]:
    facts, now_in = seating.facts, language()
    return {
        "candidate": facts.candidate,
        "seat": str(facts.seat_number),
        "exam_title": facts.exam.title.in_language(now_in),
        "place": f"{facts.centre.title.in_language(now_in)} · {facts.room.title.in_language(now_in)}",
        "items": seating.items,
        "parts": seating.parts,
        "minutes": seating.minutes,
        "way": [line.in_language(now_in) for line in seating.way],
        "extra": _extra(facts.registration.time_factor),
        "state": WAIT_WORDS[seating.state],
        "starts_at": _starts_at(seating),
        "rule_words": rule_words(facts.exam.pass_rule).in_language(now_in),
        "time_zone": facts.centre.time_zone,
        "calculator": facts.exam.calculator.value != "none",
    }


def _starts_at(seating: Seating) -> str:
    """Return the local time of the start, or nothing once the window has begun."""
    opens_at = seating.facts.sitting.opens_at
    return "" if opens_at <= runtime().clock.now() else time_text(opens_at, seating.facts.centre.time_zone)[:5]


def _extra(factor: Fraction) -> str:
    """Return the accommodation in words, or nothing."""
    if factor == 1:
        return ""
    return str(_("time allowed x %(factor)s", factor=f"{float(factor):.2f}".rstrip("0").rstrip(".")))
