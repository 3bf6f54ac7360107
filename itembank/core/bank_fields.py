"""Fields of metadata that a bank has of its own, and what may stand in them and in the fields that all banks have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from cbt.kernel.errors import Conflict, Problem
from cbt.kernel.titles import Title
from cbt.people.core.inputs import HINTS as INPUT_HINTS
from cbt.people.core.inputs import Fields, text_problem
from itembank.core.blueprint_input import CODE
from itembank.core.metadata import ItemMetadata

LONGEST_LABEL: Final = 100
MOST_ENEMIES: Final = 20
MOST_CHOICES: Final = 100
LONGEST_TIME_S: Final = 36_000
HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **INPUT_HINTS,
        "bad-code": "Use letters, digits, dot, hyphen and underscore, 64 at most.",
        "bad-decimal": "Write a number, such as 12 or 0.5.",
        "bad-share": "Write a share from 0 to 1, such as 0.65.",
        "few-choices": "Write at least two choices, one in each line.",
        "many-enemies": "An item is in 20 enemy sets at most.",
    }
)


class FieldInUse(Conflict):
    """Items have a value in this field; take it away from them first."""

    code = "field-in-use"


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankField:
    """One field of a bank; `choices` are for a choice."""

    id: UUID | None = None
    code: str
    title: Title
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()


def value_problem(field: BankField, value: str) -> str | None:
    """Return the code of what is wrong with a value of `field`, or None; an empty value is always right."""
    if not value:
        return None
    match field.kind:
        case FieldKind.TEXT:
            return text_problem(value)
        case FieldKind.NUMBER:
            return None if read_number(value) is not None else "bad-decimal"
        case FieldKind.CHOICE:
            return None if value in field.choices else "bad-choice"


def read_number(text: str) -> Decimal | None:
    """Return a finite decimal number of at most 30 characters, or None."""
    try:
        found = Decimal(text) if len(text) <= 30 else None  # noqa: PLR2004 - longer is no number of a person
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def read_field(raw: Mapping[str, str]) -> BankField:
    """Return the field that somebody defines; raises InputRefused with a problem for each wrong input."""
    fields = Fields(raw, HINTS)
    title, code = fields.title("title"), fields.raw("code")
    if not code or not CODE.fullmatch(code):
        fields.fail("code", "bad-code" if code else "missing")
    chosen = fields.choice("kind", tuple(FieldKind))
    kind = next((one for one in FieldKind if one.value == chosen), FieldKind.TEXT)
    choices: tuple[str, ...] = ()
    if kind is FieldKind.CHOICE:
        choices = tuple(dict.fromkeys(line.strip() for line in fields.raw("choices").splitlines() if line.strip()))
        if not 2 <= len(choices) <= MOST_CHOICES or any(text_problem(choice) for choice in choices):  # noqa: PLR2004
            fields.fail("choices", "few-choices")
    fields.check()
    return BankField(code=code, title=title, kind=kind, choices=choices)


def read_metadata(raw: Mapping[str, str], own: Sequence[BankField], before: ItemMetadata) -> ItemMetadata:
    """Return the metadata that somebody typed; what the page does not show stays as `before` has it.

    Inputs: level, stimulus, time (seconds), p (0 to 1), enemies (parted by commas), field-CODE. Raises InputRefused.
    """
    fields = Fields(raw, HINTS)
    level = fields.text("level", optional=True, longest=LONGEST_LABEL)
    stimulus = fields.text("stimulus", optional=True, longest=LONGEST_LABEL)
    seconds = fields.whole("time", least=1, most=LONGEST_TIME_S) if fields.raw("time") else None
    values = {one.code: fields.raw(f"field-{one.code}") for one in own}
    for one in own:
        if (code := value_problem(one, values[one.code])) is not None:
            fields.fail(f"field-{one.code}", code)
    found = ItemMetadata(
        level=level,
        enemies=_enemies(fields),
        stimulus=stimulus,
        time_estimate_s=seconds,
        p_estimate=_share(fields),
        p_observed=before.p_observed,
        calibration=before.calibration,
        fields=MappingProxyType({code: value for code, value in {**before.fields, **values}.items() if value}),
    )
    fields.check()
    return found


def label_problem(label: str) -> Problem | None:
    """Return what is wrong with the label of an enemy set or a level, or None."""
    code = text_problem(label, longest=LONGEST_LABEL) or ("control-character" if "," in label else None)
    return None if code is None else Problem(where="value", code=code, hint=HINTS[code])


def _enemies(fields: Fields) -> frozenset[str]:
    labels = frozenset(label.strip() for label in fields.raw("enemies").split(",") if label.strip())
    if len(labels) > MOST_ENEMIES:
        fields.fail("enemies", "many-enemies")
    for label in sorted(labels):
        if (code := text_problem(label, longest=LONGEST_LABEL)) is not None:
            fields.fail("enemies", code)
    return labels


def _share(fields: Fields) -> float | None:
    typed = fields.raw("p")
    found = read_number(typed) if typed else None
    if typed and (found is None or not 0 <= found <= 1):
        fields.fail("p", "bad-share")
        return None
    return None if found is None else float(round(found, 3))
