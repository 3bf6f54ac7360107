"""Results by attempt and version."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "grading_result",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("graded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_grading_result_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading_result")),
        sa.UniqueConstraint("attempt_id", "version", name=op.f("uq_grading_result_attempt_id_version")),
    )
    with op.batch_alter_table("grading_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grading_result_status"), ["status"], unique=False)
    op.create_table(
        "grading_failure",
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_grading_failure_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_grading_failure")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("grading_failure")
    with op.batch_alter_table("grading_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grading_result_status"))

    op.drop_table("grading_result")
