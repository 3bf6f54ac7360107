"""A candidate signs in at a browser: what counts as a failure, which browser it is, and which exam is opened."""

import re
from datetime import timedelta
from itertools import count

import pytest

from cbt.app import create_app
from cbt.delivery.core.seat_token import read_seat_token
from cbt.delivery.services.seat import SEAT_PURPOSE
from cbt.delivery.services.signing_in import FAILURES_HERE, FAILURES_NUMBER, SignInRefused, sign_in_candidate
from cbt.delivery.services.starting import StartMemory, read_start, start_many
from cbt.delivery.web.session import DEVICE, signer
from cbt.scheduling.core.sittings import SittingInput
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import create_sitting
from tests.factories_exam import make_world, sit_down, start_exam
from tests.factories_scheduling import SYSTEM, register, title

NUMBER, BIRTH, WRONG = "2611-1000", "1999-03-14", "1999-03-15"
_browsers = count(1)


class Browser:
    """A candidate's browser with its own cookies."""

    def __init__(self, rt):
        self.rt = rt
        self.client = create_app(rt.settings, rt=rt).test_client()

    def post(self, path, form, *, seen="/"):
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get(seen).text)[1]
        return self.client.post(path, data={**form, "csrf_token": token}, headers={"Accept-Language": "en"})

    def sign_in(self, number=NUMBER, birth=BIRTH):
        return self.post("/", {"number": number, "birth": birth})

    @property
    def secret(self):
        return signer(self.rt.keys, DEVICE).loads(self.client.get_cookie(DEVICE).value)[0]

    def start(self):
        """Start at the door; return the page where the browser belongs then."""
        token = self.client.get("/delivery/seat").json["seat_token"]
        seat = read_seat_token(self.rt.keys.derive(SEAT_PURPOSE), token, self.rt.clock.now())
        start_many(self.rt, StartMemory(self.rt.keys), [read_start(seat, {})])
        page = self.client.get("/exam/paper")
        return page.location or "/exam/paper"


def _fail(rt, device, *, times=1, number=NUMBER):
    for _ in range(times):
        with pytest.raises(SignInRefused) as refused:
            sign_in_candidate(rt, number, WRONG, device)
        assert refused.value.field == "number"


def _is_stopped(rt, device, number=NUMBER):
    try:
        sign_in_candidate(rt, number, BIRTH, device)
    except SignInRefused as refused:
        return refused.field == "form"
    return False


def test_wrong_tries_elsewhere_do_not_lock_the_candidate_out(rt):
    make_world(rt)
    _fail(rt, "a stranger", times=FAILURES_HERE)
    assert _is_stopped(rt, "a stranger")
    assert not _is_stopped(rt, "the seat")


def test_a_number_is_stopped_everywhere_after_many_failures(rt):
    make_world(rt)
    for stranger in range(FAILURES_NUMBER // FAILURES_HERE):
        _fail(rt, f"stranger {stranger}", times=FAILURES_HERE)
    assert _is_stopped(rt, "the seat")
    assert not _is_stopped(rt, "the seat", "2611-1001")


def test_a_browser_is_stopped_for_all_numbers_after_many_failures(rt):
    make_world(rt)
    for number in range(30):
        _fail(rt, "a stranger", number=f"9999-{number}")
    assert _is_stopped(rt, "a stranger")
    assert not _is_stopped(rt, "the seat")


def test_right_sign_ins_never_count(rt):
    make_world(rt)
    for _ in range(FAILURES_NUMBER + 1):
        assert sign_in_candidate(rt, NUMBER, BIRTH, "the seat")


def test_the_sign_in_page_gives_the_browser_a_secret_and_takes_no_foreign_one(rt):
    make_world(rt)
    browser = Browser(rt)
    browser.client.set_cookie(DEVICE, "a secret of my own")
    browser.client.get("/")
    given = browser.secret
    assert "a secret of my own" not in given
    browser.client.get("/")
    assert browser.secret == given


def test_the_same_registration_goes_on_at_its_browser_and_another_one_gets_a_new_secret(rt):
    make_world(rt)
    browser = Browser(rt)
    browser.sign_in()
    assert browser.start() == "/exam/paper"
    first = browser.secret
    browser.post("/exam/sign-out", {}, seen="/exam/wait")
    browser.sign_in()
    assert browser.secret == first
    assert browser.start() == "/exam/paper"
    browser.sign_in("2611-1001")
    assert browser.secret != first
    browser.sign_in()
    assert browser.start() == "/exam/wait"  # the proctor grants the seat


def _second_sitting(world, *, opens_in=timedelta(hours=-1), code="R5"):
    """Another sitting of the same exam for the first candidate."""
    rt, first = world.rt, world.people[0]
    now = rt.clock.now()
    entered = SittingInput(
        code=code,
        title=title("Round 5"),
        exam_version_id=first.exam.id,
        opens_at=now + opens_in,
        closes_at=now + opens_in + timedelta(hours=3),
        rooms=frozenset({first.room.id}),
    )
    sitting_id = create_sitting(rt, entered, by=SYSTEM)
    assert not register(rt, sitting_id, "2611-1000,홍길동가,1999-03-14,,").problems
    return list_registrations(rt, sitting_id)[0].registration.id


def test_two_open_exams_are_offered_and_the_chosen_one_is_opened(rt):
    world = make_world(rt)
    second = _second_sitting(world)
    browser = Browser(rt)
    page = browser.sign_in().text
    assert "Choose your exam" in page
    proofs = re.findall(r'name="exam" value="([^"]+)"', page)
    assert len(proofs) == 2
    [proof] = [one for one in proofs if signer(rt.keys, "choice").loads(one)[0] == str(second)]
    assert Browser(rt).post("/exam/choose", {"exam": proof}).location == "/"  # of another browser
    assert browser.post("/exam/choose", {"exam": proof + "x"}).location == "/"
    assert browser.post("/exam/choose", {"exam": proof}).location == "/exam/identity"
    assert 'data-state="waiting"' in browser.client.get("/exam/wait").text


def test_the_exam_that_has_not_ended_is_opened_at_once(rt):
    world = make_world(rt)
    second = _second_sitting(world)
    sit_down(world).send({"kind": "submitted"})
    [offer] = sign_in_candidate(rt, NUMBER, BIRTH, "the seat")
    assert offer.facts.registration.id == second


def test_before_the_next_exam_opens_the_result_of_the_last_one_can_be_chosen_too(rt):
    world = make_world(rt)
    second = _second_sitting(world, opens_in=timedelta(minutes=10))
    sit_down(world).send({"kind": "submitted"})
    browser = Browser(rt)
    page = browser.sign_in().text
    assert "Open the result" in page
    assert "Open this exam" in page
    assert [offer.ended for offer in sign_in_candidate(rt, NUMBER, BIRTH, "x")] == [True, False]
    assert start_exam(rt, second, "x").attempt is None  # nobody was let in there
