"""Rows of frozen forms."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import insert

from cbt.kernel.bulk import Lookup
from cbt.kernel.canonical import decode, digest
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from itembank.core.forms import Form, form_from
from itembank.core.records import DigestedForm, FormId, NoSuchForm, StoredForm
from itembank.tables import FormItemRow, FormRow

_FORMS: Final = Lookup(FormRow, ("id", "content"), key="id")


def add(tx: Transaction, now: datetime, blueprint_version_id: UUID, form: Form) -> StoredForm:
    """Write a form; it is never changed."""
    content = form.canonical()
    stored = StoredForm(
        id=FormId(new_id(now)), blueprint_version_id=blueprint_version_id, form=form, digest=digest(content)
    )
    values = {
        "id": stored.id,
        "blueprint_version_id": blueprint_version_id,
        "content": content,
        "digest": stored.digest,
        "created_at": now,
    }
    tx.session.execute(insert(FormRow), [values])
    shown = {slot.item_version_id for slot in form.slots}
    if shown:
        rows = [{"item_version_id": version_id, "form_id": stored.id} for version_id in sorted(shown)]
        tx.session.execute(insert(FormItemRow), rows)
    return stored


def get_many(tx: Transaction, form_ids: Iterable[UUID]) -> dict[UUID, DigestedForm]:
    """Return the forms under these ids, each with the digest of its bytes as they lie there; raises NoSuchForm."""
    wanted = set(form_ids)
    found = {
        form_id: DigestedForm(form=form_from(decode(content)), digest=digest(content))
        for form_id, content in _FORMS.run(tx.session, wanted)
    }
    for form_id in wanted - found.keys():
        raise NoSuchForm(form=form_id)
    return found


def get(tx: Transaction, form_id: UUID) -> StoredForm:
    """Return the form under this id; raises NoSuchForm."""
    row = tx.session.get(FormRow, form_id)
    if row is None:
        raise NoSuchForm(form=form_id)
    return StoredForm(
        id=FormId(row.id),
        blueprint_version_id=row.blueprint_version_id,
        form=form_from(decode(row.content)),
        digest=row.digest,
    )
