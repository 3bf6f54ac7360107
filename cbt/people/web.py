"""Staff sign-in, accounts and the audit trail as pages; and what other packages' pages need: who is signed in.

`staff_required` guards a view, `current_staff` tells who it is, `answer` turns the refusal of an input into its page.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint as Routes
from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from cbt.kernel.errors import CbtError, Conflict, Unavailable, status_of
from cbt.kernel.web.context import own_address, page_number, runtime
from cbt.kernel.web.cookies import STAFF, cookie_name, drop_cookie, set_cookie
from cbt.kernel.web.filters import DEFAULT_ZONE
from cbt.people.core.actors import Actor, Role, StaffId
from cbt.people.core.audit import AuditFilter
from cbt.people.core.inputs import InputRefused, read_day
from cbt.people.core.staff import ABSOLUTE_LIMIT, NoSuchStaff, RoleNeeded, Staff, StaffSession, StaffSignInNeeded
from cbt.people.services import accounts
from cbt.people.services.audit import list_audit
from cbt.people.services.passwords import random_password
from cbt.people.services.staff import create_staff, find_session, sign_in, sign_out

routes = Routes("people", __name__, static_folder="static", static_url_path="/people/static")
View = ParamSpec("View")
Errors = Mapping[str, str]
FIRST_PAGES: Final = {
    Role.ADMIN: "scheduling.home",
    Role.AUTHOR: "itembank.banks",
    Role.PROCTOR: "proctor.rooms",
    Role.AUDITOR: "people.audit",
}


def staff_required(
    *roles: Role,
) -> Callable[[Callable[View, ResponseReturnValue]], Callable[View, ResponseReturnValue]]:
    """Let only staff with one of `roles` (with none named: any staff) reach the view.

    Others are sent to the sign-in (a program gets 401) or refused (RoleNeeded); somebody with a password that others
    know is sent to change it first.
    """

    def guard(view: Callable[View, ResponseReturnValue]) -> Callable[View, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: View.args, **kwargs: View.kwargs) -> ResponseReturnValue:
            session = current_staff()
            if session.password_temporary and request.endpoint != "people.own_password":
                return redirect(url_for("people.own_password"), 303)
            if roles and not session.may(*roles):
                raise RoleNeeded
            return view(*args, **kwargs)

        return guarded

    return guard


def current_staff() -> StaffSession:
    """Return who is signed in; raises StaffSignInNeeded, which leads pages to the sign-in and back."""
    session = find_current_staff()
    if session is None:
        here = request.full_path if request.query_string else request.path
        back = here if request.method == "GET" else None
        raise StaffSignInNeeded(to=url_for("people.staff_sign_in", next=back))
    return session


def find_current_staff() -> StaffSession | None:
    """Return who is signed in, or None; looked up once per request."""
    if "staff" not in g:
        g.staff = find_session(runtime(), _token())
    found: StaffSession | None = g.staff
    return found


def actor() -> Actor:
    """Return who acts in this request; raises StaffSignInNeeded."""
    return current_staff().actor


def answer(act: Callable[[], str], page: Callable[[Errors], str]) -> Response:
    """Do `act` and go to the address that it returns; where it is refused, show `page` with a sentence per field.

    `page` gets a mapping from field to sentence; a conflict that belongs to no field stands under "form".
    """
    try:
        return make_response(redirect(act(), 303))
    except InputRefused as refused:
        errors = {problem.where: gettext(problem.hint) for problem in refused.problems}
        return make_response(page(errors), status_of(refused))
    except Conflict as refused:
        return make_response(page({"form": gettext(refused.message)}), status_of(refused))


@routes.app_context_processor
def staff_words() -> dict[str, Any]:
    """Give all templates `current_staff` and `may(role)`; a page that tells of a fault must not need the database."""
    try:
        session = find_current_staff()
    except Unavailable:
        session = None
    return {"current_staff": session, "may": lambda role: session is not None and session.may(Role(role))}


@routes.app_template_filter("act_words")
def act_words(act: str) -> str:
    """Return the name of an act for people: its translation, or its last part in plain words."""
    words = str(gettext(act))
    return words if words != act else act.rpartition(".")[2].replace("-", " ")


@routes.app_template_filter("plain")
def plain_words(value: object) -> str:
    """Return a fact of a record as one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {plain_words(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(plain_words(inner) for inner in value)
    return "—" if value is None or value == "" else str(value)


@routes.get("/staff/sign-in")
def staff_sign_in() -> str:
    """Show the sign-in of staff."""
    return _sign_in_page(None)


@routes.post("/staff/sign-in")
def staff_sign_in_post() -> Response:
    """Sign a member of staff in."""
    rt, login, password = runtime(), request.form.get("login", ""), request.form.get("password", "")
    try:
        token = sign_in(rt, login, password, request.remote_addr or "", previous=_token())
    except CbtError as refused:
        return make_response(_sign_in_page(gettext(refused.message)), status_of(refused))
    session = find_session(rt, token)
    response = make_response(redirect(own_address(request.form.get("next")) or _first_page(session), 303))
    set_cookie(response, rt.settings, STAFF, token, max_age=ABSOLUTE_LIMIT)
    return response


@routes.post("/staff/sign-out")
def staff_sign_out() -> Response:
    """Sign out and forget the cookie."""
    rt = runtime()
    sign_out(rt, _token())
    response = make_response(redirect(url_for("people.staff_sign_in"), 303))
    drop_cookie(response, rt.settings, STAFF)
    return response


@routes.route("/staff/password", methods=["GET", "POST"])
@staff_required()
def own_password() -> ResponseReturnValue:
    """Change the own password."""
    if request.method == "GET":
        return _password_page({})
    return answer(_change_password, _password_page)


@routes.get("/admin/staff")
@staff_required(Role.ADMIN)
def staff_list() -> str:
    """List all accounts."""
    return render_template("people/staff_list.html", people=accounts.list_staff(runtime()))


@routes.route("/admin/staff/new", methods=["GET", "POST"])
@staff_required(Role.ADMIN)
def staff_new() -> ResponseReturnValue:
    """Open an account; its random password is shown once."""
    if request.method == "GET":
        return _new_page({})
    login, password = request.form.get("login", ""), random_password()
    name = request.form.get("name", "")
    try:
        create_staff(runtime(), login=login, name=name, password=password, roles=_roles(), by=actor(), temporary=True)
    except InputRefused as refused:
        return _new_page({problem.where: gettext(problem.hint) for problem in refused.problems}), status_of(refused)
    return render_template("people/staff_password.html", login=login.strip().lower(), password=password)


@routes.get("/admin/staff/<uuid:staff_id>")
@staff_required(Role.ADMIN)
def staff_edit(staff_id: UUID) -> str:
    """Show one account with what can be done to it."""
    return _edit_page(staff_id, {})


@routes.post("/admin/staff/<uuid:staff_id>/<any(roles,close,open,sessions):step>")
@staff_required(Role.ADMIN)
def staff_change(staff_id: UUID, step: str) -> Response:
    """Change roles, close or open the account, or sign the person out everywhere."""

    def act() -> str:
        _STEPS[step](StaffId(staff_id))
        flash(_("Saved."), "ok")
        return url_for("people.staff_edit", staff_id=staff_id)

    return answer(act, lambda errors: _edit_page(staff_id, errors))


@routes.post("/admin/staff/<uuid:staff_id>/password")
@staff_required(Role.ADMIN)
def staff_reset(staff_id: UUID) -> str:
    """Give an account a random password, which is shown once."""
    password = accounts.reset_password(runtime(), StaffId(staff_id), by=actor())
    return render_template("people/staff_password.html", login=_get_staff(staff_id).login, password=password)


@routes.get("/admin/audit")
@staff_required(Role.ADMIN, Role.AUDITOR)
def audit() -> str:
    """Show the audit trail."""
    trail = list_audit(runtime(), _audit_filter(), page=page_number())
    return render_template("people/audit.html", trail=trail)


def _change_password() -> str:
    session, token = current_staff(), _token() or ""
    present, wanted = request.form.get("present", ""), request.form.get("wanted", "")
    accounts.change_password(runtime(), session, token, present, wanted)
    flash(_("Your password is changed."), "ok")
    return _first_page(session)


def _audit_filter() -> AuditFilter:
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("act", "actor", "subject")}
    since, until = _day("since"), _day("until")
    return AuditFilter(**asked, since=since, until=until and until + timedelta(days=1))


def _day(name: str) -> datetime | None:
    found = read_day(request.args.get(name, ""))
    return None if found is None else datetime(found.year, found.month, found.day, tzinfo=ZoneInfo(DEFAULT_ZONE))


def _get_staff(staff_id: UUID) -> Staff:
    found = next((staff for staff in accounts.list_staff(runtime()) if staff.id == staff_id), None)
    if found is None:
        raise NoSuchStaff(staff_id=staff_id)
    return found


def _roles() -> tuple[Role, ...]:
    known = {role.value for role in Role}
    return tuple(Role(name) for name in request.form.getlist("roles") if name in known)


_STEPS: Final[Mapping[str, Callable[[StaffId], None]]] = {
    "roles": lambda staff_id: accounts.set_roles(runtime(), staff_id, _roles(), by=actor()),
    "close": lambda staff_id: accounts.disable_staff(
        runtime(), staff_id, by=actor(), reason=request.form.get("reason", "")[:200]
    ),
    "open": lambda staff_id: accounts.enable_staff(runtime(), staff_id, by=actor()),
    "sessions": lambda staff_id: accounts.end_staff_sessions(runtime(), staff_id, by=actor()),
}


def _sign_in_page(refusal: str | None) -> str:
    back = own_address(request.values.get("next"))
    return render_template("people/sign_in.html", refusal=refusal, back=back, login=request.form.get("login", ""))


def _password_page(errors: Errors) -> str:
    return render_template("people/own_password.html", errors=errors, temporary=current_staff().password_temporary)


def _new_page(errors: Errors) -> str:
    return render_template("people/staff_new.html", errors=errors, raw=request.form, roles=_roles(), every=tuple(Role))


def _edit_page(staff_id: UUID, errors: Errors) -> str:
    person = _get_staff(staff_id)
    return render_template("people/staff_edit.html", person=person, errors=errors, every=tuple(Role))


def _first_page(session: StaffSession | None) -> str:
    roles = session.roles if session else frozenset()
    return url_for(next((page for role, page in FIRST_PAGES.items() if role in roles), "people.own_password"))


def _token() -> str | None:
    return request.cookies.get(cookie_name(runtime().settings, STAFF))
