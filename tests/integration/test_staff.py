"""Staff accounts on a real database: sign-in, sessions, roles, and the record that each act leaves."""

from datetime import timedelta

import pytest

from cbt.kernel.errors import Conflict, Unavailable
from cbt.people.core.actors import Actor, Role
from cbt.people.core.audit import AuditFilter
from cbt.people.core.inputs import InputRefused
from cbt.people.core.staff import LastAdmin, OwnAccount, SignInRefused, TooManySignIns
from cbt.people.services.accounts import (
    change_password,
    disable_staff,
    enable_staff,
    list_staff,
    reset_password,
    set_roles,
)
from cbt.people.services.audit import list_audit
from cbt.people.services.staff import create_staff, find_session, sign_in, sign_out
from tests.factories_scheduling import PASSWORD, SYSTEM, make_staff

ADDRESS = "192.0.2.7"


def _acts(rt):
    return [record.act for record in list_audit(rt, AuditFilter()).records]


def test_a_member_of_staff_signs_in_and_out(rt):
    make_staff(rt, "han", Role.ADMIN, Role.PROCTOR)
    token = sign_in(rt, " HAN ", PASSWORD, ADDRESS)
    session = find_session(rt, token)
    assert (session.login, session.roles) == ("han", {Role.ADMIN, Role.PROCTOR})
    sign_out(rt, token)
    assert find_session(rt, token) is None
    assert sorted(_acts(rt)) == ["people.signed-in", "people.signed-out", "people.staff-created"]


@pytest.mark.parametrize(("login", "password"), [("han", "wrong-password-1"), ("nobody", PASSWORD), ("", "")])
def test_wrong_sign_ins_are_refused_in_one_way(rt, login, password):
    make_staff(rt, "han")
    with pytest.raises(SignInRefused):
        sign_in(rt, login, password, ADDRESS)
    latest = list_audit(rt, AuditFilter(act="people.sign-in-refused")).records[0]
    assert latest.subject == ("han" if login == "han" else "unknown")


def test_too_many_tries_are_stopped_even_with_the_right_password(rt):
    make_staff(rt, "han")
    for _ in range(10):
        with pytest.raises(SignInRefused):
            sign_in(rt, "han", "wrong-password-1", ADDRESS)
    with pytest.raises(TooManySignIns):
        sign_in(rt, "han", PASSWORD, ADDRESS)
    assert sign_in(rt, "han", PASSWORD, "198.51.100.2")


def test_a_session_ends_after_an_idle_hour(rt, clock):
    make_staff(rt, "han")
    token = sign_in(rt, "han", PASSWORD, ADDRESS)
    clock.advance(timedelta(minutes=59))
    assert find_session(rt, token)
    clock.advance(timedelta(minutes=59))
    assert find_session(rt, token)
    clock.advance(timedelta(minutes=60))
    assert find_session(rt, token) is None


def test_a_session_ends_after_twelve_hours_of_use(rt, clock):
    make_staff(rt, "han")
    token = sign_in(rt, "han", PASSWORD, ADDRESS)
    for _ in range(23):
        clock.advance(timedelta(minutes=30))
        assert find_session(rt, token)
    clock.advance(timedelta(minutes=30))
    assert find_session(rt, token) is None


def test_a_session_lives_on_while_nothing_can_be_stored(rt, clock):
    make_staff(rt, "han")
    token = sign_in(rt, "han", PASSWORD, ADDRESS)
    clock.advance(timedelta(minutes=2))
    with rt.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # refuses as a full disk does
    with pytest.raises(Unavailable):
        sign_in(rt, "han", PASSWORD, ADDRESS)
    assert find_session(rt, token)


def test_signing_in_again_ends_the_old_session_of_this_browser_only(rt):
    make_staff(rt, "han")
    first = sign_in(rt, "han", PASSWORD, ADDRESS)
    elsewhere = sign_in(rt, "han", PASSWORD, ADDRESS)
    sign_in(rt, "han", PASSWORD, ADDRESS, previous=first)
    assert find_session(rt, first) is None
    assert find_session(rt, elsewhere)


def test_closing_an_account_ends_its_sessions_at_once(rt):
    by = make_staff(rt, "boss")
    member = make_staff(rt, "han", Role.PROCTOR)
    token = sign_in(rt, "han", PASSWORD, ADDRESS)
    disable_staff(rt, member.id, by=by, reason="left the house")
    assert find_session(rt, token) is None
    with pytest.raises(SignInRefused):
        sign_in(rt, "han", PASSWORD, ADDRESS)
    enable_staff(rt, member.id, by=by)
    assert sign_in(rt, "han", PASSWORD, ADDRESS)


def test_roles_change_at_the_next_request(rt):
    by = make_staff(rt, "boss")
    member = make_staff(rt, "han", Role.PROCTOR)
    token = sign_in(rt, "han", PASSWORD, ADDRESS)
    set_roles(rt, member.id, [Role.AUDITOR], by=by)
    assert find_session(rt, token).roles == {Role.AUDITOR}


def test_an_administrator_remains(rt):
    boss = make_staff(rt, "boss")
    with pytest.raises(OwnAccount):
        disable_staff(rt, boss.id, by=boss)
    with pytest.raises(LastAdmin):
        set_roles(rt, boss.id, [Role.AUTHOR], by=SYSTEM)


def test_a_reset_password_is_random_and_must_be_changed(rt):
    by = make_staff(rt, "boss")
    member = make_staff(rt, "han", Role.PROCTOR)
    old = sign_in(rt, "han", PASSWORD, ADDRESS)
    password = reset_password(rt, member.id, by=by)
    assert find_session(rt, old) is None
    token = sign_in(rt, "han", password, ADDRESS)
    session = find_session(rt, token)
    assert session.password_temporary
    change_password(rt, session, token, password, "another-good-password")
    assert not find_session(rt, token).password_temporary
    assert sign_in(rt, "han", "another-good-password", ADDRESS)


def test_the_own_password_is_asked_for_before_it_changes(rt):
    make_staff(rt, "han")
    token = sign_in(rt, "han", PASSWORD, ADDRESS)
    with pytest.raises(InputRefused) as refusal:
        change_password(rt, find_session(rt, token), token, "not-my-password", "short")
    assert [problem.where for problem in refusal.value.problems] == ["present", "wanted"]


def test_new_accounts_are_checked_field_by_field(rt):
    make_staff(rt, "han")
    by = Actor.system("test")
    with pytest.raises(InputRefused) as refusal:
        create_staff(rt, login="x y", name="", password="short", roles=[], by=by)
    assert {problem.where for problem in refusal.value.problems} == {"login", "name", "password"}
    with pytest.raises(InputRefused) as refusal:
        create_staff(rt, login="han", name="A", password=PASSWORD, roles=[Role.ADMIN], by=by)
    assert [problem.code for problem in refusal.value.problems] == ["login-taken"]
    assert [staff.login for staff in list_staff(rt)] == ["han"]


def test_passwords_are_not_in_the_database(rt, home):
    make_staff(rt, "han")
    token = sign_in(rt, "han", PASSWORD, ADDRESS)
    rt.close()
    stored = b"".join(path.read_bytes() for path in home.glob("cbt.sqlite3*"))
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored


def test_refusals_are_conflicts():
    assert issubclass(LastAdmin, Conflict)
