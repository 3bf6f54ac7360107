"""Orders that were carried out, by registration."""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "proctor_order_done",
        sa.Column("order_id", sa.LargeBinary(16), nullable=False),
        sa.Column("registration_id", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "registration_id", name=op.f("pk_proctor_order_done")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("proctor_order_done")
