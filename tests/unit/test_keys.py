"""The master key: made once, whole, for its owner alone; everything else is derived from it."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from cbt.kernel.keys import Keyring, KeyUnusable

MASTER = bytes(range(32))


def test_derived_keys_are_pinned():
    # Stored tokens and receipts are checked with them after every update.
    assert (
        Keyring(MASTER).derive("receipt/1").hex() == "8ff8a3fcf5faf2324e5f40f6cc25694325f1a69175c81a526653973bf0b7563d"
    )
    public = Keyring(MASTER).receipt_key.public_key().public_bytes_raw()
    assert public.hex() == "ac4565cc7a40163ead5ad03a4af737412f84a8fce1bd35caac22d64cd78dd5f8"


def test_every_purpose_has_a_key_of_its_own():
    keys = [Keyring(MASTER).derive(purpose) for purpose in ("token/1", "token/2", "")]
    assert len(set(keys)) == 3
    assert {len(key) for key in keys} == {32}
    assert Keyring(MASTER[::-1]).derive("token/1") not in keys


def test_a_home_keeps_its_key(home):
    made = Keyring.at_home(home).derive("a")
    assert Keyring.at_home(home).derive("a") == made


def test_the_key_is_for_its_owner_alone(home):
    Keyring.at_home(home)
    path = home / "keys" / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["master.key"]


def test_whoever_starts_at_the_same_time_gets_the_same_key(home):
    with ThreadPoolExecutor(8) as pool:
        keyrings = list(pool.map(lambda _: Keyring.at_home(home), range(8)))
    assert len({keyring.derive("a") for keyring in keyrings}) == 1


def test_a_start_that_was_cut_off_does_not_spoil_the_next(home):
    folder = home / "keys"
    folder.mkdir()
    (folder / "master.draft").write_bytes(b"half")
    assert len(Keyring.at_home(home).derive("a")) == 32
    assert len((folder / "master.key").read_bytes()) == 32


@pytest.mark.parametrize("content", [b"", MASTER[:31], MASTER + b"\n"])
def test_a_spoilt_key_is_refused_and_left_alone(home, content):
    path = home / "keys" / "master.key"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(KeyUnusable):
        Keyring.at_home(home)
    assert path.read_bytes() == content


def test_a_key_that_cannot_be_read_is_refused(home):
    (home / "keys" / "master.key").mkdir(parents=True)
    with pytest.raises(KeyUnusable) as refused:
        Keyring.at_home(home)
    assert refused.value.code == "key-unusable"
