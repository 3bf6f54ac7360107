"""The security headers that every response of both doors carries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": _CONTENT_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
)
TRANSPORT_SECURITY: Final = ("Strict-Transport-Security", "max-age=31536000")
NO_STORE: Final = ("Cache-Control", "no-store")


def security_headers(*, secure: bool) -> dict[str, str]:
    """Return the headers; `secure` adds the promise to come back by https only."""
    headers = dict(SECURITY_HEADERS)
    if secure:
        headers.update([TRANSPORT_SECURITY])
    return headers
