"""A name in Korean and in English, as people see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The same name in both languages; where one is empty the other stands in."""

    ko: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the name for `language` ("ko…" is Korean, anything else English)."""
        first, second = (self.ko, self.en) if language.startswith("ko") else (self.en, self.ko)
        return first or second

    def to_document(self) -> dict[str, str]:
        """Return the mapping that is stored and sent."""
        return {"en": self.en, "ko": self.ko}

    @classmethod
    def from_document(cls, document: Mapping[str, str]) -> Self:
        """Return the title that `to_document` wrote."""
        return cls(ko=document["ko"], en=document["en"])
