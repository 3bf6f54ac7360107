"""Accommodations: given by one person until the papers are made, by two from then on; seen by the proctor."""

import re
from fractions import Fraction
from io import BytesIO

import pytest

from cbt.app import create_app
from cbt.delivery.services.preparing import prepare
from cbt.delivery.services.seating import seated_state
from cbt.kernel.web.cookies import STAFF, cookie_name
from cbt.people.core.actors import Role
from cbt.people.core.audit import AuditFilter
from cbt.people.core.inputs import InputRefused
from cbt.people.services.audit import list_audit
from cbt.people.services.staff import sign_in
from cbt.scheduling.core.accommodations import AccommodationDecided, SecondPersonNeeded
from cbt.scheduling.core.needs import Scale, Theme, Tool, Unmet
from cbt.scheduling.core.registrations import RegistrationInUse
from cbt.scheduling.formats.pnp import Told
from cbt.scheduling.services.accommodations import (
    change_accommodation,
    decide_accommodation,
    give_profiles,
    read_profile_file,
    waiting_accommodation,
    waiting_in_sitting,
)
from cbt.scheduling.services.attendance import check_in_in
from cbt.scheduling.services.registrations import (
    get_registration,
    import_registrations,
    list_registrations,
    remove_registration,
)
from tests.factories_exam import make_small_exam, make_world, sit_down
from tests.factories_scheduling import PASSWORD, SYSTEM, make_sitting, make_staff, register

WANTED = {"time_factor": "1.5", "text_size": "200", "colours": "contrast", "tools": "line-reader", "unmet": "spoken"}
PROFILE = b"""<access-for-all-pnp xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imsafa3p0pnp_v1p0">
  <additional-testing-time><fixed-minutes>20</fixed-minutes></additional-testing-time>
  <high-contrast/><sign-language xml:lang="kvk"/></access-for-all-pnp>"""


def _one(rt, **more):
    """The registration of one person, in a sitting whose papers are not made."""
    sitting_id = make_sitting(rt, exam=make_small_exam(rt), **more)
    result = register(rt, sitting_id, "2611-0001,김하늘,1999-01-31,,")
    assert not result.problems
    [facts] = list_registrations(rt, sitting_id)
    return facts.registration.id


def _given(rt, registration_id):
    return get_registration(rt, registration_id).registration


def test_before_the_papers_are_made_one_person_gives_it(any_rt):
    person = _one(any_rt)
    assert change_accommodation(any_rt, person, WANTED, by=SYSTEM, reason="eyes")
    given = _given(any_rt, person)
    assert (given.time_factor, given.needs.scale, given.needs.theme) == (Fraction(3, 2), Scale.LARGEST, Theme.CONTRAST)
    assert (given.needs.tools, given.needs.unmet) == ((Tool.LINE_READER,), (Unmet.SPOKEN,))
    [record] = list_audit(any_rt, AuditFilter(act="scheduling.accommodation-given")).records
    assert (record.reason, record.details["after"]["needs"]["theme"]) == ("eyes", "contrast")


def test_once_papers_are_made_a_change_waits_for_somebody_else(any_rt):
    person = _one(any_rt)
    sitting_id = get_registration(any_rt, person).sitting.id
    prepare(any_rt, sitting_id, by=SYSTEM)
    first, second = make_staff(any_rt, "first"), make_staff(any_rt, "second")
    assert not change_accommodation(any_rt, person, WANTED, by=first, reason="")
    assert not change_accommodation(any_rt, person, {**WANTED, "time_factor": "2"}, by=first, reason="")
    assert _given(any_rt, person).time_factor == 1
    assert waiting_in_sitting(any_rt, sitting_id) == {person}
    proposal = waiting_accommodation(any_rt, person)
    for nobody in (first, SYSTEM):
        with pytest.raises(SecondPersonNeeded):
            decide_accommodation(any_rt, person, proposal.id, approve=True, by=nobody)
    decide_accommodation(any_rt, person, proposal.id, approve=True, by=second)
    assert (_given(any_rt, person).time_factor, _given(any_rt, person).needs.theme) == (2, Theme.CONTRAST)
    with pytest.raises(AccommodationDecided):
        decide_accommodation(any_rt, person, proposal.id, approve=False, by=second)
    [record] = list_audit(any_rt, AuditFilter(act="scheduling.accommodation-approved")).records
    assert (record.details["before"]["time_factor"], record.details["after"]["time_factor"]) == ("1", "2")


