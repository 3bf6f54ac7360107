"""Personal needs profiles, the tools of an exam, and accommodations that wait for a second person."""

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0018"


def upgrade() -> None:
    """Add the columns and the table; nobody has a profile yet, and exams give the tools that are usual."""
    usual = "highlighter eliminator notes"
    op.add_column("scheduling_exam_version", sa.Column("tools", sa.Text(), server_default=usual, nullable=False))
    empty = "x'7b7d'" if op.get_bind().dialect.name == "sqlite" else "'{}'::bytea"
    op.add_column(
        "scheduling_registration", sa.Column("needs", sa.LargeBinary(), server_default=sa.text(empty), nullable=False)
    )
    op.create_table(
        "scheduling_accommodation",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("registration_id", sa.LargeBinary(16), nullable=False),
        sa.Column("time_factor", sa.Text(), nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.LargeBinary(16), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["scheduling_registration.id"],
            name=op.f("fk_scheduling_accommodation_registration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_accommodation")),
    )
    op.create_index(
        op.f("ix_scheduling_accommodation_registration_id"), "scheduling_accommodation", ["registration_id"]
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("scheduling_accommodation")
    op.drop_column("scheduling_registration", "needs")
    op.drop_column("scheduling_exam_version", "tools")
