"""The three-valued logic: a NULL is neither true nor false, and decides only where the others do not."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import NEEDED_NUMBER, Call, Operator, truth
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.values import FALSE, TRUE, Value, boolean


def _and(call: Call) -> Value | None:
    truths = [truth(one) for one in call.operands]
    return boolean(False if False in truths else None if None in truths else True)


def _or(call: Call) -> Value | None:
    truths = [truth(one) for one in call.operands]
    return boolean(True if True in truths else None if None in truths else False)


def _not(call: Call) -> Value | None:
    return boolean(not truth(call.operands[0]))


def _any_n(call: Call) -> Value | None:
    least, most = call.integer("min"), call.integer("max")
    if least is None or most is None:
        raise ScoringFault("anyN needs two whole numbers, min and max")
    truths = [truth(one) for one in call.operands]
    surely, possibly = truths.count(True), truths.count(True) + truths.count(None)
    if possibly < least or surely > most or least > most:
        return FALSE
    return TRUE if surely >= least and possibly <= most else None


def _is_null(call: Call) -> Value | None:
    return boolean(call.operands[0] is None)


TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "and": Operator(run=_and, least=1, most=None),
        "or": Operator(run=_or, least=1, most=None),
        "not": Operator(run=_not, least=1, most=1, strict=True),
        "any-n": Operator(run=_any_n, least=1, most=None, attributes={"min": NEEDED_NUMBER, "max": NEEDED_NUMBER}),
        "is-null": Operator(run=_is_null, least=1, most=1),
    }
)