def test_a_declined_change_has_no_effect(any_rt):
    person = _one(any_rt)
    prepare(any_rt, get_registration(any_rt, person).sitting.id, by=SYSTEM)
    change_accommodation(any_rt, person, WANTED, by=make_staff(any_rt, "first"), reason="")
    proposal = waiting_accommodation(any_rt, person)
    decide_accommodation(any_rt, person, proposal.id, approve=False, by=make_staff(any_rt, "second"))
    assert (_given(any_rt, person).time_factor, waiting_accommodation(any_rt, person)) == (1, None)


def test_after_check_in_nothing_is_changed_any_more(any_rt):
    person = _one(any_rt)
    with any_rt.transaction() as tx:
        check_in_in(tx, any_rt.clock.now(), person, by=SYSTEM)
    with pytest.raises(RegistrationInUse):
        change_accommodation(any_rt, person, WANTED, by=SYSTEM, reason="")


def test_a_registration_goes_with_the_changes_that_waited(any_rt):
    person = _one(any_rt)
    sitting_id = get_registration(any_rt, person).sitting.id
    change_accommodation(any_rt, person, WANTED, by=SYSTEM, reason="")
    remove_registration(any_rt, person, by=SYSTEM, reason="withdrawn")
    assert list_registrations(any_rt, sitting_id) == ()


def test_a_table_carries_needs_and_tells_bad_ones_by_row(rt):
    sitting_id = make_sitting(rt, exam=make_small_exam(rt))
    head = "응시번호,이름,생년월일,시간 배수,글자 크기,화면 색,도구,휴식"
    table = f"{head}\n2611-0001,김하늘,1999-01-31,1.5,150,고대비,줄 읽기 자,예\n2611-0002,박바다,2000-02-03,,900,,,"
    result = import_registrations(rt, sitting_id, table.encode(), by=SYSTEM)
    assert [(one.where, one.code) for one in result.problems] == [("row 3, column text_size", "bad-text-size")]
    import_registrations(rt, sitting_id, table.rpartition("\n")[0].encode(), by=SYSTEM)
    needs = list_registrations(rt, sitting_id)[0].registration.needs
    assert (needs.scale, needs.theme, needs.tools, needs.breaks) == (
        Scale.LARGE,
        Theme.CONTRAST,
        (Tool.LINE_READER,),
        True,
    )


def test_minutes_of_a_profile_become_an_exact_factor_of_this_exam(rt):
    person = _one(rt)
    minutes = int(get_registration(rt, person).exam.time_allowed.total_seconds()) // 60
    read = read_profile_file(rt, person, PROFILE)
    assert read.wanted.time_factor == Fraction(minutes + 20, minutes)
    assert read.wanted.needs.theme is Theme.CONTRAST
    too_much = read_profile_file(rt, person, PROFILE.replace(b">20<", b">600<"))
    assert too_much.wanted.time_factor == 1
    assert [one.told for one in too_much.account if one.name == "fixed-minutes"] == [Told.LEFT_OUT]
    with pytest.raises(InputRefused):
        read_profile_file(rt, person, b"<a/>")


def test_a_list_of_profiles_is_given_to_who_is_registered(any_rt):
    person = _one(any_rt)
    sitting_id = get_registration(any_rt, person).sitting.id
    own = PROFILE.decode().replace(' xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imsafa3p0pnp_v1p0"', "")
    record = "<access-for-all-pnp-record><person-sourced-id>{}</person-sourced-id>{}</access-for-all-pnp-record>"
    listed = "".join(record.format(number, own) for number in ("26110001", "2611-9999"))
    payload = f"<access-for-all-pnp-records>{listed}</access-for-all-pnp-records>".encode()
    looked = give_profiles(any_rt, sitting_id, payload, by=SYSTEM, reason="list", dry_run=True)
    assert [line.outcome for line in looked] == ["given", "not-registered"]
    assert _given(any_rt, person).needs.theme is None
    give_profiles(any_rt, sitting_id, payload, by=SYSTEM, reason="list")
    assert _given(any_rt, person).needs.theme is Theme.CONTRAST
    again = give_profiles(any_rt, sitting_id, payload, by=SYSTEM, reason="list")
    assert [line.outcome for line in again] == ["same", "not-registered"]
    prepare(any_rt, sitting_id, by=SYSTEM)
    change_back = payload.replace(b"<high-contrast/>", b"")
    assert give_profiles(any_rt, sitting_id, change_back, by=SYSTEM, reason="list")[0].outcome == "waits"
    assert waiting_in_sitting(any_rt, sitting_id) == {person}


