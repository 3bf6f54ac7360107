"""Answer files: what a candidate's PC still held when its line never came back, sealed to the sitting's key.

The outside names the attempt and the form, and both are bound into the seal, so that a file cannot be passed off as
another candidate's. Inside are the wire entries of one lease, read by the same parser as a request. Each refusal says
what is wrong with the file, and where.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

from cbt.delivery.core.batch import Batch, MalformedBatch, parse_batch
from cbt.kernel import canonical
from cbt.kernel.errors import Conflict, InvalidInput, TooLarge

FORMAT: Final = "cbt-answers/1"
LARGEST_BYTES: Final = 8 * 1024 * 1024
MOST_HELD: Final = 20_000
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_DIGEST_BYTES: Final = 32


class AnswerFileBroken(InvalidInput):
    """The file is no answer file, or a part of it is missing."""

    code = "answer-file-broken"

    def __init__(self, where: str) -> None:
        super().__init__(f"The file is no answer file, or it was cut off: {where}", where=where)
        self.where = where


class AnswerFileChanged(InvalidInput):
    """The sealed part does not open: the file was changed after it was saved."""

    code = "answer-file-changed"


class AnswerFileOtherKey(Conflict):
    """The file was sealed for another sitting, or for another installation."""

    code = "answer-file-other-key"


class AnswerFileOtherForm(Conflict):
    """The file is about another paper than the one that this candidate has."""

    code = "answer-file-other-form"


class AnswerFileTooLarge(TooLarge):
    """No answer file is as large as this one."""

    code = "answer-file-too-large"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """The outside of a file: whose it is, and what opens it."""

    attempt_id: UUID
    form_digest: bytes
    lease: int
    wrapped_key: bytes
    key_id: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The inside: the entries in order, and when the PC believed to have started."""

    batch: Batch | None
    claimed_start_at: datetime | None


def read_answer_file(payload: bytes) -> AnswerFile:
    """Return the outside of a file; raises AnswerFileBroken, naming the place, and AnswerFileTooLarge."""
    if len(payload) > LARGEST_BYTES:
        raise AnswerFileTooLarge
    document = _json(payload, "file")
    if document.get("format") != FORMAT:
        raise AnswerFileBroken("format")
    lease = document.get("lease")
    if type(lease) is not int or lease < 1:
        raise AnswerFileBroken("lease")
    return AnswerFile(
        attempt_id=_id(document),
        form_digest=_hex(document, "form"),
        lease=lease,
        wrapped_key=_bytes(document, "wrapped_key"),
        key_id=_hex(document, "key_id"),
        sealed=_bytes(document, "sealed"),
    )


def open_answer_file(file: AnswerFile, private_key: bytes) -> Held:
    """Return what the sitting's private key (PKCS #8, DER) opens.

    Raises AnswerFileOtherKey, AnswerFileChanged, AnswerFileBroken.
    """
    # The key is our own and was unwrapped under a seal; to prove its primes again takes longer than all the rest.
    key = load_der_private_key(private_key, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey) or key_id_of(key) != file.key_id:
        raise AnswerFileOtherKey
    plain = _unsealed(file, _journal_key(file, key))
    document = _json(plain, "entries")
    if document.get("lease") != file.lease:
        raise AnswerFileBroken("lease")
    started = document.get("started")
    begun = started if isinstance(started, dict) else {}
    return Held(
        batch=_batch(document, file.lease),
        claimed_start_at=_instant(begun.get("claimed_at")),
    )


def key_id_of(key: RSAPrivateKey) -> bytes:
    """Return the SHA-256 of the public half (SPKI, DER), by which a file names its key."""
    return canonical.digest(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _journal_key(file: AnswerFile, key: RSAPrivateKey) -> bytes:
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    try:
        journal_key = key.decrypt(file.wrapped_key, oaep)
    except ValueError as error:
        raise AnswerFileChanged from error
    if len(journal_key) != _KEY_BYTES:
        raise AnswerFileChanged
    return journal_key


def _unsealed(file: AnswerFile, journal_key: bytes) -> bytes:
    nonce, sealed = file.sealed[:_NONCE_BYTES], file.sealed[_NONCE_BYTES:]
    if len(nonce) < _NONCE_BYTES or not sealed:
        raise AnswerFileBroken("sealed")
    try:
        return AESGCM(journal_key).decrypt(nonce, sealed, file.attempt_id.bytes + file.form_digest)
    except InvalidTag as error:
        raise AnswerFileChanged from error


def _batch(document: dict[str, Any], lease: int) -> Batch | None:
    """Return the entries; the lease that some pages keep beside each one is no part of it."""
    entries = document.get("entries")
    if not isinstance(entries, list):
        raise AnswerFileBroken("entries")
    if not entries:
        return None
    wire = [
        {name: value for name, value in entry.items() if name != "lease"} if isinstance(entry, dict) else entry
        for entry in entries
    ]
    try:
        return parse_batch({"lease": lease, "entries": wire}, most=MOST_HELD)
    except MalformedBatch as error:
        raise AnswerFileBroken(error.where) from error


def _json(payload: bytes, where: str) -> dict[str, Any]:
    try:
        document = json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise AnswerFileBroken(where) from error
    if not isinstance(document, dict):
        raise AnswerFileBroken(where)
    return document


def _id(document: dict[str, Any]) -> UUID:
    try:
        return UUID(document["attempt"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise AnswerFileBroken("attempt") from error


def _hex(document: dict[str, Any], name: str) -> bytes:
    try:
        found = bytes.fromhex(document[name])
    except (KeyError, ValueError, TypeError) as error:
        raise AnswerFileBroken(name) from error
    if len(found) != _DIGEST_BYTES:
        raise AnswerFileBroken(name)
    return found


def _bytes(document: dict[str, Any], name: str) -> bytes:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise AnswerFileBroken(name)
    try:
        return canonical.read_base64url(value)
    except InvalidInput as error:
        raise AnswerFileBroken(name) from error


def _instant(value: object) -> datetime | None:
    """Return a claimed instant, or None: what a PC's clock says is told, never needed."""
    if not isinstance(value, str):
        return None
    try:
        return canonical.instant(value)
    except InvalidInput:
        return None
