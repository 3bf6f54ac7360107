"""Pictures that no element of the paper shows, but a control lays onto it: they are opened like all others."""

from tests.browser.modules import VECTORS, run


def test_a_picture_that_a_control_reads_is_opened_too(modules):
    mark = run(modules, """
        const { Assets } = await load("assets");
        const { fromBase64url } = await load("bytes");
        const { asset_key, sha256, sealed } = given.asset;
        const paper = { asset_key, assets: { [sha256]: "image/png" } };
        const assets = new Assets({ paper, read: async () => fromBase64url(sealed), fetch: null });
        await assets.openKept();
        const made = assets.fragment(`<fieldset data-mark="/delivery/assets/${sha256}"></fieldset>`);
        return made.firstElementChild.dataset.mark;
    """, VECTORS)  # fmt: skip
    assert mark.startswith("blob:")
