"""Which version of QTI a document is written in, by its namespace, else by its names."""

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

_VERSION: Final = re.compile(r"(?:imsqti(?:asi)?|qtiv|imsqti_apip|qti)[a-z_/]*?_?v?([23])p?([0-9])")
_THREE: Final = "qti3"
_KNOWN: Final = {("2", "0"): "qti20", ("2", "1"): "qti21", ("2", "2"): "qti22"}


def version_of(root: etree._Element) -> str:
    """Return `qti3`, `qti22`, `qti21` or `qti20`."""
    names = [str(uri) for uri in root.nsmap.values()]
    return version_in(names) or (_THREE if any("purl.imsglobal" in one for one in names) else "qti21")


def version_in(texts: Iterable[str]) -> str:
    """Return the version that namespaces or resource types name, or nothing."""
    for text in texts:
        found = _VERSION.search(text)
        if found:
            return _THREE if found[1] == "3" else _KNOWN.get((found[1], found[2]), "qti22")
    return ""
