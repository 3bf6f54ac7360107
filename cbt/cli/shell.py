"""What a command gets from the environment: the settings, and a runtime whose hints reach a running server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cbt.cli.preflight import require_home, require_ready
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings


def broker_file(home: Path) -> Path:
    """Return the file in which `cbt serve` says where its own Valkey listens."""
    return home / "run" / "broker-url"


def shell_settings() -> Settings:
    """Return the settings of the environment, with the Valkey of a running `cbt serve` where none is named."""
    settings = Settings.from_env(os.environ)
    if settings.redis_url is not None:
        return settings
    try:
        return replace(settings, redis_url=broker_file(settings.home).read_text().strip() or None)
    except OSError:
        return settings


@contextmanager
def shell_runtime() -> Iterator[Runtime]:
    """Give a runtime; its hints reach the pages of a running server."""
    settings = shell_settings()
    require_home(settings.home)
    require_ready(settings.database_url)
    rt = Runtime.start(settings)
    try:
        yield rt
    finally:
        rt.close()
