"""Whether a condition that held ends the processing, where a file leaves that open."""

from dataclasses import replace

from itembank.core.variables import Cardinality
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.conditions import Processing, leaves
from itembank.formats.qti12.sheet import Sheet

_ADDING = frozenset({"add", "subtract"})


def settled(processing: Processing, asked: dict[str, Asked], sheet: Sheet, *, adding: bool) -> Processing:
    """Return the processing in which every condition says whether it ends it.

    By the standard one that does not say so ends it. Canvas, Common Cartridge and Blackboard mean the opposite
    (`adding`), and so does a file whose conditions add points for values that can be given together: read strictly,
    only the first of them would ever count.
    """
    silent = [one for one in processing.conditions if one.ends is None]
    if not adding and silent and _adds_up(processing, asked):
        adding = True
        sheet.warn("points-add-up", "no condition says whether it ends the processing; their points are added up")
    conditions = tuple(one if one.ends is not None else replace(one, ends=not adding) for one in processing.conditions)
    return replace(processing, conditions=conditions)


def _adds_up(processing: Processing, asked: dict[str, Asked]) -> bool:
    scoring = [one for one in processing.conditions if any(not change.idle for change in one.assignments)]
    if len(scoring) < 2 or any(one.ends is not None for one in scoring):  # noqa: PLR2004 - one has nothing to add to
        return False
    if any(change.action not in _ADDING for one in scoring for change in one.assignments):
        return False
    responses = [{leaf.response for leaf in leaves(one.test)} for one in scoring]
    if any(len(one) != 1 for one in responses):
        return False
    names = set().union(*responses)
    return len(names) > 1 or all(asked[name].cardinality is Cardinality.MULTIPLE for name in names)
