"""What each seat's PC said of itself."""

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0019"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "checks_pc_check",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("room_id", sa.LargeBinary(16), nullable=False),
        sa.Column("seat", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("measures", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["scheduling_room.id"], name=op.f("fk_checks_pc_check_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks_pc_check")),
    )
    op.create_index(op.f("ix_checks_pc_check_room_id_seat_at"), "checks_pc_check", ["room_id", "seat", "at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("checks_pc_check")
