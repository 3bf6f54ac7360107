"""Journal and audit trail refuse every change of a row, whoever asks."""

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"

TABLES = {
    "delivery_entry": "attempt_id = NEW.attempt_id AND number = NEW.number",
    "people_audit": "id = NEW.id",
    "people_audit_seal": "number = NEW.number",
}


def upgrade() -> None:
    """Set the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for table, same in TABLES.items():
            refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("UPDATE", "DELETE"):
                op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
            # INSERT OR REPLACE deletes without asking the DELETE trigger.
            found = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
            op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {found} {refuse}")
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Take the triggers away."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for name in ("no_update", "no_delete", "no_replace") if sqlite else ("no_change",):
            op.execute(f"DROP TRIGGER {table}_{name}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")
