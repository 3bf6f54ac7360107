"""Who the candidate at this browser is: a signed cookie with the registration and the browser's own secret.

The browser's secret is signed too, so that nobody can bring one along: it holds an exam once it was started here. It
belongs to one registration; another one that signs in at this browser gets a new secret.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from cbt.kernel.errors import SignInNeeded
from cbt.kernel.keys import Keyring
from cbt.kernel.web.context import runtime
from cbt.kernel.web.cookies import CANDIDATE, cookie_name, drop_cookie, set_cookie
from cbt.scheduling.core.registrations import RegistrationId

DEVICE: Final = "device"
LASTS: Final = timedelta(hours=18)
DEVICE_LASTS: Final = timedelta(days=400)
CHOICE_LASTS: Final = timedelta(minutes=10)
_CHOICE: Final = "choice"
_SECRET_BYTES: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSession:
    """One registration at one browser."""

    registration_id: RegistrationId
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser's secret, and the registration that signed in with it last (an empty text before the first)."""

    secret: str
    registration: str = ""


def current_candidate() -> CandidateSession:
    """Return the session of this request; raises SignInNeeded."""
    registration, secret = _read(CANDIDATE, request.cookies.get(_name(CANDIDATE), ""), LASTS)
    if secret != current_device():
        raise SignInNeeded(to="/")
    return CandidateSession(registration_id=RegistrationId(UUID(registration)), device=secret)


def current_device() -> str:
    """Return this browser's secret, or an empty text when it has none that we gave it."""
    return _device().secret


def with_device(response: Response) -> Response:
    """Give the browser a secret, unless it has one."""
    if not current_device():
        _set_device(response, Device(secret=_new_secret()))
    return response


def remember(response: Response, registration_id: UUID) -> Response:
    """Sign the candidate in at this browser; its secret stays for the same registration and is new for another one."""
    device, registration = _device(), str(registration_id)
    keeps = device.secret and device.registration in {"", registration}
    secret = device.secret if keeps else _new_secret()
    _set_device(response, Device(secret=secret, registration=registration))
    value = signer(runtime().keys, CANDIDATE).dumps([registration, secret])
    set_cookie(response, runtime().settings, CANDIDATE, value, max_age=LASTS)
    return response


def forget(response: Response) -> Response:
    """Sign the candidate out at this browser; its secret stays, so that a new sign-in goes on where it stood."""
    drop_cookie(response, runtime().settings, CANDIDATE)
    return response


def choice_of(registration_id: UUID) -> str:
    """Return the proof that this browser may sign in to the registration, for the page on which one is chosen."""
    return signer(runtime().keys, _CHOICE).dumps([str(registration_id), current_device()])


def read_choice(signed: str) -> UUID:
    """Return the registration that was chosen; raises SignInNeeded for a foreign or an old proof."""
    registration, secret = _read(_CHOICE, signed, CHOICE_LASTS)
    if secret != current_device():
        raise SignInNeeded(to="/")
    return UUID(registration)


def signer(keys: Keyring, what: str) -> URLSafeTimedSerializer:
    """Return what signs the pairs of texts that browsers keep for us."""
    return URLSafeTimedSerializer(keys.derive("candidate cookie/1"), salt=what)


def _device() -> Device:
    try:
        secret, registration = _read(DEVICE, request.cookies.get(_name(DEVICE), ""), DEVICE_LASTS)
    except SignInNeeded:
        return Device(secret="")
    return Device(secret=secret, registration=registration)


def _set_device(response: Response, device: Device) -> None:
    value = signer(runtime().keys, DEVICE).dumps([device.secret, device.registration])
    set_cookie(response, runtime().settings, DEVICE, value, max_age=DEVICE_LASTS)


def _read(what: str, signed: str, lasts: timedelta) -> tuple[str, str]:
    try:
        first, second = signer(runtime().keys, what).loads(signed, max_age=int(lasts.total_seconds()))
    except (BadSignature, ValueError, TypeError) as error:
        raise SignInNeeded(to="/") from error
    return first, second


def _name(cookie: str) -> str:
    return cookie_name(runtime().settings, cookie)


def _new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)
