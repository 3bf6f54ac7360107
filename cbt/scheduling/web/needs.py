"""A person's accommodation: time, settings of the exam screen, a profile from a file, the second person."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cbt.kernel.web.context import runtime
from cbt.people.core.inputs import InputRefused
from cbt.people.web import Errors, actor, answer
from cbt.scheduling.core.accommodations import Accommodation
from cbt.scheduling.core.needs import Layout, Needs, Scale, Theme, Tool, Unmet, needs_fields
from cbt.scheduling.core.registrations import RegistrationId
from cbt.scheduling.formats.pnp import Told
from cbt.scheduling.services import accommodations as services
from cbt.scheduling.services.registrations import get_registration
from cbt.scheduling.web.access import admins, reason, routes, uploaded

SEVERAL: Final = ("tools", "without", "unmet")
THEME_WORDS: Final = {
    Theme.LIGHT: _l("Light colours"),
    Theme.DARK: _l("Dark colours"),
    Theme.CONTRAST: _l("High contrast"),
}
LAYOUT_WORDS: Final = {
    Layout.ONE_COLUMN: _l("One column"),
    Layout.TWO_COLUMNS: _l("Two columns"),
    Layout.SINGLE: _l("One item at a time"),
}
SCALE_WORDS: Final = {scale: f"{scale.value} %" for scale in Scale}
TOOL_WORDS: Final = {
    Tool.HIGHLIGHTER: _l("Highlighter"),
    Tool.ELIMINATOR: _l("Strike out options"),
    Tool.LINE_READER: _l("Line reader"),
    Tool.MASKING: _l("Cover options"),
    Tool.NOTES: _l("Notes"),
    Tool.MAGNIFIER: _l("Magnifier"),
}
UNMET_WORDS: Final = {
    Unmet.SPOKEN: _l("Reading aloud by the program"),
    Unmet.SIGN_LANGUAGE: _l("Sign language"),
    Unmet.BRAILLE: _l("Braille"),
    Unmet.TACTILE: _l("Pictures to be felt"),
    Unmet.CAPTIONS: _l("Captions"),
    Unmet.TRANSCRIPT: _l("Transcripts"),
    Unmet.AUDIO_DESCRIPTION: _l("Audio description"),
    Unmet.LONG_DESCRIPTION: _l("Long descriptions of pictures"),
    Unmet.ITEM_TRANSLATION: _l("Items in another language"),
    Unmet.KEYWORD_TRANSLATION: _l("Key words in another language"),
    Unmet.KEYWORD_EMPHASIS: _l("Key words set off"),
    Unmet.LINGUISTIC_GUIDANCE: _l("Help with the language"),
    Unmet.SIMPLIFIED_LANGUAGE: _l("Simpler language"),
    Unmet.SIMPLIFIED_GRAPHICS: _l("Simpler pictures"),
    Unmet.ADDITIONAL_DIRECTIONS: _l("Additional directions"),
    Unmet.ENCOURAGEMENT: _l("Encouragement"),
    Unmet.HAZARD_AVOIDANCE: _l("No flashing, sound or motion"),
    Unmet.TEXT_APPEARANCE: _l("Own fonts, colours or spacing"),
    Unmet.DICTIONARY: _l("Dictionary"),
    Unmet.GLOSSARY: _l("Glossary"),
    Unmet.THESAURUS: _l("Thesaurus"),
    Unmet.HOMOPHONE_CHECKER: _l("Check of words that sound alike"),
    Unmet.SPELL_CHECKER: _l("Spelling check"),
    Unmet.VISUAL_ORGANIZER: _l("Visual organizer"),
    Unmet.OUTLINER: _l("Outliner"),
    Unmet.PEER_INTERACTION: _l("Working with others"),
    Unmet.UNLIMITED_TIME: _l("Time without a limit"),
}
TOLD_WORDS: Final = {
    Told.SET: ("ok", "check", _l("Set for this person")),
    Told.ANYWAY: ("ok", "check", _l("Everybody has it")),
    Told.EXAM: ("", "doc", _l("The exam decides")),
    Told.UNMET: ("warn", "warn", _l("Not offered by the screen")),
    Told.LEFT_OUT: ("", "x", _l("Left out")),
    Told.UNKNOWN: ("", "x", _l("Not known")),
}


@routes.app_template_filter("needs_words")
def needs_words(needs: Needs) -> tuple[str, ...]:
    """Return what the exam screen is set to for one person, a few words each; nothing for somebody without needs."""
    words = [
        SCALE_WORDS[needs.scale] if needs.scale else "",
        THEME_WORDS[needs.theme] if needs.theme else "",
        LAYOUT_WORDS[needs.layout] if needs.layout else "",
        *(TOOL_WORDS[tool] for tool in needs.tools),
        *(_("without: %(tool)s", tool=TOOL_WORDS[tool]) for tool in needs.without),
        _("breaks on request") if needs.breaks else "",
    ]
    return tuple(str(word) for word in words if word)


@routes.app_template_filter("unmet_words")
def unmet_words(needs: Needs) -> tuple[str, ...]:
    """Return the needs that the exam screen does not meet."""
    return tuple(str(UNMET_WORDS[need]) for need in needs.unmet)


@routes.app_template_filter("factor")
def factor_words(factor: Fraction) -> str:
    """Return a time factor as people write it: 1.5, or 5/3 where decimals never end."""
    places = format(float(factor), ".4f").rstrip("0").rstrip(".")
    return places if Fraction(places) == factor else str(factor)


@routes.post("/admin/registrations/<uuid:registration_id>/accommodation")
@admins
def accommodation(registration_id: UUID) -> ResponseReturnValue:
    """Give an accommodation, or ask a second person for it."""

    def act() -> str:
        wanted = RegistrationId(registration_id)
        given = services.change_accommodation(runtime(), wanted, fields_of_form(), by=actor(), reason=reason())
        if given:
            flash(_("Saved."), "ok")
        else:
            flash(_("The papers are made: a second person decides about this."), "warn")
        return url_for("scheduling.registration", registration_id=registration_id)

    return answer(act, lambda errors: registration_page(registration_id, errors, raw=fields_of_form()))


@routes.post("/admin/registrations/<uuid:registration_id>/accommodation/<uuid:proposal_id>/<any(approve,decline):step>")
@admins
def accommodation_step(registration_id: UUID, proposal_id: UUID, step: str) -> ResponseReturnValue:
    """Decide about a change that somebody else asked for."""

    def act() -> str:
        wanted = RegistrationId(registration_id)
        services.decide_accommodation(runtime(), wanted, proposal_id, approve=step == "approve", by=actor())
        flash(_("Approved.") if step == "approve" else _("Declined."), "ok")
        return url_for("scheduling.registration", registration_id=registration_id)

    return answer(act, lambda errors: registration_page(registration_id, errors))


@routes.post("/admin/registrations/<uuid:registration_id>/profile")
@admins
def profile(registration_id: UUID) -> ResponseReturnValue:
    """Fill the form from a profile file; nothing is stored before somebody has looked at it."""
    try:
        read = services.read_profile_file(runtime(), RegistrationId(registration_id), uploaded())
    except InputRefused as refused:
        errors = {problem.where: _(problem.hint) for problem in refused.problems}
        return registration_page(registration_id, errors), 400
    return registration_page(registration_id, {}, raw=accommodation_fields(read.wanted), account=read.account)


def registration_page(
    registration_id: UUID, errors: Errors, *, raw: Mapping[str, str] | None = None, account: tuple[Any, ...] = ()
) -> str:
    """Return the page of one registration; `raw` are the accommodation's fields where they are not those stored."""
    facts = get_registration(runtime(), RegistrationId(registration_id))
    stored = Accommodation(time_factor=facts.registration.time_factor, needs=facts.registration.needs)
    seat = request.form.get("seat", f"{facts.room.code} {facts.seat_number}")
    return render_template(
        "scheduling/registration.html",
        facts=facts,
        errors=errors,
        seat=seat,
        raw=raw or accommodation_fields(stored),
        account=account,
        told_words=TOLD_WORDS,
        waiting=services.waiting_accommodation(runtime(), RegistrationId(registration_id)),
        words={
            "colours": THEME_WORDS,
            "text_size": SCALE_WORDS,
            "layout": LAYOUT_WORDS,
            "tools": TOOL_WORDS,
            "unmet": UNMET_WORDS,
        },
    )


def accommodation_fields(wanted: Accommodation) -> dict[str, str]:
    """Return an accommodation as the fields of its form."""
    return {"time_factor": factor_words(wanted.time_factor), **needs_fields(wanted.needs)}


def fields_of_form() -> dict[str, str]:
    """Return the fields of a form, with check boxes of one name as one text."""
    return {**request.form, **{name: ",".join(request.form.getlist(name)) for name in SEVERAL}}
