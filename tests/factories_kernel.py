"""Builders for tests of the ground floor: settings without a database, a reader at the door, tables of their own."""

import asyncio
import os
import time
from collections.abc import Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import MetaData, func, insert, select
from sqlalchemy.orm import DeclarativeBase

from cbt.kernel.db import Base, ForeignKey, Mapped, mapped_column
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings

ENOUGH_S = 20.0


class Settled:
    """What a page needs of the runtime when it asks for the settings only."""

    def __init__(self, **env: str) -> None:
        self.settings = Settings.from_env(env)


class Reader:
    """The other end of a connection: says what is listed, then is silent until it goes away."""

    def __init__(self, *said: MutableMapping[str, Any]) -> None:
        self._said = list(said)
        self._gone = asyncio.Event()
        self._heard = asyncio.Event()
        self.heard: list[MutableMapping[str, Any]] = []

    async def receive(self) -> MutableMapping[str, Any]:
        if self._said:
            return self._said.pop(0)
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.heard.append(message)
        self._heard.set()

    def go(self) -> None:
        self._gone.set()

    async def until(self, messages: int) -> None:
        """Wait until so many messages were heard."""
        while len(self.heard) < messages:
            self._heard.clear()
            await self._heard.wait()


class Own(DeclarativeBase):
    """Tables of tests alone, beside those of the system."""

    metadata = MetaData()
    type_annotation_map = Base.type_annotation_map


class Shelf(Own):
    """A numbered place for bytes."""

    __tablename__ = "test_shelf"
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class Book(Own):
    """Something that needs a shelf."""

    __tablename__ = "test_book"
    number: Mapped[int] = mapped_column(primary_key=True)
    shelf: Mapped[int] = mapped_column(ForeignKey("test_shelf.number"))


def with_shelves(rt: Runtime) -> Runtime:
    """A runtime whose database has the tables above."""
    Own.metadata.create_all(rt.engine)
    return rt


def put(rt: Runtime, *numbers: int, content: bytes = b".") -> None:
    """Store shelves in one transaction, then send a hint."""
    with rt.transaction() as tx:
        tx.hint("shelves", "more")
        for number in numbers:
            tx.session.execute(insert(Shelf).values(number=number, content=content))


def count(rt: Runtime) -> int:
    """How many shelves are stored for good."""
    with rt.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(Shelf)).scalar_one()


def elsewhere(act: Callable[..., Any], *arguments: object) -> Any:
    """What another thread of this process does meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act, *arguments).result(ENOUGH_S)


def until(condition: Callable[[], object]) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + ENOUGH_S
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        os.sched_yield()
