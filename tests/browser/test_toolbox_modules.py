"""The toolbox in the browser: what an earlier page kept for the tools stays until they have taken it back."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.modules import run

KEPT = {"on": ["highlighter"], "notes": {"3": "by heart"}, "highlighter": {"1": [[0, 4]]}}
_TOOLBOX = """
    const names = ["highlighter", "notes"];
    const words = ["tool-on", "tool-off", "mark-sentences", "note-hint", "other-side", "close"];
    const { loadWords } = await load("words");
    const keys = [...words, ...names.flatMap((name) => [`tool-${name}`, `tool-${name}-what`])];
    loadWords(JSON.stringify(Object.fromEntries(keys.map((key) => [key, key]))));
    const { Toolbox } = await load("tools/toolbox");
    const stem = Object.assign(document.createElement("p"), { textContent: "some words" });
    const bar = document.createElement("div");
    document.body.append(bar, stem);
    const nothing = () => {};
    const toolbox = new Toolbox({ bar, names, desk: {
        roots: () => new Map([["1", stem]]), slots: [1, 2, 3], view: document.body, language: "en", current: () => 1,
        grown: nothing, announce: nothing, noted: nothing,
    } });
"""


def in_toolbox(modules: Page, body: str) -> Any:
    return run(modules, _TOOLBOX + body, KEPT)


def test_what_was_kept_is_kept_on_while_the_tools_are_being_fetched(modules):
    states = in_toolbox(modules, """
        const restoring = toolbox.restore(given);
        const meanwhile = toolbox.state();
        await restoring;
        return [meanwhile, toolbox.state()];
    """)  # fmt: skip
    assert states == [KEPT, KEPT]


def test_a_tool_that_cannot_be_fetched_loses_nothing_and_holds_no_other_up(modules):
    modules.route("**/tools/highlighter.js", lambda route: route.abort())
    state, noted = in_toolbox(modules, """
        await toolbox.restore(given);
        return [toolbox.state(), toolbox.noted()];
    """)  # fmt: skip
    assert (state, noted) == (KEPT, [3])


def test_a_tool_that_arrives_after_the_end_brings_nothing_back(modules):
    state, buttons = in_toolbox(modules, """
        const restoring = toolbox.restore(given);
        toolbox.wipe();
        await restoring;
        return [toolbox.state(), bar.childElementCount];
    """)  # fmt: skip
    assert (state, buttons) == ({"on": []}, 2)  # the highlighter, once opened, would bring a button of its own
