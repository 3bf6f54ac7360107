"""What is known of items beside their content: the inputs of one item, enemy sets, the bank's own fields."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.web.context import runtime
from cbt.people.core.inputs import InputRefused
from cbt.people.web import Errors, actor, answer
from itembank.core.bank_fields import FieldInUse, FieldKind
from itembank.core.bulk import AddEnemy, RemoveEnemy
from itembank.core.metadata import ItemMetadata
from itembank.core.records import NoSuchItem
from itembank.services.metadata import (
    change_enemies,
    drop_field,
    known_of,
    list_enemy_sets,
    list_fields,
    save_field,
    save_metadata,
)
from itembank.services.pages import look_at_item
from itembank.web.access import readers, routes, writers


@routes.get("/admin/banks/<code>/items/<item_code>/facts")
@writers
def item_facts(code: str, item_code: str) -> str:
    """Show the inputs for what is known of an item."""
    return _facts_page(code, item_code, {})


@routes.post("/admin/banks/<code>/items/<item_code>/facts")
@writers
def item_facts_save(code: str, item_code: str) -> Response:
    """Keep what is known of an item."""

    def act() -> str:
        save_metadata(runtime(), code, item_code, request.form, by=actor())
        flash(_("Kept. The item has no new version: this is known beside it."), "ok")
        return url_for("itembank.item", code=code, item_code=item_code)

    return answer(act, lambda errors: _facts_page(code, item_code, errors))


@routes.get("/admin/banks/<code>/enemies")
@readers
def enemies(code: str) -> str:
    """List the enemy sets of a bank."""
    return _enemies_page(code, {})


@routes.post("/admin/banks/<code>/enemies")
@writers
def enemies_change(code: str) -> ResponseReturnValue:
    """Put items into a set, or take one out."""
    label = request.form.get("label", "").strip()
    codes = tuple(request.form.get("items", "").replace(",", " ").split()[:200])
    taken = request.form.get("remove", "")
    try:
        act = RemoveEnemy(label=label) if taken else AddEnemy(label=label)
        change_enemies(runtime(), code, act, (taken,) if taken else codes, by=actor())
    except InputRefused as refused:
        return _enemies_page(code, {"label": _(refused.problems[0].hint)}), 400
    except NoSuchItem as refused:
        return _enemies_page(code, {"items": _("There is no item %(item)s here.", item=refused.ids["item"])}), 400
    return redirect(url_for("itembank.enemies", code=code), 303)


@routes.get("/admin/banks/<code>/fields")
@readers
def fields(code: str) -> str:
    """List the fields of metadata that a bank has of its own."""
    return _fields_page(code, {})


@routes.post("/admin/banks/<code>/fields")
@writers
def field_save(code: str) -> Response:
    """Add a field, or change the one under the code."""

    def act() -> str:
        field = save_field(runtime(), code, request.form, by=actor())
        flash(_("The field %(field)s is there.", field=field.code), "ok")
        return url_for("itembank.fields", code=code)

    return answer(act, lambda errors: _fields_page(code, errors))


@routes.post("/admin/banks/<code>/fields/<field_code>/drop")
@writers
def field_drop(code: str, field_code: str) -> ResponseReturnValue:
    """Delete a field that no item uses."""
    try:
        drop_field(runtime(), code, field_code, by=actor())
    except FieldInUse as refused:
        return _fields_page(code, {"form": _(refused.message)}), 409
    return redirect(url_for("itembank.fields", code=code), 303)


def _facts_page(code: str, item_code: str, errors: Errors) -> str:
    sheet, known = look_at_item(runtime(), code, item_code), known_of(runtime(), code, item_code)
    raw = request.form if errors else _raw(known.metadata)
    return render_template("itembank/facts.html", sheet=sheet, known=known, raw=raw, errors=errors)


def _raw(metadata: ItemMetadata) -> dict[str, str]:
    """Return metadata as its inputs have it."""
    return {
        "level": metadata.level,
        "stimulus": metadata.stimulus,
        "time": "" if metadata.time_estimate_s is None else str(metadata.time_estimate_s),
        "p": "" if metadata.p_estimate is None else str(metadata.p_estimate),
        "enemies": ", ".join(sorted(metadata.enemies)),
        **{f"field-{code}": value for code, value in metadata.fields.items()},
    }


def _enemies_page(code: str, errors: Errors) -> str:
    bank, sets = list_enemy_sets(runtime(), code)
    return render_template("itembank/enemies.html", bank=bank, sets=sets, errors=errors, raw=request.form)


def _fields_page(code: str, errors: Errors) -> str:
    bank, found = list_fields(runtime(), code)
    facts = {"kinds": tuple(FieldKind), "errors": errors}
    opened = next((one for one in found if one.code == request.args.get("field")), None)
    return render_template("itembank/fields.html", bank=bank, fields=found, opened=opened, raw=request.form, **facts)
