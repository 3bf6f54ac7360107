"""How gunicorn serves the door; gunicorn reads the names of this module (`--config python:cbt.cli.gunicorn_settings`).

The same values serve under `cbt serve` and as a pool of its own in production. SQLite has one writer, so one process;
PostgreSQL gets a process for each core.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Final

from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from cbt.cli.child import die_with
from cbt.kernel.logs import init_logs
from cbt.kernel.settings import Settings

_settings = Settings.from_env(os.environ)
_memory = Path("/dev/shm")  # noqa: S108  # the heartbeat file, which must not stop on a full disk

LONGEST_BEAT_S: Final = 20


class StructuredLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own words as JSON lines, like all others."""

    def setup(self, cfg: object) -> None:
        """Hand every line to the root logger."""
        super().setup(cfg)
        for handler in tuple(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True
        init_logs(_settings.log_level)


def on_starting(server: object) -> None:  # noqa: ARG001  # gunicorn calls it so
    """Load the modules once, in the master: a process that is killed has its successor in a moment."""
    import_module("cbt.door")


def post_fork(server: object, worker: Worker) -> None:  # noqa: ARG001  # gunicorn calls it so
    """Bind the life of the process that serves to its master, so that a killed master leaves the port free."""
    die_with(worker.ppid)


bind = f"{_settings.host}:{_settings.port}"
worker_class = "asgi"
workers = 1 if _settings.database_url.startswith("sqlite") else os.cpu_count() or 1
asgi_loop = "uvloop"
asgi_lifespan = "on"
http_parser = "auto"  # gunicorn's C parser (gunicorn[fast]) where it is installed
keepalive = LONGEST_BEAT_S + 5  # one connection carries a page's beats
graceful_timeout = 5  # open event streams never end by themselves; pages take up another one
timeout = 30
worker_tmp_dir = str(_memory) if os.access(_memory, os.W_OK) else None
control_socket_disable = True
logger_class = StructuredLogger
loglevel = _settings.log_level.lower()
certfile = os.environ.get("CBT_CERTIFICATE") or None
keyfile = os.environ.get("CBT_CERTIFICATE_KEY") or None
forwarded_allow_ips = ""  # whom the trusted proxy speaks for is read in one place, `cbt.kernel.web.proxy`
