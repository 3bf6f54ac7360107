r"""GIFT's escapes: `\~ \= \# \{ \} \: \\ \n`. Escaped signs are put aside, so that what remains has its meaning."""

from typing import Final

_ASIDE: Final = {sign: chr(0xE010 + place) for place, sign in enumerate("~=#{}:\\n")}
_BACK: Final = str.maketrans({aside: "\n" if sign == "n" else sign for sign, aside in _ASIDE.items()})
_NONE: Final = dict.fromkeys(range(0xE000, 0xE020))
_SPECIAL: Final = str.maketrans({**{sign: f"\\{sign}" for sign in "~=#{}:\\"}, "\n": "\\n"})


def put_aside(text: str) -> str:
    """Return `text` with every escaped sign as a single sign without meaning."""
    text = text.translate(_NONE)
    out: list[str] = []
    place = 0
    while (found := text.find("\\", place)) >= 0:
        aside = _ASIDE.get(text[found + 1 : found + 2])
        out += [text[place:found], aside or "\\"]
        place = found + (2 if aside else 1)
    return "".join([*out, text[place:]])


def taken_back(text: str) -> str:
    """Return the text with the signs that were put aside."""
    return text.translate(_BACK)


def escaped(text: str) -> str:
    """Return `text` so that all its signs mean themselves."""
    return text.translate(_SPECIAL)
