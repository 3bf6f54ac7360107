"""The papers of a sitting share out its items: no item is on more of them than the blueprint's cap allows."""

from collections import Counter

from itembank.services.blueprints import get_blueprint
from itembank.services.forms import load_view_in
from tests import factories_exam

CAPPED = factories_exam.BLUEPRINT.replace("[[parts]]", '[rules]\ncap = { multiple = "1.5" }\n[[parts]]', 1)


def test_papers_are_drawn_as_one_sitting(rt, monkeypatch):
    many = factories_exam.items(20)
    monkeypatch.setattr(factories_exam, "items", lambda: many)
    monkeypatch.setattr(factories_exam, "BLUEPRINT", CAPPED)
    factories_exam.make_world(rt, candidates=10)
    stored = get_blueprint(rt, "small")
    with rt.reading() as tx:
        view = load_view_in(tx, stored.version_id)
    uses = Counter({one.item_code: one.exposure for one in view.candidates})
    assert (view.forms, uses.total()) == (10, 80)
    # Two on average; drawn each for itself, some item would almost surely be on four.
    assert max(uses.values()) <= 3
