"""Modules of the exam page alone: how a paper's pictures come into place."""

from tests.browser.modules import VECTORS, run


def test_pictures_are_put_in_place_before_anything_is_asked_for(modules):
    sha256 = VECTORS["asset"]["sha256"]
    asked: list[str] = []
    modules.on("request", lambda request: asked.append(request.url))
    seen = run(modules, """
        const { Assets } = await load("assets");
        const { fromBase64url } = await load("bytes");
        const sealed = fromBase64url(given.asset.sealed);
        const paper = { asset_key: given.asset.asset_key, assets: { [given.asset.sha256]: "image/png" } };
        const make = (here) => new Assets({ paper, read: async () => (here ? sealed : undefined), fetch: async () => sealed });
        const html = `<p><img src="/delivery/assets/${given.asset.sha256}" alt=""><video poster="/delivery/assets/${given.asset.sha256}"></video>
            <svg><image href="/delivery/assets/${given.asset.sha256}"/></svg><img src="/static/favicon.svg" alt=""></p>`;
        const ready = make(true);
        await ready.openKept();
        const there = ready.fragment(html);
        const late = make(false);
        await late.openKept();
        const box = document.createElement("div");
        box.append(late.fragment(html));
        const missing = box.querySelectorAll("[data-missing]").length;
        const complete = await late.complete(() => box.querySelectorAll("[data-missing]"));
        const addresses = (root) => [root.querySelector("img").src, root.querySelector("video").poster, root.querySelector("image").getAttribute("href")].map((url) => url.slice(0, 5));
        return [addresses(there), missing, complete, addresses(box), late.missing];
    """, VECTORS)  # fmt: skip  # noqa: E501
    assert seen == [["blob:"] * 3, 3, True, ["blob:"] * 3, 0]
    assert not any(sha256 in url for url in asked)
