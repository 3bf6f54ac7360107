"""The pictures of one bank file while it is read: each looked up, checked and hashed once."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from itembank.core.items import AssetRef
from itembank.formats.figures import Figures
from itembank.formats.images import PictureRefused, look_at
from itembank.formats.parsed import Asset, Findings

_REFUSED: Final = "asset:" + "0" * 64


class PictureBox:
    """Looks pictures up by the name that an author wrote."""

    def __init__(self, figures: Figures, findings: Findings) -> None:
        self._figures = figures
        self._findings = findings
        self._seen: dict[str, Asset | str | None] = {}

    def lookup(self, where: str, used: dict[str, Asset]) -> Callable[[str], str | None]:
        """Return the function from name to `asset:` address; what it finds is added to `used`, by digest."""

        def address(name: str) -> str | None:
            asset = self._find(name)
            if isinstance(asset, str):
                self._findings.refuse(where, "figure-refused", f"{name[:80]}: {asset}")
                # Named already; an address keeps it from being named as missing as well.
                return _REFUSED
            if asset is None:
                return None
            used[asset.ref.sha256] = asset
            return f"asset:{asset.ref.sha256}"

        return address

    def _find(self, name: str) -> Asset | str | None:
        if name not in self._seen:
            self._seen[name] = self._check(name)
        return self._seen[name]

    def _check(self, name: str) -> Asset | str | None:
        payload = self._figures.find(name)
        if payload is None:
            return None
        try:
            picture = look_at(payload)
        except PictureRefused as refusal:
            return str(refusal)
        ref = AssetRef(sha256=sha256(payload).hexdigest(), media_type=picture.media_type, name=name[:200])
        return Asset(ref=ref, payload=payload)
