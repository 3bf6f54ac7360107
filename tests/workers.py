"""Which tests run together: on one worker where several run at once, and one after the other where one does.

A running site, a browser and the fixtures of a module are dear to start, and each worker starts its own. So a file
stays on one worker, and so do all tests of a folder that share a site.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TOGETHER = ("tests/browser/", "tests/faults/browser/", "tests/faults/")


def unit_of(nodeid: str) -> str:
    """What a worker takes as a whole: the folder or the file of a test."""
    path = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if path.startswith(folder)), path)


class WholeUnits(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a worker whole units in the order in which they were collected, so the long ones first."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def keep_together(items: list[pytest.Item]) -> None:
    """Bring the folders that share a site to the front, each in one piece; otherwise the order stays."""
    items.sort(key=lambda item: (*TOGETHER, unit_of(item.nodeid)).index(unit_of(item.nodeid)))
