"""The whole application behind its door, called as a server calls it, and visitors who remember every answer."""

import asyncio
import json
import re
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from cbt.app import create_app
from cbt.delivery.core.sealing import open_paper
from cbt.door import Door
from cbt.kernel.canonical import read_base64url
from cbt.kernel.runtime import Runtime
from cbt.kernel.web.cookies import LANGUAGE, STAFF, cookie_name
from cbt.people.services.staff import sign_in
from cbt.scheduling.core.registrations import RegistrationFacts
from tests.factories_scheduling import PASSWORD

CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as it left the server: what was asked, status, headers and body as text."""

    asked: str
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        """Head and body: a secret may hide in either."""
        head = (f"{name}: {value}" for name, value in self.headers.multi_items())
        return "\n".join([*head, self.body.decode(errors="replace")])


class Service:
    """The door in this process, and the loop that it lives on."""

    def __init__(self, rt: Runtime, runner: asyncio.Runner) -> None:
        self.rt = rt
        self.door = Door(rt.settings, rt)
        self._runner = runner

    def visitor(self, language: str = "en", address: str = "198.51.100.7") -> "Visitor":
        transport = httpx.ASGITransport(app=self.door, client=(address, 4711))
        client = httpx.AsyncClient(transport=transport, base_url=self.rt.settings.public_url)
        client.cookies.set(cookie_name(self.rt.settings, LANGUAGE), language)
        return Visitor(self, client)

    def staff(self, login: str, language: str = "en") -> "Visitor":
        """Somebody of the staff, signed in."""
        visitor = self.visitor(language)
        token = sign_in(self.rt, login, PASSWORD, "198.51.100.7")
        visitor.client.cookies.set(cookie_name(self.rt.settings, STAFF), token)
        return visitor

    def run(self, doing: Any) -> Any:
        return self._runner.run(doing)


@contextmanager
def service(rt: Runtime) -> Iterator[Service]:
    """The application on `rt`."""
    with asyncio.Runner() as runner:
        yield Service(rt, runner)


@dataclass(slots=True)
class Visitor:
    """One browser: its cookies, and every answer it got."""

    service: Service
    client: httpx.AsyncClient
    seen: list[Answered] = field(default_factory=list)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer: httpx.Response = self.service.run(self.client.request(method, path, **more))
        self.seen.append(Answered(f"{method} {path}", answer.status_code, answer.headers, answer.content))
        return answer

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def token(self, path: str = "/") -> str:
        """The CSRF token of a page, as its script reads it."""
        found = CSRF.search(self.get(path, follow_redirects=True).text)
        assert found is not None, path
        return found[1]

    def post(self, path: str, form: dict[str, str] | None = None, *, seen: str = "/verify") -> httpx.Response:
        """Post a form with the token of a page of this visitor's."""
        referer = {"Referer": f"{self.service.rt.settings.public_url}{seen}"}
        return self.ask("POST", path, data={**(form or {}), "csrf_token": self.token(seen)}, headers=referer)

    def sign_in(self, person: RegistrationFacts) -> httpx.Response:
        return self.post("/", {"number": person.candidate.number, "birth": f"{person.candidate.birth_on:%Y%m%d}"})

    def start(self) -> httpx.Response:
        """Fetch the seat and start at the door, as the waiting page does."""
        seat = self.get("/delivery/seat").json()
        headers = {"Authorization": f"Bearer {seat.get('seat_token', '')}"}
        return self.ask("POST", "/delivery/start", json={}, headers=headers)

    def paper(self, key: str) -> Any:
        """The paper, fetched sealed and opened with its key, as the exam page does."""
        seat = self.get("/delivery/seat").json()
        sealed = self.get(seat["sealed"]).content
        form = bytes.fromhex(seat["form"])
        return json.loads(open_paper(read_base64url(key), sealed, UUID(seat["attempt"]), form))

    def entries(self, state: dict[str, Any], *entries: dict[str, Any], number: int | None = None) -> httpx.Response:
        """Send entries as the exam page does."""
        first = state["next"] if number is None else number
        numbered = [
            {"number": first + place, "claimed_at": "2026-11-22T03:00:00Z", **entry}
            for place, entry in enumerate(entries)
        ]
        if number is None:
            state["next"] += len(entries)
        document = {"lease": state["lease"], "entries": numbered}
        return self.ask("POST", "/delivery/entries", json=document, headers=bearer(state))

    def first_event(self, path: str, state: dict[str, Any] | None = None) -> bytes:
        """The first piece of an event stream; the visitor leaves after it."""
        return self.service.run(self._first_event(path, bearer(state) if state else {}))

    async def _first_event(self, path: str, headers: dict[str, str]) -> bytes:
        request = self.client.build_request("GET", path, headers=headers)
        scope: MutableMapping[str, Any] = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(name.lower(), value) for name, value in request.headers.raw], "http_version": "1.1",
            "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("198.51.100.7", 4711), "root_path": "",
        }  # fmt: skip
        got = asyncio.Event()
        pieces: list[bytes] = []
        head: dict[str, Any] = {}
        asked = False

        async def receive() -> MutableMapping[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await got.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
            elif message.get("body"):
                pieces.append(message["body"])
                got.set()

        await self.service.door(scope, receive, send)
        headers_seen = httpx.Headers(head["headers"])
        self.seen.append(Answered(f"GET {path}", head["status"], headers_seen, b"".join(pieces)))
        return b"".join(pieces)


def addresses(rt: Runtime) -> list[tuple[str, str, str]]:
    """(endpoint, "METHOD rule", path with values that name nothing) of every address of the application."""
    found = []
    for rule in create_app(rt.settings, rt=rt).url_map.iter_rules():
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<uuid:[^>]*>", str(UUID(int=9)), path)
        path = re.sub(r"<[^>]*>", "X", path)
        found += [
            (rule.endpoint, f"{method} {rule.rule}", path) for method in (rule.methods or set()) & {"GET", "POST"}
        ]
    return sorted(found)


def bearer(state: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {state['token']}"}


def started(web: Service, person: RegistrationFacts) -> tuple[Visitor, dict[str, Any]]:
    """A candidate's browser with the exam open, and the state that its page got."""
    visitor = web.visitor()
    visitor.sign_in(person)
    state = visitor.start().json()
    assert "token" in state, state
    return visitor, state
