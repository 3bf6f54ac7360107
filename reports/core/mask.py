"""Masks: enough of a name for its owner's paper to be compared, too little to learn it from."""

import unicodedata
from datetime import date
from typing import Final

STAR: Final = "*"
_SYLLABIC: Final = ("HANGUL SYLLABLE", "CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA", "KATAKANA")


def mask_name(name: str) -> str:
    """Return `name` with its inner characters starred: 홍길동 -> 홍*동, 김민 -> 김*, Jane Smith -> J*** S****.

    A name in syllables or ideographs keeps its first and last character (only the first when there are two, none
    when it has but one); any other name keeps the first character of each word. Spaces stay where they are.
    """
    letters = [c for c in unicodedata.normalize("NFC", name) if not unicodedata.category(c).startswith("M")]
    visible = [c for c in letters if not c.isspace()]
    if visible and all(unicodedata.name(c, "").startswith(_SYLLABIC) for c in visible):
        return _mask_syllables(letters, len(visible))
    return " ".join(word[0] + STAR * (len(word) - 1) for word in "".join(letters).split())


def mask_birth_on(birth_on: date) -> str:
    """Return the birth date with only its year to be read: 1999. **. **."""
    return f"{birth_on.year}. **. **."


def _mask_syllables(letters: list[str], count: int) -> str:
    kept = {0, count - 1} if count > 2 else {0} if count == 2 else set[int]()  # noqa: PLR2004 - syllables of a name
    masked, position = [], 0
    for letter in letters:
        if letter.isspace():
            masked.append(" ")
            continue
        masked.append(letter if position in kept else STAR)
        position += 1
    return " ".join("".join(masked).split())
