"""PC checks on the shell: how the PCs of a room, or of all rooms, stand."""

from typing import Any

import click

from cbt.checks.core.rooms import CheckedRoom
from cbt.checks.services.pc_checks import checked_rooms, room_by_codes
from cbt.kernel.canonical import instant_text
from cbt.kernel.runtime import Runtime
from cbt.people.cli import tell


@click.group("checks")
def checks() -> None:
    """PC checks: what each seat's PC said of itself."""


@checks.command("list")
@click.option("--centre", metavar="CODE", help="Together with --room: every seat of this room.")
@click.option("--room", metavar="CODE")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
@click.pass_obj
def list_checks(rt: Runtime, centre: str | None, room: str | None, *, as_json: bool) -> None:
    """List the rooms with their links and counts, or the seats of one room."""
    if (centre is None) is not (room is None):
        raise click.BadOptionUsage("room", "--centre and --room go together")
    if centre is not None and room is not None:
        found = room_by_codes(rt, centre, room)
        seats = [_seat_facts(found, place) for place in range(len(found.seats))]
        tell({**_room_facts(found), "list": seats}, [_seat_line(one) for one in seats], as_json=as_json)
        return
    rooms = [_room_facts(one) for one in checked_rooms(rt)]
    lines = [
        f"{one['centre']}/{one['room']}  {one['link']}  good {one['good']}, bad {one['bad']}, not yet {one['missing']}"
        for one in rooms
    ]
    tell({"rooms": rooms}, lines or ["no rooms"], as_json=as_json)


def _room_facts(room: CheckedRoom) -> dict[str, Any]:
    return {
        "centre": room.centre.code,
        "room": room.room.code,
        "link": f"/check/{room.code}",
        "seats": len(room.seats),
        "good": room.good,
        "bad": room.bad,
        "missing": room.missing,
    }


def _seat_facts(room: CheckedRoom, place: int) -> dict[str, Any]:
    one = room.seats[place]
    if one.check is None:
        return {"seat": one.seat, "state": "not-yet"}
    return {
        "seat": one.seat,
        "state": "good" if one.check.good else "bad",
        "at": instant_text(one.check.at),
        "browser": one.check.measures.browser,
        "bad": [line.name.value for line in one.check.bad_lines],
    }


def _seat_line(facts: dict[str, Any]) -> str:
    rest = f"  {facts['at']}  {facts['browser']}  {' '.join(facts['bad'])}" if "at" in facts else ""
    return f"{facts['seat']:>4}  {facts['state']}{rest}".rstrip()
