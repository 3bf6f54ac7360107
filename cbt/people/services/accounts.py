"""What administrators do to staff accounts, and what people do to their own password."""

from collections.abc import Iterable

from cbt.kernel.canonical import digest
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor, ActorKind, Role, StaffId
from cbt.people.core.inputs import Fields, refuse
from cbt.people.core.staff import (
    STAFF_HINTS,
    LastAdmin,
    NoSuchStaff,
    OwnAccount,
    RoleNeeded,
    Staff,
    StaffSession,
    password_problem,
    read_login,
)
from cbt.people.services.audit import audit_in
from cbt.people.services.passwords import hash_password, password_matches, random_password
from cbt.people.store import staff as store


def list_staff(rt: Runtime) -> tuple[Staff, ...]:
    """Return all accounts, open ones first."""
    now = rt.clock.now()
    with rt.reading() as tx:
        return store.list_all(tx, now)


def actor_named(rt: Runtime, login: str, *roles: Role) -> Actor:
    """Return the member of staff who stands behind an act on the shell.

    Raises NoSuchStaff also for a closed account, and RoleNeeded for one without any of `roles`.
    """
    found = next((one for one in list_staff(rt) if one.login == read_login(login) and one.disabled_at is None), None)
    if found is None:
        raise NoSuchStaff(login=login)
    if found.roles.isdisjoint(roles):
        raise RoleNeeded(login=login)
    return Actor(kind=ActorKind.STAFF, id=found.id, name=found.name)


def set_roles(rt: Runtime, staff_id: StaffId, roles: Iterable[Role], *, by: Actor) -> None:
    """Replace the roles; in effect at the next request of that person.

    Raises InputRefused without any role, OwnAccount and LastAdmin where an administrator would be lost.
    """
    now = rt.clock.now()
    wanted = frozenset(roles)
    if not wanted:
        raise refuse("roles", "no-role", STAFF_HINTS)
    with rt.transaction() as tx:
        if Role.ADMIN not in wanted:
            _keep_an_admin(tx, staff_id, by)
        account = store.lock_account(tx, staff_id)
        before = store.get_roles(tx, staff_id)
        store.set_roles(tx, staff_id, wanted)
        details = {"before": sorted(before), "after": sorted(wanted)}
        audit_in(tx, now, by=by, act="people.roles-changed", subject=account.login, details=details)


def disable_staff(rt: Runtime, staff_id: StaffId, *, by: Actor, reason: str = "") -> None:
    """Close the account and end its sessions; raises OwnAccount and LastAdmin."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        _keep_an_admin(tx, staff_id, by)
        account = store.lock_account(tx, staff_id)
        store.set_disabled(tx, staff_id, now)
        store.end_sessions(tx, staff_id, now)
        audit_in(tx, now, by=by, act="people.staff-disabled", subject=account.login, reason=reason)


def enable_staff(rt: Runtime, staff_id: StaffId, *, by: Actor) -> None:
    """Open a closed account again."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        account = store.lock_account(tx, staff_id)
        store.set_disabled(tx, staff_id, None)
        audit_in(tx, now, by=by, act="people.staff-enabled", subject=account.login)


def reset_password(rt: Runtime, staff_id: StaffId, *, by: Actor) -> str:
    """Give the account a random password, end its sessions, and return the password, which is kept nowhere else.

    Its holder must choose another one after signing in.
    """
    now = rt.clock.now()
    password = random_password()
    password_hash = hash_password(password)
    with rt.transaction() as tx:
        account = store.lock_account(tx, staff_id)
        store.set_password(tx, staff_id, password_hash, temporary=True)
        store.end_sessions(tx, staff_id, now)
        audit_in(tx, now, by=by, act="people.password-reset", subject=account.login)
    return password


def end_staff_sessions(rt: Runtime, staff_id: StaffId, *, by: Actor) -> None:
    """Sign the person out everywhere."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        account = store.lock_account(tx, staff_id)
        store.end_sessions(tx, staff_id, now)
        audit_in(tx, now, by=by, act="people.sessions-ended", subject=account.login)


def change_password(rt: Runtime, holder: StaffSession, token: str, present: str, wanted: str) -> None:
    """Replace the own password, ending all other sessions; raises InputRefused naming present or wanted."""
    now = rt.clock.now()
    with rt.reading() as tx:
        account = store.find_account(tx, holder.login)
    fields = Fields({}, STAFF_HINTS)
    if account is None or not password_matches(account.password_hash, present):
        fields.fail("present", "password-wrong")
    if (problem := password_problem(wanted, login=holder.login)) is not None:
        fields.fail("wanted", problem)
    elif wanted == present:
        fields.fail("wanted", "password-same")
    fields.check()
    password_hash = hash_password(wanted)
    with rt.transaction() as tx:
        store.lock_account(tx, holder.staff_id)
        store.set_password(tx, holder.staff_id, password_hash, temporary=False)
        store.end_sessions(tx, holder.staff_id, now, but=digest(token.encode()))
        audit_in(tx, now, by=holder.actor, act="people.password-changed", subject=holder.login)


def _keep_an_admin(tx: Transaction, staff_id: StaffId, by: Actor) -> None:
    if staff_id == by.id:
        raise OwnAccount(staff_id=staff_id)
    admins = store.lock_open_admins(tx)
    if admins == {staff_id}:
        raise LastAdmin(staff_id=staff_id)
