"""The kinds of long work that this program can do; each is described by the package that does it."""

from typing import Final

from cbt.delivery.services import paper_work
from cbt.jobs.services.running import Duty
from itembank.services import export_work, fairness, uploading

DUTIES: Final[tuple[Duty, ...]] = (
    uploading.CHECK,
    uploading.LOAD,
    export_work.EXPORT,
    fairness.FAIRNESS,
    paper_work.PREPARE,
)
