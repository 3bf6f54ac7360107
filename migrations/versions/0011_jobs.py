"""Long work: jobs, and the files that came with them."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jobs_bundle",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("drop_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_bundle")),
    )
    op.create_index(op.f("ix_jobs_bundle_drop_at"), "jobs_bundle", ["drop_at"])
    op.create_table(
        "jobs_piece",
        sa.Column("bundle_id", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], ["jobs_bundle.id"], name=op.f("fk_jobs_piece_bundle_id")),
        sa.PrimaryKeyConstraint("bundle_id", "name", "number", name=op.f("pk_jobs_piece")),
    )
    _make_jobs()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("jobs_job")
    op.drop_table("jobs_piece")
    op.drop_table("jobs_bundle")


def _make_jobs() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "jobs_job",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("arguments", sa.LargeBinary(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("by_kind", sa.Text(), nullable=False),
        sa.Column("by_id", sa.LargeBinary(16), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("done", number, nullable=False),
        sa.Column("total", number, nullable=False),
        sa.Column("attempt", number, nullable=False),
        sa.Column("runner", sa.LargeBinary(16), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("cancel_asked_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.Column("fault", sa.LargeBinary(), nullable=True),
        sa.Column("bundle_id", sa.LargeBinary(16), nullable=True),
        sa.ForeignKeyConstraint(["bundle_id"], ["jobs_bundle.id"], name=op.f("fk_jobs_job_bundle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_job")),
    )
    op.create_index(op.f("ix_jobs_job_bundle_id"), "jobs_job", ["bundle_id"])
    op.create_index(op.f("ix_jobs_job_created_at"), "jobs_job", ["created_at"])
    op.create_index(op.f("ix_jobs_job_state_ready_at"), "jobs_job", ["state", "ready_at"])
