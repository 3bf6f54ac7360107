"""Metadata of items, enemy sets, fields of a bank's own, which items stand on which forms, marks of item versions."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"

# As itembank.core.marks had them when this step was written.
FEATURES = ((2, ("asset:",)), (4, ("<table",)), (8, ("<pre", "<code")), (16, ("<math",)))
SINGLE, MULTIPLE, TEXT, NUMBER = 32, 64, 128, 256
CHUNK = 500


def upgrade() -> None:
    """Add the column and the tables, and fill what can be read off the documents."""
    op.add_column(
        "itembank_item_version",
        sa.Column("marks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False),
    )
    op.create_table(
        "itembank_metadata",
        sa.Column("item_id", sa.LargeBinary(16), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("stimulus", sa.Text(), nullable=False),
        sa.Column("p", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["itembank_item.id"], name=op.f("fk_itembank_metadata_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_itembank_metadata")),
    )
    op.create_table(
        "itembank_enemy",
        sa.Column("item_id", sa.LargeBinary(16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["itembank_item.id"], name=op.f("fk_itembank_enemy_item_id")),
        sa.PrimaryKeyConstraint("item_id", "label", name=op.f("pk_itembank_enemy")),
    )
    op.create_index(op.f("ix_itembank_enemy_label"), "itembank_enemy", ["label"])
    _make_fields()
    _make_form_items()
    _fill_marks()


def _make_fields() -> None:
    op.create_table(
        "itembank_field",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("bank_id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_ko", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["itembank_bank.id"], name=op.f("fk_itembank_field_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_field")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_itembank_field_bank_id_code")),
    )


def _make_form_items() -> None:
    table = op.create_table(
        "itembank_form_item",
        sa.Column("item_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("form_id", sa.LargeBinary(16), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["itembank_form.id"], name=op.f("fk_itembank_form_item_form_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["itembank_item_version.id"], name=op.f("fk_itembank_form_item_item_version_id")
        ),
        sa.PrimaryKeyConstraint("item_version_id", "form_id", name=op.f("pk_itembank_form_item")),
    )
    bind = op.get_bind()
    for form_id in bind.execute(sa.text("SELECT id FROM itembank_form")).scalars().all():
        found = sa.text("SELECT content FROM itembank_form WHERE id = :id")
        content = bind.execute(found, {"id": bytes(form_id)}).scalar_one()
        versions = {slot["item_version"] for slot in json.loads(bytes(content))["slots"]}
        rows = [{"item_version_id": bytes.fromhex(one.replace("-", "")), "form_id": bytes(form_id)} for one in versions]
        if rows:
            bind.execute(table.insert(), rows)


def _fill_marks() -> None:
    bind = op.get_bind()
    ids = bind.execute(sa.text("SELECT id FROM itembank_item_version")).scalars().all()
    for start in range(0, len(ids), CHUNK):
        chunk = [bytes(one) for one in ids[start : start + CHUNK]]
        found = sa.text("SELECT id, content FROM itembank_item_version WHERE id IN :ids")
        rows = bind.execute(found.bindparams(sa.bindparam("ids", chunk, expanding=True))).all()
        update = sa.text("UPDATE itembank_item_version SET marks = :marks WHERE id = :id")
        bind.execute(update, [{"id": bytes(one), "marks": _marks(json.loads(bytes(content)))} for one, content in rows])


def _marks(document: Mapping[str, Any]) -> int:
    choices = [choice for one in document["interactions"] for choice in one.get("choices", ())]
    html = " ".join([document["body"], *(choice["content"] for choice in choices)])
    found = sum(bit for bit, signs in FEATURES if any(sign in html for sign in signs))
    types = {one["identifier"]: one["base_type"] for one in document["declarations"]}
    for one in document["interactions"]:
        if one["kind"] == "choice":
            found |= SINGLE if one.get("max_choices", 1) == 1 else MULTIPLE
        elif one["kind"] == "text-entry":
            found |= NUMBER if types.get(one["response"]) in {"integer", "float"} else TEXT
    return found


def downgrade() -> None:
    """Drop them."""
    for table in ("itembank_form_item", "itembank_field", "itembank_enemy", "itembank_metadata"):
        op.drop_table(table)
    op.drop_column("itembank_item_version", "marks")
