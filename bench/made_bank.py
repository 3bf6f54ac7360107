"""A bank made for measuring: 5 subjects x 8 topics, levels, calibrated items, enemy sets; the same for one seed."""

import random
from typing import Final
from uuid import UUID

from cbt.kernel.score import score
from cbt.kernel.titles import Title
from itembank.core.bank import BankView, Candidate, OptionSet
from itembank.core.blueprint import Blueprint, Cell, Part
from itembank.core.difficulty import chance_of_right
from itembank.core.metadata import Calibration
from itembank.core.rules import ExpectedScore, ExposureCap, LevelRange, Rules

SUBJECTS: Final = 5
TOPICS: Final = 8
_LEVELS: Final = ("recall",) * 9 + ("apply",) * 8 + ("analyse",) * 3
_COUNTS: Final = (3, 3, 3, 3, 2, 2, 2, 2)  # 20 items of a subject
_PLACE: Final = UUID("00000000-0000-7000-8000-000000000000").int


def made_bank(*, items: int = 10_000, enemy_sets: int = 500, seed: int = 1) -> BankView:
    """Return a bank whose topics differ in difficulty, with enemy sets of 2 to 4 items of one subject."""
    chance = random.Random(seed)  # noqa: S311 - figures, not secrets
    shift = {(subject, topic): chance.gauss(-0.6, 0.25) for subject in range(SUBJECTS) for topic in range(TOPICS)}
    labels: dict[int, set[str]] = {}
    for number in range(enemy_sets):
        subject = number % SUBJECTS
        for item in chance.sample(range(subject, items, SUBJECTS), chance.randint(2, 4)):
            labels.setdefault(item, set()).add(f"enemies-{number}")
    candidates = []
    for number in range(items):
        subject, topic = number % SUBJECTS, number // SUBJECTS % TOPICS
        known = Calibration(
            discrimination=chance.lognormvariate(0, 0.2),
            difficulty=shift[subject, topic] + chance.gauss(0, 0.75),
            guessing=chance.uniform(0.05, 0.15),
        )
        candidates.append(
            Candidate(
                item_code=f"Q{number:05}",
                item_version_id=UUID(int=_PLACE + number),
                key_version_id=UUID(int=_PLACE + items + number),
                areas=frozenset({f"{subject + 1}", f"{subject + 1}.{topic + 1}"}),
                option_sets=(OptionSet(response="RESPONSE", choices=("A", "B", "C", "D")),),
                difficulty_logit=known.difficulty,
                level=chance.choice(_LEVELS),
                enemies=frozenset(labels.get(number, ())),
                expected=chance_of_right(known, 0.0),
                calibration=known,
            )
        )
    areas = frozenset(area for one in candidates for area in one.areas)
    return BankView(candidates=tuple(candidates), areas=areas)


def made_blueprint(bank: BankView, *, ruled: bool = True) -> Blueprint:
    """Return 100 items of one point with exact topics; `ruled`: levels, enemies, expected scores, a cap on exposure."""
    parts = []
    for subject in range(1, SUBJECTS + 1):
        cells = tuple(
            Cell(areas=(f"{subject}.{topic}",), count=count, points=score(1))
            for topic, count in enumerate(_COUNTS, start=1)
        )
        ranges = (
            LevelRange(level="recall", least=7, most=11),
            LevelRange(level="apply", least=6, most=10),
            LevelRange(level="analyse", least=2, most=4),
        )
        middle = sum(count * _mean(bank, f"{subject}.{topic}") for topic, count in enumerate(_COUNTS, start=1))
        expected = ExpectedScore(target=score(f"{middle:.1f}"), tolerance=score(1))
        parts.append(
            Part(
                code=str(subject),
                title=Title(ko=f"{subject}과목", en=f"Subject {subject}"),
                cells=cells,
                levels=ranges if ruled else (),
                expected=expected if ruled else None,
            )
        )
    rules = Rules(cap=ExposureCap(multiple=score(3))) if ruled else Rules(enemies=False)
    return Blueprint(code="bench", title=Title(ko="측정", en="Measured"), parts=tuple(parts), rules=rules)


def _mean(bank: BankView, area: str) -> float:
    shares = [one.expected or 0.0 for one in bank.candidates if area in one.areas]
    return sum(shares) / len(shares)
