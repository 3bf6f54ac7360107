"""Seals and the encrypted store in the browser: the server's keys, cipher on the disk, answer files, nothing left."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from cbt.kernel.canonical import base64url, read_base64url
from tests.browser.modules import ATTEMPT, CANARY, FORM, VECTORS, in_vault, run, spki


@pytest.fixture(scope="module")
def sitting_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def test_release_codes_are_read_as_people_type_them(modules):
    read = run(modules, "const { readReleaseCode } = await load('sealing'); return given.map(readReleaseCode);", [
        *(one["typed"] for one in VECTORS["tolerant"]), *VECTORS["wrong"],
    ])  # fmt: skip
    assert read == [*(one["code"] for one in VECTORS["tolerant"]), *(None for _ in VECTORS["wrong"])]


def test_the_browser_makes_the_same_keys_and_opens_the_same_seals_as_the_server(modules):
    opened = run(
        modules,
        """
        const { paperKey, openPaper, openAsset } = await load("sealing");
        const { fromBase64url, toBase64url } = await load("bytes");
        const key = await paperKey(given.paper.code, given.paper.attempt);
        const paper = await openPaper(key, fromBase64url(given.paper.sealed), given.paper);
        const { asset_key: assetKey, sealed, sha256 } = given.asset;
        const asset = await openAsset(fromBase64url(assetKey), fromBase64url(sealed), sha256);
        return [toBase64url(key), paper, toBase64url(asset)];
        """,
        VECTORS,
    )
    paper, asset = VECTORS["paper"], VECTORS["asset"]
    assert opened == [paper["key"], json.loads(paper["document"]), asset["payload"]]


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_paper_that_was_changed_anywhere_does_not_open(modules, place):
    sealed = bytearray(read_base64url(VECTORS["paper"]["sealed"]))
    sealed[place] ^= 1
    answer = run(
        modules,
        """
        const { openPaper, SealBroken } = await load("sealing");
        const { fromBase64url } = await load("bytes");
        const opening = openPaper(fromBase64url(given.key), fromBase64url(given.sealed), given);
        return opening.then(() => "open", (trouble) => trouble instanceof SealBroken ? "broken" : String(trouble));
        """,
        {**VECTORS["paper"], "sealed": base64url(bytes(sealed))},
    )
    assert answer == "broken"


def test_another_attempts_paper_does_not_open(modules):
    answer = run(
        modules,
        """
        const { openPaper } = await load("sealing");
        const { fromBase64url } = await load("bytes");
        const opening = openPaper(fromBase64url(given.key), fromBase64url(given.sealed), given);
        return opening.then(() => "open", (trouble) => trouble.message);
        """,
        {**VECTORS["paper"], "attempt": ATTEMPT.replace("1", "2")},
    )
    assert answer == "the seal does not open"


def test_entries_and_snapshot_outlive_the_page_in_cipher_only(modules, sitting_key):
    in_vault(modules, sitting_key, """
        vault.describe(() => ({ words: given.canary, next: 3 }));
        const entry = (number) => ({ lease: 1, number, kind: "answered", responses: { RESPONSE: [given.canary] } });
        await Promise.all([vault.keep({ entries: [entry(1)] }), vault.keep({ entries: [entry(2)] })]);
        await vault.keep({ entries: [entry(3)], dropped: [{ lease: 1, number: 1 }] });
    """)  # fmt: skip
    modules.reload()
    found = run(modules, """
        const { Store } = await load("store");
        const { Vault } = await load("vault");
        const store = await Store.open();
        const vault = await Vault.of(store);
        const rows = [await store.list("entries"), await store.list("snapshots")].flat();
        const raw = JSON.stringify(rows.map((row) => [...row]));
        let exported = "refused";
        try { exported = await crypto.subtle.exportKey("raw", vault.seat.key); } catch { }
        return { ...await vault.load(), raw, exported, attempt: vault.seat.attempt };
    """)  # fmt: skip
    assert found["snapshot"] == {"words": CANARY, "next": 3}
    assert [(one["lease"], one["number"]) for one in found["entries"]] == [(1, 2), (1, 3)]
    assert (found["entries"][0]["responses"], found["attempt"]) == ({"RESPONSE": [CANARY]}, ATTEMPT)
    assert found["exported"] == "refused"
    kept = b"".join(bytes(row) for row in json.loads(found["raw"]))
    assert CANARY.encode() not in kept


def test_a_record_in_anothers_place_does_not_open(modules, sitting_key):
    answer = in_vault(modules, sitting_key, """
        await vault.keep({ entries: [{ lease: 1, number: 1, kind: "answered" }] });
        await store.write([{ table: "entries", key: [given.attempt, 1, 2], value: (await store.list("entries"))[0] }]);
        return vault.load().then(() => "open", (trouble) => trouble.name);
    """)  # fmt: skip
    assert answer == "OperationError"


def test_what_could_not_be_written_is_written_with_the_next_act(modules, sitting_key):
    kept = in_vault(modules, sitting_key, """
        const write = store.write;
        store.write = () => Promise.reject(new Error("full"));
        const keeping = vault.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        const first = await keeping.then(() => "kept", () => "not kept");
        store.write = write;
        await vault.keep({ entries: [{ lease: 1, number: 2, kind: "flagged" }] });
        return [first, (await vault.load()).entries.map(({ number }) => number)];
    """)  # fmt: skip
    assert kept == ["not kept", [1, 2]]


def test_wiping_leaves_no_database_behind(modules, sitting_key):
    left = in_vault(modules, sitting_key, """
        await vault.keepPaper(new Uint8Array(8).buffer);
        await vault.keepAsset("aa", new Uint8Array(8).buffer);
        await vault.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        const late = vault.keep({ entries: [{ lease: 1, number: 2, kind: "flagged" }] });
        await Promise.all([vault.wipe(), late]);
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        return (await indexedDB.databases()).map(({ name }) => name);
    """)  # fmt: skip
    assert left == []


def test_wiping_one_attempt_leaves_the_other_alone(modules, sitting_key):
    other = ATTEMPT.replace("1", "2")
    left = in_vault(modules, sitting_key, """
        const second = new Vault(store, { ...seat, attempt: given.other });
        await second.keepSeat(second.seat);
        await second.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        await vault.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        await vault.wipe();
        const again = await Store.open();
        const left = await Vault.of(again);
        return [left.seat.attempt, (await left.load()).entries.length, (await Vault.all(again)).length];
    """, other=other)  # fmt: skip
    assert left == [other, 1, 1]


def test_an_answer_file_opens_with_the_sittings_key_alone(modules, sitting_key):
    held = {"lease": 1, "entries": [{"number": 1, "kind": "answered", "slot": 3, "responses": {"RESPONSE": [CANARY]}}]}
    made = in_vault(modules, sitting_key, """
        const { answerFile } = await load("secret");
        return answerFile({ seat, lease: 1, held: given.held, savedAt: "2026-11-22T01:00:00.000Z" });
    """, held=held)  # fmt: skip
    assert CANARY not in json.dumps(made, ensure_ascii=False)
    assert (made["format"], made["attempt"], made["form"], made["lease"]) == ("cbt-answers/1", ATTEMPT, FORM, 1)
    oaep = padding.OAEP(mgf=padding.MGF1(algorithm=SHA256()), algorithm=SHA256(), label=None)
    key = sitting_key.decrypt(read_base64url(made["wrapped_key"]), oaep)
    sealed = read_base64url(made["sealed"])
    owner = bytes.fromhex(ATTEMPT.replace("-", "")) + bytes.fromhex(FORM)
    assert json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], owner)) == held

    assert made["key_id"] == hashlib.sha256(read_base64url(spki(sitting_key))).hexdigest()
