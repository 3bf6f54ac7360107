"""Options whose place or letters carry meaning, told by their words, for banks that do not say it themselves."""

import re
from collections.abc import Sequence
from typing import Final

_EVERYTHING: Final = re.compile(
    r"(?:all|none|neither|both|any) of (?:the |these |those )?(?:above|choices|answers|options|others|these|them)\b"
    r"|(?:all|none) (?:of )?(?:the|these) (?:above|choices|answers|options|responses)\b"
    r"|(?:all|none|neither) of the (?:above|preceding)"
    r"|^(?:위|앞|이상)의?\s*(?:보기|항목|설명|답|것|내용)?[이가는은을를]?\s*(?:모두|전부)"
    r"|^(?:모두|전부)\s*(?:맞|옳|정답|해당|아니|틀)"
    r"|^(?:정답|답|해당(?:\s*사항)?)[이은는]?\s*없(?:음|다)",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(
    r"\b(?i:both|either|neither|only)\s+\(?[A-E]\)?\s+(?i:and|or|nor)\s+\(?[A-E]\)?"
    r"|^\(?[A-E]\)?\s+(?i:and|or|&)\s+\(?[A-E]\)?(?:\s+only)?\.?$"
    r"|[①-⑤]\s*(?:와|과|,|·|및)\s*[①-⑤]",
)


def stays_last(texts: Sequence[str]) -> frozenset[int]:
    """Return the index of the last option when its words refer to all the others ("All of the above")."""
    last = len(texts) - 1
    return frozenset({last}) if texts and _EVERYTHING.search(texts[last].strip()) else frozenset()


def names_others(texts: Sequence[str]) -> bool:
    """Return whether an option names others by letter ("Both A and B"), so that none of them may move."""
    return any(_LETTERS.search(text.strip()) for text in texts)
