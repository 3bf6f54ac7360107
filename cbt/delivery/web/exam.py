"""What the exam screen loads from Flask: its paper, its state and the pictures of its items."""

from typing import Any

from flask import Response, make_response

from cbt.delivery.services.reading import paper_of
from cbt.delivery.services.seating import picture_for, seated_attempt, seated_state
from cbt.delivery.web.candidate import routes
from cbt.delivery.web.session import current_candidate
from cbt.kernel.web.context import runtime

_KEPT_BY_BROWSER = "private, max-age=86400, immutable"


@routes.get("/delivery/paper")
def paper() -> Response:
    """Return the paper of the browser that holds the exam."""
    session = current_candidate()
    attempt = seated_attempt(runtime(), session.registration_id, session.device)
    return make_response(paper_of(runtime(), attempt.id), {"Content-Type": "application/json"})


@routes.get("/delivery/state")
def state() -> dict[str, Any]:
    """Return everything that a (re)loaded page needs to go on."""
    session = current_candidate()
    return seated_state(runtime(), session.registration_id, session.device)


@routes.get("/delivery/assets/<digest>")
def picture(digest: str) -> Response:
    """Return a picture of the candidate's own paper."""
    session = current_candidate()
    found = picture_for(runtime(), session.registration_id, session.device, digest)
    headers = {"Content-Type": found.media_type, "Cache-Control": _KEPT_BY_BROWSER}
    # A picture is never a page: even opened by itself it may run nothing.
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return make_response(found.payload, headers)
