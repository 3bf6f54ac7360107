"""The sentences about rules of blueprints, as gettext knows them: what cannot be kept, and what a form breaks."""

from typing import Final


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


RULE_PLACES: Final = (
    _l("part %(part)s, levels"),
    _l("part %(part)s, level %(level)s"),
    _l("part %(part)s, expected score"),
    _l("rule enemies"),
    _l("rule stimuli"),
    _l("enemies %(label)s"),
    _l("stimulus %(code)s"),
    _l("form"),
)
# What follows a cell where a rule leaves it too few items.
RULE_NAMES: Final = {
    "enemies": _l("rule enemies"),
    "stimuli": _l("rule stimuli"),
    "exposure": _l("rule exposure"),
}
# Before the plain shortage, which would take the longer ones for its own.
RULE_SENTENCES: Final = (
    _l(
        "wanted %(wanted)s, available %(available)s"
        " (%(unknown)s more have no known difficulty, which an expected score needs)"
    ),
    _l("wanted %(wanted)s, available %(available)s that are no enemies of each other (of %(supply)s)"),
    _l("wanted %(wanted)s, available %(available)s when items of one stimulus are drawn together"),
    _l("wanted at least %(least)s, available %(available)s"),
    _l("wanted at most %(most)s, but %(fewest)s items of this level cannot be avoided"),
    _l("at least %(least)s items asked for, %(size)s in the part"),
    _l("wanted %(wanted)s points, the items allow %(low)s to %(high)s"),
    _l("each form needs %(wanted)s of %(supply)s items, a share of %(share)s; the cap allows %(cap)s"),
    _l("no form keeps this rule together with all the others"),
    _l("no form was found that keeps these rules together"),
    _l("%(name)s is not a rule"),
    _l("a table: enemies = true, cap = { multiple = 3 }"),
    _l("least and most of each level, as whole numbers: { recall = [2, 5] }"),
    _l('points from 0 with at most three decimals: { target = "12.5", tolerance = "1" }'),
    _l('one of { multiple = "3" } (of the mean, 1 or more) and { share = "0.1" } (of all forms, above 0, at most 1)'),
    _l("it stands on %(times)s slots"),
    _l("%(count)s items, %(missing)s of %(places)s places without a fitting one"),
    _l("%(count)s items, wanted %(least)s to %(most)s"),
    _l("an item has no known difficulty"),
    _l("%(total)s points, wanted %(target)s ± %(tolerance)s"),
    _l("%(there)s of its %(whole)s items"),
    _l("on %(times)s of %(forms)s forms, at most %(allowed)s allowed"),
)
