"""Looking at the JSON of H5P content: whatever stands there, a field is text, a flag, a list or an object."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from itembank.formats.archive import ArchiveRefused, unsafe_path
from itembank.formats.members import Members

_CONTENT: Final = PurePosixPath("content")
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Content:
    """One object of the content."""

    fields: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """Return a field that is text."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a field that is true or false."""
        value = self.fields.get(name)
        return value if isinstance(value, bool) else default

    def inner(self, name: str) -> "Content":
        """Return a field that is an object, empty when it is none."""
        value = self.fields.get(name)
        return Content(value if isinstance(value, Mapping) else {})

    def objects(self, name: str) -> tuple["Content", ...]:
        """Return a field that is a list of objects."""
        value = self.fields.get(name)
        listed = value if isinstance(value, list) else []
        return tuple(Content(one) for one in listed[:_MOST] if isinstance(one, Mapping))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts."""
        value = self.fields.get(name)
        listed = value if isinstance(value, list) else []
        return tuple(one for one in listed[:_MOST] if isinstance(one, str))


@dataclass(frozen=True, slots=True)
class ContentFiles:
    """The pictures of a package: paths are relative to its folder `content`."""

    members: Members

    def find(self, name: str) -> bytes | None:
        """Return the bytes, or None."""
        if unsafe_path(name):
            return None
        try:
            return self.members.find(str(_CONTENT / name))
        except ArchiveRefused:
            return None
