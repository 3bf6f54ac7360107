"""What the candidate does, in the browser: it keeps its number at a stop, and no older state covers it."""

from tests.browser.modules import in_journal, run


def test_a_journal_that_was_stopped_gives_nothing_another_number(modules):
    seen = in_journal(modules, """
        const journal = make({ reload: async () => {
            journal.stop();   // the state made the page begin anew
            return { lease: 1, next: 5 };
        } });
        answers.push({ status: 409, body: { error: { code: "entry-conflict" } } });
        journal.add("flagged", { slot: 1, on: true });
        await rest();
        return [journal.next, numbers(journal.waiting()), log.kept];
    """)  # fmt: skip
    assert seen == [2, [1], [[[1], []]]]


def test_a_slow_state_does_not_put_an_older_answer_over_a_newer_one(modules):
    seen = run(modules, """
        const { Acts } = await load("acts");
        let give = null;
        let asked = 0;
        const newer = { lease: 2, next: 2, responses: { 1: { RESPONSE: ["new"] }, 2: { RESPONSE: ["elsewhere"] } } };
        const session = {
            load: () => ((asked += 1) === 1 ? new Promise((done) => { give = done; }) : Promise.resolve(newer)),
            post: async ({ lease, entries }) =>
                ({ status: 200, body: { receipt: { lease, number: entries.at(-1).number } } }),
        };
        const nothing = () => {};
        const slots = [1, 2].map((slot) => ({ slot, controls: [{ response: "RESPONSE", kind: "choice" }] }));
        const acts = new Acts({
            content: { slots }, state: { lease: 2, next: 1, receipted: 0, responses: {}, flags: [] }, entries: [],
            keeping: { keep: async () => {} }, session, check: async () => true,
            clock: { instant: () => "2026-11-22T00:00:00Z" },
            report: { changed: nothing, announce: nothing, hand: nothing, receipted: nothing },
        });
        const catching = acts.catchUp();
        acts.respond(1, "RESPONSE", ["new"]);
        while (acts.count() > 0) await new Promise((done) => { setTimeout(done, 5); });
        give({ lease: 2, next: 1, responses: { 1: { RESPONSE: ["old"] } } });
        await catching;
        return [acts.work.answer(1), acts.work.answer(2), asked];
    """)  # fmt: skip
    assert seen == [{"RESPONSE": ["new"]}, {"RESPONSE": ["elsewhere"]}, 2]
