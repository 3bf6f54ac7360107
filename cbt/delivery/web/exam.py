"""What the exam screen loads from Flask: its state and the candidate's files."""

from typing import Any

from flask import Response, make_response, request

from cbt.delivery.core.files import FileFacts
from cbt.delivery.services.filing import SentFile, keep_file, own_file
from cbt.delivery.services.seating import seated_state
from cbt.delivery.web.candidate import routes
from cbt.delivery.web.session import current_candidate
from cbt.kernel.web.context import runtime

_SHUT_IN = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@routes.get("/delivery/state")
def state() -> dict[str, Any]:
    """Return everything that a (re)loaded page needs to go on."""
    session = current_candidate()
    return seated_state(runtime(), session.registration_id, session.device)


@routes.post("/delivery/files")
def send_file() -> dict[str, Any]:
    """Keep a file that the candidate hands in for one response."""
    session = current_candidate()
    sent = SentFile(
        slot=request.args.get("slot", 0, type=int),
        response=request.args.get("response", ""),
        name=request.args.get("name", ""),
        payload=request.get_data(),
    )
    return _facts(keep_file(runtime(), session.registration_id, session.device, sent))


@routes.get("/delivery/files/<digest>/facts")
def file_facts(digest: str) -> dict[str, Any]:
    """Return what is known of a file of the candidate's own."""
    session = current_candidate()
    return _facts(own_file(runtime(), session.registration_id, session.device, digest)[0])


@routes.get("/delivery/files/<digest>")
def own_file_again(digest: str) -> Response:
    """Return a file of the candidate's own: pictures to look at, everything else to keep."""
    session = current_candidate()
    facts, payload = own_file(runtime(), session.registration_id, session.device, digest)
    response = make_response(payload, {"Content-Type": facts.served_type, "Content-Security-Policy": _SHUT_IN})
    response.headers.set("Content-Disposition", "inline" if facts.is_picture else "attachment", filename=facts.name)
    return response


def _facts(facts: FileFacts) -> dict[str, Any]:
    return {"sha256": facts.sha256, "name": facts.name, "type": facts.media_type, "bytes": facts.size}
