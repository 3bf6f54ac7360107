"""Release codes and seals: made once, shown to named people, bound to this installation; and starts without a line."""

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import select, update

from cbt.delivery.cli import delivery
from cbt.delivery.core.entries import Started
from cbt.delivery.core.journal import read_entry
from cbt.delivery.core.release import read_release_code, show_release_code
from cbt.delivery.core.sealing import SealForeign, is_sealed, open_paper, paper_key
from cbt.delivery.core.seat_token import read_seat_token
from cbt.delivery.pdf.envelope import draw_envelopes
from cbt.delivery.services.paper_seals import paper_of
from cbt.delivery.services.preparing import prepare
from cbt.delivery.services.releasing import envelopes, release_code_for_room
from cbt.delivery.services.seat import SEAT_PURPOSE, sealed_paper_of, seat_document
from cbt.delivery.services.starting import StartMemory, read_start, start_many
from cbt.delivery.store.attempts import journal_of
from cbt.delivery.tables import PaperRow, ReleaseRow, SealRow
from cbt.kernel.canonical import decode, encode, read_base64url
from cbt.kernel.keys import Keyring
from cbt.kernel.pdf.fonts import load_fonts
from cbt.people.core.actors import Role
from cbt.people.services.audit import list_latest
from cbt.scheduling.core.sittings import OutsideWindow
from cbt.scheduling.services.attendance import check_in_in
from cbt.scheduling.services.registrations import change_registration, list_registrations
from cbt.scheduling.services.sittings import get_sitting
from cbt.scheduling.store import sittings as sitting_store
from proctor.core.orders import parse_order
from proctor.services.orders import give_order
from tests.factories_exam import make_world
from tests.factories_http import service
from tests.factories_scheduling import SYSTEM, make_centre, make_room, make_staff, register

WHY = "the line is dead"


@pytest.fixture
def waiting(rt):
    return make_world(rt, opened=False)


def sitting_of(world):
    return world.people[0].sitting.id


def attempt_of(world, place=0):
    return UUID(seat_document(world.rt, world.registration(place), "a browser")["attempt"])


def begin(world, place=0, **document):
    rt = world.rt
    token = seat_document(rt, world.registration(place), "a browser")["seat_token"]
    seat = read_seat_token(rt.keys.derive(SEAT_PURPOSE), token, rt.clock.now())
    return start_many(rt, StartMemory(rt.keys), [read_start(seat, document)])[0]


def open_room(world, **more):
    return give_order(world.rt, world.room_id, parse_order({"order": "open-room", **more}), by=world.staff)


def records(rt, act):
    return [record for record in list_latest(rt, 99) if record.act == act]


def stored(rt, row):
    with rt.reading() as tx:
        return [each.__dict__ for each in tx.session.scalars(select(row))]


def test_the_code_of_the_centre_opens_the_paper_without_a_line(waiting):
    rt = waiting.rt
    code = release_code_for_room(rt, waiting.room_id, by=waiting.staff, reason=WHY)
    attempt_id = attempt_of(waiting)
    sealed = sealed_paper_of(rt, waiting.registration())
    seat = seat_document(rt, waiting.registration(), "a browser")
    document = open_paper(paper_key(code, attempt_id), sealed, attempt_id, bytes.fromhex(seat["form"]))
    assert document == paper_of(rt, attempt_id)
    assert read_base64url(begin_open(waiting).document["key"]) == paper_key(code, attempt_id)


def begin_open(world):
    open_room(world)
    return begin(world)


def test_preparing_again_keeps_codes_and_keys(waiting):
    before = stored(waiting.rt, ReleaseRow)[0]["code"], stored(waiting.rt, SealRow)[0]["public_key"]
    assert prepare(waiting.rt, sitting_of(waiting), by=SYSTEM) == 0
    assert (stored(waiting.rt, ReleaseRow)[0]["code"], stored(waiting.rt, SealRow)[0]["public_key"]) == before


