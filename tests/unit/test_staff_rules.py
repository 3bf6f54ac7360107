"""Rules of staff accounts: logins, passwords, the life of a session; and the chain over the audit trail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from cbt.kernel.canonical import encode
from cbt.people.core.audit import GENESIS, Link, broken_links, link_hash
from cbt.people.core.staff import password_problem, read_login, session_lives
from cbt.people.services.passwords import hash_password, needs_rehash, password_matches, random_password

START = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(("text", "login"), [(" Kim.J ", "kim.j"), ("a", None), ("김", None), ("a b", None)])
def test_logins_have_one_form(text, login):
    assert read_login(text) == login


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "password-short"),
        ("x" * 129, "password-long"),
        ("aaaaaaaaaaaaaa", "password-guessable"),
        ("hanchulje1234", "password-guessable"),
        ("correct-horse-battery", None),
    ],
)
def test_weak_passwords_are_refused(password, problem):
    assert password_problem(password, login="hanchulje") == problem


@pytest.mark.parametrize(
    ("since_start", "since_seen", "lives"),
    [
        (timedelta(hours=1), timedelta(minutes=59), True),
        (timedelta(hours=1), timedelta(minutes=60), False),
        (timedelta(hours=12), timedelta(minutes=1), False),
        (timedelta(hours=11, minutes=59), timedelta(minutes=1), True),
    ],
)
def test_sessions_end_when_idle_and_at_the_end_of_the_day(since_start, since_seen, lives):
    now = START + since_start
    assert session_lives(now, started_at=START, seen_at=now - since_seen) is lives


@pytest.mark.usefixtures("lasting_passwords")
def test_passwords_are_kept_as_argon2id():
    stored = hash_password("correct-horse-battery")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_matches(stored, "correct-horse-battery")
    assert not password_matches(stored, "Correct-horse-battery")
    assert not password_matches(None, "correct-horse-battery")
    assert not needs_rehash(stored)


def test_random_passwords_differ_and_keep_the_rule():
    made = {random_password() for _ in range(20)}
    assert len(made) == 20
    assert all(password_problem(password, login="admin") is None for password in made)


def _chain(length):
    links, previous = [], GENESIS
    for number in range(1, length + 1):
        columns = {"act": f"act-{number}"}
        body, record_id = encode(columns), UUID(int=number)
        previous = link_hash(previous, record_id, number, body)
        links.append(Link(number=number, id=record_id, body=body, columns=columns, hash=previous))
    return links


def test_an_untouched_chain_has_no_problem():
    assert broken_links(_chain(4)) == ()


def test_an_altered_record_breaks_the_chain():
    links = _chain(4)
    links[1] = replace(links[1], body=encode({"act": "other"}), columns={"act": "other"})
    assert [problem.code for problem in broken_links(links)] == ["audit-altered"]


def test_an_altered_column_is_noticed():
    links = _chain(2)
    links[1] = replace(links[1], columns={"act": "other"})
    assert [problem.code for problem in broken_links(links)] == ["audit-columns"]


def test_a_missing_record_is_noticed():
    links = _chain(4)
    del links[1]
    assert {problem.code for problem in broken_links(links)} == {"audit-gap", "audit-altered"}
