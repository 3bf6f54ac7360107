"""The practice before the start: the exam screen with a paper of our own, of which nothing is sent or kept."""

from flask import Response, make_response, redirect, render_template, url_for

from cbt.delivery.core.seat_state import SeatState
from cbt.delivery.services.practice import practice
from cbt.delivery.services.seating import look
from cbt.delivery.web.candidate import routes
from cbt.delivery.web.session import current_candidate
from cbt.kernel.web.context import runtime
from cbt.kernel.web.language import language

_BEFORE_THE_START = frozenset({SeatState.NOT_ADMITTED, SeatState.WAITING})


@routes.get("/exam/practice")
def practice_page() -> Response | str:
    """Show the practice while the exam cannot be begun; afterwards the waiting page leads on."""
    session = current_candidate()
    seating = look(runtime(), session.registration_id, session.device)
    if seating.state not in _BEFORE_THE_START:
        return make_response(redirect(url_for("delivery.wait"), 303))
    picture = url_for("static", filename="practice/picture.svg")
    made = practice(seating, runtime().clock.now(), language=language(), picture_url=picture)
    return render_template("delivery/practice.html", practice=made)
