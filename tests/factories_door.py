"""Requests to the door as an ASGI server makes them."""

import asyncio
import json
from dataclasses import dataclass, field


@dataclass
class Reply:
    """What an ASGI server would have sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")

    @property
    def code(self):
        return json.loads(self.body)["error"]["code"]


def scope(method, path, headers=(), client="127.0.0.1"):
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": (client, 50000),
        "headers": [(b"host", b"127.0.0.1:8000"), *headers],
    }


def body(*chunks):
    """A `receive` that brings `chunks`, and then, for an Ellipsis at the end, nothing ever."""
    left = list(chunks) or [b""]

    async def receive():
        if left[0] is ...:
            await asyncio.Event().wait()
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    return receive


async def ask(door, method, path, chunks=(), **kwargs):
    reply = Reply()
    await door(scope(method, path, **kwargs), body(*chunks), reply.send)
    return reply
