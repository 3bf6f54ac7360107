"""The pages behind the gate: a WSGI application with a few threads, and who goes first when there are too few."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final

from a2wsgi import WSGIMiddleware
from werkzeug.wsgi import ClosingIterator

from cbt.kernel.asgi.gate import Gate, Pass
from cbt.kernel.asgi.http import Headers, Receive, Scope, Send

_VISIT: Final = "cbt.visit"


class Pages:
    """`app` in as many threads as `gate` lets in; the place is free again when the thread is.

    A reader may be slow: answers queue, so the thread has ended long before the last byte is sent.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], gate: Gate, *, threads: int) -> None:
        self._app = app
        self._gate = gate
        self._threads = WSGIMiddleware(self._visited, workers=threads, send_queue_size=0)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send, *, rank: int) -> None:
        """Serve one request when it is its turn; raises Crowded."""
        visit = _Visit(await self._gate.enter(rank))
        try:
            await self._threads({**scope, _VISIT: visit}, receive, send)  # type: ignore[arg-type]
        finally:
            visit.give_back_unless_begun()

    def _visited(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        visit: _Visit = environ["asgi.scope"][_VISIT]
        visit.begun = True
        try:
            return ClosingIterator(self._app(environ, start_response), visit.thread_ended)
        except BaseException:
            visit.thread_ended()
            raise


async def send_page(send: Send, status: int, page: bytes, headers: Headers) -> None:
    """Send a page that is there already."""
    own = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"%d" % len(page))]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": page})


class _Visit:
    """One request's pass, given back by its thread; by the request itself where no thread ever took it up."""

    def __init__(self, place: Pass) -> None:
        self.begun = False
        self._place = place
        self._loop = asyncio.get_running_loop()

    def give_back_unless_begun(self) -> None:
        """Give the pass back where the request ended before a thread had it."""
        if not self.begun:
            self._place.give_back()

    def thread_ended(self) -> None:
        """Give the pass back, from the thread."""
        self._loop.call_soon_threadsafe(self._place.give_back)
