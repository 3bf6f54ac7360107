"""The modules of the exam page alone: served as files beside an empty page, and driven from its scripts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page

from cbt.kernel.canonical import base64url
from tests.factories_site import ROOT

VECTORS = json.loads((ROOT / "tests" / "sealing_vectors.json").read_text())
ATTEMPT = "01936000-0000-7000-8000-000000000001"
FORM = bytes(range(32)).hex()
CANARY = "카나리아-canary-7f3a"
_SEAT = """
    const { Store } = await load("store");
    const { Vault } = await load("vault");
    const { makeSecret } = await load("secret");
    const store = await Store.open();
    const seat = { attempt: given.attempt, form: given.form, ...await makeSecret(given.spki) };
    const vault = new Vault(store, seat);
    await vault.keepSeat(seat);
"""
# `answers` is what the server says, in order; then nothing.
_JOURNAL = """
    const { Journal } = await load("journal");
    const { NoAnswer } = await load("wire");
    const log = { kept: [], posted: [], receipted: [] };
    const timers = [];
    let release = () => {};
    const answers = [];
    const numbers = (entries) => entries.map(({ number }) => number);
    const make = (more = {}) => new Journal({
        lease: 1, next: 1,
        keep: ({ entries, dropped }) => {
            log.kept.push([numbers(entries), numbers(dropped)]);
            return given.disk ? new Promise((done) => { release = done; }) : Promise.resolve();
        },
        post: async ({ lease, entries }) => {
            log.posted.push([lease, numbers(entries)]);
            const next = answers.shift();
            if (!next) throw new NoAnswer("cut");
            return next;
        },
        check: async (receipt) => receipt.signature === "good", reload: async () => ({ lease: 1, next: 5 }),
        report: {
            changed: () => {}, refused: (entry, code) => log.receipted.push(code),
            ended: () => log.receipted.push("ended"), receipted: (entries) => log.receipted.push(...numbers(entries)),
        },
        instant: () => "2026-11-22T00:00:00.000Z", later: (run) => timers.push(run), cancel: () => {}, ...more,
    });
    const receipt = (number, signature = "good", lease = 1) =>
        ({ status: 200, body: { receipt: { lease, number, signature } } });
    const rest = () => new Promise((done) => { setTimeout(done, 20); });
"""


class _Files(SimpleHTTPRequestHandler):
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


@contextmanager
def served_modules() -> Iterator[str]:
    """The address of a server for the modules."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(ROOT / "cbt")))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def run(page: Page, script: str, given: Any = None) -> Any:
    """What the body of an async function returns; `load(name)` gives a module, `given` the test's values."""
    start = "const load = (name) => import(`/static/exam/${name}.js`);"
    return page.evaluate(f"async (given) => {{ {start} {script} }}", given)


def in_vault(page: Page, key: rsa.RSAPrivateKey, body: str, **given: Any) -> Any:
    """What `body` returns, which finds `store`, `seat` and `vault` of an attempt whose sitting has this key."""
    return run(page, _SEAT + body, {"attempt": ATTEMPT, "form": FORM, "spki": spki(key), "canary": CANARY, **given})


def spki(key: rsa.RSAPrivateKey) -> str:
    return base64url(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def in_journal(page: Page, body: str, *, disk: bool = False) -> Any:
    """What `body` returns, which can `make()` a journal and say what the server `answers`; see `log` for what it did.

    With `disk`, writing takes until `release()`.
    """
    return run(page, _JOURNAL + body, {"disk": disk})
