"""Secrets of this installation: one master key on disk (0600), everything else derived from it.

`derive` gives a key per purpose, so that no two uses share one; the receipt key signs receipts (Ed25519).
"""

import fcntl
import os
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cbt.kernel.errors import Unavailable

KEY_BYTES: Final = 32


class KeyUnusable(Unavailable):
    """The master key under the home folder cannot be read or has the wrong length."""

    code = "key-unusable"


class Keyring:
    """The derived keys of one installation."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise KeyUnusable
        self._master = master

    @classmethod
    def at_home(cls, home: Path) -> "Keyring":
        """Return the keyring of `home`, making `keys/master.key` (0600) where there is none yet."""
        path = home / "keys" / "master.key"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)  # processes that start together get one key
            if not path.exists():
                _write_whole(path, os.urandom(KEY_BYTES))
                os.fsync(folder)
            return cls(path.read_bytes())
        except OSError as error:
            raise KeyUnusable from error
        finally:
            os.close(folder)

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for `purpose` (HKDF-SHA256)."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(self._master)

    @cached_property
    def receipt_key(self) -> Ed25519PrivateKey:
        """Return the key that signs receipts; its public half is in every paper."""
        return Ed25519PrivateKey.from_private_bytes(self.derive("receipt/1"))


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read; a power cut leaves the whole of it or nothing."""
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