def test_the_exam_screen_is_told_what_the_person_needs(rt):
    world = make_world(rt)
    sit_down(world, device="a browser")
    state = seated_state(rt, world.registration(), "a browser")
    assert state["needs"]["tools"] == ["highlighter", "eliminator", "notes"]
    assert state["needs"]["theme"] is None


def _browser(rt, login):
    client = create_app(rt.settings, rt=rt).test_client()
    client.set_cookie(cookie_name(rt.settings, STAFF), sign_in(rt, login, PASSWORD, "127.0.0.1"))
    return client


def _post(client, page, path, form):
    token = re.search(r'csrf-token" content="([^"]+)"', client.get(page).text)[1]
    return client.post(path, data={"csrf_token": token, **form}, headers={"Accept-Language": "en"})


def test_the_page_fills_its_form_from_a_file_and_stores_nothing_by_that(rt):
    person = _one(rt)
    make_staff(rt, "first")
    first, page = _browser(rt, "first"), f"/admin/registrations/{person}"
    shown = _post(first, page, f"{page}/profile", {"file": (BytesIO(PROFILE), "p.xml")})
    assert shown.status_code == 200
    assert "Not offered by the screen" in shown.text
    assert '<option value="contrast" selected>' in shown.text
    assert _given(rt, person).needs.theme is None
    refused = _post(first, page, f"{page}/profile", {"file": (BytesIO(b"<a/>"), "p.xml")})
    assert (refused.status_code, "not a personal needs profile" in refused.text) == (400, True)


def test_two_people_change_an_accommodation_on_the_page_and_the_proctor_sees_it(rt):
    person = _one(rt)
    facts = get_registration(rt, person)
    prepare(rt, facts.sitting.id, by=SYSTEM)
    for login in ("first", "second"):
        make_staff(rt, login)
    make_staff(rt, "proctor9", Role.PROCTOR)
    first, second, proctor = (_browser(rt, login) for login in ("first", "second", "proctor9"))
    page, desk = f"/admin/registrations/{person}", f"/proctor/rooms/{facts.sitting_room.id}/check-in?person={person}"
    form = {"time_factor": "1.5", "colours": "dark", "tools": ["masking", "notes"], "breaks": "yes", "unmet": "spoken"}
    assert _post(first, page, f"{page}/accommodation", {**form, "reason": "x"}).status_code == 303
    assert "waits for a second person" in proctor.get(desk, headers={"Accept-Language": "en"}).text
    step = f"{page}/accommodation/{waiting_accommodation(rt, person).id}/approve"
    assert _post(first, page, step, {}).status_code == 409
    assert _post(second, page, step, {}).status_code == 303
    shown = proctor.get(desk, headers={"Accept-Language": "en"}).text
    assert "Dark colours · Cover options · Notes · breaks on request" in shown
    assert "The exam screen does not offer: Reading aloud by the program" in shown
    bad = _post(first, page, f"{page}/accommodation", {**form, "without": "notes", "reason": "x"})
    assert (bad.status_code, "given and taken away" in bad.text) == (400, True)


def test_an_exam_says_which_tools_everybody_has(rt):
    exam = make_small_exam(rt)
    make_staff(rt, "first")
    first, path = _browser(rt, "first"), f"/admin/exams/{exam.exam_id}"
    shown = first.get(path).text
    assert re.findall(r'name="tools" value="([a-z-]+)" checked', shown) == ["highlighter", "eliminator", "notes"]
