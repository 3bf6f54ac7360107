"""Release codes, keys and seals against golden vectors, which the browser's tests share."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cbt.delivery.core.release import (
    CHARACTERS,
    ReleaseCodeWrong,
    check_symbol,
    draw_release_code,
    read_release_code,
    show_release_code,
)
from cbt.delivery.core.sealing import (
    NONCE_BYTES,
    OVERHEAD_BYTES,
    SealBroken,
    SealForeign,
    asset_key,
    is_sealed,
    open_asset,
    open_paper,
    paper_key,
    seal_asset,
    seal_paper,
    unwrap,
    wrap,
)
from cbt.kernel.canonical import base64url, read_base64url
from cbt.kernel.ids import CROCKFORD

VECTORS = json.loads((Path(__file__).parents[1] / "sealing_vectors.json").read_text())
PAPER, ASSET = VECTORS["paper"], VECTORS["asset"]
ATTEMPT, FORM = UUID(PAPER["attempt"]), bytes.fromhex(PAPER["form"])
OTHER_ATTEMPT = UUID(int=ATTEMPT.int + 1)
keys = st.binary(min_size=32, max_size=32)
nonces = st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES)
codes = st.binary(min_size=13, max_size=13).map(lambda seed: draw_release_code(_stream(seed)))


def _stream(seed):
    """Bytes for drawing: other ones each time, the same ones for the same seed."""
    drawn = 0

    def random(count):
        nonlocal drawn
        drawn += 1
        return hashlib.sha256(seed + bytes([drawn])).digest()[:count]

    return random


def test_vectors_show_the_codes():
    assert [show_release_code(each["code"]) for each in VECTORS["release_codes"]] == [
        each["shown"] for each in VECTORS["release_codes"]
    ]


@pytest.mark.parametrize("vector", VECTORS["tolerant"], ids=lambda vector: vector["typed"])
def test_a_code_may_be_typed_in_many_ways(vector):
    assert read_release_code(vector["typed"]) == vector["code"]


@pytest.mark.parametrize("typed", VECTORS["wrong"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(ReleaseCodeWrong):
        read_release_code(typed)


def test_vectors_open_with_the_key_of_the_code():
    key = paper_key(PAPER["code"], ATTEMPT)
    assert base64url(key) == PAPER["key"]
    assert open_paper(key, read_base64url(PAPER["sealed"]), ATTEMPT, FORM).decode() == PAPER["document"]


def test_vectors_of_pictures_are_sealed_alike():
    key, payload = asset_key(read_base64url(ASSET["sitting_secret"])), read_base64url(ASSET["payload"])
    assert base64url(key) == ASSET["asset_key"]
    assert base64url(seal_asset(key, payload)) == ASSET["sealed"]
    assert open_asset(key, read_base64url(ASSET["sealed"]), bytes.fromhex(ASSET["sha256"])) == payload


@given(codes)
def test_a_drawn_code_is_read_as_it_is_shown(code):
    assert len(code) == CHARACTERS
    assert check_symbol(code) in CROCKFORD
    assert read_release_code(show_release_code(code)) == code


def test_a_code_is_drawn_again_until_its_check_symbol_is_a_letter_or_a_digit():
    drawn = iter([(36 << 4).to_bytes(13), (5 << 4).to_bytes(13)])
    assert draw_release_code(lambda _count: next(drawn)) == "5".rjust(CHARACTERS, "0")


@given(codes)
def test_every_wrong_character_shows(code):
    plain = show_release_code(code).replace("-", "")
    for place, right in enumerate(plain):
        for wrong in CROCKFORD.replace(right, ""):
            with pytest.raises(ReleaseCodeWrong):
                read_release_code(plain[:place] + wrong + plain[place + 1 :])


@given(codes)
def test_neighbours_that_changed_places_show(code):
    plain = show_release_code(code).replace("-", "")
    for place, (first, second) in enumerate(pairwise(plain)):
        if first != second:
            with pytest.raises(ReleaseCodeWrong):
                read_release_code(plain[:place] + second + first + plain[place + 2 :])


@given(codes, st.data())
def test_case_blanks_hyphens_and_lookalikes_do_not_matter(code, data):
    look = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        data.draw(st.sampled_from(look.get(each, each + each.lower())))
        + data.draw(st.sampled_from(["", "-", " ", "\u00a0", "\t"]))
        for each in show_release_code(code)
    )
    assert read_release_code(typed) == code


@given(st.text())
@example("0" * 21)
def test_reading_a_code_never_breaks(text):
    try:
        code = read_release_code(text)
    except ReleaseCodeWrong:
        return
    assert read_release_code(show_release_code(code)) == code


@given(keys, nonces, st.binary(max_size=2000))
def test_a_sealed_paper_opens_to_what_it_was(key, nonce, document):
    sealed = seal_paper(key, nonce, document, ATTEMPT, FORM)
    assert is_sealed(sealed)
    assert open_paper(key, sealed, ATTEMPT, FORM) == document


@given(keys, nonces, st.data())
def test_one_flipped_byte_breaks_a_seal(key, nonce, data):
    sealed = bytearray(seal_paper(key, nonce, b'{"slots":[]}', ATTEMPT, FORM))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        open_paper(key, bytes(sealed), ATTEMPT, FORM)


@given(st.binary(max_size=OVERHEAD_BYTES + 8))
def test_whatever_is_no_seal_is_refused(sealed):
    with pytest.raises(SealBroken):
        open_paper(bytes(32), sealed, ATTEMPT, FORM)


@given(codes, codes)
def test_the_code_of_another_centre_opens_nothing(code, other):
    assume(code != other)
    sealed = seal_paper(paper_key(code, ATTEMPT), bytes(12), b"{}", ATTEMPT, FORM)
    with pytest.raises(SealBroken):
        open_paper(paper_key(other, ATTEMPT), sealed, ATTEMPT, FORM)


def test_a_paper_of_another_attempt_or_form_opens_nothing():
    key = read_base64url(PAPER["key"])
    sealed = read_base64url(PAPER["sealed"])
    assert paper_key(PAPER["code"], OTHER_ATTEMPT) != key
    for attempt, form in ((OTHER_ATTEMPT, FORM), (ATTEMPT, FORM[::-1])):
        with pytest.raises(SealBroken):
            open_paper(key, sealed, attempt, form)


@given(st.binary(max_size=500), st.data())
def test_a_picture_is_sealed_to_its_digest(payload, data):
    key = asset_key(b"secret")
    sealed = seal_asset(key, payload)
    assert seal_asset(key, payload) == sealed
    assert len(sealed) == len(payload) + OVERHEAD_BYTES
    assert open_asset(key, sealed, hashlib.sha256(payload).digest()) == payload
    broken = bytearray(sealed)
    broken[data.draw(st.integers(0, len(sealed) - 1))] ^= 1
    with pytest.raises(SealBroken):
        open_asset(key, bytes(broken), hashlib.sha256(payload).digest())


def test_a_secret_opens_for_its_owner_and_its_master_key_only():
    wrapped = wrap(bytes(32), bytes(12), b"secret", b"owner")
    assert unwrap(bytes(32), wrapped, b"owner") == b"secret"
    for key, owner in ((bytes(32), b"other"), (b"k" * 32, b"owner")):
        with pytest.raises(SealForeign):
            unwrap(key, wrapped, owner)


def test_papers_from_before_the_seals_are_told_apart():
    assert not is_sealed(b'{"attempt":"x"}')
