"""The secrets of a sitting: its key pair and the release codes of its centres, made once, kept wrapped.

They are wrapped by the master key, each bound to what it belongs to. Unwrapping one for a person's eyes is an act of
its own and is audited; the door unwraps codes for the starts, which is audited when the room is opened.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from cbt.delivery.core.release import ReleaseCode, draw_release_code
from cbt.delivery.core.sealing import NONCE_BYTES, unwrap, wrap
from cbt.delivery.store import seals
from cbt.kernel.errors import NotFound
from cbt.kernel.keys import Keyring
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.places import CentreId
from cbt.scheduling.core.sittings import SittingId

RSA_BITS: Final = 3072
_PUBLIC_EXPONENT: Final = 65537
_WRAPPING: Final = "sitting seal/1"
_KEY_PAIR: Final = b"sitting key pair/1"
_CODE: Final = b"release code/1"


class SealMissing(NotFound):
    """The papers of this sitting have not been prepared for this centre."""

    code = "seal-missing"


def ensure_seals(rt: Runtime, sitting_id: SittingId, centres: Collection[CentreId]) -> None:
    """Make the sitting's key pair and the release codes of `centres` where they are missing."""
    with rt.reading() as tx:
        paired = seals.find_key_pair(tx, sitting_id) is not None
        missing = set(centres) - seals.codes_of_sitting(tx, sitting_id).keys()
    if paired and not missing:
        return
    now = rt.clock.now()
    pair = None if paired else _new_key_pair(rt.keys, sitting_id)  # takes its time, so before the transaction
    codes: dict[UUID, bytes] = {
        centre: _wrap_code(rt.keys, sitting_id, centre, draw_release_code(os.urandom)) for centre in missing
    }
    with rt.transaction() as tx:
        if pair is not None:
            seals.add_key_pair(tx, now, sitting_id, pair)
        seals.add_codes(tx, now, sitting_id, codes)


def codes_of_sitting_in(tx: Transaction, keys: Keyring, sitting_id: SittingId) -> dict[CentreId, ReleaseCode]:
    """Return the release codes of a sitting by centre; raises SealForeign."""
    found = seals.codes_of_sitting(tx, sitting_id)
    return {CentreId(centre): _unwrap_code(keys, sitting_id, centre, code) for centre, code in found.items()}


def release_code_in(tx: Transaction, keys: Keyring, sitting_id: UUID, centre_id: UUID) -> ReleaseCode:
    """Return the release code of one centre; raises SealMissing, SealForeign."""
    return release_codes_in(tx, keys, [(sitting_id, centre_id)])[sitting_id, centre_id]


def release_codes_in(
    tx: Transaction, keys: Keyring, wanted: Collection[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], ReleaseCode]:
    """Return release codes by (sitting, centre); raises SealMissing, SealForeign."""
    found = seals.codes_of(tx, wanted)
    for sitting_id, centre_id in wanted:
        if (sitting_id, centre_id) not in found:
            raise SealMissing(sitting=sitting_id, centre=centre_id)
    return {where: _unwrap_code(keys, *where, code) for where, code in found.items()}


def public_key_in(tx: Transaction, sitting_id: UUID) -> bytes:
    """Return the sitting's public key (SPKI, DER); raises SealMissing."""
    return _pair_in(tx, sitting_id).public_key


def private_key_in(tx: Transaction, keys: Keyring, sitting_id: UUID) -> bytes:
    """Return the sitting's private key (PKCS #8, DER); raises SealMissing, SealForeign. The caller audits what for."""
    return unwrap(keys.derive(_WRAPPING), _pair_in(tx, sitting_id).private_key, _KEY_PAIR + sitting_id.bytes)


class ReleaseCodes:
    """The release codes that this process has needed, unwrapped once."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys
        self._known: dict[tuple[UUID, UUID], ReleaseCode] = {}

    def load(self, tx: Transaction, wanted: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], ReleaseCode]:
        """Return the codes of `wanted` and all others known; raises SealMissing, SealForeign."""
        missing = {where for where in wanted if where not in self._known}
        if missing:
            self._known |= release_codes_in(tx, self._keys, missing)
        return self._known


def _pair_in(tx: Transaction, sitting_id: UUID) -> seals.KeyPair:
    pair = seals.find_key_pair(tx, sitting_id)
    if pair is None:
        raise SealMissing(sitting=sitting_id)
    return pair


def _new_key_pair(keys: Keyring, sitting_id: UUID) -> seals.KeyPair:
    made = generate_private_key(_PUBLIC_EXPONENT, RSA_BITS)
    private = made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return seals.KeyPair(
        public_key=made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        private_key=_wrap(keys, private, _KEY_PAIR + sitting_id.bytes),
    )


def _wrap_code(keys: Keyring, sitting_id: UUID, centre_id: UUID, code: ReleaseCode) -> bytes:
    return _wrap(keys, code.encode("ascii"), _owner(sitting_id, centre_id))


def _unwrap_code(keys: Keyring, sitting_id: UUID, centre_id: UUID, wrapped: bytes) -> ReleaseCode:
    return ReleaseCode(unwrap(keys.derive(_WRAPPING), wrapped, _owner(sitting_id, centre_id)).decode("ascii"))


def _owner(sitting_id: UUID, centre_id: UUID) -> bytes:
    return _CODE + sitting_id.bytes + centre_id.bytes


def _wrap(keys: Keyring, secret: bytes, owner: bytes) -> bytes:
    return wrap(keys.derive(_WRAPPING), os.urandom(NONCE_BYTES), secret, owner)
