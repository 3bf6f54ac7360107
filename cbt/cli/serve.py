"""`cbt serve`: the whole system on one machine, under a supervisor."""

import asyncio
import os
import socket
from pathlib import Path

import click
from rich.console import Console

from cbt.cli import preflight
from cbt.cli.banner import print_banner
from cbt.cli.demo_centre import Demo, make_demo
from cbt.cli.parts import server_parts
from cbt.cli.shell import broker_file
from cbt.cli.supervisor import Supervisor
from cbt.kernel.errors import InvalidInput
from cbt.kernel.pdf.fonts import load_fonts
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings

_PEM = click.Path(path_type=Path, exists=True, dir_okay=False, resolve_path=True)


@click.command()
@click.option("--host", help="Address to listen on (CBT_HOST, else 127.0.0.1).")
@click.option("--port", help="Port to listen on (CBT_PORT, else 8000).")
@click.option("--certificate", type=_PEM, envvar="CBT_CERTIFICATE", help="Certificate chain (PEM) for https.")
@click.option("--key", type=_PEM, envvar="CBT_CERTIFICATE_KEY", help="The certificate's private key (PEM).")
@click.option("--trusted-proxy", envvar="CBT_TRUSTED_PROXY", help="Address of the proxy that speaks https before us.")
@click.option("--demo", "with_demo", is_flag=True, help="Make the demonstration centre first (see `cbt demo`).")
def serve(
    *,
    host: str | None,
    port: str | None,
    certificate: Path | None,
    key: Path | None,
    trusted_proxy: str | None,
    with_demo: bool,
) -> None:
    """Serve everything on one machine, and keep it running until Ctrl-C.

    Without options it listens on http://127.0.0.1:8000 and keeps its data under var/.
    """
    env = _environment(
        CBT_HOST=host,
        CBT_PORT=port,
        CBT_CERTIFICATE=certificate,
        CBT_CERTIFICATE_KEY=key,
        CBT_TRUSTED_PROXY=trusted_proxy,
    )
    settings = Settings.from_env(env)
    preflight.require_protection(settings.host, certificate=certificate, key=key, proxy=trusted_proxy)
    if (trusted_proxy or certificate) and not settings.secure:
        raise InvalidInput(
            "--trusted-proxy and --certificate need CBT_PUBLIC_URL=https://..., the address that browsers use"
        )
    preflight.require_home(settings.home)
    preflight.require_room(settings.home)
    with preflight.only_server(settings.home):
        _prepare(settings)
        demo = _make_demo(settings) if with_demo else None
        asyncio.run(_serve(settings, env, demo))


def _environment(**given: str | Path | None) -> dict[str, str]:
    """Return the environment of all parts; what was given counts before what is set."""
    env = {**os.environ, **{name: str(value) for name, value in given.items() if value is not None}}
    settings = Settings.from_env(env)
    env["CBT_HOME"] = str(settings.home)
    if given["CBT_CERTIFICATE"] is not None and not env.get("CBT_PUBLIC_URL"):
        name = socket.getfqdn() if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104  # compared with
        env["CBT_PUBLIC_URL"] = f"https://{name}:{settings.port}"
    return env


def _prepare(settings: Settings) -> None:
    """See that everything is there that the parts need, and bring the database to the newest schema."""
    preflight.require_port(settings.host, settings.port)
    load_fonts(settings.home, settings.font_dir)
    preflight.require_schema(settings.database_url)


def _make_demo(settings: Settings) -> Demo:
    click.echo("making the demonstration centre", err=True)
    rt = Runtime.start(settings)
    try:
        return make_demo(rt)
    finally:
        rt.close()


async def _serve(settings: Settings, env: dict[str, str], demo: Demo | None) -> None:
    """Keep the parts until told to end; commands in other terminals read where the broker listens from a file."""
    console = Console(stderr=True, highlight=False)
    parts, broker_url = server_parts(settings, env)
    note = broker_file(settings.home)
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.write_text(broker_url or "")
    click.echo("starting the server", err=True)
    supervisor = Supervisor(parts, settings.home / "log", lambda line: console.print(line, markup=False))
    try:
        await supervisor.run(ready=lambda: print_banner(console, settings, demo))
    finally:
        note.unlink(missing_ok=True)