def test_no_secret_lies_open_in_the_database(waiting):
    code = release_code_for_room(waiting.rt, waiting.room_id, by=waiting.staff, reason=WHY)
    kept = [stored(waiting.rt, row)[0] for row in (ReleaseRow, SealRow, PaperRow)]
    assert not any(code.encode() in value for row in kept for value in row.values() if isinstance(value, bytes))
    assert kept[1]["private_key"].startswith(b"cbt1")
    assert is_sealed(kept[2]["document"])


def test_a_foreign_master_key_says_what_to_do(waiting):
    foreign = replace(waiting.rt, keys=Keyring(bytes(32)))
    with pytest.raises(SealForeign, match="keys folder"):
        release_code_for_room(foreign, waiting.room_id, by=waiting.staff, reason=WHY)


def test_whoever_sees_a_code_stands_in_the_audit_trail(waiting):
    release_code_for_room(waiting.rt, waiting.room_id, by=waiting.staff, reason=WHY)
    [record] = records(waiting.rt, "delivery.release-code-shown")
    assert (record.actor_name, record.reason) == (waiting.staff.name, WHY)
    code = release_code_for_room(waiting.rt, waiting.room_id, by=waiting.staff, reason=WHY)
    assert code not in str(list_latest(waiting.rt, 99))


def test_opening_a_room_is_the_record_of_all_its_keys(waiting):
    open_room(waiting)
    begin(waiting, 0)
    begin(waiting, 1)
    assert len(records(waiting.rt, "scheduling.room-opened")) == 1
    assert len(records(waiting.rt, "delivery.papers-released")) == 1
    assert records(waiting.rt, "delivery.release-code-shown") == []


def test_somebody_registered_late_gets_a_sealed_paper_at_the_seat(waiting):
    rt = waiting.rt
    assert not register(rt, sitting_of(waiting), "2611-2000,늦은이,1999-03-14,,").problems
    late = next(one for one in list_registrations(rt, sitting_of(waiting)) if one.candidate.number == "2611-2000")
    with rt.transaction() as tx:
        check_in_in(tx, rt.clock.now(), late.registration.id, by=waiting.staff)
    assert is_sealed(sealed_paper_of(rt, late.registration.id))
    open_room(waiting)
    document = begin(replace(waiting, people=(late,))).document
    assert document["state"] == "running"


def test_a_paper_is_sealed_anew_for_another_centre(rt):
    world = make_world(rt, opened=False, checked_in=False)
    other = make_room(rt, make_centre(rt, "BUSAN"))
    sitting = get_sitting(rt, sitting_of(world)).sitting
    with rt.transaction() as tx:
        sitting_store.add_rooms(tx, rt.clock.now(), sitting.id, [other])
    change_registration(rt, world.registration(), {"seat": "BUSAN/R1 1", "time_factor": "1"}, by=SYSTEM, reason="moved")
    [moved] = [each for each in list_registrations(rt, sitting.id) if each.centre.code == "BUSAN"]
    with rt.transaction() as tx:
        check_in_in(tx, rt.clock.now(), moved.registration.id, by=world.staff)
    sealed = sealed_paper_of(rt, moved.registration.id)
    code = release_code_for_room(rt, moved.sitting_room.id, by=world.staff, reason=WHY)
    seat = seat_document(rt, moved.registration.id, "a browser")
    attempt_id = UUID(seat["attempt"])
    assert open_paper(paper_key(code, attempt_id), sealed, attempt_id, bytes.fromhex(seat["form"]))


def test_a_paper_from_before_the_seals_is_sealed_when_it_is_asked_for(waiting):
    rt, attempt_id = waiting.rt, attempt_of(waiting)
    paper = decode(paper_of(rt, attempt_id))
    plain = encode({name: value for name, value in paper.items() if name not in ("asset_key", "assets")})
    with rt.transaction() as tx:
        unsealed = update(PaperRow).where(PaperRow.attempt_id == attempt_id)
        tx.session.execute(unsealed.values(document=plain, sealed_for=None, assets=None))
    assert is_sealed(sealed_paper_of(rt, waiting.registration()))
    assert decode(paper_of(rt, attempt_id)) == paper


