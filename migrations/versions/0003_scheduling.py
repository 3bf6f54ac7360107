"""Centres, rooms, seats, exams, sittings, registrations."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scheduling_centre",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_ko", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_scheduling_centre_code")),
    )
    op.create_table(
        "scheduling_exam",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_exam")),
        sa.UniqueConstraint("code", name=op.f("uq_scheduling_exam_code")),
    )
    op.create_table(
        "scheduling_exam_version",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("exam_id", sa.LargeBinary(16), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title_ko", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("blueprint_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("time_allowed", sa.BigInteger(), nullable=False),
        sa.Column("grace", sa.BigInteger(), nullable=False),
        sa.Column("navigation", sa.Text(), nullable=False),
        sa.Column("pass_rule", sa.LargeBinary(), nullable=False),
        sa.Column("result_policy", sa.Text(), nullable=False),
        sa.Column("calculator", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["scheduling_exam.id"], name=op.f("fk_scheduling_exam_version_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_exam_version")),
        sa.UniqueConstraint("exam_id", "version", name=op.f("uq_scheduling_exam_version_exam_id_version")),
    )
    op.create_table(
        "scheduling_room",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("centre_id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_ko", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["scheduling_centre.id"], name=op.f("fk_scheduling_room_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_room")),
        sa.UniqueConstraint("centre_id", "code", name=op.f("uq_scheduling_room_centre_id_code")),
    )
    op.create_table(
        "scheduling_seat",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("room_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["scheduling_room.id"], name=op.f("fk_scheduling_seat_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_seat")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_scheduling_seat_room_id_number")),
    )
    op.create_table(
        "scheduling_sitting",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_ko", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("exam_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("prepared_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exam_version_id"], ["scheduling_exam_version.id"], name=op.f("fk_scheduling_sitting_exam_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_sitting")),
        sa.UniqueConstraint("code", name=op.f("uq_scheduling_sitting_code")),
    )
    with op.batch_alter_table("scheduling_sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheduling_sitting_opens_at"), ["opens_at"], unique=False)

    op.create_table(
        "scheduling_sitting_room",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("sitting_id", sa.LargeBinary(16), nullable=False),
        sa.Column("room_id", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["scheduling_room.id"], name=op.f("fk_scheduling_sitting_room_room_id")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["scheduling_sitting.id"], name=op.f("fk_scheduling_sitting_room_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_sitting_room")),
        sa.UniqueConstraint("sitting_id", "room_id", name=op.f("uq_scheduling_sitting_room_sitting_id_room_id")),
    )
    with op.batch_alter_table("scheduling_sitting_room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheduling_sitting_room_room_id"), ["room_id"], unique=False)

    op.create_table(
        "scheduling_registration",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("sitting_id", sa.LargeBinary(16), nullable=False),
        sa.Column("sitting_room_id", sa.LargeBinary(16), nullable=False),
        sa.Column("candidate_id", sa.LargeBinary(16), nullable=False),
        sa.Column("seat_id", sa.LargeBinary(16), nullable=False),
        sa.Column("time_factor", sa.Text(), nullable=False),
        sa.Column("checked_in_at", sa.BigInteger(), nullable=True),
        sa.Column("checked_in_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["people_candidate.id"], name=op.f("fk_scheduling_registration_candidate_id")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["scheduling_seat.id"], name=op.f("fk_scheduling_registration_seat_id")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["scheduling_sitting.id"], name=op.f("fk_scheduling_registration_sitting_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_room_id"], ["scheduling_sitting_room.id"], name=op.f("fk_scheduling_registration_sitting_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduling_registration")),
        sa.UniqueConstraint(
            "sitting_id", "candidate_id", name=op.f("uq_scheduling_registration_sitting_id_candidate_id")
        ),
        sa.UniqueConstraint("sitting_id", "seat_id", name=op.f("uq_scheduling_registration_sitting_id_seat_id")),
    )
    with op.batch_alter_table("scheduling_registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheduling_registration_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scheduling_registration_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_scheduling_registration_sitting_room_id"), ["sitting_room_id"], unique=False
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("scheduling_registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheduling_registration_sitting_room_id"))
        batch_op.drop_index(batch_op.f("ix_scheduling_registration_seat_id"))
        batch_op.drop_index(batch_op.f("ix_scheduling_registration_candidate_id"))

    op.drop_table("scheduling_registration")
    with op.batch_alter_table("scheduling_sitting_room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheduling_sitting_room_room_id"))

    op.drop_table("scheduling_sitting_room")
    with op.batch_alter_table("scheduling_sitting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheduling_sitting_opens_at"))

    op.drop_table("scheduling_sitting")
    op.drop_table("scheduling_seat")
    op.drop_table("scheduling_room")
    op.drop_table("scheduling_exam_version")
    op.drop_table("scheduling_exam")
    op.drop_table("scheduling_centre")
