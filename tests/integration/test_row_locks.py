"""What a lock on a row means."""

from sqlalchemy import select, text

from cbt.kernel.db import for_update
from cbt.scheduling.tables import CentreRow
from tests.factories_scheduling import make_centre


def test_a_row_that_is_locked_is_read_anew(any_rt):
    make_centre(any_rt)
    centres = select(CentreRow)
    with any_rt.transaction() as tx:
        row = tx.session.scalars(centres).one()
        tx.session.execute(text("UPDATE scheduling_centre SET code = 'changed meanwhile'"))
        assert tx.session.scalars(centres).one().code != "changed meanwhile"
        assert tx.session.scalars(for_update(centres)).one() is row
        assert row.code == "changed meanwhile"
