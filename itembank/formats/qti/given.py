"""Reads the values of variables from JSON: `{"RESPONSE": ["A", "C"], "NOTE": "text"}`, each as QTI value text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cbt.kernel.errors import Problem
from itembank.core.qti.responses import Given

_LARGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGiven:
    """The values by variable, as text; what is no such JSON is a problem."""

    values: Mapping[str, Given] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_given(payload: bytes) -> ReadGiven:
    """Return the values in `payload`: a text, a list of texts, an object for a record, or null. Never raises."""
    if len(payload) > _LARGEST:
        return _refused("responses", "too-large", "at most 1 MiB")
    try:
        document = json.loads(payload, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return _refused("responses", "wrong-json", "a JSON object of response variables")
    if not isinstance(document, dict):
        return _refused("responses", "wrong-json", "a JSON object of response variables")
    values: dict[str, Given] = {}
    problems: list[Problem] = []
    for name, given in document.items():
        try:
            values[name] = _given(given)
        except (TypeError, UnicodeEncodeError):
            hint = "a text, a list of texts, an object of texts, or null"
            problems.append(Problem(where=repr(name)[:100], code="wrong-response", hint=hint))
    return ReadGiven(values=values, problems=tuple(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcomes:
    """The outcomes of items by their names, as text; what is no such JSON is a problem."""

    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_outcomes(payload: bytes) -> ReadOutcomes:
    """Return the outcomes in `payload`: an object of items, each an object of texts. Never raises."""
    read = read_given(payload)
    wrong = tuple(name for name, given in read.values.items() if not isinstance(given, dict))
    hint = "an object of outcome variables"
    problems = tuple(Problem(where=repr(name)[:100], code="wrong-outcome", hint=hint) for name in wrong)
    values = {name: given for name, given in read.values.items() if isinstance(given, Mapping)}
    return ReadOutcomes(values=values, problems=(*read.problems, *problems))


def _given(given: Any) -> Given:
    if given is None:
        return None
    if isinstance(given, list):
        return tuple(_text(one) for one in given)
    if isinstance(given, dict):
        return {_text(name): _text(one) for name, one in given.items()}
    return _text(given)


def _text(given: Any) -> str:
    """Return the text; raises TypeError for anything nested, UnicodeEncodeError for half a character."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if not isinstance(given, str):
        raise TypeError
    given.encode()
    return given


def _refused(where: str, code: str, hint: str) -> ReadGiven:
    return ReadGiven(problems=(Problem(where=where, code=code, hint=hint),))
