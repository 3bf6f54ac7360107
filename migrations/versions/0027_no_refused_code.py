"""Journal rows lose the code under which an entry was refused: it stands in the row's bytes, and nobody asked for it.

Every saved answer wrote the column, empty.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0023"


def upgrade() -> None:
    """Drop the column."""
    op.drop_column("delivery_entry", "refused_code")


def downgrade() -> None:
    """Bring the column back, empty: no program has ever read it, and the rows are never rewritten for it."""
    op.add_column("delivery_entry", sa.Column("refused_code", sa.Text(), nullable=True))
