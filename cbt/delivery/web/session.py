"""Who the candidate at this browser is: a signed cookie with the registration and the browser's own secret."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from cbt.kernel.errors import SignInNeeded
from cbt.kernel.web.context import runtime
from cbt.kernel.web.cookies import CANDIDATE, cookie_name, drop_cookie, set_cookie
from cbt.scheduling.core.registrations import RegistrationId

DEVICE: Final = "device"
LASTS: Final = timedelta(hours=18)
_DEVICE_LASTS: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSession:
    """One registration at one browser."""

    registration_id: RegistrationId
    device: str


def current_candidate() -> CandidateSession:
    """Return the session of this request; raises SignInNeeded."""
    signed = request.cookies.get(cookie_name(runtime().settings, CANDIDATE), "")
    device = current_device()
    try:
        registration, signed_device = _serializer().loads(signed, max_age=int(LASTS.total_seconds()))
        session = CandidateSession(registration_id=RegistrationId(UUID(registration)), device=signed_device)
    except (BadSignature, ValueError, TypeError) as error:
        raise SignInNeeded(to="/") from error
    if session.device != device:
        raise SignInNeeded(to="/")
    return session


def current_device() -> str:
    """Return this browser's secret, or an empty text when it has none yet."""
    return request.cookies.get(cookie_name(runtime().settings, DEVICE), "")


def remember(response: Response, registration_id: UUID) -> Response:
    """Sign the candidate in at this browser; the browser keeps its secret over several sign-ins."""
    settings = runtime().settings
    device = current_device() or secrets.token_urlsafe(24)
    set_cookie(response, settings, DEVICE, device, max_age=_DEVICE_LASTS)
    set_cookie(response, settings, CANDIDATE, _serializer().dumps([str(registration_id), device]), max_age=LASTS)
    return response


def forget(response: Response) -> Response:
    """Sign the candidate out at this browser; its secret stays, so that a new sign-in goes on where it stood."""
    drop_cookie(response, runtime().settings, CANDIDATE)
    return response


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(runtime().keys.derive("candidate cookie/1"), salt=CANDIDATE)
