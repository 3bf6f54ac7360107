"""Seals: what makes papers and pictures unreadable until the release code, or a key made of it, is given.

A seal is `cbt1`, a nonce and AES-256-GCM. What it belongs to stands in the additional data, so that a seal cannot be
passed off as another one. The browser opens the same bytes with WebCrypto: whatever changes here needs a new mark.
Randomness comes in as an argument.
"""

import hashlib
import hmac
import zlib
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cbt.delivery.core.release import ReleaseCode
from cbt.kernel.errors import Conflict, InvalidInput

MARK: Final = b"cbt1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
OVERHEAD_BYTES: Final = len(MARK) + NONCE_BYTES + 16
_PAPER_KEY: Final = b"cbt paper key/1"
_ASSET_KEY: Final = b"cbt asset key/1"
_PLAIN_START: Final = b"{"


class SealBroken(InvalidInput):
    """The seal does not open: another key, another owner, or bytes that were changed."""

    code = "seal-broken"


class SealForeign(Conflict):
    """A secret was sealed under another master key. Put back the keys folder of the installation that made it."""

    code = "seal-foreign"


def paper_key(code: ReleaseCode, attempt_id: UUID) -> bytes:
    """Return the 32-byte key of one attempt's paper."""
    return _derived(code.encode("ascii"), _PAPER_KEY + attempt_id.bytes)


def asset_key(sitting_secret: bytes) -> bytes:
    """Return the 32-byte key of all pictures of a sitting; it stands in the papers."""
    return _derived(sitting_secret, _ASSET_KEY)


def seal_paper(key: bytes, nonce: bytes, document: bytes, attempt_id: UUID, form_digest: bytes) -> bytes:
    """Return the sealed paper of `document`; a nonce is never used twice with one key."""
    return _seal(key, nonce, zlib.compress(document, level=9), attempt_id.bytes + form_digest)


def open_paper(key: bytes, sealed: bytes, attempt_id: UUID, form_digest: bytes) -> bytes:
    """Return the paper's document; raises SealBroken."""
    return zlib.decompress(_open(key, sealed, attempt_id.bytes + form_digest))


def seal_asset(key: bytes, payload: bytes) -> bytes:
    """Return the sealed picture: the same bytes each time, so that it may be kept.

    The nonce comes from the content, so it never meets two contents.
    """
    digest = hashlib.sha256(payload).digest()
    return _seal(key, hmac.digest(key, digest, hashlib.sha256)[:NONCE_BYTES], payload, digest)


def open_asset(key: bytes, sealed: bytes, sha256: bytes) -> bytes:
    """Return the picture whose digest is `sha256` (32 bytes); raises SealBroken."""
    return _open(key, sealed, sha256)


def wrap(key: bytes, nonce: bytes, secret: bytes, owner: bytes) -> bytes:
    """Return `secret` wrapped for the database; `owner` says what it belongs to."""
    return _seal(key, nonce, secret, owner)


def unwrap(key: bytes, wrapped: bytes, owner: bytes) -> bytes:
    """Return what was wrapped; raises SealForeign, because only another master key explains a failure."""
    try:
        return _open(key, wrapped, owner)
    except SealBroken as error:
        raise SealForeign from error


def is_sealed(stored: bytes) -> bool:
    """Tell whether a stored paper is sealed; those made before there were seals are plain JSON."""
    return not stored.startswith(_PLAIN_START)


def _derived(material: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(material)


def _seal(key: bytes, nonce: bytes, content: bytes, owner: bytes) -> bytes:
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
    return MARK + nonce + AESGCM(key).encrypt(nonce, content, owner)


def _open(key: bytes, sealed: bytes, owner: bytes) -> bytes:
    start = len(MARK) + NONCE_BYTES
    if not sealed.startswith(MARK) or len(sealed) < OVERHEAD_BYTES:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(sealed[len(MARK) : start], sealed[start:], owner)
    except InvalidTag as error:
        raise SealBroken from error
