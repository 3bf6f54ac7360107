"""What HTML an item may hold: the allow-list, its cleaning by nh3, and the account of what was found and refused.

Cleaning keeps pages safe whatever comes in; the account (`survey`) exists so that nothing disappears in silence.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Final

import nh3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INTERACTION: Final = "data-interaction"
MARKS: Final = (INTERACTION, "data-gap", "data-hottext", "data-feedback", "data-printed")
TEXT_TAGS: Final = _words(
    "abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure h3 h4 hr i "
    "img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead tr u ul "
    "var wbr"
)
# MathML Core without `semantics` and the elements that only carry annotations or links.
MATH_TAGS: Final = _words(
    "math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle "
    "msub msubsup msup mtable mtd mtext mtr munder munderover"
)
MATH_ATTRIBUTES: Final = _words(
    "accent accentunder columnalign columnspan depth dir display displaystyle fence form height largeop linethickness "
    "lspace mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy symmetric voffset "
    "width"
)
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "*": frozenset({"lang", "dir", "class"}),
    "abbr": frozenset({"title"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "div": frozenset({INTERACTION, "data-feedback"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "span": frozenset(MARKS),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "th": frozenset({"colspan", "rowspan", "scope", "abbr"}),
    **dict.fromkeys(MATH_TAGS, MATH_ATTRIBUTES),
}
# Code of any kind, and what loads or sends something: an item with one of these is refused, not mended.
ACTIVE_TAGS: Final = _words(
    "applet audio base button embed form frame frameset iframe input link meta object script select style svg template "
    "textarea video"
)
_KEPT_CLASS: Final = re.compile(r"(?:qti|language)-[a-z0-9-]{1,40}")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_DANGEROUS_URL: Final = re.compile(r"^(?:javascript|vbscript|data|file)\s*:", re.IGNORECASE)
_CONTROLS: Final = re.compile(r"[\x00-\x20]")
_NOWHERE: Final = -1
_START_TAG: Final = re.compile(r"""<([A-Za-z][^\s/>]*+)((?:[^>"'=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|[="'])*+)>""")
_PART: Final = re.compile(r"""([^\s=>"'/]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]*+))?""")
# The cleaned HTML has one spelling, so a pattern may read it: quoted attributes with `"`, `<` and `>` escaped in them.
_IMAGE: Final = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
_SOURCE: Final = re.compile(r' src="([^"]*)"')
PLACE: Final = re.compile(rf'<(span|div) {INTERACTION}="([A-Za-z_][A-Za-z0-9_.-]{{0,63}})"></\1>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What stands in some HTML before it is cleaned."""

    active: tuple[str, ...]
    unknown: tuple[str, ...]
    images: tuple[str, ...]


def survey(html: str) -> Survey:
    """Return the active parts, the unknown elements and the image sources of `html`, in order of first mention."""
    active: dict[str, None] = {}
    unknown: dict[str, None] = {}
    images: dict[str, None] = {}
    for tag, attributes in _start_tags(html):
        if tag in ACTIVE_TAGS:
            active[f"<{tag}>"] = None
        elif tag not in TEXT_TAGS and tag not in MATH_TAGS:
            unknown[f"<{tag[:20]}>"] = None
        for name, value in attributes:
            if name.startswith("on"):
                active[name[:20]] = None
            elif _DANGEROUS_URL.match(_CONTROLS.sub("", value)):
                active[f"{name[:20]}={value[:20]}"] = None
            elif tag == "img" and name == "src":
                images[value] = None
    return Survey(active=tuple(active), unknown=tuple(unknown), images=tuple(images))


def _start_tags(html: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    # Python's own HTMLParser takes half a minute for 64 KiB of "<a "; here an unclosed tag ends the reading, as
    # in a browser, so that every character is read once.
    place = html.find("<")
    while place != _NOWHERE:
        if html.startswith("<!--", place):
            end = html.find("-->", place + 4)
        elif found := _START_TAG.match(html, place):
            yield found[1].lower(), [(name[1].lower(), _attribute_value(name)) for name in _PART.finditer(found[2])]
            end = found.end() - 1
        elif html[place + 1 : place + 2].isalpha():
            return
        else:
            end = place
        place = html.find("<", end + 1) if end != _NOWHERE else _NOWHERE


def _attribute_value(part: re.Match[str]) -> str:
    return unescape(part[2] or "").strip("\"'")


def clean(html: str) -> str:
    """Return `html` with the allow-list's elements and attributes only; cleaning twice changes nothing."""
    return _CLEANER.clean(html)


def name_images(html: str, sources: Mapping[str, str]) -> str:
    """Return cleaned `html` with each image source replaced by `sources`; an image without one is left out."""

    def renamed(image: re.Match[str]) -> str:
        source = _SOURCE.search(image[1])
        target = sources.get(unescape(source[1])) if source else None
        if target is None:
            return ""
        attributes = _SOURCE.sub(f' src="{target}"', image[1])
        return f"<img{attributes}>"

    return _IMAGE.sub(renamed, html)


def images_without_words(html: str) -> int:
    """Return how many images of cleaned `html` have no alternative text."""
    return sum(1 for image in _IMAGE.finditer(html) if not re.search(r' alt="[^"]*\S[^"]*"', image[1]))


def places(html: str) -> tuple[str, ...]:
    """Return the responses whose places cleaned `html` marks, in order."""
    return tuple(found[2] for found in PLACE.finditer(html))


def visible_text(html: str) -> str:
    """Return the words of `html` with single spaces; an image gives its alternative text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.words).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.words.append(f" {dict(attrs).get('alt') or '▣'} ")
        elif tag not in MATH_TAGS:
            self.words.append(" " if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


_BLOCKS: Final = _words("p div br li td th tr dd dt pre figure figcaption caption blockquote")


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = " ".join(part for part in value.split() if _KEPT_CLASS.fullmatch(part))
        return kept or None
    if name in MARKS:
        return value if _IDENTIFIER.fullmatch(value) else None
    if tag == "img" and name in {"width", "height"}:
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None  # noqa: PLR2004 - 9999 pixels
    return value


_CLEANER: Final = nh3.Cleaner(
    tags=set(TEXT_TAGS | MATH_TAGS),
    clean_content_tags={"script", "style"},
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    attribute_filter=_kept_attribute,
    url_schemes={"asset"},
    link_rel=None,
)
