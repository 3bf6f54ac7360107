"""What stands on the paper in the sealed envelope of a centre, and when it may be opened: facts only."""

from dataclasses import dataclass
from datetime import datetime

from cbt.delivery.core.release import ReleaseCode
from cbt.kernel.titles import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One centre's release code with the sitting that it belongs to; `opens_at` is local to the centre."""

    sitting_code: str
    sitting_title: Title
    exam_title: Title
    centre_code: str
    centre_title: Title
    opens_at: datetime
    zone: str
    code: ReleaseCode
