"""Attempts, their journals, papers and seat claims."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("registration_id", sa.LargeBinary(16), nullable=False),
        sa.Column("sitting_room_id", sa.LargeBinary(16), nullable=False),
        sa.Column("form_id", sa.LargeBinary(16), nullable=False),
        sa.Column("form_digest", sa.LargeBinary(), nullable=False),
        sa.Column("slots", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("time_allowed", sa.BigInteger(), nullable=False),
        sa.Column("grace", sa.BigInteger(), nullable=False),
        sa.Column("extended", sa.BigInteger(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_total", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lease_next", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("answered", sa.LargeBinary(), nullable=False),
        sa.Column("flagged", sa.LargeBinary(), nullable=False),
        sa.Column("hand_since", sa.BigInteger(), nullable=True),
        sa.Column("hand_words", sa.Text(), nullable=False),
        sa.Column("head_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("head_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["itembank_form.id"], name=op.f("fk_delivery_attempt_form_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["scheduling_registration.id"], name=op.f("fk_delivery_attempt_registration_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_room_id"], ["scheduling_sitting_room.id"], name=op.f("fk_delivery_attempt_sitting_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_delivery_attempt_registration_id")),
    )
    with op.batch_alter_table("delivery_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_attempt_sitting_room_id"), ["sitting_room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_attempt_state_closes_at"), ["state", "closes_at"], unique=False)

    op.create_table(
        "delivery_entry",
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lease_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content_digest", sa.LargeBinary(), nullable=True),
        sa.Column("refused_code", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_delivery_entry_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "number", name=op.f("pk_delivery_entry")),
        sa.UniqueConstraint(
            "attempt_id", "lease", "lease_number", name=op.f("uq_delivery_entry_attempt_id_lease_lease_number")
        ),
    )
    op.create_table(
        "delivery_paper",
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_delivery_paper_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_delivery_paper")),
    )
    op.create_table(
        "delivery_seat_claim",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt_id", sa.LargeBinary(16), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["delivery_attempt.id"], name=op.f("fk_delivery_seat_claim_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_seat_claim")),
        sa.UniqueConstraint("attempt_id", "device", name=op.f("uq_delivery_seat_claim_attempt_id_device")),
    )
    with op.batch_alter_table("delivery_seat_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_seat_claim_attempt_id"), ["attempt_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("delivery_seat_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_seat_claim_attempt_id"))

    op.drop_table("delivery_seat_claim")
    op.drop_table("delivery_paper")
    op.drop_table("delivery_entry")
    with op.batch_alter_table("delivery_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_attempt_state_closes_at"))
        batch_op.drop_index(batch_op.f("ix_delivery_attempt_sitting_room_id"))

    op.drop_table("delivery_attempt")
