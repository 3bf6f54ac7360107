"""The wrapper that starts each part of the server, so that none of them outlives the one that watches it.

    python -m cbt.cli.child PARENT COMMAND ARGUMENT...

Asks the kernel for SIGKILL at the parent's death, sees whether the parent died in the meantime, becomes the command.
"""

import ctypes
import os
import signal
import sys
from typing import Final

_SET_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>


def die_with(parent: int) -> None:
    """End this process when `parent` ends, however that happens; at once where it is gone already.

    Where the kernel knows no such signal (anything but Linux) a killed parent leaves its children running.
    """
    prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)
    if prctl is not None:
        prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Become the command in `arguments` after the parent's process id."""
    die_with(int(arguments[0]))
    command = arguments[1:]
    os.execv(command[0], command)  # noqa: S606  # no shell: the command is ours


if __name__ == "__main__":
    main(sys.argv[1:])
