"""One item as a candidate meets it, beside its key; and the pictures that items show."""

from typing import Final

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from cbt.kernel.web.context import runtime
from cbt.people.web import Errors, current_staff
from itembank.core.review_log import SeenHow
from itembank.formats.html.items import render_item, render_passage
from itembank.formats.html.pictures import with_pictures
from itembank.formats.html.setting import natural
from itembank.services.banks import get_asset
from itembank.services.metadata import known_of
from itembank.services.pages import ItemSheet, look_at_item
from itembank.services.printing import sample_of
from itembank.services.reviewing import life_of, note_seen
from itembank.web.access import readers, routes
from itembank.web.key_lines import key_lines

# A picture is shown inside <img>, where nothing of it runs; opened by itself it is shut in as well.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


MOST_VERSIONS: Final = 1_000_000


@routes.get("/admin/banks/<code>/items/<item_code>")
@readers
def item(code: str, item_code: str) -> str:
    """Show one item."""
    return item_page(code, item_code, _version(), {})


def item_page(code: str, item_code: str, number: int | None, errors: Errors) -> str:
    """Return the page of an item with what was wrong in its inputs; that somebody sees it is written down first."""
    sheet, staff = look_at_item(runtime(), code, item_code, number), current_staff()
    note_seen(runtime(), sheet.shown.id, by=staff.actor, how=SeenHow.PAGE)
    life = life_of(runtime(), code, item_code, sheet.shown.number, by=staff.actor, roles=staff.roles)
    facts = {"fragment": _fragment(sheet), "explanation": _explanation(sheet), "keys": key_lines(sheet, _address)}
    known = known_of(runtime(), code, item_code)
    told = {"life": life, "known": known, "errors": errors, "raw": request.form}
    return render_template("itembank/item.html", sheet=sheet, **told, **facts)


@routes.get("/admin/assets/<sha256>")
@readers
def picture(sha256: str) -> Response:
    """Send a picture of an item to staff."""
    found = get_asset(runtime(), sha256)
    response = make_response(found.payload)
    response.headers["Content-Type"] = found.media_type
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _address(sha256: str) -> str:
    return url_for("itembank.picture", sha256=sha256)


def _fragment(sheet: ItemSheet) -> Markup:
    content = sheet.shown.content
    printed = sample_of(content, sheet.key)
    html = render_item(content, natural(content), slot=1, asset_url=_address, translate=_, printed=printed)
    passage = render_passage(content.stimulus, asset_url=_address) if content.stimulus else ""
    # Cleaned when it was stored; see itembank.core.markup.
    return Markup(f'<div class="passage">{passage}</div>{html}' if passage else html)  # noqa: S704


def _explanation(sheet: ItemSheet) -> Markup:
    return Markup(with_pictures(sheet.key.explanation if sheet.key else "", _address))  # noqa: S704


def _version() -> int | None:
    """Return the version that is asked for, or None for the newest; a wild number is no version."""
    asked = request.args.get("version", type=int)
    return None if asked is None else min(max(asked, 0), MOST_VERSIONS)
