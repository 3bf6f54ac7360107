"""Answer files at the proctor's desk: upload one or many, look at what each would do, then merge."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.delivery.services.answer_files import Look, files_of_room, look, merge_file, upload
from cbt.delivery.store.answer_files import NoSuchAnswerFile
from cbt.delivery.web.candidate import routes
from cbt.kernel.errors import CbtError
from cbt.kernel.web.context import runtime
from cbt.people.core.actors import Role
from cbt.people.web import actor, staff_required

watchers = staff_required(Role.PROCTOR, Role.ADMIN)


@routes.get("/proctor/rooms/<uuid:sitting_room_id>/answer-files")
@watchers
def room_files(sitting_room_id: UUID) -> str:
    """Show the answer files that were uploaded for a room."""
    return _page(sitting_room_id, ())


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/answer-files")
@watchers
def room_files_look(sitting_room_id: UUID) -> str:
    """Look at the uploaded files, or at one that waits, without writing anything into a journal."""
    by, waiting = actor(), request.form.get("file")
    if waiting:
        return _page(sitting_room_id, (_look_again(sitting_room_id, waiting),))
    chosen = [one for one in request.files.getlist("files") if one.filename]
    looks = [upload(runtime(), one.filename or "", one.stream.read(), by=by, room_id=sitting_room_id) for one in chosen]
    return _page(sitting_room_id, tuple(looks), nothing=not looks)


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/answer-files/merge")
@watchers
def room_files_merge(sitting_room_id: UUID) -> ResponseReturnValue:
    """Write the chosen files' entries into the journals."""
    merged = 0
    for text in request.form.getlist("file"):
        try:
            merge_file(runtime(), _id(text), by=actor(), room_id=sitting_room_id)
            merged += 1
        except CbtError as error:
            flash(refusal_words(error), "warn")
    if merged:
        flash(_("Files merged: %(count)s", count=merged), "ok")
    return redirect(url_for("delivery.room_files", sitting_room_id=sitting_room_id), 303)


def refusal_words(error: CbtError) -> str:
    """Return what is wrong with a file, in the reader's language."""
    where = str(error.ids.get("where", ""))
    words = {
        "answer-file-broken": _("This is no answer file, or it was cut off. Place: %(where)s", where=where),
        "answer-file-changed": _("The file does not open: it was changed after it was saved."),
        "answer-file-other-key": _("The file was sealed for another sitting or another installation."),
        "answer-file-other-form": _("The file is about another paper than the one this candidate has."),
        "answer-file-too-large": _("No answer file is as large as this one."),
        "answer-file-stranger": _("The file belongs to nobody in this room."),
        "answer-file-gap": _("Entries before those in the file are missing. Look for an earlier file of this PC."),
        "answer-file-lease": _("The file names a seat that this exam never had."),
        "seal-missing": _("The papers of this sitting have not been prepared here."),
        "seal-foreign": _("The keys folder of this server is another one than when the papers were made."),
        "not-open": _(
            "This exam has not started on the server. State the time of its real start first: in the room, or, where"
            " that is closed already, in its session report."
        ),
        "not-admitted": _("This exam has not started on the server. Check the person in first."),
    }
    return str(words.get(error.code, error.message))


def _look_again(sitting_room_id: UUID, text: str) -> Look:
    try:
        return look(runtime(), _id(text), by=actor(), room_id=sitting_room_id)
    except CbtError as error:
        return Look(name="", problem=error)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NoSuchAnswerFile from error


def _page(sitting_room_id: UUID, looks: tuple[Look, ...], *, nothing: bool = False) -> str:
    room, files = files_of_room(runtime(), sitting_room_id)
    shown = [(one, None if one.problem is None else refusal_words(one.problem)) for one in looks]
    ready = sum(one.may_merge for one in looks)
    return render_template(
        "delivery/answer_files.html", room=room, looks=shown, ready=ready, nothing=nothing, files=files
    )
