"""Files that jobs work on, kept in the database as pieces.

In the database and not under the home folder, because the node that takes an upload need not be the one that works on
it: with several nodes on PostgreSQL the rows are what they share anyway, a backup holds both or neither, and nothing is
left lying about when a machine dies. A piece is 1 MiB and has a transaction of its own, so that an upload of 64 MiB
keeps SQLite's one writer for some milliseconds at a time.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import BinaryIO, Final
from uuid import UUID

from cbt.jobs.core.jobs import Job
from cbt.jobs.store import files as store
from cbt.kernel.errors import Conflict
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction

PIECE_BYTES: Final = 1024 * 1024
_ARRIVES_WITHIN: Final = timedelta(hours=1)
_DROPPED_AT_ONCE: Final = 8  # 8 MiB take SQLite 50 ms


class FilesGone(Conflict):
    """The file is not kept any more; send it again."""

    code = "files-gone"


def keep_files(rt: Runtime, files: Mapping[str, bytes]) -> UUID | None:
    """Keep files for a job that is to be started with them; return their bundle, or None where there are none."""
    if not files:
        return None
    now = rt.clock.now()
    bundle_id = new_id(now)
    with rt.transaction() as tx:
        store.add_bundle(tx, bundle_id, now + _ARRIVES_WITHIN)
    for name, payload in files.items():
        for number, start in enumerate(range(0, max(len(payload), 1), PIECE_BYTES)):
            with rt.transaction() as tx:
                store.add_piece(tx, bundle_id, name, number, payload[start : start + PIECE_BYTES])
    return bundle_id


def read_file(rt: Runtime, job: Job, name: str) -> bytes:
    """Return a file of a job, empty where it has none of that name; raises FilesGone."""
    if job.bundle_id is None:
        raise FilesGone(job=job.id)
    with rt.reading() as tx:
        if not store.names(tx, job.bundle_id):
            raise FilesGone(job=job.id)
        return b"".join(store.pieces(tx, job.bundle_id, name))


def write_file(rt: Runtime, job: Job, name: str, source: BinaryIO) -> None:
    """Keep what a job made, in place of what an attempt before it wrote; raises FilesGone."""
    if job.bundle_id is None:
        raise FilesGone(job=job.id)
    left = True
    while left:
        with rt.transaction() as tx:
            left = store.clear_some(tx, job.bundle_id, name, _DROPPED_AT_ONCE)
    number = 0
    while piece := source.read(PIECE_BYTES):
        with rt.transaction() as tx:
            store.add_piece(tx, job.bundle_id, name, number, piece)
        number += 1


def pieces_of(rt: Runtime, job: Job, name: str) -> Iterator[bytes]:
    """Return the pieces of a file, each read when it is wanted; raises FilesGone at once."""
    bundle_id = job.bundle_id
    if bundle_id is None:
        raise FilesGone(job=job.id)
    with rt.reading() as tx:
        if name not in store.names(tx, bundle_id):
            raise FilesGone(job=job.id)
    return _pieces(rt, bundle_id, name)


def _pieces(rt: Runtime, bundle_id: UUID, name: str) -> Iterator[bytes]:
    for number in count():
        with rt.reading() as tx:
            piece = store.find_piece(tx, bundle_id, name, number)
        if piece is None:
            return
        yield piece


def let_go_in(tx: Transaction, job: Job, now: datetime, keep: timedelta) -> None:
    """Let the files of an ended job go after `keep`."""
    if job.bundle_id is not None:
        store.drop_at(tx, job.bundle_id, now + keep)


def take_over_in(tx: Transaction, former: Job, now: datetime) -> UUID:
    """Return the files of an ended job for the one that goes on with them; raises FilesGone."""
    if former.bundle_id is None or not former.ended or not store.names(tx, former.bundle_id):
        raise FilesGone(job=former.id)
    store.drop_at(tx, former.bundle_id, now + _ARRIVES_WITHIN)
    return former.bundle_id


def drop_files(rt: Runtime) -> int:
    """Drop a share of the files that nobody needs any more; return how many pieces may have gone."""
    now = rt.clock.now()
    with rt.reading() as tx:
        bundle_id = store.find_unwanted(tx, now)
    if bundle_id is None:
        return 0
    with rt.transaction() as tx:
        if store.is_unwanted(tx, bundle_id, now):
            store.drop_some(tx, bundle_id, _DROPPED_AT_ONCE)
    return _DROPPED_AT_ONCE
