"""Seals: the key pair of each sitting, the release code of each of its centres, and for whom a paper is sealed."""

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    """Add the tables; papers that exist stay plain until they are asked for."""
    op.create_table(
        "delivery_seal",
        sa.Column("sitting_id", sa.LargeBinary(16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["scheduling_sitting.id"], name=op.f("fk_delivery_seal_sitting_id")),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_delivery_seal")),
    )
    op.create_table(
        "delivery_release",
        sa.Column("sitting_id", sa.LargeBinary(16), nullable=False),
        sa.Column("centre_id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["scheduling_sitting.id"], name=op.f("fk_delivery_release_sitting_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["scheduling_centre.id"], name=op.f("fk_delivery_release_centre_id")),
        sa.PrimaryKeyConstraint("sitting_id", "centre_id", name=op.f("pk_delivery_release")),
    )
    with op.batch_alter_table("delivery_paper") as table:
        table.add_column(sa.Column("sealed_for", sa.LargeBinary(16), nullable=True))
        table.add_column(sa.Column("assets", sa.LargeBinary(), nullable=True))
        table.create_foreign_key(op.f("fk_delivery_paper_sealed_for"), "scheduling_centre", ["sealed_for"], ["id"])


def downgrade() -> None:
    """Drop the tables; raises RuntimeError while sealed papers lie there, which nothing could open any more."""
    sealed = op.get_bind().execute(sa.text("SELECT count(*) FROM delivery_paper WHERE sealed_for IS NOT NULL"))
    if sealed.scalar():
        raise RuntimeError("papers are sealed: without their release codes nobody could open them again")
    with op.batch_alter_table("delivery_paper") as table:
        table.drop_constraint(op.f("fk_delivery_paper_sealed_for"), type_="foreignkey")
        table.drop_column("assets")
        table.drop_column("sealed_for")
    op.drop_table("delivery_release")
    op.drop_table("delivery_seal")
