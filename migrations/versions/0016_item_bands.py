"""Bands of item versions, by which near duplicates are found; filled for what is there."""

import sqlalchemy as sa
from alembic import op

# The bands are an index and no record: a later step that changes them fills the table anew.
from itembank.core.similarity import bands, shingles

revision: str = "0016"
down_revision: str | None = "0015"

CHUNK = 500


def upgrade() -> None:
    """Make the table and fill it."""
    table = op.create_table(
        "itembank_band",
        sa.Column("item_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["itembank_item_version.id"], name=op.f("fk_itembank_band_item_version_id")
        ),
        sa.PrimaryKeyConstraint("item_version_id", "number", name=op.f("pk_itembank_band")),
    )
    op.create_index(op.f("ix_itembank_band_number"), "itembank_band", ["number"])
    bind = op.get_bind()
    ids = bind.execute(sa.text("SELECT id FROM itembank_item_version")).scalars().all()
    for start in range(0, len(ids), CHUNK):
        chunk = [bytes(one) for one in ids[start : start + CHUNK]]
        found = sa.text("SELECT id, words FROM itembank_item_version WHERE id IN :ids")
        rows = bind.execute(found.bindparams(sa.bindparam("ids", chunk, expanding=True))).all()
        numbers = [
            {"item_version_id": bytes(one), "number": number}
            for one, words in rows
            for number in bands(shingles(words.partition(" ")[2]))
        ]
        if numbers:
            bind.execute(table.insert(), numbers)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("itembank_band")
