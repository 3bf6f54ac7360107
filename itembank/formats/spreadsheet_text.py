"""Text that a spreadsheet would run as a formula: made harmless on the way out, restored on the way in.

A cell that begins with =, +, -, @, a tab or a line end gets an apostrophe before it (OWASP, CSV injection); one that
already begins with apostrophes before such a sign gets one more, so that nothing is lost on the way back.
"""

import re
from typing import Final

_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRAL: Final = re.compile(r"'+[=+\-@\t\r\n]")


def neutralised(text: str) -> str:
    """Return `text` so that no spreadsheet runs it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """Return what `neutralised` was given."""
    return text[1:] if _NEUTRAL.match(text) else text
