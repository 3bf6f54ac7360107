"""What a browser fetches between check-in and start: its place at the door, the sealed paper, the sealed pictures."""

from typing import Any, Final

from flask import Response, make_response, request

from cbt.delivery.services.seat import sealed_asset_of, sealed_paper_of, seat_document
from cbt.delivery.services.seating import NotAdmitted
from cbt.delivery.web.candidate import routes
from cbt.delivery.web.session import current_candidate
from cbt.kernel.canonical import digest
from cbt.kernel.web.context import runtime

_SEALED: Final = "application/octet-stream"
# A paper may be sealed anew for another centre; a picture never changes under its name.
_ASK_AGAIN: Final = "private, no-cache"
_KEEP: Final = "private, max-age=604800, immutable"


@routes.get("/delivery/seat")
def seat() -> dict[str, Any]:
    """Return all that the browser needs to wait, to fetch what is sealed, and to start.

    Before the check-in that is a word alone: whoever waits asks again and again, and nothing is wrong with it.
    """
    session = current_candidate()
    try:
        return seat_document(runtime(), session.registration_id, session.device)
    except NotAdmitted as not_yet:
        return {"waits": not_yet.code}


@routes.get("/delivery/sealed/paper")
def sealed_paper() -> Response:
    """Return the candidate's sealed paper."""
    sealed = sealed_paper_of(runtime(), current_candidate().registration_id)
    response = make_response(sealed, {"Content-Type": _SEALED, "Cache-Control": _ASK_AGAIN})
    response.set_etag(digest(sealed).hex())
    response.make_conditional(request)
    return response


@routes.get("/delivery/sealed/assets/<sha256>")
def sealed_asset(sha256: str) -> Response:
    """Return a sealed picture of the candidate's paper."""
    sealed = sealed_asset_of(runtime(), current_candidate().registration_id, sha256)
    return make_response(sealed, {"Content-Type": _SEALED, "Cache-Control": _KEEP})