def test_the_room_page_shows_the_code_to_proctors_who_say_why(rt, waiting):
    make_staff(rt, "author1", Role.AUTHOR)
    path = f"/proctor/rooms/{waiting.room_id}/release-code"
    with service(rt) as web:
        proctor = web.staff("proctor1")
        headers = {"X-CSRFToken": proctor.token("/proctor/"), "Accept": "application/json"}
        headers["Referer"] = rt.settings.public_url + "/proctor/"
        shown = proctor.ask("POST", path, json={"reason": WHY}, headers=headers)
        refused = proctor.ask("POST", path, json={"reason": "  "}, headers=headers)
        author = web.staff("author1")
        headers["X-CSRFToken"] = author.token("/admin/")
        other = author.ask("POST", path, json={"reason": WHY}, headers=headers)
    code = release_code_for_room(rt, waiting.room_id, by=waiting.staff, reason=WHY)
    assert shown.json() == {"code": show_release_code(code)}
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "reason-missing")
    assert other.status_code == 403


def test_the_shell_shows_a_code_to_a_named_person_only(waiting):
    code = release_code_for_room(waiting.rt, waiting.room_id, by=waiting.staff, reason=WHY)
    asked = ["release-code", "R4", "--centre", waiting.people[0].centre.code, "--reason", WHY, "--json"]
    done = CliRunner().invoke(delivery, [*asked, "--by", "proctor1"], obj=waiting.rt)
    assert read_release_code(json.loads(done.stdout)["code"]) == code
    nobody = CliRunner().invoke(delivery, [*asked, "--by", "nobody"], obj=waiting.rt)
    assert nobody.exit_code != 0
    assert show_release_code(code) not in nobody.output


def test_the_sheet_for_the_envelope_can_be_read(waiting):
    rt = waiting.rt
    printed = envelopes(rt, sitting_of(waiting), by=waiting.staff, reason=WHY)
    pdf = draw_envelopes([*printed, *printed], load_fonts(rt.settings.home, rt.settings.font_dir), rt.clock.now())
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 2
    for page in pages:
        text = page.extract_text()
        assert "R4" in text
        groups = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{5}\b", text)
        assert all(group in groups for group in show_release_code(printed[0].code).split("-")[:4])


def test_a_start_without_a_line_counts_from_the_stated_opening(waiting, clock):
    clock.advance(timedelta(minutes=7))  # 12:07 in Seoul
    outcome = open_room(waiting, opened="12:01", reason=WHY)
    assert not outcome.refused
    begun = begin(waiting, offline={"claimed_at": "2026-11-22T03:01:20.000000Z"})
    assert begun.document["remaining_s"] == (10 - 6) * 60
    online = begin(waiting, 1)
    assert online.document["remaining_s"] == 10 * 60
    [opened] = records(waiting.rt, "scheduling.room-opened")
    assert (opened.reason, opened.details["opened_at"]) == (WHY, "2026-11-22T03:01:00.000000Z")


def test_a_start_without_a_line_in_a_room_that_is_not_open_waits(waiting):
    assert begin(waiting, offline={}).code == "not-open"


def test_a_room_is_never_opened_before_its_sitting(waiting):
    with pytest.raises(OutsideWindow):
        open_room(waiting, opened="12:30", reason=WHY)  # the last time it was half past twelve was yesterday


def test_what_the_page_claimed_is_kept_as_evidence(waiting):
    open_room(waiting)
    begin(waiting, offline={"claimed_at": "2026-11-22T02:59:00.000000Z"})
    entry = first_entry(waiting.rt, attempt_of(waiting))
    assert isinstance(entry, Started)
    assert entry.counts_from is not None
    assert entry.claimed_at is not None


def first_entry(rt, attempt_id):
    with rt.reading() as tx:
        return read_entry(journal_of(tx, attempt_id)[0].content)
