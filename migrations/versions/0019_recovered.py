"""Answers that came late or another way, uploaded answer files, admissions by two persons, and the exam's late rule."""

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0020"


def upgrade() -> None:
    """Add the columns and the tables; no exam had a written rule so far."""
    op.add_column("scheduling_exam_version", sa.Column("late_rule", sa.Text(), server_default="none", nullable=False))
    op.add_column(
        "scheduling_exam_version", sa.Column("late_window", sa.BigInteger(), server_default="0", nullable=False)
    )
    _recovered()
    _answer_files()
    _admissions()


def _recovered() -> None:
    op.create_table(
        "delivery_recovered",
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lease", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("admitted_at", sa.BigInteger(), nullable=True),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_delivery_recovered_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "number", name=op.f("pk_delivery_recovered")),
    )
    op.create_index(
        op.f("ix_delivery_recovered_counts_judged_at"), "delivery_recovered", ["counts", "judged_at"], unique=False
    )


def _answer_files() -> None:
    op.create_table(
        "delivery_answer_file",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.BigInteger(), nullable=True),
        sa.Column("merged_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_delivery_answer_file_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_answer_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_delivery_answer_file_sha256")),
    )
    op.create_index(op.f("ix_delivery_answer_file_attempt_id"), "delivery_answer_file", ["attempt_id"], unique=False)


def _admissions() -> None:
    op.create_table(
        "grading_admission",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("overriding", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.LargeBinary(16), nullable=False),
        sa.Column("proposed_name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_grading_admission_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading_admission")),
    )
    op.create_index(
        op.f("ix_grading_admission_attempt_id_state"), "grading_admission", ["attempt_id", "state"], unique=False
    )


def downgrade() -> None:
    """Drop them; the journals keep what they held."""
    op.drop_table("grading_admission")
    op.drop_table("delivery_answer_file")
    op.drop_table("delivery_recovered")
    op.drop_column("scheduling_exam_version", "late_window")
    op.drop_column("scheduling_exam_version", "late_rule")
