"""What scores an item that was read: simple rules where they say the same, a program, or a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from itembank.core.keys import ItemKey, QtiProgram
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import BaseType, ResponseDeclaration
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.best import Best, best_responses
from itembank.formats.qti12.conditions import Other, Processing
from itembank.formats.qti12.elements import Names
from itembank.formats.qti12.feedback import Told
from itembank.formats.qti12.processing import without_feedback
from itembank.formats.qti12.program import FEEDBACK, HELD, SCORE, Writer, declarations, finished, outcome
from itembank.formats.qti12.sheet import Sheet
from itembank.formats.qti12.simple import simple_rules

_TAKEN: Final = (SCORE, FEEDBACK, HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keying:
    """All that the key of one item is made of."""

    identifier: str
    asked: Mapping[str, Asked]
    processing: Processing
    told: Told
    sheet: Sheet
    vendor: bool = False

    def key(self) -> ItemKey:
        """Return the key; what keeps it from being exact is noted."""
        plain = ItemKey(explanation=self.told.explanation)
        if self.processing.by_person or any(one.by_person for one in self.asked.values()):
            return replace(plain, program=self._human())
        if self.processing.unread:
            for what in self.processing.unread:
                self.sheet.note("processing-unread", f"{what} cannot be followed, so a person scores the item")
            return replace(plain, program=self._human())
        if self._left_to_person():
            return replace(plain, program=self._human())
        if not any(one.assignments for one in self.processing.conditions):
            self.sheet.note("no-scoring", "the file does not say how the item is scored, so a person scores it")
            return replace(plain, program=self._human())
        rules = simple_rules(without_feedback(self.processing) if not self.told.shown else self.processing, self.asked)
        if rules is not None:
            return replace(plain, responses=rules)
        program = self._program()
        feedback = tuple(self.told.shown) if program.scored_by is ScoredBy.RULES else ()
        return replace(plain, program=program, feedback=feedback)

    def _left_to_person(self) -> bool:
        """Tell whether the file asks for text and says that whatever is written sets no score (Canvas' essays)."""
        said = [one for one in self.processing.conditions if isinstance(one.test, Other) and not one.feedback]
        texts = all(one.base_type is BaseType.STRING for one in self.asked.values())
        return bool(said) and texts and not any(one.assignments for one in self.processing.conditions)

    def _program(self) -> QtiProgram:
        writer = Writer(
            identifier=self.identifier,
            asked=self.asked,
            outcomes=self._outcomes(),
            feedback=self.told.names,
            feedback_holds=not self.vendor,
        )
        source = writer.program(self.processing, {})
        parsed = parse_scoring(source.encode())
        best = None
        if parsed.item is not None and not parsed.problems:
            best = best_responses(parsed.item, self.processing, self.asked)
        if best is None:
            said = parsed.problems[0].hint if parsed.problems else "the processing cannot be run"
            self.sheet.note("processing-unread", f"{said[:200]}, so a person scores the item")
            return self._human()
        if best.score <= 0 or not best.given:
            self.sheet.note("no-score", "no response was found that earns more than none, so a person scores the item")
            return self._human()
        self._compare(best)
        return QtiProgram(source=writer.program(self.processing, best.given), max_score=best.score)

    def _compare(self, best: Best) -> None:
        """Warn when the declared maximum is far from what can be reached; what can be reached counts as all."""
        most = [one.most for one in self.processing.outcomes if one.most is not None]
        if len(most) == 1 and most[0] > 0 and abs(most[0] - best.score) > max(most[0], best.score) / 1000:
            told = f"{float(best.score):g} can be reached, {float(most[0]):g} is declared"
            self.sheet.warn("greatest-score", f"{told}; what can be reached counts as all points")

    def _outcomes(self) -> dict[str, str]:
        """Return our names of the outcomes that are scored: a single one is SCORE."""
        declared = [one.name for one in self.processing.outcomes]
        assigned = list(
            dict.fromkeys(change.outcome for one in self.processing.conditions for change in one.assignments)
        )
        if SCORE not in assigned and len(assigned) == 1:
            unset = [name for name in declared if name not in assigned]
            if unset:
                hint = f"{assigned[0][:40]} is scored, {', '.join(unset)[:60]} is declared and never set"
                self.sheet.warn("undeclared-outcome", hint)
            return {assigned[0]: SCORE, **self._others([name for name in unset if name != SCORE])}
        names = [*assigned, *(name for name in declared if name not in assigned)] if SCORE in assigned else assigned
        if SCORE not in names:
            self.sheet.warn("several-scores", f"{', '.join(names)[:100]} are scored; the score is their sum")
        return {SCORE: SCORE, **self._others(names)} if SCORE in names else self._others(names)

    def _others(self, names: Iterable[str]) -> dict[str, str]:
        made = Names({*_TAKEN, *(part for one in self.asked.values() for part in one.names)})
        return {name: made.of(name) for name in names if name != SCORE}

    def _human(self) -> QtiProgram:
        return human_program(self.identifier, [part for one in self.asked.values() for part in one.declarations])


def human_program(identifier: str, declared: Iterable[ResponseDeclaration]) -> QtiProgram:
    """Return the program of an item that a person scores."""
    body = [*declarations(declared, {}), outcome(SCORE, Fraction(0), external=True)]
    return QtiProgram(source=finished(identifier, body), scored_by=ScoredBy.HUMAN)
