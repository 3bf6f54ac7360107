"""Staff accounts: what a login and a password look like, and how long a session lives."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cbt.kernel.errors import Conflict, Forbidden, NotFound, SignInNeeded, TooManyRequests
from cbt.people.core.actors import Actor, ActorKind, Role, StaffId
from cbt.people.core.inputs import HINTS

IDLE_LIMIT: Final = timedelta(minutes=60)
ABSOLUTE_LIMIT: Final = timedelta(hours=12)
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 128
FEWEST_CHARACTERS: Final = 5
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")

STAFF_HINTS: Final = {
    **HINTS,
    "bad-login": "Use 2 to 40 small letters, digits, dots, hyphens and underscores.",
    "login-taken": "This login is in use already.",
    "no-role": "Choose at least one role.",
    "password-short": "Use at least 12 characters.",
    "password-long": "Use 128 characters at most.",
    "password-guessable": "Do not use the login or the same few characters as a password.",
    "password-wrong": "This is not the present password.",
    "password-same": "Choose a password that differs from the present one.",
}


class SignInRefused(Forbidden):
    """Login or password is not right, or the account is closed."""

    code = "sign-in-refused"


class TooManySignIns(TooManyRequests):
    """There were too many tries to sign in; wait a few minutes."""

    code = "too-many-sign-ins"


class StaffSignInNeeded(SignInNeeded):
    """Sign in as a member of staff first."""

    code = "staff-sign-in-needed"


class RoleNeeded(Forbidden):
    """Your role does not open this page."""

    code = "role-needed"


class NoSuchStaff(NotFound):
    """There is no such member of staff."""

    code = "no-such-staff"


class LastAdmin(Conflict):
    """One administrator must remain."""

    code = "last-admin"


class OwnAccount(Conflict):
    """Nobody closes the own account or takes the own administrator role away."""

    code = "own-account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One member of staff, as lists show it."""

    id: StaffId
    login: str
    name: str
    roles: frozenset[Role]
    created_at: datetime
    disabled_at: datetime | None
    last_seen_at: datetime | None
    open_sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """A signed-in member of staff."""

    staff_id: StaffId
    login: str
    name: str
    roles: frozenset[Role]
    password_temporary: bool

    @property
    def actor(self) -> Actor:
        """Return who acts."""
        return Actor(kind=ActorKind.STAFF, id=self.staff_id, name=self.name)

    def may(self, *roles: Role) -> bool:
        """Tell whether this person has one of `roles`."""
        return not self.roles.isdisjoint(roles)


def read_login(text: str) -> str | None:
    """Return the login in its one form (small letters), or None when it is not one."""
    plain = text.strip().lower()
    return plain if _LOGIN.fullmatch(plain) else None


def password_problem(password: str, *, login: str) -> str | None:
    """Return the code of what speaks against `password`, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return "password-short"
    if len(password) > LONGEST_PASSWORD:
        return "password-long"
    if login in password.lower() and len(password) < len(login) + SHORTEST_PASSWORD // 2:
        return "password-guessable"
    return "password-guessable" if len(set(password)) < FEWEST_CHARACTERS else None


def session_lives(now: datetime, *, started_at: datetime, seen_at: datetime) -> bool:
    """Tell whether a session is within both limits at `now`."""
    return now < started_at + ABSOLUTE_LIMIT and now < seen_at + IDLE_LIMIT
