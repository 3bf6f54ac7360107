"""F34: while exams are going on the schema stays: `cbt migrate` and a newer `cbt serve` refuse, and change nothing."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from cbt.cli.migrate import migrate as migrate_command
from cbt.cli.preflight import SchemaFrozen, require_schema
from cbt.delivery.services.sweeping import expire_overdue
from cbt.kernel import schema
from cbt.scheduling.services.attendance import close_room_in
from tests.factories_exam import make_world, sit_down


def older(rt) -> str | None:
    """The database as the version before left it."""
    schema.unmigrate(rt.engine, "-1")
    return schema.step_of(rt.engine)


@pytest.fixture
def shell(rt, monkeypatch):
    """`cbt migrate` on the database of the test."""
    monkeypatch.setenv("CBT_HOME", str(rt.settings.home))
    monkeypatch.setenv("CBT_DATABASE_URL", rt.settings.database_url)
    return lambda *words: CliRunner().invoke(migrate_command, words)


def test_f34_open_room_keeps_the_schema(any_rt, monkeypatch) -> None:
    rt = any_rt
    world = make_world(rt)
    url = rt.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr("cbt.cli.preflight.SystemClock", lambda: rt.clock)
    before = older(rt)
    with pytest.raises(SchemaFrozen):
        require_schema(url)
    assert schema.step_of(rt.engine) == before
    schema.migrate(rt.engine)
    with rt.transaction() as tx:
        close_room_in(tx, rt.clock.now(), world.room_id, by=world.staff)
    older(rt)
    assert require_schema(url) == schema.newest_step()


def test_f34_newest_schema_is_served_while_rooms_are_open(rt) -> None:
    make_world(rt)
    assert require_schema(rt.settings.database_url) == schema.newest_step()


def test_f34_command_says_why(rt, shell) -> None:
    world = make_world(rt)
    sit_down(world)  # somebody works: the window of the sitting, by the real clock, does not matter
    before = older(rt)
    told = shell()
    assert isinstance(told.exception, SchemaFrozen)
    assert "until every room is closed" in told.exception.message
    assert schema.step_of(rt.engine) == before


@pytest.mark.parametrize(
    ("after", "swept", "frozen"),
    [
        (timedelta(0), False, True),
        (timedelta(hours=4), True, True),  # the room is open, somebody may come late
        (timedelta(hours=5), False, True),  # the window has ended, somebody has not
        (timedelta(hours=5), True, False),  # a room that was forgotten
    ],
)
def test_f34_freeze_ends_with_the_exams(rt, after, swept, frozen) -> None:
    world = make_world(rt)
    sit_down(world)
    rt.clock.advance(after)
    if swept:
        expire_overdue(rt)
    assert schema.is_frozen(rt.engine, rt.clock.now()) is frozen


def test_f34_empty_database_is_not_frozen(rt) -> None:
    schema.unmigrate(rt.engine, "base")
    assert schema.is_frozen(rt.engine, rt.clock.now()) is False
