"""Sentences that are chosen while the program runs have their Korean, too: hints, refusals at a form, acts."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import cbt
from cbt.people.core.candidates import CANDIDATE_HINTS
from cbt.people.core.inputs import HINTS
from cbt.people.core.sheets import SHEET_HINTS
from cbt.people.core.staff import STAFF_HINTS, LastAdmin, OwnAccount, SignInRefused, TooManySignIns
from cbt.people.store.unique import TakenMeanwhile
from cbt.scheduling.core.exams import EXAM_HINTS
from cbt.scheduling.core.places import PLACE_HINTS
from cbt.scheduling.core.registrations import REGISTRATION_HINTS, RegistrationInUse
from cbt.scheduling.core.sittings import SITTING_HINTS, SittingBegun, SittingCancelled

FOLDER = Path(cbt.__path__[0])
REFUSALS = (
    LastAdmin,
    OwnAccount,
    SignInRefused,
    TooManySignIns,
    TakenMeanwhile,
    RegistrationInUse,
    SittingBegun,
    SittingCancelled,
)
HINT_TABLES = (
    HINTS,
    SHEET_HINTS,
    STAFF_HINTS,
    CANDIDATE_HINTS,
    EXAM_HINTS,
    PLACE_HINTS,
    REGISTRATION_HINTS,
    SITTING_HINTS,
)


@pytest.fixture(scope="module")
def korean():
    known = {}
    for package in ("people", "scheduling"):
        path = FOLDER / package / "translations" / "ko" / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as stream:
            known |= {message.id: message.string for message in read_po(stream, locale="ko") if message.id}
    return known


def test_every_hint_has_its_korean_and_no_percent_sign(korean):
    hints = {hint for table in HINT_TABLES for hint in table.values()}
    assert sorted(hints - korean.keys()) == []
    assert [hint for hint in hints if "%" in hint or "%" in korean[hint]] == []


def test_every_refusal_that_a_form_shows_has_its_korean(korean):
    assert sorted({refusal().message for refusal in REFUSALS} - korean.keys()) == []


def test_every_act_has_its_korean(korean):
    acts = set()
    for path in (*(FOLDER / "people").rglob("*.py"), *(FOLDER / "scheduling").rglob("*.py")):
        acts |= {part.split('"')[0] for part in path.read_text().split('act="')[1:]}
    assert acts
    assert sorted(acts - korean.keys()) == []
