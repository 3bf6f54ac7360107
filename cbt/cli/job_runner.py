"""The process that does long work, one job after the other: a child of `cbt work`, which starts it again when it ends.

    python -m cbt.cli.job_runner RUNNER_ID

A process of its own, and a nice one, so that no parsing of a large file keeps the sweeps from ending an exam in time.
"""

import asyncio
import os
import resource
import signal
import sys
import threading
from typing import Final
from uuid import UUID

import structlog

from cbt.cli.duties import DUTIES
from cbt.jobs.services.asking import TOPIC
from cbt.jobs.services.running import Runner
from cbt.kernel.errors import Unavailable
from cbt.kernel.logs import init_logs
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings

EVERY_S: Final = 0.5
_NICE: Final = 10
_GROWTH_KIB: Final = 512 * 1024  # a process that has grown by this makes room for a fresh one
_NOT_DONE: Final = 1
_log = structlog.get_logger("cbt.work")


def main(runner_id: UUID) -> None:
    """Do jobs until told to end, or until too much memory is held."""
    settings = Settings.from_env(os.environ)
    init_logs(settings.log_level)
    os.nice(_NICE)
    rt = Runtime.start(settings)
    runner = Runner(rt, DUTIES, runner_id, hard_stop=lambda: os._exit(_NOT_DONE))
    wake = threading.Event()

    def end(_number: int, _frame: object) -> None:
        runner.ending.set()
        wake.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    threading.Thread(target=_listen, args=(rt, wake), name="hints", daemon=True).start()
    ceiling_kib = _peak_kib() + _GROWTH_KIB  # the peak begins with that of the process that started this one
    while not runner.ending.is_set() and _peak_kib() < ceiling_kib:
        wake.clear()
        if not _next(runner):
            wake.wait(EVERY_S)
    rt.close()


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _next(runner: Runner) -> bool:
    try:
        return runner.run_next()
    except Unavailable as error:
        _log.warning("jobs postponed", code=error.code)
        return False


def _listen(rt: Runtime, wake: threading.Event) -> None:
    async def listen() -> None:
        async for topic, _message in rt.broker.listen():
            if topic == TOPIC:
                wake.set()

    asyncio.run(listen())


if __name__ == "__main__":
    main(UUID(sys.argv[1]))
