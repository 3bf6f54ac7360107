"""The routes of this package, who may use them, and what several of its pages need from a request."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import available_timezones

from flask import Blueprint as Routes
from flask import flash, request
from flask_babel import gettext as _

from cbt.kernel.titles import Title
from cbt.people.core.actors import Role
from cbt.people.web import staff_required

routes = Routes("scheduling", __name__)
admins: Final = staff_required(Role.ADMIN)
ZONES: Final = tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


def saved(address: str) -> str:
    """Return `address`, telling there that something was saved."""
    flash(_("Saved."), "ok")
    return address


def title_fields(title: Title) -> dict[str, str]:
    """Return the two fields of a name."""
    return {"title_ko": title.ko, "title_en": title.en}


def typed(stored: Mapping[str, str]) -> Mapping[str, str]:
    """Return what was typed where a form was sent, else what is stored."""
    return request.form if request.method == "POST" else stored


def uploaded() -> bytes:
    """Return the uploaded file, or the text of the one that was looked at before."""
    file = request.files.get("file")
    if file is not None and file.filename:
        data: bytes = file.read()
        return data
    return request.form.get("table", "").encode()


def reason() -> str:
    """Return the reason that was given for an act."""
    return request.form.get("reason", "").strip()[:200]
