"""Who speaks, where a proxy stands in front: its last word about the client counts, and nobody else's.

A client may send `X-Forwarded-For` too; what it claims stands before what the proxy adds, so only the last hop is read.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Address: TypeAlias = IPv4Address | IPv6Address


class BehindProxy:
    """A WSGI application whose requests carry the client's own address and scheme."""

    def __init__(self, app: WSGIApplication, proxy: Address) -> None:
        self._app = app
        self._proxy = proxy

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        if read_address(environ.get("REMOTE_ADDR", "")) == self._proxy:
            client = read_address(_last(environ.get("HTTP_X_FORWARDED_FOR", "")))
            scheme = _last(environ.get("HTTP_X_FORWARDED_PROTO", ""))
            if client is not None:
                environ["REMOTE_ADDR"] = str(client)
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)


def read_address(text: str) -> Address | None:
    """Return the address that `text` says, an IPv4 one also where it is written as IPv6; None when it says none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _last(hops: str) -> str:
    return hops.rpartition(",")[2].strip()
