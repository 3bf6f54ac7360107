"""Receipts and tokens: what the server signs, and what a page shows at the door."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cbt.delivery.core.receipts import Receipt, short_code, sign, signed_document, verify
from cbt.delivery.core.token import TokenFacts, TokenInvalid, make_token, read_token
from cbt.kernel.errors import status_of
from tests.factories_delivery import ATTEMPT_ID, STAFF, at

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
RECEIPT = Receipt(attempt_id=ATTEMPT_ID, lease=1, number=11, head=b"h" * 32, at=at(5))
SECRET = b"t" * 32
FACTS = TokenFacts(attempt_id=ATTEMPT_ID, lease=3, expires_at=at(600))
TOKEN = make_token(SECRET, attempt_id=ATTEMPT_ID, lease=3, expires_at=at(600))


def test_signed_bytes_are_the_canonical_document() -> None:
    assert RECEIPT.to_bytes() == (
        b'{"at":"2026-11-22T00:00:05.000000Z","attempt":"01936000-0000-7000-8000-000000000001","head":"'
        + b"68" * 32
        + b'","lease":1,"number":11}'
    )


def test_signature_holds_for_its_receipt_only() -> None:
    signature = sign(KEY, RECEIPT)
    assert signature == sign(KEY, RECEIPT)
    assert verify(KEY.public_key(), RECEIPT, signature)
    for other in (
        replace(RECEIPT, number=12),
        replace(RECEIPT, lease=2),
        replace(RECEIPT, attempt_id=STAFF),
        replace(RECEIPT, head=bytes(32)),
        replace(RECEIPT, at=at(6)),
    ):
        assert not verify(KEY.public_key(), other, signature)
    assert not verify(Ed25519PrivateKey.generate().public_key(), RECEIPT, signature)


def test_browser_can_verify_what_it_is_sent() -> None:
    sent = json.loads(json.dumps(signed_document(RECEIPT, sign(KEY, RECEIPT))))
    signature = base64.urlsafe_b64decode(sent.pop("signature") + "==")
    KEY.public_key().verify(signature, json.dumps(sent, sort_keys=True, separators=(",", ":")).encode())


def test_short_code_names_a_head() -> None:
    assert short_code(bytes(32)) == "00000-00000"
    assert short_code(b"\xff" * 32) == "ZZZZZ-ZZZZZ"
    assert short_code(b"h" * 32) != short_code(b"i" * 32)


def test_token_is_read_back() -> None:
    assert read_token(SECRET, TOKEN, at(599.9)) == FACTS


def test_token_ends_with_its_time() -> None:
    with pytest.raises(TokenInvalid) as caught:
        read_token(SECRET, TOKEN, at(600))
    assert (caught.value.code, status_of(caught.value)) == ("token-invalid", 401)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "가나다",
        "a" * 10_000,
        TOKEN[:-1],
        TOKEN + "A",
        TOKEN + "==",
        " " + TOKEN,
        make_token(b"u" * 32, attempt_id=ATTEMPT_ID, lease=3, expires_at=at(600)),
    ],
)
def test_foreign_token_is_refused(text) -> None:
    with pytest.raises(TokenInvalid):
        read_token(SECRET, text, at(1))


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_token_with_one_character_changed_is_refused(place) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = alphabet[(alphabet.index(TOKEN[place]) + 1) % 64]
    with pytest.raises(TokenInvalid):
        read_token(SECRET, TOKEN[:place] + changed + TOKEN[place + 1 :], at(1))


def test_token_of_another_lease_is_another_token() -> None:
    other = make_token(SECRET, attempt_id=ATTEMPT_ID, lease=4, expires_at=at(600))
    assert read_token(SECRET, other, at(1)) == replace(FACTS, lease=4)
    assert other != TOKEN


def test_expiry_is_cut_to_whole_seconds() -> None:
    token = make_token(SECRET, attempt_id=ATTEMPT_ID, lease=1, expires_at=at(10) + timedelta(milliseconds=900))
    assert read_token(SECRET, token, at(9)).expires_at == at(10)
