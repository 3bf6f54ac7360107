"""Receipts: the server's signed word that everything up to one number of a lease is in the journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cbt.kernel import canonical
from cbt.kernel.ids import crockford

_CODE_CHARACTERS: Final = 10
_CODE_BYTES: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is receipted: the last entry of the lease, the hash of its journal row and the instant it was stamped."""

    attempt_id: UUID
    lease: int
    number: int
    head: bytes
    at: datetime

    def to_document(self) -> dict[str, Any]:
        """Return the document that is signed and sent."""
        return {
            "at": canonical.instant_text(self.at),
            "attempt": str(self.attempt_id),
            "head": self.head.hex(),
            "lease": self.lease,
            "number": self.number,
        }

    def to_bytes(self) -> bytes:
        """Return the canonical bytes that are signed."""
        return (
            f'{{"at":"{canonical.instant_text(self.at)}","attempt":"{self.attempt_id}","head":"{self.head.hex()}",'
            f'"lease":{self.lease},"number":{self.number}}}'
        ).encode()


def sign(key: Ed25519PrivateKey, receipt: Receipt) -> bytes:
    """Return the Ed25519 signature (64 bytes); the same receipt always has the same one."""
    return key.sign(receipt.to_bytes())


def verify(key: Ed25519PublicKey, receipt: Receipt, signature: bytes) -> bool:
    """Return whether `signature` is the key's signature of `receipt`."""
    try:
        key.verify(signature, receipt.to_bytes())
    except InvalidSignature:
        return False
    return True


def signed_document(receipt: Receipt, signature: bytes) -> dict[str, Any]:
    """Return the receipt as it goes to the browser."""
    return {**receipt.to_document(), "signature": canonical.base64url(signature)}


def short_code(head: bytes) -> str:
    """Return the code by which people name a journal head: ten Crockford characters, `8HQ2X-77TM4`."""
    text = crockford(int.from_bytes(head[:_CODE_BYTES], "big") >> 6, _CODE_CHARACTERS)
    return f"{text[:5]}-{text[5:]}"
