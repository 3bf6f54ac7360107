"""Files that candidates hand in."""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    """Make the table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "delivery_file",
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("slot", number, nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", number, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_delivery_file_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "sha256", name=op.f("pk_delivery_file")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("delivery_file")
