"""The refusals of the system: facts with a stable code, without any knowledge of HTTP.

Leaf classes live beside the rule that they guard; this module holds the five kinds that they derive from,
the value for problems that a person corrects in bulk, and the one table from kind to HTTP status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final


class CbtError(Exception):
    """A refusal that callers may show: `code` is stable, `ids` name what it is about."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str = "", **ids: object) -> None:
        self.message = message or (self.__doc__ or self.code).strip().splitlines()[0]
        self.ids = ids
        super().__init__(self.message)


class InvalidInput(CbtError):
    """The input does not have the form that is asked for."""

    code = "invalid-input"


class NotFound(CbtError):
    """There is nothing under this name."""

    code = "not-found"


class Forbidden(CbtError):
    """The person may not do this."""

    code = "forbidden"


class SignInNeeded(Forbidden):
    """The person must sign in first."""

    code = "sign-in-needed"


class Conflict(CbtError):
    """The present state does not admit this."""

    code = "conflict"


class WrongMethod(InvalidInput):
    """The address does not take requests of this kind."""

    code = "wrong-method"


class TooLarge(InvalidInput):
    """The request is larger than this address takes."""

    code = "too-large"


class TooSlow(InvalidInput):
    """The request took too long to come in; try again."""

    code = "too-slow"


class TooManyRequests(CbtError):
    """The limit of tries is reached; wait a moment."""

    code = "too-many-requests"


class Unavailable(CbtError):
    """A part that this needs cannot be reached now; trying again may help."""

    code = "unavailable"


STATUS: Final[Mapping[type[CbtError], int]] = MappingProxyType(
    {
        SignInNeeded: 401,
        WrongMethod: 405,
        TooLarge: 413,
        TooSlow: 408,
        InvalidInput: 400,
        NotFound: 404,
        Forbidden: 403,
        Conflict: 409,
        TooManyRequests: 429,
        Unavailable: 503,
    }
)


def status_of(error: CbtError) -> int:
    """Return the HTTP status of the nearest kind that `error` belongs to (500 when it belongs to none)."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that a person must correct: where it stands, its stable code and what would be right."""

    where: str
    code: str
    hint: str
