"""When a disk counts as nearly full."""

import pytest

from cbt.kernel.disk import Room, room_at

GIB = 1024**3


@pytest.mark.parametrize(
    ("used", "free", "scarce"),
    [(79, 21, False), (80, 19, True), (8, 2, True), (7, 3, False), (80 * 20, 20 * 20, False), (0, 0, True)],
)
def test_four_fifths_are_the_alarm_unless_there_is_plenty_left(used, free, scarce):
    assert Room(used_bytes=used * GIB, free_bytes=free * GIB).is_scarce is scarce


def test_the_room_of_a_folder_is_that_of_its_disk(tmp_path):
    room = room_at(tmp_path)
    assert room.free_bytes > 0
    assert 0 < room.share < 1
