"""What a unique key says when two people write the same at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from cbt.kernel.errors import Conflict


class TakenMeanwhile(Conflict):
    """Somebody else has entered this in the meantime: look again."""

    code = "taken-meanwhile"


@contextmanager
def unique() -> Iterator[None]:
    """Turn the violation of a unique or foreign key inside the block into TakenMeanwhile."""
    try:
        yield
    except IntegrityError as error:
        raise TakenMeanwhile from error
