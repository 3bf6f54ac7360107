"""Server processes that announce themselves, so that they can be compared before a room opens."""

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0022"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "delivery_node",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("schema", sa.Text(), nullable=False),
        sa.Column("forms", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_node")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("delivery_node")
