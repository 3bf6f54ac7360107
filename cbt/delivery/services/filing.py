"""Take the files of a candidate, keep them with the attempt, and show them again."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from cbt.delivery.core.files import (
    KEPT_PER_RESPONSE,
    LARGEST_FILE_BYTES,
    MOST_BYTES,
    FileFacts,
    FileTooLarge,
    TooManyFiles,
    WrongFileType,
    is_wanted,
    media_type_of,
    plain_name,
)
from cbt.delivery.core.journal import ever_given, read_entry
from cbt.delivery.core.refusals import EntryRefused, UnknownResponse
from cbt.delivery.core.status import may
from cbt.delivery.services.seating import working_attempt_in
from cbt.delivery.store import attempts, files
from cbt.kernel.errors import TooManyRequests
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.registrations import RegistrationId
from itembank.core.interactions import DrawingInteraction, UploadInteraction
from itembank.services.forms import contents_in, get_form_in

_MOST_A_MINUTE: Final = 60


class TooManySends(TooManyRequests):
    """Files are sent faster than anybody works; wait a minute."""

    code = "too-many-sends"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as it came in: for which response of which slot, under which name."""

    slot: int
    response: str
    name: str
    payload: bytes


def keep_file(rt: Runtime, registration_id: RegistrationId, device: str, sent: SentFile) -> FileFacts:
    """Keep a file of the candidate who works at `device`; return what is known of it.

    Raises NotSeated, ExamEnded, EntryRefused, UnknownResponse, FileTooLarge, WrongFileType, TooManyFiles.
    """
    if not 0 < len(sent.payload) <= LARGEST_FILE_BYTES:
        raise FileTooLarge
    now = rt.clock.now()
    facts = FileFacts(
        sha256=hashlib.sha256(sent.payload).hexdigest(),
        name=plain_name(sent.name),
        media_type=media_type_of(sent.payload),
        size=len(sent.payload),
    )
    with rt.reading() as tx:
        attempt = working_attempt_in(tx, registration_id, device)
        if not is_wanted(facts.media_type, _wanted_in(tx, attempt.id, sent)):
            raise WrongFileType
    if not rt.broker.allow(f"files:{attempt.id}", _MOST_A_MINUTE, timedelta(minutes=1)):
        raise TooManySends
    with rt.transaction() as tx:
        held, _room = attempts.lock_attempt(tx, attempt.id)
        if "answer" not in may(held, now):
            raise EntryRefused
        files.add(tx, now, attempt.id, facts, slot=sent.slot, response=sent.response, payload=sent.payload)
        named = _named_in(tx, attempt.id)
        files.drop_older(tx, attempt.id, sent.slot, sent.response, keep=KEPT_PER_RESPONSE, named=named)
        if files.total_bytes(tx, attempt.id) > MOST_BYTES:
            raise TooManyFiles
    return facts


def own_file(rt: Runtime, registration_id: RegistrationId, device: str, sha256: str) -> tuple[FileFacts, bytes]:
    """Return a file of the attempt that `device` works on; raises NotSeated, ExamEnded, NoSuchFile."""
    with rt.reading() as tx:
        return files.get(tx, working_attempt_in(tx, registration_id, device).id, sha256)


def file_of_attempt_in(tx: Transaction, attempt_id: UUID, sha256: str) -> tuple[FileFacts, bytes]:
    """Return a file that an answer of the attempt names, for whoever marks it; raises NoSuchFile."""
    return files.get(tx, attempt_id, sha256)


def _named_in(tx: Transaction, attempt_id: UUID) -> frozenset[str]:
    """Return everything that an answer names as it stands or is kept, the files of the attempt among it."""
    given = ever_given(read_entry(row.content) for row in attempts.journal_of(tx, attempt_id))
    return frozenset(value for responses in given for values in responses.values() for value in values)


def _wanted_in(tx: Transaction, attempt_id: UUID, sent: SentFile) -> tuple[str, ...]:
    """Return the media types that the response asks for; raises UnknownResponse where no file is asked for."""
    form = get_form_in(tx, attempts.get_filed(tx, attempt_id).form_id).form
    slot = form.slot(sent.slot)
    content = None if slot is None else contents_in(tx, [slot.item_version_id])[slot.item_version_id]
    for interaction in () if content is None else content.interactions:
        if interaction.response == sent.response and isinstance(interaction, UploadInteraction):
            return interaction.media_types
        if interaction.response == sent.response and isinstance(interaction, DrawingInteraction):
            return ("image/png",)
    raise UnknownResponse(slot=sent.slot, response=sent.response[:64])
