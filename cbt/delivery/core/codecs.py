"""How the values of entries become plain documents and are read back strictly: one codec for each kind of value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.entries import SECOND, Responses, Sent
from cbt.delivery.core.entry_kinds import Way
from cbt.kernel import canonical
from cbt.kernel.errors import InvalidInput

DIGEST_BYTES: Final = 32
MOST_SECONDS: Final = 366 * 86_400


class EntryUnreadable(InvalidInput):
    """The document is not a journal entry."""

    code = "entry-unreadable"


@dataclass(frozen=True, slots=True)
class Codec:
    """How one kind of value is written to a document and read back (`read` raises EntryUnreadable).

    `text` writes the canonical text of what `write` gives; it is named where that needs no walk through a document.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    text: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry: its attribute, its key in the document, its codec, and whether it may be absent."""

    name: str
    key: str
    codec: Codec
    optional: bool = False


def _same(value: Any) -> Any:
    return value


def read_text(value: Any) -> str:
    """Return a text; raises EntryUnreadable."""
    if not isinstance(value, str):
        raise EntryUnreadable(f"not a text: {value!r}")
    return value


def _read_whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise EntryUnreadable(f"not a whole number: {value!r}")
    return value


def _read_switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise EntryUnreadable(f"neither true nor false: {value!r}")
    return value


def _read_instant(value: Any) -> datetime:
    return canonical.instant(read_text(value))


def _write_seconds(duration: timedelta) -> int:
    return duration // SECOND


def _read_seconds(value: Any) -> timedelta:
    seconds = _read_whole(value)
    if seconds > MOST_SECONDS:
        raise EntryUnreadable(f"not a duration of an exam: {seconds}")
    return timedelta(seconds=seconds)


def _read_id(value: Any) -> UUID:
    text = read_text(value)
    try:
        number = UUID(text)
    except ValueError as error:
        raise EntryUnreadable(f"not an id: {text!r}") from error
    if str(number) != text:
        raise EntryUnreadable(f"not an id in its usual form: {text!r}")
    return number


def _read_digest(value: Any) -> bytes:
    data = canonical.read_base64url(read_text(value))
    if len(data) != DIGEST_BYTES:
        raise EntryUnreadable("a digest has 32 bytes")
    return data


def _write_responses(responses: Responses) -> dict[str, list[str]]:
    return {variable: list(values) for variable, values in responses.items()}


def _read_responses(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise EntryUnreadable("responses are a mapping")
    return {variable: _read_values(values) for variable, values in value.items()}


def _read_values(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise EntryUnreadable("the values of a response are a list")
    return tuple(read_text(each) for each in value)


def _whole_text(value: int) -> str:
    return str(value) if value <= canonical.SAFE_INTEGER else f'"{value}"'


def _switch_text(value: bool) -> str:  # noqa: FBT001  # the value itself
    return "true" if value else "false"


def _instant_text(value: datetime) -> str:
    return f'"{canonical.instant_text(value)}"'


def _digest_text(value: bytes) -> str:
    return f'"{canonical.base64url(value)}"'


def _responses_text(responses: Responses) -> str:
    if len(responses) != 1:
        return canonical.encode(_write_responses(responses)).decode()
    [(variable, values)] = responses.items()
    return f"{{{canonical.text_of(variable)}:[{','.join(map(canonical.text_of, values))}]}}"


def _read_way(value: Any) -> Way:
    try:
        return Way(read_text(value))
    except ValueError as error:
        raise EntryUnreadable(f"no way that an answer comes: {value!r}") from error


def _read_wholes(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise EntryUnreadable("numbers are a list")
    return tuple(_read_whole(each) for each in value)


TEXT: Final = Codec(_same, read_text, canonical.text_of)
WHOLE: Final = Codec(_same, _read_whole, _whole_text)
SWITCH: Final = Codec(_same, _read_switch, _switch_text)
INSTANT: Final = Codec(canonical.instant_text, _read_instant, _instant_text)
SECONDS: Final = Codec(_write_seconds, _read_seconds)
ID: Final = Codec(str, _read_id)
DIGEST: Final = Codec(canonical.base64url, _read_digest, _digest_text)
RESPONSES: Final = Codec(_write_responses, _read_responses, _responses_text)
WAY: Final = Codec(str, _read_way, canonical.text_of)
WHOLES: Final = Codec(list, _read_wholes)

_SENT_FIELDS: Final = (
    Field("lease", "lease", WHOLE),
    Field("number", "number", WHOLE),
    Field("claimed_at", "at", INSTANT, optional=True),
    Field("digest", "digest", DIGEST),
)


def write_fields(value: object, fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the document of `value`; optional fields that hold nothing are left out."""
    document: dict[str, Any] = {}
    for field in fields:
        held = getattr(value, field.name)
        if held is not None and not (field.optional and held == ()):
            document[field.key] = field.codec.write(held)
    return document


def text_writer(fields: tuple[Field, ...]) -> Callable[[object], str]:
    """Return what writes the canonical text of a value: that of the document of `write_fields`, without making it."""
    steps = [(f'"{one.key}":', one.name, one.codec.text or _walk(one.codec), one.optional) for one in fields]
    steps.sort()  # by key: all of ours are ASCII

    def write(value: object) -> str:
        parts = []
        for key, name, text, optional in steps:
            held = getattr(value, name)
            if held is not None and not (optional and held == ()):
                parts.append(key + text(held))
        return f"{{{','.join(parts)}}}"

    return write


def _walk(codec: Codec) -> Callable[[Any], str]:
    return lambda value: canonical.encode(codec.write(value)).decode()


def read_fields(document: Any, fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the attributes that a document holds; raises EntryUnreadable for a missing, foreign or mistyped one."""
    if not isinstance(document, dict):
        raise EntryUnreadable("an entry is a mapping")
    foreign = document.keys() - {field.key for field in fields}
    missing = {field.key for field in fields if not field.optional} - document.keys()
    if foreign or missing:
        raise EntryUnreadable(f"foreign keys {sorted(foreign)}, missing keys {sorted(missing)}")
    return {field.name: field.codec.read(document[field.key]) for field in fields if field.key in document}


def _write_sent(sent: Sent) -> dict[str, Any]:
    return write_fields(sent, _SENT_FIELDS)


def _read_sent(value: Any) -> Sent:
    return Sent(**{"claimed_at": None, **read_fields(value, _SENT_FIELDS)})


SENT: Final = Codec(_write_sent, _read_sent, text_writer(_SENT_FIELDS))
