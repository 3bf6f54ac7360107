"""The PC check: a page for seat PCs that needs no sign-in but a room's link, and the lists for those who keep them."""

import csv
import io
import os
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint as Routes
from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from cbt.checks.core.measures import CheckName
from cbt.checks.core.rooms import NoSuchCheckLink, SeatCheck
from cbt.checks.services import pc_checks as services
from cbt.kernel.errors import TooLarge
from cbt.kernel.web.context import runtime
from cbt.kernel.web.filters import time_text
from cbt.people.core.actors import Role
from cbt.people.web import staff_required
from itembank.formats.spreadsheet_text import neutralised

routes = Routes("checks", __name__)
keepers: Final = staff_required(Role.PROCTOR, Role.ADMIN)
LARGEST_RESULT_BYTES: Final = 8 * 1024
PAYLOAD: Final = os.urandom(1024 * 1024)  # nothing that could be made smaller on its way
CHECK_WORDS: Final = {
    CheckName.SECURE: _l("Secure address"),
    CheckName.BROWSER: _l("Browser"),
    CheckName.CRYPTO: _l("Encryption"),
    CheckName.KEEPING: _l("Keeping answers on this PC"),
    CheckName.WORKER: _l("Exam screen without a line"),
    CheckName.QUOTA: _l("Room on the disk"),
    CheckName.SAVE: _l("Test save with a signed receipt"),
    CheckName.CLOCK: _l("Clock of this PC"),
    CheckName.LATENCY: _l("Way to the server"),
    CheckName.BANDWIDTH: _l("Speed of the line"),
    CheckName.SCREEN: _l("Screen"),
    CheckName.ZOOM: _l("Zoom of the browser"),
    CheckName.KEYBOARD: _l("Keyboard"),
}
TODO_WORDS: Final = {
    CheckName.SECURE: _l("Open the address with https (or on this machine itself)."),
    CheckName.BROWSER: _l("Update the browser: Chromium 137, Firefox 130 or Safari 17.5 or later."),
    CheckName.CRYPTO: _l("Update the browser, and open the address with https."),
    CheckName.KEEPING: _l(
        "Leave private browsing, allow storage here, and look at the disk: writing failed or is slow."
    ),
    CheckName.WORKER: _l("Allow storage and service workers for this address; without them a reload needs the line."),
    CheckName.QUOTA: _l("Free at least 200 MB for the browser on this disk."),
    CheckName.SAVE: _l("Load this page anew and repeat the check; tell whoever keeps the server when it fails again."),
    CheckName.CLOCK: _l("Set the clock of this PC; it is off by more than a minute."),
    CheckName.LATENCY: _l("Look at cable, switch and proxy: answers are slow or get lost."),
    CheckName.BANDWIDTH: _l("Look at cable, switch and proxy: the line carries less than 2 Mbit/s."),
    CheckName.SCREEN: _l("Open the window to its full size; at least 1024 × 600 points are needed."),
    CheckName.ZOOM: _l("Set the browser's zoom to 100 % (Ctrl and 0)."),
    CheckName.KEYBOARD: _l("Change the keyboard or its language: the digits did not arrive."),
}


@routes.app_template_filter("check_words")
def check_words(name: CheckName, words: Mapping[CheckName, Any]) -> str:
    """Return the name of a line for people."""
    return str(words[name])


@routes.get("/check")
def enter() -> ResponseReturnValue:
    """Ask for the code of a room, or lead to its page."""
    code = request.args.get("code", "").strip()
    if not code:
        return render_template("checks/enter.html", code="", unknown=False)
    try:
        _plan, room = services.find_room(runtime(), code)
    except NoSuchCheckLink:
        return render_template("checks/enter.html", code=code, unknown=True), 404
    return redirect(url_for("checks.run", code=services.room_code(runtime().keys, room.room.id)), 303)


@routes.get("/check/<code>")
def run(code: str) -> str:
    """Show the check for the PCs of a room."""
    plan, room = services.find_room(runtime(), code)
    services.admit(runtime(), room.room.id)
    words = {"check": _by_name(CHECK_WORDS), "todo": _by_name(TODO_WORDS)}
    return render_template("checks/run.html", plan=plan, room=room, code=code, lines=words)


@routes.get("/check/<code>/payload")
def payload(code: str) -> Response:
    """Return a megabyte, to measure the line with."""
    services.admit(runtime(), services.find_room(runtime(), code)[1].room.id)
    return make_response(PAYLOAD, {"Content-Type": "application/octet-stream"})


@routes.post("/check/<code>/save")
def save(code: str) -> dict[str, Any]:
    """Return a signed answer to a test save."""
    sent = _small_json()
    nonce = sent.get("nonce", "") if isinstance(sent, dict) else ""
    return services.signed_answer(runtime(), code, nonce if isinstance(nonce, str) else "")


@routes.post("/check/<code>/results")
def results(code: str) -> Response:
    """Keep the result of one PC and say how it stands."""
    check = services.record(runtime(), code, _small_json())
    plan, _room = services.find_room(runtime(), code)
    lines = [{"name": line.name, "good": line.good, "value": line.value} for line in check.lines]
    return jsonify(lines=lines, good=check.good, seat=check.seat, at=time_text(check.at, plan.centre.time_zone))


@routes.get("/proctor/checks")
@keepers
def rooms() -> str:
    """List the rooms of all centres with how their PCs stand."""
    return render_template("checks/rooms.html", rooms=services.checked_rooms(runtime()))


@routes.get("/proctor/checks/<uuid:room_id>")
@keepers
def room_list(room_id: UUID) -> str:
    """List the seats of a room with the newest check of each, and the address for its PCs."""
    room = services.checked_room(runtime(), room_id)
    address = f"{runtime().settings.public_url}{url_for('checks.run', code=room.code)}"
    return render_template("checks/room.html", room=room, address=address, words=CHECK_WORDS, todo=TODO_WORDS)


@routes.get("/proctor/checks/<uuid:room_id>/results.csv")
@keepers
def room_table(room_id: UUID) -> Response:
    """Return the list of a room as a table for spreadsheets."""
    room = services.checked_room(runtime(), room_id)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("seat", "state", "checked_at", "browser", "not_good", *(name.value for name in CheckName)))
    table.writerows(_row(one) for one in room.seats)
    response = make_response(written.getvalue().encode("utf-8-sig"), {"Content-Type": "text/csv; charset=utf-8"})
    name = f"pc-check-{room.centre.code}-{room.room.code}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _row(one: SeatCheck) -> tuple[str, ...]:
    check = one.check
    if check is None:
        return str(one.seat), "not-yet", "", "", "", *("" for _ in CheckName)
    values = {line.name: line.value or str(line.good).lower() for line in check.lines}
    cells = (check.measures.browser, " ".join(line.name for line in check.bad_lines))
    state = "good" if check.good else "bad"
    told = (*cells, *(values.get(name, "") for name in CheckName))
    return str(one.seat), state, check.at.isoformat(), *(neutralised(cell) for cell in told)


def _small_json() -> object:
    """Return the JSON that was sent, whatever it is; raises TooLarge."""
    request.max_content_length = LARGEST_RESULT_BYTES
    if (request.content_length or 0) > LARGEST_RESULT_BYTES:
        raise TooLarge
    return request.get_json(silent=True)


def _by_name(words: Any) -> dict[str, str]:
    return {name.value: str(said) for name, said in words.items()}
