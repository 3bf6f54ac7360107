"""The words around an item's controls, in the item's own language: a paper is made before anybody asks for it."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

_CATALOGUE: Final = Path(__file__).resolve().parents[1] / "translations" / "ko" / "LC_MESSAGES" / "messages.po"


def words_in(language: str) -> Callable[[str], str]:
    """Return gettext for `language` ("ko…" is Korean, anything else English)."""
    return _to_korean if language.startswith("ko") else str


def _to_korean(text: str) -> str:
    return _korean().get(text, text)


@cache
def _korean() -> Mapping[str, str]:
    with _CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream, locale="ko")
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
