"""The journal in the browser: disk before line, only true receipts, and how a page goes on from what was kept."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.modules import in_journal, run

RESUME = "const { adopt, fromCode, fromServer } = await load('resume');"
STATE = {
    "state": "running", "now": "2026-11-22T00:00:00Z", "token": "t2", "key": "k", "lease": 1, "next": 3, "flags": [],
    "responses": {"1": {"RESPONSE": ["a"]}}, "hand": False, "may": ["answer"], "deadline_at": "2026-11-22T01:00:00Z",
}  # fmt: skip
KEPT = {
    "token": "t1", "lease": 1, "next": 4, "receipted": 2, "flags": [2], "responses": {"1": {"RESPONSE": ["b"]}},
    "place": {"slot": 7}, "tools": {"x": 1}, "started": {"offline": False}, "older": [],
}  # fmt: skip


def answered(lease: int, number: int, slot: int, value: str) -> dict[str, Any]:
    return {"lease": lease, "number": number, "kind": "answered", "slot": slot, "responses": {"RESPONSE": [value]}}


def adopted(modules: Page, kept: dict[str, Any] | None, entries: list[Any], state: dict[str, Any]) -> Any:
    return run(modules, RESUME + "return adopt(given.kept, given.entries, given.state);", {
        "kept": kept, "entries": entries, "state": state,
    })  # fmt: skip


def test_nothing_is_sent_before_it_is_on_the_disk(modules):
    seen = in_journal(modules, """
        const journal = make();
        answers.push(receipt(1));
        journal.add("flagged", { slot: 1, on: true });
        journal.leave();
        await rest();
        const before = [...log.posted];
        release();
        await rest();
        return [before, log.posted, log.receipted, journal.waiting().length];
    """, disk=True)  # fmt: skip
    assert seen == [[], [[1, [1]]], [1], 0]


def test_a_disk_that_refuses_does_not_hold_an_answer_up(modules):
    seen = in_journal(modules, """
        const journal = make({ keep: () => Promise.reject(new Error("full")) });
        answers.push(receipt(1));
        journal.add("flagged", { slot: 1, on: true });
        await rest();
        return [log.posted, log.receipted];
    """)  # fmt: skip
    assert seen == [[[1, [1]]], [1]]


@pytest.mark.parametrize("bad", ["receipt(1, 'forged')", "receipt(1, 'good', 2)", "null"])
def test_an_entry_leaves_the_outbox_on_a_true_receipt_only(modules, bad):
    seen = in_journal(modules, f"""
        const journal = make();
        answers.push({bad});
        journal.add("flagged", {{ slot: 1, on: true }});
        await rest();
        const still = journal.waiting().length;
        answers.push(receipt(1));
        timers.pop()();
        await rest();
        return [still, journal.waiting().length, log.posted];
    """)  # fmt: skip
    assert seen == [1, 0, [[1, [1]], [1, [1]]]]


def test_a_server_that_lost_its_end_is_given_it_again_even_after_a_reload(modules):
    seen = in_journal(modules, """
        const entries = [1, 2, 3, 4].map((number) => ({ number, kind: "flagged", slot: number, on: true }));
        const journal = make({ next: 5, receipted: 3, entries });
        answers.push({ status: 409, body: { error: { code: "entry-gap" }, expected: 2 } }, receipt(4));
        journal.nudge();
        await rest();
        return [log.posted, journal.waiting().length];
    """)  # fmt: skip
    assert seen == [[[1, [4]], [1, [2, 3, 4]]], 0]


def test_what_waits_is_counted_anew_after_a_conflict_and_the_disk_knows(modules):
    seen = in_journal(modules, """
        const journal = make();
        answers.push({ status: 409, body: { error: { code: "entry-conflict" } } }, receipt(6));
        journal.add("flagged", { slot: 1, on: true });
        journal.add("flagged", { slot: 2, on: true });
        await rest();
        timers.pop()();
        await rest();
        return [log.kept.at(-1), log.posted.at(-1), journal.next, journal.waiting().length];
    """)  # fmt: skip
    assert seen == [[[5, 6], [1, 2]], [1, [5, 6]], 7, 0]


def test_under_the_same_lease_what_was_kept_here_is_the_newer(modules):
    made = adopted(modules, KEPT, [answered(1, 3, 1, "b")], STATE)
    snapshot = made["snapshot"]
    assert (snapshot["next"], snapshot["receipted"], snapshot["token"]) == (4, 2, "t2")
    assert (snapshot["responses"], snapshot["flags"], snapshot["place"]) == (KEPT["responses"], [2], {"slot": 7})
    assert (made["entries"], made["dropped"]) == ([], [])


def test_where_the_server_has_more_numbers_what_waits_is_counted_behind_them(modules):
    made = adopted(modules, KEPT, [answered(1, 1, 5, "old"), answered(1, 3, 2, "c")], {**STATE, "next": 9})
    assert made["entries"] == [{**answered(1, 3, 2, "c"), "number": 9}]
    assert made["dropped"] == [{"lease": 1, "number": 3}]
    snapshot = made["snapshot"]
    assert (snapshot["next"], snapshot["receipted"]) == (10, 8)
    assert snapshot["responses"] == {"1": {"RESPONSE": ["a"]}, "2": {"RESPONSE": ["c"]}}


def test_under_a_newer_lease_older_entries_keep_their_numbers_and_do_not_cover_its_answers(modules):
    waiting = [answered(1, 3, 1, "stale"), answered(1, 4, 2, "mine")]
    made = adopted(modules, {**KEPT, "next": 5}, waiting, {**STATE, "lease": 2, "next": 1})
    snapshot = made["snapshot"]
    assert snapshot["older"] == [{"lease": 1, "next": 5, "token": "t1", "receipted": 2}]
    assert snapshot["responses"] == {"1": {"RESPONSE": ["a"]}, "2": {"RESPONSE": ["mine"]}}
    assert (snapshot["lease"], snapshot["next"], snapshot["receipted"], made["entries"]) == (2, 1, 0, [])


def test_a_start_by_the_code_goes_on_under_the_number_that_the_server_gives(modules):
    script = (
        RESUME
        + """
        const clock = { serverMs: 1, wallMs: 1 };
        const kept = fromCode({ key: "k", allowedS: 600, clock, claimedAt: "2026-11-22T00:00:00.000Z" });
        const one = { lease: 1, number: 1, kind: "answered", slot: 2, responses: { RESPONSE: ["c"] } };
        const own = { ...kept, next: 2, responses: { 2: one.responses } };
        return [kept.status.deadline_at, adopt(own, [one], given), adopt(own, [one], { ...given, lease: 2, next: 1 })];
    """
    )
    deadline, same, other = run(modules, script, {**STATE, "next": 1, "responses": {}})
    assert deadline == "2026-11-22T00:10:00.000Z"
    assert (same["entries"], same["snapshot"]["next"], same["snapshot"]["receipted"]) == ([], 2, 0)
    assert other["entries"] == [answered(2, 1, 2, "c")]
    assert (other["snapshot"]["lease"], other["snapshot"]["older"]) == (2, [])
    assert same["snapshot"]["started"]["offline"] is True


def test_the_time_goes_on_over_a_reload_and_never_backward(modules):
    read = run(modules, """
        const { ServerClock } = await load("clock");
        let tick = 1000;
        const first = new ServerClock(() => tick);
        first.take("2026-11-22T00:00:00Z", 1000);
        tick = 61_000;
        const anchor = first.anchor(5_000_000);
        const later = (wall) => { const clock = new ServerClock(() => 0); clock.resume(anchor, wall); return clock; };
        const corrected = later(5_030_000);
        corrected.take("2026-11-22T00:05:00Z");
        return [later(5_030_000), later(4_000_000), corrected].map((clock) => clock.instant());
    """)  # fmt: skip
    assert read == ["2026-11-22T00:01:30.000Z", "2026-11-22T00:01:00.000Z", "2026-11-22T00:05:00.000Z"]
