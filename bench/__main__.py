"""`python -m bench [NAME …]` measures everything, or what is named; its status says whether every promise is kept."""

import sys
from collections.abc import Callable
from typing import Final

from bench import connections, doors, drawing, exam_page, hostile, importing, national, room_streams, rushes, saving
from bench.figures import Limit

BENCHES: Final[dict[str, Callable[[], tuple[Limit, ...]]]] = {
    "drawing": drawing.run,
    "exam-page": exam_page.run,
    "importing": importing.run,
    "hostile": hostile.run,
    "saves": saving.run,
    "doors": doors.run,
    "national": national.run,
    "starts": rushes.run_starts,
    "endings": rushes.run_endings,
    "connections": connections.run,
    "room-streams": room_streams.run,
}


def main(names: list[str]) -> int:
    """Run the benchmarks and return 1 when a figure is missed."""
    missed = 0
    for name in names or BENCHES:
        print(f"== {name}")
        for limit in BENCHES[name]():
            missed += not limit.kept
            print(f"{'ok  ' if limit.kept else 'MISS'} {limit}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
