"""The parts of one server: Valkey, the door under gunicorn, the worker. What they are; `supervisor` keeps them."""

import signal
import ssl
import sys
from collections.abc import Mapping
from typing import Final

import httpx

from cbt.cli.supervisor import Part
from cbt.cli.valkey import embedded_valkey
from cbt.kernel.settings import Settings

_DOOR_PATIENCE_S: Final = 60.0
_ASK_PATIENCE_S: Final = 2.0
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # compared with, not bound to


def server_parts(settings: Settings, env: Mapping[str, str]) -> tuple[tuple[Part, ...], str | None]:
    """Return the parts in the order of their start, and the URL of the broker that they share (None: no broker)."""
    embedded = embedded_valkey(settings.home) if settings.redis_url is None else None
    if embedded is None:
        return (_door(settings, env), _worker(env)), settings.redis_url
    valkey, url = embedded
    env = {**env, "CBT_REDIS_URL": url}
    return (valkey, _door(settings, env), _worker(env)), url


def own_address(settings: Settings, *, secure: bool) -> str:
    """Return the address under which this machine itself reaches its server."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{settings.port}"


def _door(settings: Settings, env: Mapping[str, str]) -> Part:
    address = own_address(settings, secure=bool(env.get("CBT_CERTIFICATE")))
    return Part(
        name="door",
        command=(sys.executable, "-m", "gunicorn", "--config", "python:cbt.cli.gunicorn_settings", "cbt.door:app"),
        env=env,
        serves=lambda: _answers(f"{address}/health/ready"),
        start_patience_s=_DOOR_PATIENCE_S,
        hasty_end=signal.SIGINT,  # Ctrl-C waits for no open event stream
    )


def _worker(env: Mapping[str, str]) -> Part:
    return Part(name="work", command=(sys.executable, "-m", "cbt.cli.main", "work"), env=env)


async def _answers(address: str) -> bool:
    """Tell whether the server answers that it is ready; whose certificate it shows is for browsers to judge."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with httpx.AsyncClient(verify=context, timeout=_ASK_PATIENCE_S, trust_env=False) as client:
            return (await client.get(address)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
