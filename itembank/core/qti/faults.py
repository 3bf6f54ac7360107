"""What stops the scoring of a QTI item. None of it blames a candidate: the item itself asks for what cannot be done."""

from cbt.kernel.errors import InvalidInput


class ScoringFault(InvalidInput):
    """The item's processing asks for what cannot be computed, so a person scores it."""

    code = "qti-fault"


class ScoringLimit(ScoringFault):
    """The item's processing takes more steps or longer lists than are granted."""

    code = "qti-limit"


class PatternRefused(InvalidInput):
    """The pattern is not a regular expression that can be matched in bounded time."""

    code = "qti-pattern"
