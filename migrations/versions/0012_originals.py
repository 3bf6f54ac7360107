"""The files that keys were read from, as they were handed over."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    """Add the table and the columns; keys that are there came without a file."""
    op.create_table(
        "itembank_original",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_itembank_original")),
    )
    with op.batch_alter_table("itembank_key_version") as key_version:
        key_version.add_column(sa.Column("original", sa.LargeBinary(), nullable=True))
        key_version.add_column(sa.Column("original_name", sa.Text(), nullable=True))
        key_version.create_foreign_key(
            op.f("fk_itembank_key_version_original"), "itembank_original", ["original"], ["sha256"]
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("itembank_key_version") as key_version:
        key_version.drop_constraint(op.f("fk_itembank_key_version_original"), type_="foreignkey")
        key_version.drop_column("original_name")
        key_version.drop_column("original")
    op.drop_table("itembank_original")
