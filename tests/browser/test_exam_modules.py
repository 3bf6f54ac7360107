"""The modules of the exam page alone, in Chromium: seals, the encrypted store, the journal's order, answer files."""

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page

from cbt.kernel.canonical import base64url, read_base64url

ROOT = Path(__file__).resolve().parent.parent.parent
VECTORS = json.loads((ROOT / "tests" / "sealing_vectors.json").read_text())
ATTEMPT = "01936000-0000-7000-8000-000000000001"
FORM = bytes(range(32)).hex()
CANARY = "카나리아-canary-7f3a"


class Files(SimpleHTTPRequestHandler):
    """The modules and one empty page."""

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>-</title>")

    def log_message(self, *_: object) -> None:
        """Nothing: errors show in the page."""


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(ROOT / "cbt")))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, files: str) -> Iterator[Page]:
    context = browser.new_context(base_url=files)
    opened = context.new_page()
    opened.goto("/")
    yield opened
    context.close()


def run(page: Page, script: str, given: Any = None) -> Any:
    """What the body of an async function returns; `load(name)` gives a module, `given` the test's values."""
    start = "const load = (name) => import(`/static/exam/${name}.js`);"
    return page.evaluate(f"async (given) => {{ {start} {script} }}", given)


@pytest.fixture(scope="module")
def sitting_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def spki(key: rsa.RSAPrivateKey) -> str:
    return base64url(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


SEAT = """
    const { Store } = await load("store");
    const { Vault } = await load("vault");
    const { makeSecret } = await load("secret");
    const store = await Store.open();
    const seat = { attempt: given.attempt, form: given.form, ...await makeSecret(given.spki) };
    const vault = new Vault(store, seat);
    await vault.keepSeat(seat);
"""


def given(key: rsa.RSAPrivateKey) -> dict[str, str]:
    return {"attempt": ATTEMPT, "form": FORM, "spki": spki(key), "canary": CANARY}


def test_release_codes_are_read_as_people_type_them(page):
    read = run(page, "const { readReleaseCode } = await load('sealing'); return given.map(readReleaseCode);", [
        *(one["typed"] for one in VECTORS["tolerant"]), *VECTORS["wrong"],
    ])  # fmt: skip
    assert read == [*(one["code"] for one in VECTORS["tolerant"]), *(None for _ in VECTORS["wrong"])]


def test_the_browser_makes_the_same_keys_and_opens_the_same_seals_as_the_server(page):
    opened = run(
        page,
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
def test_a_paper_that_was_changed_anywhere_does_not_open(page, place):
    sealed = bytearray(read_base64url(VECTORS["paper"]["sealed"]))
    sealed[place] ^= 1
    answer = run(
        page,
        """
        const { openPaper, SealBroken } = await load("sealing");
        const { fromBase64url } = await load("bytes");
        const opening = openPaper(fromBase64url(given.key), fromBase64url(given.sealed), given);
        return opening.then(() => "open", (trouble) => trouble instanceof SealBroken ? "broken" : String(trouble));
        """,
        {**VECTORS["paper"], "sealed": base64url(bytes(sealed))},
    )
    assert answer == "broken"


def test_another_attempts_paper_does_not_open(page):
    answer = run(
        page,
        """
        const { openPaper } = await load("sealing");
        const { fromBase64url } = await load("bytes");
        const opening = openPaper(fromBase64url(given.key), fromBase64url(given.sealed), given);
        return opening.then(() => "open", (trouble) => trouble.message);
        """,
        {**VECTORS["paper"], "attempt": ATTEMPT.replace("1", "2")},
    )
    assert answer == "the seal does not open"


def test_entries_and_snapshot_outlive_the_page_in_cipher_only(page, sitting_key):
    run(page, SEAT + """
        vault.describe(() => ({ words: given.canary, next: 3 }));
        const entry = (number) => ({ lease: 1, number, kind: "answered", responses: { RESPONSE: [given.canary] } });
        await Promise.all([vault.keep({ entries: [entry(1)] }), vault.keep({ entries: [entry(2)] })]);
        await vault.keep({ entries: [entry(3)], dropped: [{ lease: 1, number: 1 }] });
    """, given(sitting_key))  # fmt: skip
    page.reload()
    found = run(page, """
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


def test_a_record_in_anothers_place_does_not_open(page, sitting_key):
    answer = run(page, SEAT + """
        await vault.keep({ entries: [{ lease: 1, number: 1, kind: "answered" }] });
        await store.write([{ table: "entries", key: [given.attempt, 1, 2], value: (await store.list("entries"))[0] }]);
        return vault.load().then(() => "open", (trouble) => trouble.name);
    """, given(sitting_key))  # fmt: skip
    assert answer == "OperationError"


def test_what_could_not_be_written_is_written_with_the_next_act(page, sitting_key):
    kept = run(page, SEAT + """
        const write = store.write;
        store.write = () => Promise.reject(new Error("full"));
        const keeping = vault.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        const first = await keeping.then(() => "kept", () => "not kept");
        store.write = write;
        await vault.keep({ entries: [{ lease: 1, number: 2, kind: "flagged" }] });
        return [first, (await vault.load()).entries.map(({ number }) => number)];
    """, given(sitting_key))  # fmt: skip
    assert kept == ["not kept", [1, 2]]


def test_wiping_leaves_no_database_behind(page, sitting_key):
    left = run(page, SEAT + """
        await vault.keepPaper(new Uint8Array(8).buffer);
        await vault.keepAsset("aa", new Uint8Array(8).buffer);
        await vault.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        const late = vault.keep({ entries: [{ lease: 1, number: 2, kind: "flagged" }] });
        await Promise.all([vault.wipe(), late]);
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        return (await indexedDB.databases()).map(({ name }) => name);
    """, given(sitting_key))  # fmt: skip
    assert left == []


def test_wiping_one_attempt_leaves_the_other_alone(page, sitting_key):
    other = ATTEMPT.replace("1", "2")
    left = run(page, SEAT + """
        const second = new Vault(store, { ...seat, attempt: given.other });
        await second.keepSeat(second.seat);
        await second.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        await vault.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        await vault.wipe();
        const again = await Store.open();
        const left = await Vault.of(again);
        return [left.seat.attempt, (await left.load()).entries.length, (await Vault.all(again)).length];
    """, {**given(sitting_key), "other": other})  # fmt: skip
    assert left == [other, 1, 1]


def test_an_answer_file_opens_with_the_sittings_key_alone(page, sitting_key):
    held = {"lease": 1, "entries": [{"number": 1, "kind": "answered", "slot": 3, "responses": {"RESPONSE": [CANARY]}}]}
    made = run(page, SEAT + """
        const { answerFile } = await load("secret");
        return answerFile({ seat, lease: 1, held: given.held, savedAt: "2026-11-22T01:00:00.000Z" });
    """, {**given(sitting_key), "held": held})  # fmt: skip
    assert CANARY not in json.dumps(made, ensure_ascii=False)
    assert (made["format"], made["attempt"], made["form"], made["lease"]) == ("cbt-answers/1", ATTEMPT, FORM, 1)
    oaep = padding.OAEP(mgf=padding.MGF1(algorithm=SHA256()), algorithm=SHA256(), label=None)
    key = sitting_key.decrypt(read_base64url(made["wrapped_key"]), oaep)
    sealed = read_base64url(made["sealed"])
    owner = bytes.fromhex(ATTEMPT.replace("-", "")) + bytes.fromhex(FORM)
    assert json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], owner)) == held

    assert made["key_id"] == hashlib.sha256(read_base64url(spki(sitting_key))).hexdigest()


# the journal


JOURNAL = """
    const { Journal } = await load("journal");
    const { NoAnswer } = await load("wire");
    const log = { kept: [], posted: [], receipted: [] };
    const timers = [];
    let release = () => {};
    const answers = [];     // what the server says, in order; then nothing
    const make = (more = {}) => new Journal({
        lease: 1, next: 1,
        keep: ({ entries, dropped }) => { log.kept.push([entries.map((e) => e.number), dropped.map((e) => e.number)]); return given.disk ? new Promise((done) => { release = done; }) : Promise.resolve(); },
        post: async ({ lease, entries }) => { log.posted.push([lease, entries.map((e) => e.number)]); const next = answers.shift(); if (!next) throw new NoAnswer("cut"); return next; },
        check: async (receipt) => receipt.signature === "good", reload: async () => ({ lease: 1, next: 5 }),
        report: { changed: () => {}, refused: (e, code) => log.receipted.push(code), ended: () => log.receipted.push("ended"), receipted: (es) => log.receipted.push(...es.map((e) => e.number)) },
        instant: () => "2026-11-22T00:00:00.000Z", later: (run) => timers.push(run), cancel: () => {}, ...more,
    });
    const receipt = (number, signature = "good", lease = 1) => ({ status: 200, body: { receipt: { lease, number, signature } } });
    const rest = () => new Promise((done) => { setTimeout(done, 20); });
"""  # noqa: E501


def test_nothing_is_sent_before_it_is_on_the_disk(page):
    seen = run(page, JOURNAL + """
        const journal = make();
        answers.push(receipt(1));
        journal.add("flagged", { slot: 1, on: true });
        journal.leave();
        await rest();
        const before = [...log.posted];
        release();
        await rest();
        return [before, log.posted, log.receipted, journal.waiting().length];
    """, {"disk": True})  # fmt: skip
    assert seen == [[], [[1, [1]]], [1], 0]


def test_a_disk_that_refuses_does_not_hold_an_answer_up(page):
    seen = run(page, JOURNAL + """
        const journal = make({ keep: () => Promise.reject(new Error("full")) });
        answers.push(receipt(1));
        journal.add("flagged", { slot: 1, on: true });
        await rest();
        return [log.posted, log.receipted];
    """, {})  # fmt: skip
    assert seen == [[[1, [1]]], [1]]


@pytest.mark.parametrize("bad", ["receipt(1, 'forged')", "receipt(1, 'good', 2)", "null"])
def test_an_entry_leaves_the_outbox_on_a_true_receipt_only(page, bad):
    seen = run(page, JOURNAL + f"""
        const journal = make();
        answers.push({bad});
        journal.add("flagged", {{ slot: 1, on: true }});
        await rest();
        const still = journal.waiting().length;
        answers.push(receipt(1));
        timers.pop()();
        await rest();
        return [still, journal.waiting().length, log.posted];
    """, {})  # fmt: skip
    assert seen == [1, 0, [[1, [1]], [1, [1]]]]


def test_a_server_that_lost_its_end_is_given_it_again_even_after_a_reload(page):
    seen = run(page, JOURNAL + """
        const entries = [1, 2, 3, 4].map((number) => ({ number, kind: "flagged", slot: number, on: true }));
        const journal = make({ next: 5, receipted: 3, entries });
        answers.push({ status: 409, body: { error: { code: "entry-gap" }, expected: 2 } }, receipt(4));
        journal.nudge();
        await rest();
        return [log.posted, journal.waiting().length];
    """, {})  # fmt: skip
    assert seen == [[[1, [4]], [1, [2, 3, 4]]], 0]


def test_what_waits_is_counted_anew_after_a_conflict_and_the_disk_knows(page):
    seen = run(page, JOURNAL + """
        const journal = make();
        answers.push({ status: 409, body: { error: { code: "entry-conflict" } } }, receipt(6));
        journal.add("flagged", { slot: 1, on: true });
        journal.add("flagged", { slot: 2, on: true });
        await rest();
        timers.pop()();
        await rest();
        return [log.kept.at(-1), log.posted.at(-1), journal.next, journal.waiting().length];
    """, {})  # fmt: skip
    assert seen == [[[5, 6], [1, 2]], [1, [5, 6]], 7, 0]


# going on


RESUME = "const { adopt, fromCode, fromServer } = await load('resume');"
STATE = {
    "state": "running", "now": "2026-11-22T00:00:00Z", "token": "t2", "key": "k", "lease": 1, "next": 3, "flags": [],
    "responses": {"1": {"RESPONSE": ["a"]}}, "hand": False, "may": ["answer"], "deadline_at": "2026-11-22T01:00:00Z",
}  # fmt: skip


def answered(lease: int, number: int, slot: int, value: str) -> dict[str, Any]:
    return {"lease": lease, "number": number, "kind": "answered", "slot": slot, "responses": {"RESPONSE": [value]}}


def adopted(page: Page, kept: dict[str, Any] | None, entries: list[Any], state: dict[str, Any]) -> Any:
    return run(page, RESUME + "return adopt(given.kept, given.entries, given.state);", {
        "kept": kept, "entries": entries, "state": state,
    })  # fmt: skip


KEPT = {
    "token": "t1", "lease": 1, "next": 4, "receipted": 2, "flags": [2], "responses": {"1": {"RESPONSE": ["b"]}},
    "place": {"slot": 7}, "tools": {"x": 1}, "started": {"offline": False}, "older": [],
}  # fmt: skip


def test_under_the_same_lease_what_was_kept_here_is_the_newer(page):
    made = adopted(page, KEPT, [answered(1, 3, 1, "b")], STATE)
    snapshot = made["snapshot"]
    assert (snapshot["next"], snapshot["receipted"], snapshot["token"]) == (4, 2, "t2")
    assert (snapshot["responses"], snapshot["flags"], snapshot["place"]) == (KEPT["responses"], [2], {"slot": 7})
    assert (made["entries"], made["dropped"]) == ([], [])


def test_where_the_server_has_more_numbers_what_waits_is_counted_behind_them(page):
    made = adopted(page, KEPT, [answered(1, 1, 5, "old"), answered(1, 3, 2, "c")], {**STATE, "next": 9})
    assert made["entries"] == [{**answered(1, 3, 2, "c"), "number": 9}]
    assert made["dropped"] == [{"lease": 1, "number": 3}]
    snapshot = made["snapshot"]
    assert (snapshot["next"], snapshot["receipted"]) == (10, 8)
    assert snapshot["responses"] == {"1": {"RESPONSE": ["a"]}, "2": {"RESPONSE": ["c"]}}


def test_under_a_newer_lease_older_entries_keep_their_numbers_and_do_not_cover_its_answers(page):
    waiting = [answered(1, 3, 1, "stale"), answered(1, 4, 2, "mine")]
    made = adopted(page, {**KEPT, "next": 5}, waiting, {**STATE, "lease": 2, "next": 1})
    snapshot = made["snapshot"]
    assert snapshot["older"] == [{"lease": 1, "next": 5, "token": "t1", "receipted": 2}]
    assert snapshot["responses"] == {"1": {"RESPONSE": ["a"]}, "2": {"RESPONSE": ["mine"]}}
    assert (snapshot["lease"], snapshot["next"], snapshot["receipted"], made["entries"]) == (2, 1, 0, [])


def test_a_start_by_the_code_goes_on_under_the_number_that_the_server_gives(page):
    script = (
        RESUME
        + """
        const clock = { serverMs: 1, wallMs: 1 };
        const kept = fromCode({ key: "k", allowedS: 600, clock, claimedAt: "2026-11-22T00:00:00.000Z" });
        const one = { lease: 1, number: 1, kind: "answered", slot: 2, responses: { RESPONSE: ["c"] } };
        const own = { ...kept, next: 2, responses: { 2: one.responses } };
        return [kept.status.deadline_at, adopt(own, [one], given), adopt(own, [one], { ...given, lease: 2, next: 1 })];
    """
    )
    deadline, same, other = run(page, script, {**STATE, "next": 1, "responses": {}})
    assert deadline == "2026-11-22T00:10:00.000Z"
    assert (same["entries"], same["snapshot"]["next"], same["snapshot"]["receipted"]) == ([], 2, 0)
    assert other["entries"] == [answered(2, 1, 2, "c")]
    assert (other["snapshot"]["lease"], other["snapshot"]["older"]) == (2, [])
    assert same["snapshot"]["started"]["offline"] is True


def test_the_time_goes_on_over_a_reload_and_never_backward(page):
    read = run(page, """
        const { ServerClock } = await load("clock");
        let tick = 1000;
        const first = new ServerClock(() => tick);
        first.take("2026-11-22T00:00:00Z", 1000);
        tick = 61_000;
        const anchor = first.anchor(5_000_000);
        const later = (wall) => { const clock = new ServerClock(() => 0); clock.resume(anchor, wall); return clock; };
        const corrected = later(5_030_000);
        corrected.take("2026-11-22T00:05:00Z");
        return [later(5_030_000), later(4_000_000), corrected].map((clock) => clock.instant());
    """)  # fmt: skip
    assert read == ["2026-11-22T00:01:30.000Z", "2026-11-22T00:01:00.000Z", "2026-11-22T00:05:00.000Z"]


# pictures


def test_pictures_are_put_in_place_before_anything_is_asked_for(page):
    sha256 = VECTORS["asset"]["sha256"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    seen = run(page, """
        const { Assets } = await load("assets");
        const { fromBase64url } = await load("bytes");
        const sealed = fromBase64url(given.asset.sealed);
        const paper = { asset_key: given.asset.asset_key, assets: { [given.asset.sha256]: "image/png" } };
        const make = (here) => new Assets({ paper, read: async () => (here ? sealed : undefined), fetch: async () => sealed });
        const html = `<p><img src="/delivery/assets/${given.asset.sha256}" alt=""><video poster="/delivery/assets/${given.asset.sha256}"></video>
            <svg><image href="/delivery/assets/${given.asset.sha256}"/></svg><img src="/static/favicon.svg" alt=""></p>`;
        const ready = make(true);
        await ready.openKept();
        const there = ready.fragment(html);
        const late = make(false);
        await late.openKept();
        const box = document.createElement("div");
        box.append(late.fragment(html));
        const missing = box.querySelectorAll("[data-missing]").length;
        const complete = await late.complete(() => box.querySelectorAll("[data-missing]"));
        const addresses = (root) => [root.querySelector("img").src, root.querySelector("video").poster, root.querySelector("image").getAttribute("href")].map((url) => url.slice(0, 5));
        return [addresses(there), missing, complete, addresses(box), late.missing];
    """, VECTORS)  # fmt: skip  # noqa: E501
    assert seen == [["blob:"] * 3, 3, True, ["blob:"] * 3, 0]
    assert not any(sha256 in url for url in asked)
