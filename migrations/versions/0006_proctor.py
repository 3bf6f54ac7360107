"""Incidents of a room."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "proctor_incident",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("sitting_room_id", sa.LargeBinary(16), nullable=False),
        sa.Column("registration_id", sa.LargeBinary(16), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.LargeBinary(16), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people_staff.id"], name=op.f("fk_proctor_incident_by_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["scheduling_registration.id"], name=op.f("fk_proctor_incident_registration_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_room_id"], ["scheduling_sitting_room.id"], name=op.f("fk_proctor_incident_sitting_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proctor_incident")),
    )
    with op.batch_alter_table("proctor_incident", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proctor_incident_sitting_room_id_at"), ["sitting_room_id", "at"], unique=False
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("proctor_incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proctor_incident_sitting_room_id_at"))

    op.drop_table("proctor_incident")
