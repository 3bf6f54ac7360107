"""Places of event streams: the newest of one key stay, and there are only so many."""

from contextlib import ExitStack

import pytest

from cbt.kernel.asgi.hub import Bell
from cbt.kernel.asgi.places import Places, TooManyStreams


def test_the_oldest_of_a_key_loses_its_place():
    places = Places(per_key=2, in_all=100)
    with ExitStack() as streams:
        held = [streams.enter_context(places.taken("a", Bell())) for _ in range(4)]
        other = streams.enter_context(places.taken("b", Bell()))
        assert [place.lost for place in (*held, other)] == [True, True, False, False, False]


def test_who_leaves_makes_room_for_the_next():
    places = Places(per_key=1, in_all=100)
    with places.taken("a", Bell()) as first:
        pass
    with places.taken("a", Bell()) as second:
        assert not second.lost
    assert not first.lost


def test_one_who_has_lost_its_place_takes_nothing_along_when_it_leaves():
    places = Places(per_key=1, in_all=100)
    with ExitStack() as newer:
        with places.taken("a", Bell()) as old:
            young = newer.enter_context(places.taken("a", Bell()))
        with places.taken("a", Bell()):
            assert (old.lost, young.lost) == (True, True)


def test_there_are_only_so_many_places():
    places = Places(per_key=2, in_all=2)
    with places.taken("a", Bell()):
        places.require_one()
        with places.taken("b", Bell()), pytest.raises(TooManyStreams):
            places.require_one()
        places.require_one()
