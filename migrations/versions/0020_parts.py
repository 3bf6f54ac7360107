"""Parts that are passed in one direction, and the most extra time that a room may give, by exam."""

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0021"

_FOUR_HOURS_US = 240 * 60 * 1_000_000


def upgrade() -> None:
    """Add the columns; every exam so far is free, and four hours were the most for all."""
    op.add_column("scheduling_exam_version", sa.Column("parts", sa.LargeBinary(), nullable=True))
    most = sa.Column("most_extra", sa.BigInteger(), server_default=str(_FOUR_HOURS_US), nullable=False)
    op.add_column("scheduling_exam_version", most)
    op.add_column("delivery_attempt", sa.Column("parts", sa.LargeBinary(), nullable=True))
    op.add_column("delivery_attempt", sa.Column("place", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("delivery_attempt", "place")
    op.drop_column("delivery_attempt", "parts")
    op.drop_column("scheduling_exam_version", "most_extra")
    op.drop_column("scheduling_exam_version", "parts")
