"""What the test knows and the candidate does not: the right answers of a paper, and the given ones that count."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cbt.delivery.services.paper_seals import paper_of
from cbt.delivery.services.reading import filed_in, graded_set_in, room_attempts_in
from cbt.delivery.services.recording import ChoiceMaps
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.services.forms import get_form_in
from itembank.services.keys import get_keys_in
from tests.factories_site import Hall, Site

Right = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A candidate's paper with its right answers."""

    right: Mapping[int, Right]  # slot -> response -> values
    offered: Mapping[int, Mapping[str, tuple[str, ...]]]  # slot -> response -> all names of choices
    items: tuple[str, ...]  # codes in the order of the slots

    def one(self, slot: int) -> str:
        """The right choice of an item with one answer."""
        return self.right[slot]["RESPONSE"][0]

    def wrong(self, slot: int) -> str:
        return next(name for name in self.offered[slot]["RESPONSE"] if name != self.one(slot))


def answers_of(rt: Runtime, registration_id: UUID) -> Answers:
    with rt.reading() as tx:
        attempt_id = room_attempts_in(tx, [registration_id])[registration_id].attempt.id
        form = get_form_in(tx, filed_in(tx, attempt_id).form_id).form
        keys = get_keys_in(tx, form)
        names = ChoiceMaps().load(tx, [attempt_id])[attempt_id]
    canonical_right = {slot: {one.identifier: _values(one.rule) for one in key.responses} for slot, key in keys.items()}
    paper = canonical.decode(paper_of(rt, attempt_id))
    return Answers(
        right={
            slot: {name: tuple(values) for name, values in names.responses_to_opaque(slot, responses).items()}
            for slot, responses in canonical_right.items()
        },
        offered={
            one["slot"]: {control["response"]: tuple(control.get("choices", ())) for control in one["controls"]}
            for one in paper["slots"]
        },
        items=tuple(slot.item_code for slot in form.slots),
    )


def graded(site: Site, hall: Hall, place: int = 0):
    """A candidate's attempt, and the answers that count, as the journal holds them."""
    registration_id = hall.registration(place)
    with site.rt.reading() as tx:
        attempt = room_attempts_in(tx, [registration_id])[registration_id].attempt
        return attempt, graded_set_in(tx, attempt.id)


def _values(rule: MatchCorrect | MatchText | MatchNumber) -> tuple[str, ...]:
    match rule:
        case MatchCorrect():
            return rule.correct
        case MatchText():
            return rule.accepted[:1]
        case MatchNumber():
            return (str(rule.value),)
