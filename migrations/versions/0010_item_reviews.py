"""Authors and approvals of item versions; their moves, comments and readers, which refuse every change of a row."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"

TABLES = {
    "itembank_review": "id = NEW.id",
    "itembank_comment": "id = NEW.id",
    "itembank_seen": "item_version_id = NEW.item_version_id AND staff_id = NEW.staff_id AND hour = NEW.hour",
}


def upgrade() -> None:
    """Add the columns and the tables; what is approved now counts as approved since it was made."""
    op.add_column("itembank_load", sa.Column("by_id", sa.LargeBinary(16), nullable=True))
    op.add_column("itembank_load", sa.Column("by_name", sa.Text(), server_default="", nullable=False))
    op.add_column("itembank_item_version", sa.Column("author_id", sa.LargeBinary(16), nullable=True))
    op.add_column("itembank_item_version", sa.Column("author_name", sa.Text(), server_default="", nullable=False))
    op.add_column("itembank_item_version", sa.Column("approved_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_itembank_item_version_author_id"), "itembank_item_version", ["author_id"])
    op.execute("UPDATE itembank_item_version SET approved_at = created_at WHERE status IN ('approved', 'retired')")
    for table in ("itembank_review", "itembank_comment"):
        moved = [sa.Column(name, sa.Text(), nullable=False) for name in ("from_status", "to_status")]
        op.create_table(
            table,
            sa.Column("id", sa.LargeBinary(16), nullable=False),
            sa.Column("item_version_id", sa.LargeBinary(16), nullable=False),
            *(moved if table == "itembank_review" else ()),
            sa.Column("by_id", sa.LargeBinary(16), nullable=True),
            sa.Column("by_name", sa.Text(), nullable=False),
            sa.Column("at", sa.BigInteger(), nullable=False),
            sa.Column("words", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(
                ["item_version_id"], ["itembank_item_version.id"], name=op.f(f"fk_{table}_item_version_id")
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_item_version_id"), table, ["item_version_id"])
    op.create_table(
        "itembank_seen",
        sa.Column("item_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(16), nullable=False),
        sa.Column("hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["itembank_item_version.id"], name=op.f("fk_itembank_seen_item_version_id")
        ),
        sa.PrimaryKeyConstraint("item_version_id", "staff_id", "hour", name=op.f("pk_itembank_seen")),
    )
    _set_triggers()


def _set_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, same in TABLES.items():
            refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("UPDATE", "DELETE"):
                op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
            # INSERT OR REPLACE deletes without asking the DELETE trigger.
            found = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
            op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {found} {refuse}")
        return
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Drop them; a state of this version becomes the nearest one that was there before."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("UPDATE itembank_item_version SET status = 'draft' WHERE status = 'rework'")
    op.execute("UPDATE itembank_item_version SET status = 'retired' WHERE status = 'blocked'")
    op.drop_index(op.f("ix_itembank_item_version_author_id"), "itembank_item_version")
    for column in ("approved_at", "author_name", "author_id"):
        op.drop_column("itembank_item_version", column)
    for column in ("by_name", "by_id"):
        op.drop_column("itembank_load", column)
