"""A candidate's page without a screen: what it types it journals first, and it sends by the rules of the wire.

Entries keep their numbers through every try; only a receipt that is signed, and covers them, makes them acknowledged.
What was typed and what was acknowledged is remembered, to be held against what the system keeps.
"""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

import httpx

from cbt.delivery.core.receipts import Receipt, verify
from cbt.delivery.core.token import make_token
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime
from tests.factories_exam import Page as Seat

CLIENT_TIMEOUT_S = 10.0  # a page waits no longer for an answer
FIRST_REST_S = 0.05
LONGEST_REST_S = 1.0
MOST_AT_ONCE = 50
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the machine's certificates takes longer than a save
Responses = dict[str, list[str]]


class LineLost(Exception):
    """Nothing was receipted for as long as the candidate had patience."""


@dataclass(slots=True)
class PageJournal:
    """What the page holds: every entry, numbered, and how far the receipts reach."""

    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    next: int = 1
    receipted: int = 0
    refused: dict[int, str] = field(default_factory=dict)

    def write(self, act: Mapping[str, Any], claimed_at: str) -> int:
        number, self.next = self.next, self.next + 1
        self.entries[number] = {"number": number, "claimed_at": claimed_at, **act}
        return number

    @property
    def waiting(self) -> list[dict[str, Any]]:
        return [entry for number, entry in sorted(self.entries.items()) if number > self.receipted]

    def answers(self, *, acknowledged: bool) -> dict[int, Responses]:
        """The newest answer of each slot: of all that was typed, or of what a receipt covers."""
        return {
            entry["slot"]: entry["responses"]
            for number, entry in sorted(self.entries.items())
            if entry["kind"] == "answered" and number not in self.refused
            if number <= self.receipted or not acknowledged
        }


class WireCandidate:
    """One candidate who holds a seat; use it as a context."""

    def __init__(self, rt: Runtime, seat: Seat, url: str, *, timeout_s: float = CLIENT_TIMEOUT_S) -> None:
        self.rt = rt
        self.seat = seat
        self.attempt_id: UUID = seat.facts.attempt_id
        self.lease = seat.facts.lease
        self.journal = PageJournal(next=seat.next, receipted=seat.next - 1)
        self.receipts: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []  # everything that the server said
        self.tries = 0
        self.read_only = False
        self.url = url
        self.token = self.fresh_token()
        self._key = rt.keys.receipt_key.public_key()
        self._client = httpx.Client(timeout=timeout_s, trust_env=False, verify=_NO_TLS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def fresh_token(self) -> str:
        expires_at = self.rt.clock.now() + timedelta(hours=18)
        key = self.rt.keys.derive(TOKEN_PURPOSE)
        return make_token(key, attempt_id=self.attempt_id, lease=self.lease, expires_at=expires_at)

    def type(self, slot: int, *, right: bool = True) -> int:
        """Answer in the page; nothing is sent."""
        return self.write(self.seat.answer(slot, right=right))

    def write(self, act: Mapping[str, Any], claimed_at: str | None = None) -> int:
        return self.journal.write(act, claimed_at or canonical.instant_text(self.rt.clock.now()))

    def answer(self, slot: int, *, right: bool = True, patience_s: float = 30.0) -> None:
        """Answer, and have it acknowledged."""
        self.type(slot, right=right)
        self.send(patience_s=patience_s)

    def hand_in(self, *, patience_s: float = 30.0) -> None:
        self.write({"kind": "submitted"})
        self.send(patience_s=patience_s)

    def send(self, *, patience_s: float = 30.0) -> None:
        """Send what waits until a receipt covers it, or this page is read-only; raises LineLost."""
        give_up, rest_s = time.monotonic() + patience_s, FIRST_REST_S
        while self.journal.waiting and not self.read_only:
            if self.send_once():
                rest_s = FIRST_REST_S
                continue
            if time.monotonic() > give_up:
                raise LineLost
            time.sleep(rest_s)
            rest_s = min(2 * rest_s, LONGEST_REST_S)

    def send_once(self) -> bool:
        """One try; return whether a receipt came back."""
        try:
            answer = self.post(self.journal.waiting[:MOST_AT_ONCE])
        except httpx.TransportError:
            return False
        return self._heard(answer)

    def post(self, entries: list[dict[str, Any]], **changed: Any) -> httpx.Response:
        """Any entries at all, as a page would send them; `changed` are parts of the body put in another way."""
        self.tries += 1
        document = {"lease": self.lease, "entries": entries, **changed}
        answer = self._client.post(f"{self.url}/delivery/entries", json=document, headers=self.bearer())
        self.bodies.append(answer.content)
        return answer

    def beat(self) -> httpx.Response:
        return self._client.post(f"{self.url}/delivery/beat", json={"lease": self.lease}, headers=self.bearer())

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def acknowledged(self) -> dict[int, Responses]:
        """The newest answer of each slot that a receipt covers."""
        return self.journal.answers(acknowledged=True)

    def receipted(self) -> dict[tuple[int, int], dict[str, Any]]:
        """Every entry that a receipt covers, by lease and number."""
        entries = self.journal.entries
        return {
            (self.lease, number): {key: value for key, value in entry.items() if key != "number"}
            for number, entry in entries.items()
            if number <= self.journal.receipted
        }

    def _heard(self, answer: httpx.Response) -> bool:
        if answer.status_code == httpx.codes.OK:
            self._keep(answer.json())
            return True
        assert answer.status_code in {409, 429, 503}, answer.text  # 400, 401, 403, 500: a retry would not mend it
        code = answer.json()["error"]["code"]
        if code == "entry-gap":  # the server has less than its receipts said, or a batch went astray
            expected = answer.json()["expected"]
            assert expected > self.journal.receipted, f"receipted {self.journal.receipted}, wanted {expected}"
            self.journal.receipted = expected - 1
        self.read_only = code == "lease-ended"
        return False

    def _keep(self, document: dict[str, Any]) -> None:
        signed = document["receipt"]
        assert verify(self._key, read_receipt(signed), canonical.read_base64url(signed["signature"])), signed
        assert signed["attempt"] == str(self.attempt_id)
        self.receipts.append(signed)
        self.journal.refused |= {refused["number"]: refused["code"] for refused in document["refused"]}
        self.journal.receipted = max(self.journal.receipted, signed["number"])


def read_receipt(document: Mapping[str, Any]) -> Receipt:
    return Receipt(
        attempt_id=UUID(document["attempt"]),
        lease=document["lease"],
        number=document["number"],
        head=bytes.fromhex(document["head"]),
        at=canonical.instant(document["at"]),
    )
