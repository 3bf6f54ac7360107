"""The structure of a test: parts hold sections, sections hold sections and references to items."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from itembank.core.qti.calls import Expression
from itembank.core.qti.outcomes import WholeTest

EXIT_TEST: Final = "EXIT_TEST"
EXIT_TEST_PART: Final = "EXIT_TESTPART"
EXIT_SECTION: Final = "EXIT_SECTION"


class Navigation(StrEnum):
    """Whether the items of a part come one after the other or are all open."""

    LINEAR = "linear"
    NONLINEAR = "nonlinear"


class Submission(StrEnum):
    """Whether each item of a part is handed in for itself or all together."""

    INDIVIDUAL = "individual"
    SIMULTANEOUS = "simultaneous"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """The least and the most time for something, in seconds; `late` admits what is handed in after the most."""

    least_s: Fraction | None = None
    most_s: Fraction | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionControl:
    """What a candidate may do with an item; None takes over what holds around it. No attempts (0) means no end."""

    max_attempts: int | None = None
    show_feedback: bool | None = None
    allow_review: bool | None = None
    show_solution: bool | None = None
    allow_comment: bool | None = None
    allow_skipping: bool | None = None
    validate_responses: bool | None = None

    def inside(self, inner: "SessionControl") -> "SessionControl":
        """Return what holds for something inside that says `inner` of itself."""
        own = {one.name: getattr(inner, one.name) for one in fields(inner) if getattr(inner, one.name) is not None}
        return replace(self, **own)


# What holds where a test says nothing; section 5.2 of the information model of QTI 2.2.
USUAL_CONTROL: Final = SessionControl(
    max_attempts=1,
    show_feedback=False,
    allow_review=True,
    show_solution=False,
    allow_comment=False,
    allow_skipping=True,
    validate_responses=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRule:
    """Goes on at `target` when the expression is true: an item, section or part further on, or one of the exits."""

    target: str
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class _Station:
    """What parts, sections and items have in common."""

    identifier: str
    pre_conditions: tuple[Expression, ...] = ()
    branch_rules: tuple[BranchRule, ...] = ()
    control: SessionControl = SessionControl()
    time_limits: TimeLimits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRef(_Station):
    """An item where a test uses it; `href` is its file. Weights are by name, mappings from the item's to the test's."""

    href: str = ""
    required: bool = False
    fixed: bool = False
    categories: frozenset[str] = frozenset()
    weights: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    variable_mappings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """How many of a section's children are taken."""

    select: int
    with_replacement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(_Station):
    """Sections and items together; an invisible one that is not kept together mixes with what is around it."""

    children: tuple["Section | ItemRef", ...]
    title: str = ""
    visible: bool = True
    keep_together: bool = True
    required: bool = False
    fixed: bool = False
    selection: Selection | None = None
    shuffle: bool = False


Child: TypeAlias = Section | ItemRef


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPart(_Station):
    """A part of a test with its own rules of navigation."""

    __test__ = False

    sections: tuple[Section, ...]
    navigation: Navigation = Navigation.LINEAR
    submission: Submission = Submission.INDIVIDUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentTest:
    """A whole test; `scoring` holds its outcome variables and their processing."""

    identifier: str
    title: str
    parts: tuple[TestPart, ...]
    scoring: WholeTest
    time_limits: TimeLimits | None = None

    def items(self) -> Iterator[ItemRef]:
        """Yield the references to items in the order of the document."""
        for part in self.parts:
            yield from _items(part.sections)


def _items(children: tuple[Child, ...]) -> Iterator[ItemRef]:
    for child in children:
        if isinstance(child, ItemRef):
            yield child
        else:
            yield from _items(child.children)
