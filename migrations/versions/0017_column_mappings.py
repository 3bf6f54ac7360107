"""Mappings of the columns of foreign tables, remembered for each bank."""

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "itembank_column_mapping",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("bank_id", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["itembank_bank.id"], name=op.f("fk_itembank_column_mapping_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_column_mapping")),
        sa.UniqueConstraint("bank_id", "name", name=op.f("uq_itembank_column_mapping_bank_id_name")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("itembank_column_mapping")
