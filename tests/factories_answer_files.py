"""Answer files as a candidate's browser saves them: sealed to the sitting's key, with everything open to change."""

import json
import os
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cbt.delivery.services.sealing import public_key_in
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime


def sitting_key(rt: Runtime, sitting_id: UUID) -> bytes:
    """The public key (SPKI) that a sitting's browsers get."""
    with rt.reading() as tx:
        return public_key_in(tx, sitting_id)


def sealed_file(
    public_key: bytes,
    *,
    attempt: UUID,
    form: str,
    entries: list[dict[str, Any]],
    lease: int = 1,
    started: dict[str, Any] | None = None,
    **outside: Any,
) -> bytes:
    """The bytes of an answer file; `outside` replaces fields of its outer document."""
    key = load_der_public_key(public_key)
    assert isinstance(key, RSAPublicKey)
    secret, nonce = os.urandom(32), os.urandom(12)
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    inside = {"lease": lease, "entries": entries, "started": started or {"offline": False, "claimed_at": None}}
    sealed = nonce + AESGCM(secret).encrypt(nonce, json.dumps(inside).encode(), attempt.bytes + bytes.fromhex(form))
    document = {
        "format": "cbt-answers/1",
        "attempt": str(attempt),
        "form": form,
        "lease": lease,
        "saved_at": "2026-11-22T03:10:00.000000Z",
        "wrapped_key": canonical.base64url(key.encrypt(secret, oaep)),
        "key_id": canonical.digest(public_key).hex(),
        "sealed": canonical.base64url(sealed),
    }
    return json.dumps({**document, **outside}).encode()
