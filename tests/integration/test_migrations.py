"""The schema's history on both databases: up, down, up again; equal to the rows that the code describes."""

import importlib

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cbt.kernel.schema import alembic_config, migrate, newest_step, step_of, unmigrate
from tests.factories_exam import make_world, sit_down


def test_the_schema_is_what_the_tables_describe(any_rt):
    importlib.import_module("reports.tables")
    with any_rt.engine.connect() as connection:
        command.check(alembic_config(connection))


def test_every_step_goes_down_and_up_again(any_rt):
    assert step_of(any_rt.engine) == newest_step()
    unmigrate(any_rt.engine, "base")
    assert step_of(any_rt.engine) is None
    migrate(any_rt.engine)
    assert step_of(any_rt.engine) == newest_step()


def test_going_one_step_down_and_up_keeps_the_rows(any_rt):
    page = sit_down(make_world(any_rt))
    page.send(page.answer(1))
    before = _heads(any_rt)
    unmigrate(any_rt.engine, "-1")
    migrate(any_rt.engine)
    assert _heads(any_rt) == before


def test_sealed_papers_are_never_left_without_their_codes(rt):
    make_world(rt)
    with pytest.raises(RuntimeError, match="papers are sealed"):
        unmigrate(rt.engine, "0017")
    assert step_of(rt.engine) is not None
    with rt.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM delivery_release")).scalar() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE delivery_entry SET number = number + 10",
        "DELETE FROM delivery_entry",
        "UPDATE people_audit SET reason = 'none'",
        "DELETE FROM people_audit",
    ],
)
def test_journal_and_audit_trail_refuse_to_be_rewritten(any_rt, statement):
    page = sit_down(make_world(any_rt))
    page.send(page.answer(1))
    with pytest.raises(DBAPIError, match="append-only"), any_rt.engine.begin() as connection:
        connection.execute(text(statement))


def _heads(rt):
    with rt.engine.connect() as connection:
        entries = connection.execute(text("SELECT number, hash FROM delivery_entry ORDER BY attempt_id, number")).all()
        audit = connection.execute(text("SELECT count(*) FROM people_audit")).scalar()
        return entries, audit
