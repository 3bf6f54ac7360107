"""Reads the interactions whose responses are made, not chosen: typed, slid, handed in; and what vendors added."""

from typing import Final

from itembank.core.interactions import (
    EndAttemptInteraction,
    ExtendedTextInteraction,
    SliderInteraction,
    TextEntryInteraction,
    UploadInteraction,
)
from itembank.core.qti.exact import read_float
from itembank.formats.qti.asking import Ask
from itembank.formats.qti.elements import attribute
from itembank.formats.qti.notes import Notes

_DECIMAL: Final = "10"
_WIDEST: Final = 200


def read_text_entry(ask: Ask) -> TextEntryInteraction:
    """Return the line to type into."""
    _typing_kept(ask)
    return TextEntryInteraction(
        **ask.common(),
        expected_length=min(ask.count("expected-length", 20), _WIDEST) or 20,
        placeholder_hint=attribute(ask.element, "placeholder-text")[:_WIDEST],
    )


def read_extended_text(ask: Ask) -> ExtendedTextInteraction:
    """Return the field for a longer text."""
    _typing_kept(ask)
    if attribute(ask.element, "format") == "xhtml":
        ask.reading.notes.lack(ask.element, "format-left-out", "asks for a text with markup; here it is plain")
    return ExtendedTextInteraction(
        **ask.common(),
        expected_length=ask.count("expected-length"),
        expected_lines=ask.count("expected-lines"),
        max_strings=max(ask.count("max-strings", 1), 1),
        min_strings=ask.count("min-strings"),
        placeholder_hint=attribute(ask.element, "placeholder-text")[:_WIDEST],
        preformatted=attribute(ask.element, "format") == "preformatted",
    )


def _typing_kept(ask: Ask) -> None:
    notes: Notes = ask.reading.notes
    if attribute(ask.element, "base", _DECIMAL) not in {"", _DECIMAL}:
        notes.lack(ask.element, "base-left-out", "asks for numbers of another base than ten")
    if attribute(ask.element, "string-identifier"):
        notes.lack(ask.element, "string-left-out", "gives the typed text to a second variable, which stays empty")
    if attribute(ask.element, "pattern-mask"):
        notes.remark(ask.element, "pattern-left-out", "limits what may be typed; here anything may be, and is scored")


def read_slider(ask: Ask) -> SliderInteraction:
    """Return the scale."""
    lower, upper = attribute(ask.element, "lower-bound"), attribute(ask.element, "upper-bound")
    step = attribute(ask.element, "step") or "1"
    if not _is_scale(lower, upper, step):
        ask.reading.notes.refuse(ask.element, "wrong-number", "needs a lower and a higher bound and a step above 0")
    common = ask.common()
    vertical = attribute(ask.element, "orientation") == "vertical"
    return SliderInteraction(
        **common,
        lower=lower,
        upper=upper,
        step=step,
        step_label=ask.truth("step-label"),
        vertical=vertical,
        reverse=ask.truth("reverse"),
    )


def _is_scale(lower: str, upper: str, step: str) -> bool:
    low, high, by = read_float(lower), read_float(upper), read_float(step)
    return low is not None and high is not None and by is not None and low < high and by > 0


def read_upload(ask: Ask) -> UploadInteraction:
    """Return the file to hand in."""
    return UploadInteraction(**ask.common(), media_types=tuple(attribute(ask.element, "type").split()))


def read_end_attempt(ask: Ask) -> EndAttemptInteraction:
    """Return the button."""
    return EndAttemptInteraction(
        **ask.common(),
        title=attribute(ask.element, "title")[:_WIDEST],
        count_attempt=attribute(ask.element, "count-attempt", "true") not in {"false", "0"},
    )


def read_vendor(ask: Ask) -> ExtendedTextInteraction:
    """Return a plain field in place of what only its vendor's code can show: that code is never run."""
    hint = "is its vendor's code, which is not run; a plain field stands in its place and a person scores it"
    ask.reading.notes.lack(ask.element, "vendor-interaction", hint)
    return ExtendedTextInteraction(**ask.common())
