"""Keeps one process for long work beside the sweeps: starts it, starts it again, takes back what a dead one held."""

import os
import subprocess
import sys
from threading import Event, Thread
from typing import Final

import structlog

from cbt.jobs.services.running import release
from cbt.kernel.errors import Unavailable
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime

_PATIENCE_S: Final = 3.0  # less than the supervisor has with us
_LOOK_S: Final = 0.2
_FIRST_REST_S: Final = 0.2
_LONGEST_REST_S: Final = 5.0
_log = structlog.get_logger("cbt.work")


class JobKeeper:
    """A thread that watches the process for long work."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._stop = Event()
        # The kernel kills the child when the thread that started it ends: this one ends last.
        self._thread = Thread(target=self._keep, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin to keep the process."""
        self._thread.start()

    def end(self) -> None:
        """End the process, its job handed back, and return once it is gone."""
        self._stop.set()
        self._thread.join()

    def _keep(self) -> None:
        rest_s = _FIRST_REST_S
        while not self._stop.is_set():
            runner_id = new_id(self._rt.clock.now())
            code = self._watch(str(runner_id))
            try:
                release(self._rt, runner_id)
            except Unavailable:
                _log.warning("jobs of a dead runner are left to time")
            rest_s = _FIRST_REST_S if code == 0 else min(2 * rest_s, _LONGEST_REST_S)
            self._stop.wait(rest_s)

    def _watch(self, runner_id: str) -> int:
        """Start the process and return its exit code; told to end, give it a moment to hand its job back."""
        module = (sys.executable, "-m", "cbt.cli.job_runner", runner_id)
        process = subprocess.Popen((sys.executable, "-m", "cbt.cli.child", str(os.getpid()), *module))  # noqa: S603  # ours
        while process.poll() is None:
            if self._stop.wait(_LOOK_S):
                process.terminate()
                try:
                    process.wait(_PATIENCE_S)
                except subprocess.TimeoutExpired:
                    process.kill()
        code = process.wait()
        if code != 0 and not self._stop.is_set():
            _log.warning("job runner ended", code=code)
        return code
