"""The yardstick: pgbench's own rate of single-row commits on the same PostgreSQL, in the same run."""

import re
import subprocess
from pathlib import Path
from typing import Final

from bench.load.databases import Postgres
from bench.load.processes import Family

CLIENTS: Final = 32
_INSERT: Final = (
    "\\set n random(1, 1000000000)\nINSERT INTO yardstick (content) VALUES (decode(repeat('ab', 250), 'hex'));\n"
)


def single_row_commits(database: Postgres, folder: Path, seconds: int) -> tuple[float, float]:
    """Return commits per second and per CPU second (server and pgbench) of one-row inserts by 32 clients."""
    url = database.url("postgres")
    database.execute("CREATE TABLE IF NOT EXISTS yardstick (id bigserial PRIMARY KEY, content bytea)")
    script = folder / "single_row.sql"
    script.write_text(_INSERT)
    before = database.cpu_s()
    process = subprocess.Popen(
        [
            str(database.folder / "pgbench"),
            *("--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2", f"--time={seconds}"),
            *("--file", str(script), url),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    own = Family(root=process.pid)
    used = 0.0
    while process.poll() is None:
        used = max(used, own.cpu_s())
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
    told = process.stdout.read() if process.stdout else ""
    found = re.search(r"tps = ([\d.]+)", told)
    done = re.search(r"actually processed: (\d+)", told)
    if not found or not done:
        raise RuntimeError(told)
    return float(found[1]), int(done[1]) / (database.cpu_s() - before + used)
