"""The recorder and the starter: what candidates' pages send and the starts of exams, many in one commit each.

Both are group commits of their own, so that a rush of starts never holds up the saving of an answer.
"""

from cbt.delivery.services.recording import ChoiceMaps, LatestAttempts, Recorded, RecordRequest, record
from cbt.delivery.services.starting import Begun, StartMemory, StartRequest, start_many
from cbt.kernel.asgi.group_commit import GroupCommit
from cbt.kernel.runtime import Runtime


class Recorder:
    """Records entries; one per process."""

    def __init__(self, rt: Runtime) -> None:
        maps, latest = ChoiceMaps(), LatestAttempts()
        self._group = GroupCommit[RecordRequest, Recorded](
            "recorder", lambda waiting: record(rt, maps, waiting, latest)
        )

    async def record(self, request: RecordRequest) -> Recorded:
        """Return what was recorded once it is committed; raises CbtError for a refusal of the whole request."""
        return await self._group.do(request)

    def close(self) -> None:
        """Finish the commit that runs; who still waits for another one has no receipt, and sends again."""
        self._group.close()


class Starter:
    """Starts exams; one per process."""

    def __init__(self, rt: Runtime) -> None:
        memory = StartMemory(rt.keys)
        self._group = GroupCommit[StartRequest, Begun]("starter", lambda waiting: start_many(rt, memory, waiting))

    async def start(self, request: StartRequest) -> Begun:
        """Return the key and the page's state once the start is committed; raises CbtError where there is none."""
        return await self._group.do(request)

    def close(self) -> None:
        """Finish the commit that runs; who still waits for another one asks again."""
        self._group.close()
