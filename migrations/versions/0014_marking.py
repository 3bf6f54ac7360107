"""Marks that a person gives, and how many a result still waits for."""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    """Add the column and the table, which refuses every change of a row."""
    op.add_column(
        "grading_result",
        sa.Column("awaiting", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False),
    )
    op.create_table(
        "grading_mark",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.LargeBinary(16), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_grading_mark_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading_mark")),
    )
    op.create_index(op.f("ix_grading_mark_attempt_id_slot"), "grading_mark", ["attempt_id", "slot"])
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'grading_mark is append-only'); END"
        for act in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER grading_mark_no_{act.lower()} BEFORE {act} ON grading_mark {refuse}")
        found = "EXISTS (SELECT 1 FROM grading_mark WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER grading_mark_no_replace BEFORE INSERT ON grading_mark WHEN {found} {refuse}")
        return
    op.execute(
        "CREATE TRIGGER grading_mark_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON grading_mark "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("grading_mark")
    op.drop_column("grading_result", "awaiting")
