"""Staff, their sessions, candidates and the sealed audit trail."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "people_audit",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.LargeBinary(16), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_audit")),
    )
    with op.batch_alter_table("people_audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_audit_act_at"), ["act", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_audit_at_id"), ["at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_audit_subject_at"), ["subject", "at"], unique=False)

    op.create_table(
        "people_candidate",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_latin", sa.Text(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_candidate")),
        sa.UniqueConstraint("number_key", name=op.f("uq_people_candidate_number_key")),
    )
    with op.batch_alter_table("people_candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_candidate_name"), ["name"], unique=False)

    op.create_table(
        "people_staff",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_temporary", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_people_staff_login")),
    )
    op.create_table(
        "people_audit_seal",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.LargeBinary(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["people_audit.id"], name=op.f("fk_people_audit_seal_audit_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_people_audit_seal")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_people_audit_seal_audit_id")),
    )
    op.create_table(
        "people_audit_waiting",
        sa.Column("audit_id", sa.LargeBinary(16), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["people_audit.id"], name=op.f("fk_people_audit_waiting_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_people_audit_waiting")),
    )
    op.create_table(
        "people_staff_role",
        sa.Column("staff_id", sa.LargeBinary(16), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["people_staff.id"], name=op.f("fk_people_staff_role_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_people_staff_role")),
    )
    op.create_table(
        "people_staff_session",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["people_staff.id"], name=op.f("fk_people_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_staff_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_people_staff_session_token_digest")),
    )
    with op.batch_alter_table("people_staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_staff_session_staff_id"), ["staff_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("people_staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_staff_session_staff_id"))

    op.drop_table("people_staff_session")
    op.drop_table("people_staff_role")
    op.drop_table("people_audit_waiting")
    op.drop_table("people_audit_seal")
    op.drop_table("people_staff")
    with op.batch_alter_table("people_candidate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_candidate_name"))

    op.drop_table("people_candidate")
    with op.batch_alter_table("people_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_audit_subject_at"))
        batch_op.drop_index(batch_op.f("ix_people_audit_at_id"))
        batch_op.drop_index(batch_op.f("ix_people_audit_act_at"))

    op.drop_table("people_audit")
