"""The ASGI door: the few paths that machines hammer, and the Flask application for everything else.

`app` is what gunicorn's asgi worker serves. A path of the door costs no Flask request; all others are handed to a
small pool of threads behind a gate, so that a busy page cannot hold up the saving of an answer, and whoever sits at an
exam goes before whoever looks at one.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from enum import IntEnum
from functools import cache
from itertools import cycle
from typing import Final, TypeAlias

import structlog
from prometheus_client import Counter
from werkzeug.sansio.http import parse_cookie

from cbt.app import LARGEST_UPLOAD_BYTES, create_app
from cbt.delivery.services.nodes import NodeDesk
from cbt.delivery.stream import DeliveryDoor, StartDoor
from cbt.kernel.asgi.bodies import Intake, read_body
from cbt.kernel.asgi.gate import Crowded, Gate
from cbt.kernel.asgi.http import (
    Answer,
    Call,
    Handler,
    Headers,
    Receive,
    Scope,
    Send,
    close_websocket,
    refusal,
    send_answer,
    send_events,
)
from cbt.kernel.asgi.hub import Hub
from cbt.kernel.asgi.pages import Pages, send_page
from cbt.kernel.errors import CbtError, Unavailable, WrongMethod
from cbt.kernel.logs import init_logs
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.kernel.web.cookies import CANDIDATE, LANGUAGE, STAFF, cookie_name
from cbt.kernel.web.crowded import choose_language, crowded_pages, refresh
from cbt.kernel.web.headers import NO_STORE, security_headers
from cbt.kernel.web.refusals import error_document
from proctor.stream import ProctorDoor

FLASK_THREADS: Final = 2
MOST_WAITING: Final = 400  # requests for pages; more would wait longer than their browsers do
PAGE_PATIENCE_S: Final = 10.0
RETRY_S: Final = (2, 3, 4, 5, 6)  # one after the other, so that those who were turned away do not come back at once
ANNOUNCE_S: Final = 10.0
COLLECT_EVERY: Final = 20_000  # objects more than before; a request leaves hardly any behind
SWITCH_INTERVAL_S: Final = 0.0005  # ten busy pages took the saving path's p99 from 0.8 to 393 ms; with this to 8.5 ms
ANSWERED: Final = Counter("cbt_door_answers", "Answers of the door", ["path", "status"])
Handlers: TypeAlias = Mapping[str, Handler]  # by method
_log = structlog.get_logger("cbt.door")


class Rank(IntEnum):
    """Who goes first when many ask for pages: an exam that runs, a start, the rooms, other staff, everybody else.

    Told by the cookies alone, unread: to lie about them wins a place in the queue for a refusal.
    """

    RUNNING = 0
    START = 1
    ROOM = 2
    STAFF = 3
    STRANGER = 4


_RANKS: Final = (
    (Rank.RUNNING, "", ("/health/",)),
    (Rank.START, CANDIDATE, ("/delivery/seat", "/delivery/sealed/")),
    (Rank.RUNNING, CANDIDATE, ("/delivery/", "/exam/paper")),
    (Rank.START, CANDIDATE, ("/exam/",)),
    (Rank.START, "", ("/static/",)),
    (Rank.ROOM, STAFF, ("/proctor/",)),
    (Rank.STAFF, STAFF, ("/",)),
)


class Fault(Unavailable):
    """Something went wrong on our side; nothing that was confirmed is lost. Try again."""

    code = "fault"


class Door:
    """One process's door."""

    def __init__(self, settings: Settings, rt: Runtime | None = None) -> None:
        self._rt = rt or Runtime.start(settings)
        app = create_app(settings, rt=self._rt)
        # Neither slow senders nor slow readers may hold one of the few threads: bodies come whole, answers queue.
        self._intake = Intake(LARGEST_UPLOAD_BYTES)
        ranks = [rank.name.lower() for rank in Rank]
        gate = Gate(at_once=FLASK_THREADS, ranks=ranks, most_waiting=MOST_WAITING, patience_s=PAGE_PATIENCE_S)
        self._pages = Pages(app, gate, threads=FLASK_THREADS)
        self._crowded = crowded_pages(app)
        self._retry_s = cycle(RETRY_S)
        self._hub = Hub(self._rt.broker)
        self._headers: Headers = [
            (name.lower().encode(), value.encode())
            for name, value in [*security_headers(secure=settings.secure).items(), NO_STORE]
        ]
        self._delivery = DeliveryDoor(self._rt, self._hub)
        self._start = StartDoor(self._rt, self._hub)
        self._proctor = ProctorDoor(self._rt, self._hub)
        self._routes = self._build_routes()
        self._node = NodeDesk.open(self._rt)
        self._background: tuple[asyncio.Task[None], ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event of the ASGI server."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await close_websocket(receive, send)
        elif (found := self._find(scope["path"])) is None:
            await self._serve_page(scope, receive, send)
        else:
            handlers, parameter = found
            await self._serve(handlers, parameter, scope, receive, send)

    def _build_routes(self) -> Mapping[str, Handlers]:
        delivery, proctor, start = self._delivery, self._proctor, self._start
        return {
            "/delivery/wait": {"GET": start.wait},
            "/delivery/start": {"POST": start.start},
            "/delivery/entries": {"POST": delivery.entries},
            "/delivery/beat": {"POST": delivery.beat},
            "/delivery/clock": {"GET": delivery.clock},
            "/delivery/stream": {"GET": delivery.stream},
            "/proctor/rooms/*/stream": {"GET": proctor.stream},
        }

    def _find(self, path: str) -> tuple[Handlers, str] | None:
        if (handlers := self._routes.get(path)) is not None:
            return handlers, ""
        # /proctor/rooms/ROOM/stream is the one path with a parameter.
        parts = path.split("/")
        if len(parts) != len(("", "proctor", "rooms", "*", "stream")):
            return None
        parameter, parts[3] = parts[3], "*"
        handlers = self._routes.get("/".join(parts))
        return None if handlers is None else (handlers, parameter)

    async def _serve_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._intake.whole(receive) as ready:
                await self._pages(scope, ready, send, rank=rank_of(self._rt.settings, scope))
        except CbtError as error:  # of the body or the gate: what Flask refuses, it answers itself
            answer = refusal(error)
            ANSWERED.labels("page", answer.status).inc()
            if isinstance(error, Crowded):
                await self._send_crowded(scope, send)
            else:
                await send_answer(send, answer, self._headers)

    async def _send_crowded(self, scope: Scope, send: Send) -> None:
        """Send a page that comes again by itself; to programs the refusal."""
        rest_s = next(self._retry_s)
        headers = [*self._headers, (b"retry-after", b"%d" % rest_s)]
        if "text/html" not in _header(scope, b"accept"):
            answer = Answer(document=error_document(Crowded.code, Crowded().message), status=503)
            await send_answer(send, answer, headers)
            return
        chosen = _cookies(scope).get(cookie_name(self._rt.settings, LANGUAGE), "")
        page = self._crowded[choose_language(chosen, _header(scope, b"accept-language"))]
        again = refresh(scope["method"], _header(scope, b"referer"), rest_s)
        await send_page(send, 503, page, [*headers, (b"refresh", again.encode("latin-1", "replace"))])

    async def _serve(self, handlers: Handlers, parameter: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            handler = _handler(handlers, scope["method"])
            body = await read_body(receive)
            answer = await handler(Call(parameter=parameter, headers=dict(scope["headers"]), body=body))
        except CbtError as error:
            answer = refusal(error)
        except Exception:  # noqa: BLE001  # the last resort: a fault must still be answered
            _log.exception("fault", path=scope["path"])
            answer = refusal(Fault())
        if isinstance(answer, Answer):
            _answered(scope["path"] if not parameter else "stream", answer.status).inc()
            await send_answer(send, answer, self._headers)
        else:
            await send_events(answer, receive, send, self._headers)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                sys.setswitchinterval(SWITCH_INTERVAL_S)
                gc.freeze()  # what is loaded now stays: no collection need ever go through it
                gc.set_threshold(COLLECT_EVERY)
                self._rt.broker.post_later()
                self._background = asyncio.create_task(self._hub.run()), asyncio.create_task(self._announce())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                for task in self._background:
                    task.cancel()
                with suppress(Unavailable):
                    self._node.leave()
                self._delivery.close()
                self._start.close()
                self._proctor.close()
                self._rt.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _announce(self) -> None:
        """Tell the other nodes what this one runs, again and again."""
        while True:
            try:
                await asyncio.to_thread(self._node.announce)
            except Unavailable as error:
                _log.warning("node not announced", code=error.code)
            except Exception:  # noqa: BLE001  # whatever it is, exams go on, and other nodes take this one for silent
                _log.exception("node not announced")
            await asyncio.sleep(ANNOUNCE_S)


def rank_of(settings: Settings, scope: Scope) -> Rank:
    """Return how urgent a request for a page is."""
    cookies, path = _cookies(scope), f"{scope['path']}"
    for rank, cookie, prefixes in _RANKS:
        if path.startswith(prefixes) and (not cookie or cookie_name(settings, cookie) in cookies):
            return rank
    return Rank.STRANGER


def _cookies(scope: Scope) -> Mapping[str, str]:
    return parse_cookie(_header(scope, b"cookie"))


def _header(scope: Scope, name: bytes) -> str:
    found: bytes = dict(scope["headers"]).get(name, b"")
    return found.decode("latin-1")


@cache
def _answered(path: str, status: int) -> Counter:
    return ANSWERED.labels(path, status)


def _handler(handlers: Handlers, method: str) -> Handler:
    if method not in handlers:
        raise WrongMethod(allow=", ".join(handlers))
    return handlers[method]


def open_door() -> Door:
    """Return the door on the settings of the environment."""
    settings = Settings.from_env(os.environ)
    init_logs(settings.log_level)
    return Door(settings)


def __getattr__(name: str) -> Door:
    """Make `app` when the server asks for it, so that importing this module starts nothing."""
    if name == "app":
        return open_door()
    raise AttributeError(name)
