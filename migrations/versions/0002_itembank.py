"""Banks, areas, items with their versions and keys, assets, blueprints, forms."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "itembank_asset",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_itembank_asset")),
    )
    op.create_table(
        "itembank_bank",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_ko", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_bank")),
        sa.UniqueConstraint("code", name=op.f("uq_itembank_bank_code")),
    )
    op.create_table(
        "itembank_blueprint",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("bank_id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["itembank_bank.id"], name=op.f("fk_itembank_blueprint_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_blueprint")),
        sa.UniqueConstraint("code", name=op.f("uq_itembank_blueprint_code")),
    )
    with op.batch_alter_table("itembank_blueprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_itembank_blueprint_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "itembank_item",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("bank_id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["itembank_bank.id"], name=op.f("fk_itembank_item_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_item")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_itembank_item_bank_id_code")),
    )
    op.create_table(
        "itembank_load",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("bank_id", sa.LargeBinary(16), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["itembank_bank.id"], name=op.f("fk_itembank_load_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_load")),
    )
    with op.batch_alter_table("itembank_load", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_itembank_load_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "itembank_area",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("bank_id", sa.LargeBinary(16), nullable=False),
        sa.Column("load_id", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.LargeBinary(16), nullable=True),
        sa.Column("title_ko", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["itembank_bank.id"], name=op.f("fk_itembank_area_bank_id")),
        sa.ForeignKeyConstraint(["load_id"], ["itembank_load.id"], name=op.f("fk_itembank_area_load_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["itembank_area.id"], name=op.f("fk_itembank_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_area")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_itembank_area_bank_id_code")),
    )
    with op.batch_alter_table("itembank_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_itembank_area_load_id"), ["load_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_itembank_area_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "itembank_blueprint_version",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("blueprint_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blueprint_id"], ["itembank_blueprint.id"], name=op.f("fk_itembank_blueprint_version_blueprint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_blueprint_version")),
        sa.UniqueConstraint("blueprint_id", "number", name=op.f("uq_itembank_blueprint_version_blueprint_id_number")),
    )
    op.create_table(
        "itembank_form",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("blueprint_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blueprint_version_id"],
            ["itembank_blueprint_version.id"],
            name=op.f("fk_itembank_form_blueprint_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_form")),
    )
    with op.batch_alter_table("itembank_form", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_itembank_form_blueprint_version_id"), ["blueprint_version_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_itembank_form_digest"), ["digest"], unique=False)

    op.create_table(
        "itembank_item_version",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("item_id", sa.LargeBinary(16), nullable=False),
        sa.Column("load_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area_id", sa.LargeBinary(16), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["itembank_area.id"], name=op.f("fk_itembank_item_version_area_id")),
        sa.ForeignKeyConstraint(["item_id"], ["itembank_item.id"], name=op.f("fk_itembank_item_version_item_id")),
        sa.ForeignKeyConstraint(["load_id"], ["itembank_load.id"], name=op.f("fk_itembank_item_version_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_itembank_item_version_item_id_number")),
    )
    with op.batch_alter_table("itembank_item_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_itembank_item_version_area_id_status"), ["area_id", "status"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_itembank_item_version_load_id"), ["load_id"], unique=False)

    op.create_table(
        "itembank_key_version",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("item_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("load_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["itembank_item_version.id"], name=op.f("fk_itembank_key_version_item_version_id")
        ),
        sa.ForeignKeyConstraint(["load_id"], ["itembank_load.id"], name=op.f("fk_itembank_key_version_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itembank_key_version")),
        sa.UniqueConstraint("item_version_id", "number", name=op.f("uq_itembank_key_version_item_version_id_number")),
    )
    with op.batch_alter_table("itembank_key_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_itembank_key_version_load_id"), ["load_id"], unique=False)

    op.create_table(
        "itembank_version_asset",
        sa.Column("item_version_id", sa.LargeBinary(16), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("in_body", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["itembank_item_version.id"], name=op.f("fk_itembank_version_asset_item_version_id")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["itembank_asset.sha256"], name=op.f("fk_itembank_version_asset_sha256")),
        sa.PrimaryKeyConstraint("item_version_id", "sha256", name=op.f("pk_itembank_version_asset")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("itembank_version_asset")
    with op.batch_alter_table("itembank_key_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_itembank_key_version_load_id"))

    op.drop_table("itembank_key_version")
    with op.batch_alter_table("itembank_item_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_itembank_item_version_load_id"))
        batch_op.drop_index(batch_op.f("ix_itembank_item_version_area_id_status"))

    op.drop_table("itembank_item_version")
    with op.batch_alter_table("itembank_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_itembank_form_digest"))
        batch_op.drop_index(batch_op.f("ix_itembank_form_blueprint_version_id"))

    op.drop_table("itembank_form")
    op.drop_table("itembank_blueprint_version")
    with op.batch_alter_table("itembank_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_itembank_area_parent_id"))
        batch_op.drop_index(batch_op.f("ix_itembank_area_load_id"))

    op.drop_table("itembank_area")
    with op.batch_alter_table("itembank_load", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_itembank_load_bank_id"))

    op.drop_table("itembank_load")
    op.drop_table("itembank_item")
    with op.batch_alter_table("itembank_blueprint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_itembank_blueprint_bank_id"))

    op.drop_table("itembank_blueprint")
    op.drop_table("itembank_bank")
    op.drop_table("itembank_asset")
