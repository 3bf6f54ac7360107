"""The answer sheet in the browser: what is locked stays locked, whatever rows are made."""

from tests.browser.modules import run


def test_rows_that_are_made_later_are_locked_too(modules):
    locked = run(modules, """
        const { loadWords } = await load("words");
        const keys = ["item", "item-n", "flag", "flag-item", "choice-n", "sheet-of", "none-unanswered", "part"];
        loadWords(JSON.stringify(Object.fromEntries(keys.map((key) => [key, key]))));
        const chips = ["all", "unanswered", "flagged"].map((value) => `<button value="${value}"><b></b></button>`);
        document.body.innerHTML = `<select></select><div id="filters">${chips.join("")}</div><div id="list"></div>`;
        const { Sheet } = await load("sheet");
        const { Work } = await load("work");
        const nothing = () => {};
        const controls = [{ response: "RESPONSE", kind: "choice", max: 1, choices: ["a", "b"] }];
        const paper = {
            exam: {}, parts: [{ title: "A", first: 1, last: 1 }, { title: "B", first: 2, last: 2 }],
            slots: [{ slot: 1, part: 0, controls }, { slot: 2, part: 1, controls }],
        };
        const [filters, list] = [document.getElementById("filters"), document.getElementById("list")];
        const sheet = new Sheet({
            nodes: { select: document.querySelector("select"), filters, list }, paper, work: new Work(),
            markOf: () => null, report: { respond: nothing, flag: nothing, jump: nothing },
        });
        const inputs = () => [...list.querySelectorAll("input, .flag")].map(({ disabled }) => disabled);
        sheet.lock(true);
        sheet.point(2);
        const then = inputs();
        sheet.lock(false);
        sheet.point(1);
        return [then, inputs()];
    """)  # fmt: skip
    assert locked == [[True] * 3, [False] * 3]
