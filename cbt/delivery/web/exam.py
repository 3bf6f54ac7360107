"""What the exam screen loads from Flask: its paper, its state and the pictures of its items."""

from typing import Any

from flask import Response, make_response, request

from cbt.delivery.services.seating import paper_for, picture_for, seated_state
from cbt.delivery.web.candidate import routes
from cbt.delivery.web.session import current_candidate
from cbt.kernel.web.context import runtime

# Kept by the browser, but asked for each time: once the exam has ended it gets no picture any more.
_KEPT_BY_BROWSER = "private, no-cache"


@routes.get("/delivery/paper")
def paper() -> Response:
    """Return the paper of the browser that holds the exam."""
    session = current_candidate()
    document = paper_for(runtime(), session.registration_id, session.device)
    return make_response(document, {"Content-Type": "application/json"})


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
    response = make_response(found.payload, headers)
    response.set_etag(found.sha256)
    response.make_conditional(request)
    return response
