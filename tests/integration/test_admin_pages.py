"""The pages of people and scheduling over HTTP, in both languages, with what happens when a form is wrong."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

import cbt.scheduling.web.pages
from cbt.app import create_app
from cbt.people.core.actors import Role
from cbt.people.core.audit import AuditFilter
from cbt.people.services.accounts import list_staff, reset_password
from cbt.people.services.audit import list_audit
from cbt.people.services.candidates import find_by_number
from cbt.scheduling.services.places import list_centres
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import get_sitting
from tests.factories_exam import make_small_exam
from tests.factories_scheduling import PASSWORD, SYSTEM, make_sitting, make_staff, register

ONE, TWO = "2611-0001,김하늘,1999-01-31,,", "2611-0002,박바다,2000-02-03,3,3/2"
PAGES = (
    "/admin/",
    "/admin/centres",
    "/admin/exams",
    "/admin/sittings",
    "/admin/candidates",
    "/admin/staff",
    "/admin/audit",
)


@pytest.fixture
def app(rt) -> Flask:
    made = create_app(rt.settings, rt=rt)
    if "scheduling" not in made.blueprints:
        made.register_blueprint(cbt.scheduling.web.pages.routes)
    for endpoint in ("itembank.banks", "itembank.blueprints", "proctor.rooms", "reports.results"):
        if endpoint not in made.view_functions:
            made.add_url_rule(f"/stub/{endpoint}", endpoint, lambda: "stub")
    made.testing = True
    return made


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()


def _token(client, path):
    page = client.get(path).get_data(as_text=True)
    return re.search(r'name="csrf-token" content="([^"]+)"', page)[1]


def _post(client, path, form, *, seen=None, files=None):
    fields = {**form, "csrf_token": _token(client, seen or path)}
    return client.post(path, data={**fields, **(files or {})}, headers={"Referer": "http://localhost/"})


def _sign_in(client, login="admin1", password=PASSWORD, back=""):
    return _post(client, "/staff/sign-in", {"login": login, "password": password, "next": back})


@pytest.fixture
def admin(rt, client) -> FlaskClient:
    make_staff(rt, "admin1", Role.ADMIN)
    assert _sign_in(client).status_code == 303
    return client


@pytest.mark.parametrize("path", PAGES)
def test_admin_pages_lead_strangers_to_the_sign_in(client, path):
    response = client.get(path)
    assert response.status_code == 303
    assert response.location.startswith("/staff/sign-in?next=/admin")


def test_a_program_is_told_401(client):
    response = client.get("/admin/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json["error"]["code"]) == (401, "staff-sign-in-needed")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_admin_pages_are_there_in_both_languages(admin, path, language):
    response = admin.get(path, headers={"Accept-Language": language})
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in page
    assert page.count('aria-current="page"') == 1
    if language == "en":
        shown = re.sub(r"<[^>]+>", "", page).replace("한국어", "").replace("한출제", "")
        assert not re.search(r"[가-힣]", shown)


def test_a_page_that_no_list_has_is_empty_or_the_first(rt, admin):
    make_small_exam(rt)
    for path in ("/admin/candidates", "/admin/audit", "/admin/banks/SMALL"):
        for page in (10**20, -3, "9" * 5000, "x"):
            assert admin.get(f"{path}?page={page}").status_code == 200, path


def test_signing_in_leads_back_and_sets_a_guarded_cookie(rt, client):
    make_staff(rt, "admin1", Role.ADMIN)
    response = _sign_in(client, back="/admin/audit?page=1")
    assert response.location == "/admin/audit?page=1"
    cookie = next(value for name, value in response.headers if name == "Set-Cookie" and value.startswith("staff="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_signing_in_never_leads_to_another_site(rt, client, address):
    make_staff(rt, "admin1", Role.ADMIN)
    assert _sign_in(client, back=address).location == "/admin/"


@pytest.mark.parametrize(
    ("role", "page"), [(Role.AUDITOR, "/admin/audit"), (Role.PROCTOR, "proctor"), (Role.AUTHOR, "bank")]
)
def test_each_role_begins_at_its_own_page(rt, client, role, page):
    make_staff(rt, "person", role)
    assert page in _sign_in(client, "person").location


def test_a_wrong_password_shows_the_form_again_and_says_why(rt, client):
    make_staff(rt, "admin1")
    response = _sign_in(client, password="wrong-password-1")
    page = response.get_data(as_text=True)
    assert response.status_code == 403
    assert "data-focus" in page
    assert "wrong-password-1" not in page


def test_a_form_without_its_token_is_refused(client):
    assert client.post("/staff/sign-in", data={"login": "a", "password": "b"}).status_code == 400


def test_roles_open_only_their_own_pages(rt, client):
    make_staff(rt, "watch", Role.AUDITOR)
    _sign_in(client, "watch")
    assert client.get("/admin/audit").status_code == 200
    assert client.get("/admin/staff").status_code == 403
    assert client.get("/admin/").status_code == 403


def test_signing_out_ends_the_session(admin):
    _post(admin, "/staff/sign-out", {}, seen="/admin/")
    assert admin.get("/admin/").status_code == 303


def test_a_password_that_others_know_is_changed_first(rt, client):
    person = make_staff(rt, "admin1")
    password = reset_password(rt, person.id, by=SYSTEM)
    _sign_in(client, password=password)
    assert client.get("/admin/").location == "/staff/password"
    response = _post(client, "/staff/password", {"present": password, "wanted": "short"})
    assert response.status_code == 400
    response = _post(client, "/staff/password", {"present": password, "wanted": "a-better-password"})
    assert response.location == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_an_account_is_opened_with_a_password_shown_once(admin):
    response = _post(admin, "/admin/staff/new", {"login": "Kim", "name": "김감독", "roles": "proctor"})
    password = re.search(r'id="password">([^<]+)<', response.get_data(as_text=True))[1]
    other = admin.application.test_client()
    assert _sign_in(other, "kim", password).status_code == 303
    assert _post(admin, "/admin/staff/new", {"login": "kim", "name": "B", "roles": "proctor"}).status_code == 400


def test_an_account_is_changed_step_by_step(rt, admin):
    member = make_staff(rt, "kim", Role.PROCTOR)
    path = f"/admin/staff/{member.id}"
    assert _post(admin, f"{path}/roles", {"roles": ["author", "proctor"]}, seen=path).status_code == 303
    assert 'id="password"' in _post(admin, f"{path}/password", {}, seen=path).get_data(as_text=True)
    assert _post(admin, f"{path}/sessions", {}, seen=path).status_code == 303
    assert _post(admin, f"{path}/close", {"reason": "left"}, seen=path).status_code == 303
    kim = next(staff for staff in list_staff(rt) if staff.login == "kim")
    assert kim.roles == {Role.AUTHOR, Role.PROCTOR}
    assert kim.disabled_at
    assert _post(admin, f"{path}/open", {}, seen=path).status_code == 303
    assert _post(admin, f"{path}/roles", {}, seen=path).status_code == 400


def test_the_last_administrator_is_told_why_not(rt, admin):
    own = next(staff for staff in list_staff(rt) if staff.login == "admin1")
    path = f"/admin/staff/{own.id}"
    response = _post(admin, f"{path}/roles", {"roles": "author"}, seen=path)
    assert response.status_code == 409
    assert "data-focus" in response.get_data(as_text=True)


def test_the_audit_trail_is_filtered(rt, admin):
    make_sitting(rt)
    page = admin.get("/admin/audit?act=scheduling.sitting-added").get_data(as_text=True)
    assert "scheduling.sitting-added" in page
    assert page.count("<tr>") == 2
    assert admin.get("/admin/audit?since=2026-11-22&until=nonsense&page=x").status_code == 200


def test_a_centre_with_a_room_is_entered(rt, admin):
    response = _post(admin, "/admin/centres/new", {"code": "busan", "title_ko": "부산", "time_zone": "Asia/Seoul"})
    centre = list_centres(rt)[0].centre
    assert response.location == f"/admin/centres/{centre.id}"
    path = f"/admin/centres/{centre.id}/rooms/new"
    assert _post(admin, path, {"code": "R1", "title_ko": "1실", "seats": "30"}).status_code == 303
    room = list_centres(rt)[0].rooms[0]
    assert room.seats == 30
    path = f"/admin/rooms/{room.room.id}"
    assert _post(admin, path, {"code": "R1", "title_ko": "1실", "seats": "32"}).status_code == 303
    path = f"/admin/centres/{centre.id}"
    assert _post(admin, path, {"code": "BUSAN", "title_ko": "부산", "time_zone": "Asia/Tokyo"}).status_code == 303
    assert list_centres(rt)[0].centre.time_zone == "Asia/Tokyo"


def test_a_wrong_form_keeps_what_was_typed_and_names_the_fields(admin):
    response = _post(admin, "/admin/centres/new", {"code": "a b", "title_ko": "부산", "time_zone": "Mars/Base"})
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert 'value="Mars/Base"' in page
    assert 'href="#code"' in page
    assert 'id="time_zone-error"' in page


def test_an_exam_is_planned_from_blueprint_to_sitting(rt, admin):
    blueprint = make_small_exam(rt).blueprint_version_id
    form = {
        "code": "ip",
        "title_ko": "정보처리",
        "blueprint": str(blueprint),
        "minutes": "150",
        "grace_s": "10",
        "rule": "count",
        "correct": "6",
        "of": "8",
        "calculator": "plain",
        "result_policy": "final",
    }
    response = _post(admin, "/admin/exams/new", form)
    assert response.status_code == 303
    assert "8문제 가운데 6문제" in admin.get("/admin/exams", headers={"Accept-Language": "ko"}).get_data(as_text=True)
    assert _post(admin, response.location, {**form, "minutes": "120"}).status_code == 303
    assert _post(admin, response.location, {**form, "correct": "36"}).status_code == 400
    page = admin.get(response.location, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "version 2" in page


def test_a_sitting_is_planned_changed_and_cancelled(rt, admin):
    sitting_id = make_sitting(rt)
    overview = get_sitting(rt, sitting_id)
    form = {
        "code": "S2",
        "title_ko": "제5회",
        "exam": str(overview.exam.id),
        "time_zone": "Asia/Seoul",
        "opens_at": "2026-12-01T09:00",
        "closes_at": "2026-12-01T12:00",
        "rooms": str(overview.rooms[0].room.id),
    }
    response = _post(admin, "/admin/sittings/new", form)
    assert response.status_code == 303
    path = response.location
    assert "2026. 12. 1. 09:00–12:00" in admin.get(path, headers={"Accept-Language": "ko"}).get_data(as_text=True)
    assert _post(admin, f"{path}/edit", {**form, "closes_at": "2026-12-01T08:00"}).status_code == 400
    assert _post(admin, f"{path}/edit", {**form, "closes_at": "2026-12-01T13:00"}).status_code == 303
    assert _post(admin, f"{path}/cancel", {"reason": "power"}, seen=path).status_code == 303
    assert "취소됨" in admin.get(path, headers={"Accept-Language": "ko"}).get_data(as_text=True)
    assert _post(admin, f"{path}/restore", {}, seen=path).status_code == 303


def _upload(client, path, *rows, step="look"):
    table = "\n".join(("number,name,birth,seat,time_factor", *rows)).encode()
    return _post(client, path, {"step": step}, files={"file": (BytesIO(table), "people.csv")})


def test_registering_from_a_file_is_looked_at_first(rt, admin):
    sitting_id = make_sitting(rt)
    path = f"/admin/sittings/{sitting_id}/import"
    looked = _upload(admin, path, ONE, TWO)
    assert looked.status_code == 200
    assert list_registrations(rt, sitting_id) == ()
    kept = re.search(r'<textarea name="table" hidden>(.*?)</textarea>', looked.get_data(as_text=True), re.DOTALL)[1]
    assert _post(admin, path, {"step": "load", "table": kept}).status_code == 303
    assert [facts.seat_number for facts in list_registrations(rt, sitting_id)] == [1, 3]
    assert list_audit(rt, AuditFilter(act="scheduling.registered")).records[0].actor_name == "한출제"


def test_a_bad_file_is_told_by_row_and_column(rt, admin):
    sitting_id = make_sitting(rt)
    response = _upload(admin, f"/admin/sittings/{sitting_id}/import", ONE, "900101-1234567,A,1999-01-31,,", step="load")
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert '<td class="n">3</td><td class="mono">number</td>' in page
    assert list_registrations(rt, sitting_id) == ()


def test_a_registration_is_changed_and_taken_back(rt, admin):
    sitting_id = make_sitting(rt)
    register(rt, sitting_id, ONE)
    path = f"/admin/sittings/{sitting_id}"
    form = {"number": "2611-0002", "name": "박바다", "birth": "2000-02-03", "seat": "1", "time_factor": ""}
    assert _post(admin, f"{path}/registrations", form, seen=path).status_code == 400
    assert _post(admin, f"{path}/registrations", {**form, "seat": ""}, seen=path).status_code == 303
    path = f"/admin/registrations/{list_registrations(rt, sitting_id)[0].registration.id}"
    assert _post(admin, path, {"seat": "2", "reason": "x"}).status_code == 400
    assert _post(admin, path, {"seat": "R1 4", "reason": "window"}).status_code == 303
    assert 'value="R1 4"' in admin.get(path).get_data(as_text=True)
    assert _post(admin, f"{path}/remove", {"reason": "withdrawn"}, seen=path).status_code == 303
    assert admin.get(path).status_code == 404


def test_candidates_are_loaded_found_and_corrected(rt, admin):
    table = "응시번호,이름,생년월일\n2611-0001,김하늘,1999-01-31\n".encode("cp949")
    looked = _post(admin, "/admin/candidates/import", {}, files={"file": (BytesIO(table), "a.csv")})
    assert "김하늘" in looked.get_data(as_text=True)
    form = {"step": "load", "table": "number,name,birth\n2611-0001,김하늘,1999-01-31\n"}
    assert _post(admin, "/admin/candidates/import", form).status_code == 303
    person = find_by_number(rt, "26110001")
    assert "2611-0001" in admin.get("/admin/candidates?q=하늘").get_data(as_text=True)
    path = f"/admin/candidates/{person.id}"
    wrong = {"name": "김하늘", "name_latin": "金", "birth": "1999-13-31", "reason": "typo"}
    assert _post(admin, path, wrong).status_code == 400
    form = {"name": "김하늘", "name_latin": "Kim Haneul", "birth": "1999-01-30", "reason": "typo"}
    assert _post(admin, path, form).status_code == 303
    assert find_by_number(rt, "26110001").name_latin == "Kim Haneul"
    assert _post(admin, "/admin/candidates/new", {**form, "number": "2611-0001"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/admin/sittings/new", "/admin/exams/new", "/admin/candidates/new", "/admin/staff/new"]
)
def test_empty_houses_have_their_forms_too(admin, path):
    assert admin.get(path).status_code == 200
    assert _post(admin, path, {}).status_code == 400


@pytest.mark.parametrize("kind", ["centres", "exams", "sittings", "candidates", "registrations", "rooms", "staff"])
def test_what_is_not_there_is_told(admin, kind):
    assert admin.get(f"/admin/{kind}/00000000-0000-7000-8000-000000000000").status_code == 404
