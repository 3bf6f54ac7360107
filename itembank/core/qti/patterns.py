r"""Regular expressions of XML Schema, matched in bounded time: the pattern becomes states, and nothing is tried twice.

A text matches as a whole. Alternatives, groups, the quantifiers `? * + {n,m}`, classes with ranges, negation and
subtraction, and the escapes of XML Schema are known. What authors bring along from other dialects is read where it
cannot change a whole match: `^` at the beginning and `$` at the end of an alternative, `(?:` and lazy quantifiers.
References and look-around are refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from itembank.core.qti.faults import PatternRefused
from itembank.core.qti.signs import Sign, any_sign, literal, read_class, read_escape

_MOST_STATES: Final = 4000
_MOST_WORK: Final = 20_000
_MOST_TIMES: Final = 1000
_LONGEST: Final = 2000
_DEEPEST: Final = 40
_STATES_A_STEP: Final = 10
_COUNTED: Final = re.compile(r"\{([0-9]{1,4})(,([0-9]{0,4}))?\}")
_END: Final = -1


@dataclass(frozen=True, slots=True)
class _Row:
    parts: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    parts: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    part: "_Node"
    least: int
    most: int | None


_Node: TypeAlias = Sign | _Row | _Choice | _Repeat


def matches(pattern: str, text: str, *, spend: Callable[[int], None] = lambda _steps: None) -> bool:
    """Tell whether all of `text` matches; `spend` is told the steps. Raises PatternRefused: not such a pattern."""
    machine = compiled(pattern)
    states = machine.reached((machine.start,))
    for sign in text:
        spend(1 + len(states) // _STATES_A_STEP)
        states = machine.reached(tuple(machine.after[state] for state in states if machine.admits(state, sign)))
        if not states:
            return False
    return _END in states


@lru_cache(maxsize=256)
def compiled(pattern: str) -> "_Machine":
    """Return the machine of `pattern`; raises PatternRefused."""
    if len(pattern) > _LONGEST:
        raise PatternRefused("The pattern is too long")
    reader = _Reader(pattern)
    node = reader.choice()
    if reader.place < len(pattern):
        raise PatternRefused("The pattern closes a group that is not open")
    return _Machine(node)


class _Machine:
    """The states of one pattern: state n is left by a sign that `signs[n]` admits, or freely to `free[n]`."""

    def __init__(self, node: _Node) -> None:
        self.signs: list[Sign | None] = []
        self.after: list[int] = []
        self.free: list[tuple[int, ...]] = []
        self._work = 0
        self.start = self._build(node, _END)

    def admits(self, state: int, sign: str) -> bool:
        """Tell whether `sign` leads on from `state`."""
        test = self.signs[state] if state != _END else None
        return test is not None and test(sign)

    def reached(self, states: tuple[int, ...]) -> frozenset[int]:
        """Return `states` with all that is reached from them without a sign."""
        found, waiting = set(states), list(states)
        while waiting:
            state = waiting.pop()
            fresh = [one for one in self.free[state] if one not in found] if state != _END else []
            found.update(fresh)
            waiting += fresh
        return frozenset(found)

    def _add(self, sign: Sign | None, after: int, free: tuple[int, ...]) -> int:
        if len(self.signs) >= _MOST_STATES:
            raise PatternRefused("The pattern is too large")
        self.signs.append(sign)
        self.after.append(after)
        self.free.append(free)
        return len(self.signs) - 1

    def _build(self, node: _Node, then: int) -> int:
        """Return the state at which `node` begins, `then` following it."""
        self._work += 1
        if self._work > _MOST_WORK:
            raise PatternRefused("The pattern is too large")
        match node:
            case _Row():
                for part in reversed(node.parts):
                    then = self._build(part, then)
                return then
            case _Choice():
                return self._add(None, _END, tuple(self._build(part, then) for part in node.parts))
            case _Repeat():
                return self._repeat(node, then)
            case _:
                return self._add(node, then, ())

    def _repeat(self, node: _Repeat, then: int) -> int:
        start = then
        if node.most is None:
            start = self._add(None, _END, ())
            self.free[start] = (then, self._build(node.part, start))
        else:
            for _ in range(node.most - node.least):
                start = self._add(None, _END, (then, self._build(node.part, start)))
        for _ in range(node.least):
            start = self._build(node.part, start)
        return start


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self._depth = 0

    def choice(self) -> _Node:
        """Return the alternatives up to the end or the closing parenthesis."""
        parts = [self._row()]
        while self._next() == "|":
            self.place += 1
            parts.append(self._row())
        return parts[0] if len(parts) == 1 else _Choice(tuple(parts))

    def _next(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def _row(self) -> _Node:
        parts: list[_Node] = []
        if self._next() == "^" and not self._depth:
            self.place += 1
        while self._next() not in {"", "|", ")"}:
            if self._next() == "$" and not self._depth and self.pattern[self.place + 1 : self.place + 2] in {"", "|"}:
                self.place += 1
                break
            parts.append(self._quantified(self._atom()))
        return _Row(tuple(parts))

    def _quantified(self, part: _Node) -> _Node:
        sign = self._next()
        if sign in {"?", "*", "+"} and sign:
            self.place += 1
            least, most = int(sign == "+"), 1 if sign == "?" else None
        elif sign == "{":
            least, most = self._times()
        else:
            return part
        if self._next() == "?":  # lazy: which part matches what does not matter here
            self.place += 1
        if self._next() in {"+", "*", "{"}:
            raise PatternRefused("The pattern quantifies twice")
        return _Repeat(part, least, most)

    def _times(self) -> tuple[int, int | None]:
        found = _COUNTED.match(self.pattern, self.place)
        if found is None:
            raise PatternRefused("The pattern counts in a way that is not known")
        self.place = found.end()
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if max(least, most or 0) > _MOST_TIMES or (most is not None and most < least):
            raise PatternRefused("The pattern counts too far or backwards")
        return least, most

    def _atom(self) -> _Node:
        sign = self._next()
        self.place += 1
        if sign == "(":
            return self._group()
        if sign in {"?", "*", "+", "{", "}", "]"}:
            raise PatternRefused(f"The pattern has a {sign} that means nothing")
        if sign == "[":
            test, self.place = read_class(self.pattern, self.place)
            return test
        if sign == "\\":
            test, _character, self.place = read_escape(self.pattern, self.place)
            return test
        return any_sign if sign == "." else literal(sign)

    def _group(self) -> _Node:
        if self.pattern.startswith("?:", self.place):
            self.place += 2
        self._depth += 1
        if self._depth > _DEEPEST:
            raise PatternRefused("The pattern is nested too deeply")
        node = self.choice()
        if self._next() != ")":
            raise PatternRefused("A group of the pattern is not closed")
        self.place += 1
        self._depth -= 1
        return node
