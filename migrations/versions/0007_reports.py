"""Issued documents and their counters."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reports_counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reports_counter")),
    )
    op.create_table(
        "reports_document",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("result_id", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issue_number", sa.Text(), nullable=False),
        sa.Column("verify_code", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_reports_document_attempt_id")),
        sa.ForeignKeyConstraint(["result_id"], ["grading_result.id"], name=op.f("fk_reports_document_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports_document")),
        sa.UniqueConstraint("issue_number", name=op.f("uq_reports_document_issue_number")),
        sa.UniqueConstraint("result_id", name=op.f("uq_reports_document_result_id")),
        sa.UniqueConstraint("verify_code", name=op.f("uq_reports_document_verify_code")),
    )
    with op.batch_alter_table("reports_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reports_document_attempt_id_issued_at"), ["attempt_id", "issued_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reports_document_number"), ["number"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("reports_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_document_number"))
        batch_op.drop_index(batch_op.f("ix_reports_document_attempt_id_issued_at"))

    op.drop_table("reports_document")
    op.drop_table("reports_counter")
