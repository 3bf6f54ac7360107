"""`cbt work`: the worker that does what must happen although nobody asks for it."""

import asyncio
import os
import signal
import threading
from typing import Final

import click
import structlog

from cbt.cli.duties import DUTIES
from cbt.cli.job_keeper import JobKeeper
from cbt.cli.sweeps import ClockWatch, DiskWatch, sweep_all
from cbt.delivery.services.writing import WORK_TOPIC
from cbt.jobs.services.running import Runner
from cbt.kernel.ids import new_id
from cbt.kernel.logs import init_logs
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings

EVERY_S: Final = 1.0
_GATHER_S: Final = 0.05  # hints come in swarms: one sweep for all that arrive within this time
_log = structlog.get_logger("cbt.work")


@click.command()
@click.option("--once", is_flag=True, help="Do what waits now, long work too, then end.")
def work(*, once: bool) -> None:
    """Do what nobody waits for: end overdue exams, grade, issue sheets, seal the audit trail; and long work."""
    settings = Settings.from_env(os.environ)
    init_logs(settings.log_level)
    rt = Runtime.start(settings)
    try:
        if once:
            runner = Runner(rt, DUTIES, new_id(rt.clock.now()))
            while runner.run_next() or sweep_all(rt):
                pass
        else:
            _work_until_told(rt)
    finally:
        rt.close()


def _work_until_told(rt: Runtime) -> None:
    stop, wake = threading.Event(), threading.Event()

    def end(_number: int, _frame: object) -> None:
        stop.set()
        wake.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    threading.Thread(target=_listen, args=(rt, wake), name="hints", daemon=True).start()
    _log.info("working")
    watches, keeper = (ClockWatch(rt), DiskWatch(rt)), JobKeeper(rt)
    keeper.start()
    while not stop.is_set():
        wake.clear()
        for watch in watches:
            watch.look()
        if not sweep_all(rt):
            wake.wait(EVERY_S)
        stop.wait(_GATHER_S)
    keeper.end()


def _listen(rt: Runtime, wake: threading.Event) -> None:
    """Wake the worker when there is work; without a broker it wakes by itself each second."""

    async def listen() -> None:
        async for topic, _message in rt.broker.listen():
            if topic == WORK_TOPIC:
                wake.set()

    asyncio.run(listen())
