"""Hints: everything here may be lost at any moment without harm.

Presence, live hints and rate limits live in Redis or Valkey when one is reachable, else in this process. No call
raises, none waits longer than `PATIENCE_S`; after a failure the server is left alone for `REST_S`. A process that says
so much that it should not wait at all hands its news to a thread (`post_later`), which sends many at once.
"""

import asyncio
import json
import os
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Final, TypeAlias

import redis
import redis.asyncio

PATIENCE_S: Final = 0.05
REST_S: Final = 1.0
CHANNEL: Final = "cbt:hints/2"  # named anew with each format: programs of two formats never hear each other
_LOCAL_KEYS: Final = 10_000
_GATHERED_S: Final = 0.02  # how long the thread waits for more once it has something to send
_MOST_UNSENT: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Hint:
    topic: str
    message: str


@dataclass(frozen=True, slots=True)
class _Seen:
    key: str
    at: datetime
    ttl: timedelta


_News: TypeAlias = _Hint | _Seen


class Broker:
    """The one way to Redis; with `url` None everything stays in this process."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        self._redis = None if url is None else _client(url)
        self._rest_until = 0.0
        self._local = _LocalCounts()
        self._seen = _LocalPresence()
        self._near: Callable[[str, str], object] | None = None
        self._name = os.urandom(8).hex()
        self._post: _Post | None = None

    def post_later(self) -> None:
        """Send hints and presence from a thread from here on: whoever has news never waits for the server."""
        if self._redis is not None and self._post is None:
            self._post = _Post(self._send)

    def close(self) -> None:
        """Send what is left and close the lines."""
        if self._post is not None:
            self._post.close()
            self._post = None
        if self._redis is not None:
            self._redis.close()

    def reachable(self) -> bool:
        """Tell whether the server answers now."""
        if self._redis is None:
            return False
        try:
            return bool(self._redis.ping())
        except redis.RedisError:
            return False

    def on_publish(self, near: Callable[[str, str], object]) -> None:
        """Call `near` with topic and message of every hint that this process sends, with or without a server."""
        self._near = near

    def publish(self, topic: str, message: str) -> None:
        """Send a hint to whoever listens; lost when nobody does."""
        if self._near is not None:
            self._near(topic, message)
        self._tell(_Hint(topic, message))

    async def listen(self) -> AsyncGenerator[tuple[str, str], None]:
        """Yield (topic, message) for ever; reconnects by itself, and is silent while there is no server."""
        while True:
            if self.url is not None:
                try:
                    async for hint in self._subscribed(self.url):
                        yield hint
                except (redis.RedisError, OSError):
                    pass
            await asyncio.sleep(REST_S)

    def mark_present(self, key: str, at: datetime, ttl: timedelta) -> None:
        """Note that `key` was heard at `at`; forgotten after `ttl`."""
        self._seen.mark(key, at, ttl)
        self._tell(_Seen(key, at, ttl))

    def presence(self, keys: Iterable[str]) -> dict[str, datetime]:
        """Return when each of `keys` was last heard; keys that are not known are left out."""
        wanted = list(keys)
        seen = self._seen.of(wanted)
        if not wanted or (server := self._server()) is None:
            return seen
        try:
            found = server.mget([f"cbt:seen:{key}" for key in wanted])
        except redis.RedisError:
            self._rest()
            return seen
        for key, stamp in zip(wanted, found, strict=True):
            if isinstance(stamp, (bytes, str)):
                there = datetime.fromtimestamp(float(stamp), UTC)
                seen[key] = max(there, seen.get(key, there))  # the server may have been away when we heard last
        return seen

    def allow(self, key: str, limit: int, per: timedelta) -> bool:
        """Count one use of `key`; False once more than `limit` uses fall into one window of length `per`."""
        return self._count(key, per, 1) <= limit

    def spent(self, key: str, limit: int, per: timedelta) -> bool:
        """Tell whether `limit` uses of `key` were counted in the present window; counts nothing."""
        return self._count(key, per, 0) >= limit

    def _count(self, key: str, per: timedelta, by: int) -> int:
        window = int(time.time() // per.total_seconds())
        name = f"cbt:limit:{key}:{window}"
        here = self._local.add(name, by)  # counted in both, so that losing the server never resets a limit to zero
        if (server := self._server()) is None:
            return here
        try:
            with server.pipeline() as pipe:
                pipe.incrby(name, by)
                pipe.pexpire(name, per)
                count = pipe.execute()[0]
        except redis.RedisError:
            self._rest()
            return here
        return max(int(count), here)

    async def _subscribed(self, url: str) -> AsyncIterator[tuple[str, str]]:
        async with redis.asyncio.Redis.from_url(url) as server, server.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            async for message in channel.listen():
                if message["type"] == "message":
                    for hint in self._heard(message["data"]):
                        yield hint

    def _heard(self, payload: bytes) -> list[tuple[str, str]]:
        """Return the hints of a payload; those of this process are left out where they were heard near already.

        What cannot be read is skipped: anybody may write into the channel, and a hint may be lost.
        """
        try:
            name, hints = json.loads(payload)
            found = [
                (topic, message) for topic, message in hints if isinstance(topic, str) and isinstance(message, str)
            ]
        except (ValueError, TypeError, RecursionError):
            return []
        own = name == self._name and self._near is not None
        return [] if own else found

    def _tell(self, news: _News) -> None:
        if self._post is not None:
            self._post.put(news)
        elif self._redis is not None:
            self._send([news])

    def _send(self, news: Sequence[_News]) -> None:
        """Send all of `news` in one round: hints as one message, of each key only when it was seen last."""
        if (server := self._server()) is None:
            return
        hints = [(each.topic, each.message) for each in news if isinstance(each, _Hint)]
        seen = {each.key: each for each in news if isinstance(each, _Seen)}
        try:
            with server.pipeline(transaction=False) as pipe:
                if hints:
                    pipe.publish(CHANNEL, json.dumps([self._name, hints]))
                for each in seen.values():
                    pipe.set(f"cbt:seen:{each.key}", str(each.at.timestamp()), px=each.ttl)
                pipe.execute()
        except redis.RedisError:
            self._rest()

    def _server(self) -> "redis.Redis | None":
        return None if time.monotonic() < self._rest_until else self._redis

    def _rest(self) -> None:
        self._rest_until = time.monotonic() + REST_S


class _Post:
    """A thread that sends what was put into it, as much at once as has gathered."""

    def __init__(self, send: Callable[[Sequence[_News]], None]) -> None:
        self._send = send
        self._waiting: Queue[_News | None] = Queue(_MOST_UNSENT)
        self._thread = Thread(target=self._run, name="broker", daemon=True)
        self._thread.start()

    def put(self, news: _News) -> None:
        """Send `news` soon; where too much is unsent it is lost, as any hint may be."""
        with suppress(Full):
            self._waiting.put_nowait(news)

    def close(self) -> None:
        """Send what is left and end."""
        with suppress(Full):
            self._waiting.put(None, timeout=REST_S)
        self._thread.join(REST_S)

    def _run(self) -> None:
        running = True
        while running:
            gathered = [self._waiting.get()]
            if gathered[0] is not None:
                time.sleep(_GATHERED_S)
            with suppress(Empty):
                while True:
                    gathered.append(self._waiting.get_nowait())
            running = None not in gathered
            self._send([each for each in gathered if each is not None])


class _LocalPresence:
    """Who was heard in this process, the one unheard for longest forgotten first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[datetime, float]] = OrderedDict()
        self._lock = Lock()

    def mark(self, key: str, at: datetime, ttl: timedelta) -> None:
        with self._lock:
            self._seen[key] = (at, time.monotonic() + ttl.total_seconds())
            self._seen.move_to_end(key)
            if len(self._seen) > _LOCAL_KEYS:
                self._seen.popitem(last=False)

    def of(self, keys: Iterable[str]) -> dict[str, datetime]:
        now = time.monotonic()
        with self._lock:
            found = {key: self._seen[key] for key in keys if key in self._seen}
        return {key: at for key, (at, until) in found.items() if now < until}


class _LocalCounts:
    """Counts per window in this process, oldest forgotten first."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def add(self, name: str, by: int) -> int:
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + by
            if len(self._counts) > _LOCAL_KEYS:
                self._counts.popitem(last=False)
            return self._counts[name]


def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)
