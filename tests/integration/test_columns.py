"""Columns mean the same on both databases: what is read is what was written, and so is what lies on the disk."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import MetaData, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase

from cbt.kernel.db import Base, Mapped, mapped_column
from cbt.kernel.score import Score, score

SEOUL = timezone(timedelta(hours=9))
ID = UUID("01930000-0000-7000-8000-00000000ff01")
VALUES = {
    "id": ID,
    "at": datetime(2026, 11, 22, 12, 0, 0, 4, tzinfo=SEOUL),
    "length": timedelta(hours=2, microseconds=-1),
    "points": score("59.999"),
    "plain": Decimal("-0.001"),
    "content": b"\x00\xff{}",
    "words": "가\u1100\U0001f600 'x'",
    "count": 2**62,
    "done": True,
    "day": date(2026, 11, 2),
}
MICROSECONDS = (datetime(2026, 11, 22, 3, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


class Own(DeclarativeBase):
    """Tables of this test alone, beside those of the system."""

    metadata = MetaData()
    type_annotation_map = Base.type_annotation_map


class Sample(Own):
    __tablename__ = "test_sample"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    length: Mapped[timedelta | None]
    points: Mapped[Score | None]
    plain: Mapped[Decimal | None]
    content: Mapped[bytes | None]
    words: Mapped[str | None]
    count: Mapped[int | None]
    done: Mapped[bool | None]
    day: Mapped[date | None]


@pytest.fixture
def samples(any_rt):
    Own.metadata.create_all(any_rt.engine)
    return any_rt


def store(rt, **values):
    with rt.transaction() as tx:
        tx.session.execute(insert(Sample).values(**values))


def only(rt):
    with rt.reading() as tx:
        return dict(tx.session.execute(select(*Sample.__table__.columns)).one()._mapping)


def raw(rt, *expressions):
    """What the database itself says, past the column types."""
    with rt.engine.connect() as connection:
        return tuple(connection.execute(text(f"SELECT {', '.join(expressions)} FROM test_sample")).one())  # noqa: S608


def test_every_value_is_read_back_as_it_was_written(samples):
    store(samples, **VALUES)
    read = only(samples)
    assert read == VALUES
    assert {name: type(value) for name, value in read.items()} == {name: type(value) for name, value in VALUES.items()}


def test_instants_come_back_in_utc_to_the_microsecond(samples):
    store(samples, **VALUES)
    at = only(samples)["at"]
    assert (at.tzinfo, at.hour, at.microsecond) == (UTC, 3, 4)


def test_scores_come_back_with_three_decimals(samples):
    store(samples, id=ID, points=score("12.5"), plain=Decimal(7))
    read = only(samples)
    assert (str(read["points"]), str(read["plain"])) == ("12.500", "7.000")


def test_nothing_is_kept_as_nothing(samples):
    store(samples, id=ID)
    assert {name: value for name, value in only(samples).items() if value is not None} == {"id": ID}


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("at", datetime(2026, 11, 22, 12), "time zone"),  # noqa: DTZ001
        ("points", Decimal("0.0001"), "finer"),
        ("points", Decimal("NaN"), "NaN"),
        ("points", Decimal(1) + Decimal("1e-27"), "finer"),
    ],
)
def test_what_would_not_be_kept_exactly_is_refused(samples, column, value, words):
    with pytest.raises(StatementError, match=words):
        store(samples, id=ID, **{column: value})
    store(samples, id=ID)


def test_numbers_and_bytes_lie_on_the_disk(samples):
    store(samples, **VALUES)
    assert raw(samples, "at", "length", "points", "plain", "count") == (
        MICROSECONDS + 4,
        7_200_000_000 - 1,
        59_999,
        -1,
        2**62,
    )
    assert tuple(map(bytes, raw(samples, "id", "content"))) == (ID.bytes, VALUES["content"])


def test_sqlite_holds_integers_and_blobs(rt):
    Own.metadata.create_all(rt.engine)
    store(rt, **VALUES)
    names = ("at", "length", "points", "plain", "count", "done", "id", "content", "words", "day")
    assert raw(rt, *(f"typeof({name})" for name in names)) == ("integer",) * 6 + ("blob",) * 2 + ("text",) * 2
    assert raw(rt, "length(id)", "day", "words") == (16, "2026-11-02", VALUES["words"])


@pytest.mark.postgresql
def test_postgresql_holds_integers_and_bytes(postgres_rt):
    Own.metadata.create_all(postgres_rt.engine)
    store(postgres_rt, **VALUES)
    names = ("at", "length", "points", "plain", "count", "done", "id", "content", "words", "day")
    kinds = ("bigint",) * 5 + ("boolean",) + ("bytea",) * 2 + ("text", "date")
    assert raw(postgres_rt, *(f"pg_typeof({name})::text" for name in names)) == kinds
    assert raw(postgres_rt, "octet_length(id)") == (16,)


def test_instants_are_ordered_and_compared_in_the_database(samples):
    for number in range(3):
        at = datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC) + timedelta(microseconds=number)
        store(samples, id=UUID(int=number), at=at)
    with samples.reading() as tx:
        epoch = datetime(1970, 1, 1, 9, tzinfo=SEOUL)
        found = tx.session.scalars(select(Sample.id).where(Sample.at >= epoch).order_by(Sample.at.desc()))
        assert [each.int for each in found] == [2, 1]
