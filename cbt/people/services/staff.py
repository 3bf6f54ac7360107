"""Staff sign-in: accounts, sessions and their limits.

A session is a row; its token is 256 random bits of which only the SHA-256 is kept. It ends after 60 idle minutes, after
12 hours, at sign-out, when the account is closed and when its password is reset. Several sessions of one person may
live side by side (a proctor walks between two computers); each sign-in makes a new token and ends the browser's
old one.
Tries are counted per login and address, per login and per address, so that a stranger cannot easily lock a person out.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, NewType

from cbt.kernel.canonical import base64url, digest
from cbt.kernel.errors import Unavailable
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor, ActorKind, Role, StaffId
from cbt.people.core.inputs import Fields
from cbt.people.core.staff import (
    STAFF_HINTS,
    SignInRefused,
    StaffSession,
    TooManySignIns,
    password_problem,
    read_login,
    session_lives,
)
from cbt.people.services.audit import audit_in
from cbt.people.services.passwords import hash_password, needs_rehash, password_matches
from cbt.people.store import staff as store

SessionToken = NewType("SessionToken", str)

TOKEN_BYTES: Final = 32
TRIES_WINDOW: Final = timedelta(minutes=15)
TRIES_HERE: Final = 10  # one login from one address
TRIES_LOGIN: Final = 60  # one login from anywhere
TRIES_ADDRESS: Final = 120  # one address, which may be a whole centre
_TOUCH_EVERY: Final = timedelta(seconds=60)
_LONGEST_ADDRESS: Final = 64


def create_staff(  # noqa: PLR0913  # keyword-only: the fields of an account
    rt: Runtime,
    *,
    login: str,
    name: str,
    password: str,
    roles: Iterable[Role],
    by: Actor,
    temporary: bool = False,
) -> StaffId:
    """Open an account and return its id; raises InputRefused naming login, name, password or roles.

    `temporary`: somebody else knows the password, so its holder must choose another one after signing in.
    """
    now = rt.clock.now()
    account = _new_account(now, login, name, password)
    wanted = frozenset(roles)
    fields = Fields({}, STAFF_HINTS)
    if not wanted:
        fields.fail("roles", "no-role")
    fields.check()
    with rt.transaction() as tx:
        if not store.login_is_free(tx, account.login):
            fields.fail("login", "login-taken")
        fields.check()
        store.add(tx, account, now, temporary=temporary)
        store.set_roles(tx, account.id, wanted)
        details = {"name": account.name, "roles": sorted(wanted)}
        audit_in(tx, now, by=by, act="people.staff-created", subject=account.login, details=details)
    return account.id


def sign_in(rt: Runtime, login: str, password: str, address: str, *, previous: str | None = None) -> SessionToken:
    """Begin a session and return its token; the browser's `previous` session ends.

    Raises SignInRefused (one and the same for an unknown login, a wrong password and a closed account) and
    TooManySignIns.
    """
    name = read_login(login) or ""
    where = address[:_LONGEST_ADDRESS]
    _count_try(rt, name, where)
    now = rt.clock.now()
    with rt.reading() as tx:
        account = store.find_account(tx, name)
    # Verified outside any transaction: it takes long on purpose. A closed account takes as long as an open one.
    matches = password_matches(account.password_hash if account else None, password)
    if account is None or account.disabled or not matches:
        _note_refusal(rt, now, account, where)
        raise SignInRefused
    stronger = hash_password(password) if needs_rehash(account.password_hash) else None
    token = SessionToken(base64url(os.urandom(TOKEN_BYTES)))
    with rt.transaction() as tx:
        _begin(tx, now, account, token, where)
        if stronger is not None:
            store.set_password(tx, account.id, stronger)
        if previous:
            store.end_session(tx, digest(previous.encode()), now)
    return token


def find_session(rt: Runtime, token: str | None) -> StaffSession | None:
    """Return who holds `token` now, and note that the session is in use; None when it has ended."""
    now = rt.clock.now()
    found = _find_living(rt, now, token)
    if found is None:
        return None
    # Once a minute is exact enough for an idle limit of an hour, and spares a write per request.
    if now - found.seen_at >= _TOUCH_EVERY:
        # Who may look must not depend on whether anything can be stored: the next minute tries again.
        with suppress(Unavailable), rt.transaction() as tx:
            store.touch_session(tx, found.id, now)
    return found.holder


def look_at_session(rt: Runtime, token: str | None) -> StaffSession | None:
    """Return who holds `token` now, for what goes on without the person; None when the session has ended.

    A page that is left open is no use of the session, so its idle time runs on.
    """
    found = _find_living(rt, rt.clock.now(), token)
    return None if found is None else found.holder


def sign_out(rt: Runtime, token: str | None) -> None:
    """End the session under `token`; nothing happens when there is none."""
    if not token:
        return
    now = rt.clock.now()
    with rt.transaction() as tx:
        staff_id = store.end_session(tx, digest(token.encode()), now)
        if staff_id is not None:
            account = store.lock_account(tx, staff_id)
            audit_in(tx, now, by=_actor(account), act="people.signed-out", subject=account.login)


def _find_living(rt: Runtime, now: datetime, token: str | None) -> store.OpenSession | None:
    if not token:
        return None
    with rt.reading() as tx:
        found = store.find_open_session(tx, digest(token.encode()))
    lives = found is not None and session_lives(now, started_at=found.started_at, seen_at=found.seen_at)
    return found if lives else None


def _new_account(now: datetime, login: str, name: str, password: str) -> store.Account:
    fields = Fields({"name": name, "login": login}, STAFF_HINTS)
    plain = read_login(login)
    if plain is None:
        fields.fail("login", "bad-login" if login.strip() else "missing")
    shown = fields.text("name", longest=100)
    problem = password_problem(password, login=plain or "\0")
    if problem is not None:
        fields.fail("password", problem)
    fields.check()
    return store.Account(
        id=StaffId(new_id(now)),
        login=plain or "",
        name=shown,
        password_hash=hash_password(password),
        disabled=False,
    )


def _count_try(rt: Runtime, login: str, address: str) -> None:
    who, where = digest(login.encode()).hex()[:32], digest(address.encode()).hex()[:32]
    limits = ((f"{who}:{where}", TRIES_HERE), (who, TRIES_LOGIN), (where, TRIES_ADDRESS))
    # All three are counted, even when the first says no.
    allowed = [rt.broker.allow(f"staff-sign-in:{key}", limit, TRIES_WINDOW) for key, limit in limits]
    if not all(allowed):
        raise TooManySignIns


def _begin(tx: Transaction, now: datetime, account: store.Account, token: SessionToken, address: str) -> None:
    current = store.lock_account(tx, account.id)
    if current.disabled or current.password_hash != account.password_hash:
        raise SignInRefused  # changed while the password was being verified
    store.add_session(tx, new_id(now), account.id, digest(token.encode()), address, now)
    audit_in(tx, now, by=_actor(account), act="people.signed-in", subject=account.login, details={"address": address})


def _note_refusal(rt: Runtime, now: datetime, account: store.Account | None, address: str) -> None:
    """Write down a refused try; an unknown login is not kept, since people type passwords there."""
    subject = account.login if account else "unknown"
    with rt.transaction() as tx:
        audit_in(
            tx,
            now,
            by=Actor.system("sign-in"),
            act="people.sign-in-refused",
            subject=subject,
            details={"address": address},
        )


def _actor(account: store.Account) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=account.id, name=account.name)
