"""Whatever is tried in whatever order: nobody approves an own item, and only what was approved is drawn."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cbt.kernel.errors import CbtError
from cbt.people.core.actors import Role
from itembank.core.records import ItemStatus
from itembank.core.review import Mover, VersionFacts, VersionState, check_move, drawn_number, legal_moves

PEOPLE = [UUID(int=number) for number in range(1, 4)]
MOVERS = st.builds(Mover, id=st.sampled_from(PEOPLE), roles=st.frozensets(st.sampled_from(Role), max_size=2))
TRIES = st.tuples(MOVERS, st.sampled_from(ItemStatus), st.sampled_from(["", "because"]))


def moved(facts: VersionFacts, mover: Mover, to: ItemStatus, words: str) -> ItemStatus:
    try:
        check_move(facts, mover, to, words)
    except CbtError:
        return facts.status
    return to


@given(st.sampled_from(PEOPLE), st.lists(TRIES, max_size=30))
def test_no_way_leads_to_an_approval_by_the_author(author, tries):
    status, approved_by = ItemStatus.DRAFT, None
    for mover, to, words in tries:
        facts = VersionFacts(status=status, author_id=author)
        after = moved(facts, mover, to, words)
        if after is not status:
            assert {Role.ADMIN, Role.AUTHOR} & mover.roles
            assert to in {move.to for move in legal_moves(facts, mover)}
        if after is ItemStatus.APPROVED and status is not after:
            approved_by = mover.id
            assert status is ItemStatus.REVIEW
        status = after
    assert approved_by != author
    assert (status is ItemStatus.APPROVED) <= (approved_by is not None)


@given(st.lists(st.tuples(st.sampled_from(ItemStatus), st.booleans()), max_size=6))
def test_a_drawn_version_is_approved_and_nothing_decisive_is_newer(states):
    versions = tuple(
        VersionState(number=number, status=status, ever_approved=approved or status is ItemStatus.APPROVED)
        for number, (status, approved) in enumerate(states, start=1)
    )
    drawn = drawn_number(versions)
    if drawn is None:
        return
    assert versions[drawn - 1].status is ItemStatus.APPROVED
    assert not any(one.ever_approved or one.status is ItemStatus.BLOCKED for one in versions[drawn:])
