"""Canonical bytes: one value, one byte string (RFC 8785), so that digests and signatures can be recomputed.

Instants are text with microseconds and a `Z`; decimals, fractions and big integers are text; ids are their usual
text. Floats are refused: nothing that is signed or chained may depend on how a float prints.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, cast
from uuid import UUID

from cbt.kernel.errors import InvalidInput

SAFE_INTEGER: Final = 2**53 - 1
_DEEPEST: Final = 64
# The json module writes strings, integers and literals as RFC 8785 asks, and `_sorted` sees to the order of keys. Tests
# compare what comes out with a reference implementation, which takes three times as long.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))


class NotCanonical(InvalidInput):
    """The value has no canonical form."""

    code = "not-canonical"


def encode(value: object) -> bytes:
    """Return the canonical bytes of `value`; raises NotCanonical for floats, naive instants and foreign types."""
    try:
        return _ENCODER.encode(_plain(value, 0)).encode()
    except (UnicodeError, RecursionError, OverflowError) as error:
        raise NotCanonical(str(error)) from error


def decode(data: bytes) -> Any:
    """Return the JSON value of `data`; raises NotCanonical when it is not JSON."""
    try:
        return _DECODER.decode(data.decode(json.detect_encoding(data), "surrogatepass"))
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise NotCanonical(str(error)) from error


def text_of(value: str) -> str:
    """Return a string as it stands in canonical bytes, quoted; half surrogates are refused where it becomes bytes."""
    return _ENCODER.encode(value)


def digest(data: bytes) -> bytes:
    """Return the SHA-256 of `data` (32 bytes)."""
    return hashlib.sha256(data).digest()


def instant_text(at: datetime) -> str:
    """Return an aware instant as `2026-11-22T01:02:03.000004Z`; raises NotCanonical when it is naive."""
    if at.tzinfo is None:
        raise NotCanonical("an instant needs a time zone")
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return in_utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(text: str) -> datetime:
    """Return the instant that `instant_text` wrote; raises NotCanonical for any other form."""
    try:
        at = datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise NotCanonical(f"not an instant: {text!r}") from error
    if at.tzinfo is not UTC or instant_text(at) != text:  # it takes many other forms, and other offsets
        raise NotCanonical(f"not an instant in its usual form: {text!r}")
    return at


def base64url(data: bytes) -> str:
    """Return `data` as base64url text without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def read_base64url(text: str) -> bytes:
    """Return the bytes that `base64url` wrote; raises NotCanonical for any other text."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, UnicodeError) as error:
        raise NotCanonical("not base64url") from error
    if base64url(data) != text:  # the decoder takes padding, + and /, and any spare bits at the end
        raise NotCanonical("not base64url in its usual form")
    return data


def _plain(value: object, depth: int) -> Any:
    if depth > _DEEPEST:
        raise NotCanonical("nested too deeply")
    kind = type(value)
    if kind is str:
        return value
    if kind is dict or isinstance(value, Mapping):
        return _plain_mapping(cast("Mapping[object, object]", value), depth + 1)
    if kind is list or isinstance(value, (tuple, list)):
        return [_plain(inner, depth + 1) for inner in cast("Sequence[object]", value)]
    if isinstance(value, (frozenset, set)):
        return sorted((_plain(inner, depth + 1) for inner in value), key=repr)
    return _leaf(value)


def _plain_mapping(value: Mapping[object, object], depth: int) -> dict[str, Any]:
    plain = {
        key if type(key) is str else _key(key): inner if type(inner) is str else _plain(inner, depth)
        for key, inner in value.items()
    }
    if len(plain) != len(value):
        raise NotCanonical("two keys have the same text")
    return _sorted(plain)


def _sorted(plain: dict[str, Any]) -> dict[str, Any]:
    """Return `plain` in RFC 8785's order of keys, by UTF-16 units; for ASCII that is the order of characters."""
    keys = list(plain)
    if "".join(keys).isascii():
        keys.sort()
    else:
        keys.sort(key=_utf16)
    return {key: plain[key] for key in keys}


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _key(key: object) -> str:
    if isinstance(key, StrEnum):
        return key.value
    if isinstance(key, (str, int, UUID)) and not isinstance(key, bool):
        return str(key)
    raise NotCanonical(f"not a key: {key!r}")


def _leaf(value: object) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= SAFE_INTEGER else str(value)
    for kind, text in _TEXT_FORMS:
        if isinstance(value, kind):
            return text(value)
    raise NotCanonical(f"no canonical form: {type(value).__name__}")


def _number_text(number: Decimal) -> str:
    if not number.is_finite():
        raise NotCanonical(f"not a number: {number}")
    return format(number, "f")


def refuse_constant(name: str) -> float:
    """Raise ValueError: NaN and the infinities are none of JSON's numbers, though Python's decoder takes them."""
    raise ValueError(f"{name} is not JSON")


# `json.loads` would make a decoder for every value.
_DECODER: Final = json.JSONDecoder(parse_float=Decimal, parse_constant=refuse_constant)

# A datetime is a date too, so it comes first.
_TEXT_FORMS: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (datetime, instant_text),
    (date, date.isoformat),
    (UUID, str),
    (Fraction, str),
    (Decimal, _number_text),
    (bytes, base64url),
)
