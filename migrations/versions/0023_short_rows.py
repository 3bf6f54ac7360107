"""Journal rows become short: their bytes are stored deflated from here on, and the digest stands in them alone.

Rows that lie there as they are stay so: the first byte tells the two forms apart.
"""

import base64
import json
import zlib

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0026"

WORDS = (
    b'"answered":[],"by":"","code":"","counts":true,"counts":false,"device":"","extra_s":,"grace_s":10,"numbers":[],'
    b'"overriding":false,"part":,"reason":"","received":"","rule":"","time_allowed_s":9000,"way":"late","words":""'
    b'"kind":"voided"}"kind":"terminated","kind":"expired"}"kind":"moved","lease":"kind":"started","kind":"extended",'
    b'"kind":"resumed"}"kind":"paused","kind":"part-left","kind":"part-entered","kind":"recovered","kind":"refused",'
    b'"kind":"hand-lowered","kind":"hand-raised","kind":"submitted","sent":{"kind":"flagged","on":true,"on":false,'
    b'{"at":"2027-{"at":"2026-01-01T10:11:12.000000Z","kind":"answered","responses":{"RESPONSE":["ABCD"]},'
    b'"sent":{"at":"2026-01-01T10:11:12.000000Z","digest":"","lease":1,"number":12},"slot":3}'
)


def upgrade() -> None:
    """Drop the column: what it said stands in the row's bytes."""
    op.drop_column("delivery_entry", "content_digest")


def downgrade() -> None:
    """Write every row as it was: its bytes plain, the digest beside them."""
    op.add_column("delivery_entry", sa.Column("content_digest", sa.LargeBinary(), nullable=True))
    rows = sa.table(
        "delivery_entry",
        *(sa.column(name, sa.LargeBinary()) for name in ("attempt_id", "content", "content_digest")),
        sa.column("number", sa.BigInteger()),
    )
    bind = op.get_bind()
    _set_trigger(on=False)
    for attempt_id, number, stored in bind.execute(sa.select(rows.c.attempt_id, rows.c.number, rows.c.content)).all():
        content = _inflated(bytes(stored))
        sent = json.loads(content).get("sent")
        digest = None if sent is None else base64.urlsafe_b64decode(sent["digest"] + "=")
        same = (rows.c.attempt_id == attempt_id) & (rows.c.number == number)
        bind.execute(rows.update().where(same).values(content=content, content_digest=digest))
    _set_trigger(on=True)


def _inflated(stored: bytes) -> bytes:
    if not stored.startswith(b"\x01"):
        return stored
    inflater = zlib.decompressobj(-11, zdict=WORDS)
    return inflater.decompress(stored[1:]) + inflater.flush()


def _set_trigger(*, on: bool) -> None:
    """Let rows be rewritten, or refuse it again as before."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE delivery_entry {'ENABLE' if on else 'DISABLE'} TRIGGER delivery_entry_no_change")
    elif on:
        op.execute(
            "CREATE TRIGGER delivery_entry_no_update BEFORE UPDATE ON delivery_entry "
            "BEGIN SELECT RAISE(ABORT, 'delivery_entry is append-only'); END"
        )
    else:
        op.execute("DROP TRIGGER delivery_entry_no_update")
