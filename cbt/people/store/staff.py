"""Rows of staff accounts, roles and sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select, update

from cbt.kernel.db import for_update
from cbt.kernel.runtime import Transaction
from cbt.people.core.actors import Role, StaffId
from cbt.people.core.staff import ABSOLUTE_LIMIT, IDLE_LIMIT, NoSuchStaff, Staff, StaffSession
from cbt.people.store.unique import unique
from cbt.people.tables import StaffRoleRow, StaffRow, StaffSessionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What checking a password needs."""

    id: StaffId
    login: str
    name: str
    password_hash: str
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session row that was not ended, with its holder."""

    id: UUID
    started_at: datetime
    seen_at: datetime
    holder: StaffSession


def find_account(tx: Transaction, login: str) -> Account | None:
    """Return the account under `login`, closed ones included."""
    row = tx.session.scalar(select(StaffRow).where(StaffRow.login == login))
    return None if row is None else _account(row)


def lock_account(tx: Transaction, staff_id: StaffId) -> Account:
    """Return the account and hold its row; raises NoSuchStaff."""
    row = tx.session.scalar(for_update(select(StaffRow).where(StaffRow.id == staff_id)))
    if row is None:
        raise NoSuchStaff(staff_id=staff_id)
    return _account(row)


def lock_open_admins(tx: Transaction) -> frozenset[StaffId]:
    """Return who is administrator with an open account, and hold those rows in id order."""
    statement = (
        select(StaffRow)
        .join(StaffRoleRow, StaffRoleRow.staff_id == StaffRow.id)
        .where(StaffRoleRow.role == Role.ADMIN.value, StaffRow.disabled_at.is_(None))
        .order_by(StaffRow.id)
    )
    return frozenset(StaffId(row.id) for row in tx.session.scalars(for_update(statement)))


def login_is_free(tx: Transaction, login: str) -> bool:
    """Tell whether nobody has `login`."""
    return find_account(tx, login) is None


def add(tx: Transaction, account: Account, now: datetime, *, temporary: bool) -> None:
    """Write a new account."""
    values = {"id": account.id, "login": account.login, "name": account.name, "password_hash": account.password_hash}
    with unique():
        tx.session.execute(
            insert(StaffRow).values(**values, password_temporary=temporary, created_at=now, disabled_at=None)
        )


def set_password(tx: Transaction, staff_id: StaffId, password_hash: str, *, temporary: bool | None = None) -> None:
    """Replace the password's hash; `temporary` None leaves that mark as it is."""
    values: dict[str, object] = {"password_hash": password_hash}
    if temporary is not None:
        values["password_temporary"] = temporary
    tx.session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(**values))


def set_disabled(tx: Transaction, staff_id: StaffId, at: datetime | None) -> None:
    """Close the account at `at`, or open it again with None."""
    tx.session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(disabled_at=at))


def set_roles(tx: Transaction, staff_id: StaffId, roles: Iterable[Role]) -> None:
    """Replace the roles."""
    tx.session.execute(delete(StaffRoleRow).where(StaffRoleRow.staff_id == staff_id))
    rows = [{"staff_id": staff_id, "role": role.value} for role in sorted(roles)]
    if rows:
        tx.session.execute(insert(StaffRoleRow), rows)


def get_roles(tx: Transaction, staff_id: StaffId) -> frozenset[Role]:
    """Return the roles of one account."""
    found = tx.session.scalars(select(StaffRoleRow.role).where(StaffRoleRow.staff_id == staff_id))
    return frozenset(Role(role) for role in found)


def list_all(tx: Transaction, now: datetime) -> tuple[Staff, ...]:
    """Return every account, open ones first, by login."""
    roles: dict[UUID, set[Role]] = {}
    for row in tx.session.scalars(select(StaffRoleRow)):
        roles.setdefault(row.staff_id, set()).add(Role(row.role))
    alive = dict(tx.session.execute(_open_sessions(now)).all())
    seen = dict(
        tx.session.execute(
            select(StaffSessionRow.staff_id, func.max(StaffSessionRow.seen_at)).group_by(StaffSessionRow.staff_id)
        ).all()
    )
    rows = tx.session.scalars(select(StaffRow).order_by(StaffRow.disabled_at.is_not(None), StaffRow.login))
    return tuple(
        Staff(
            id=StaffId(row.id),
            login=row.login,
            name=row.name,
            roles=frozenset(roles.get(row.id, ())),
            created_at=row.created_at,
            disabled_at=row.disabled_at,
            last_seen_at=seen.get(row.id),
            open_sessions=alive.get(row.id, 0),
        )
        for row in rows
    )


def add_session(
    tx: Transaction, session_id: UUID, staff_id: StaffId, token_digest: bytes, address: str, now: datetime
) -> None:
    """Write a new session that begins at `now`."""
    tx.session.execute(
        insert(StaffSessionRow).values(
            id=session_id,
            staff_id=staff_id,
            token_digest=token_digest,
            address=address,
            started_at=now,
            seen_at=now,
            ended_at=None,
        )
    )


def find_open_session(tx: Transaction, token_digest: bytes) -> OpenSession | None:
    """Return the session under this digest unless it was ended or its account is closed; limits are not looked at."""
    statement = (
        select(StaffSessionRow, StaffRow)
        .join(StaffRow, StaffRow.id == StaffSessionRow.staff_id)
        .where(
            StaffSessionRow.token_digest == token_digest,
            StaffSessionRow.ended_at.is_(None),
            StaffRow.disabled_at.is_(None),
        )
    )
    found = tx.session.execute(statement).first()
    if found is None:
        return None
    session, staff = found
    holder = StaffSession(
        staff_id=StaffId(staff.id),
        login=staff.login,
        name=staff.name,
        roles=get_roles(tx, StaffId(staff.id)),
        password_temporary=staff.password_temporary,
    )
    return OpenSession(id=session.id, started_at=session.started_at, seen_at=session.seen_at, holder=holder)


def touch_session(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """Note that the session was used at `now`."""
    tx.session.execute(update(StaffSessionRow).where(StaffSessionRow.id == session_id).values(seen_at=now))


def end_session(tx: Transaction, token_digest: bytes, now: datetime) -> StaffId | None:
    """End the session under this digest; return whose it was, or None when there was none."""
    ended = tx.session.execute(
        update(StaffSessionRow)
        .where(StaffSessionRow.token_digest == token_digest, StaffSessionRow.ended_at.is_(None))
        .values(ended_at=now)
        .returning(StaffSessionRow.staff_id)
    ).scalar()
    return None if ended is None else StaffId(ended)


def end_sessions(tx: Transaction, staff_id: StaffId, now: datetime, *, but: bytes = b"") -> None:
    """End all sessions of one account, except the one under the digest `but`."""
    tx.session.execute(
        update(StaffSessionRow)
        .where(
            StaffSessionRow.staff_id == staff_id,
            StaffSessionRow.ended_at.is_(None),
            StaffSessionRow.token_digest != but,
        )
        .values(ended_at=now)
    )


def _open_sessions(now: datetime) -> Select[UUID, int]:
    return (
        select(StaffSessionRow.staff_id, func.count())
        .where(
            StaffSessionRow.ended_at.is_(None),
            StaffSessionRow.seen_at > now - IDLE_LIMIT,
            StaffSessionRow.started_at > now - ABSOLUTE_LIMIT,
        )
        .group_by(StaffSessionRow.staff_id)
    )


def _account(row: StaffRow) -> Account:
    return Account(
        id=StaffId(row.id),
        login=row.login,
        name=row.name,
        password_hash=row.password_hash,
        disabled=row.disabled_at is not None,
    )
