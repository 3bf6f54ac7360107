"""A small part of Markdown to HTML: paragraphs, emphasis, code, lists, headings, quotes, line breaks and pictures.

What it does not know stays as it was typed. The HTML is cleaned afterwards like all other.
"""

import re
from typing import Final

_FENCE: Final = re.compile(r"^ {0,3}(```|~~~)")
_ITEM: Final = re.compile(r"^( *)(?:([-*+])|(\d{1,9})[.)]) +(.*)$")
_HEADING: Final = re.compile(r"^ {0,3}(#{1,6}) +(.*?)#*$")
_QUOTE: Final = re.compile(r"^ {0,3}> ?(.*)$")
_CODE: Final = re.compile(r"(?<!`)(`{1,5})(?!`)(.{1,500}?)(?<!`)\1(?!`)")
_IMAGE: Final = re.compile(r"!\[([^\]\n]{0,300})\]\(([^()\s]{0,500})\)")
_LINK: Final = re.compile(r"(?<!!)\[([^\[\]\n]{1,500})\]\([^()\s]{0,500}\)")
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,500}?)(?<=\S)\1")
_EMPHASIS: Final = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^\n*_]*?)(?<=[^\s*_])\1(?![\w*_])")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]#+.!-])")
_DEEPEST: Final = 8
_FIRST_KEPT: Final = 0xE100
_MOST_KEPT: Final = 6000
_KEPT: Final = re.compile("[\ue100-\uf8ff]")
_INDENT: Final = 2


def html_of(text: str) -> str:
    """Return the HTML of a text in Markdown."""
    return _blocks(text.replace("\r\n", "\n").split("\n"), 0)


def _blocks(lines: list[str], depth: int) -> str:
    out: list[str] = []
    paragraph: list[str] = []
    place = 0
    while place < len(lines):
        made, after = _special(lines, place, depth, in_paragraph=bool(paragraph))
        if made is None and lines[place].strip():
            paragraph.append(lines[place])
            place += 1
            continue
        out += _paragraph(paragraph)
        paragraph = []
        out += [made] if made else []
        place = max(after, place + 1)
    return "\n".join([*out, *_paragraph(paragraph)])


def _special(lines: list[str], place: int, depth: int, *, in_paragraph: bool) -> tuple[str | None, int]:
    """Return the block that is no paragraph and begins at `place`, and the place after it; else None."""
    line = lines[place]
    if fence := _FENCE.match(line):
        return _fenced(lines, place, fence[1])
    if heading := _HEADING.match(line):
        level = 3 if len(heading[1]) < 3 else 4  # noqa: PLR2004 - items have two levels
        return f"<h{level}>{_line(heading[2])}</h{level}>", place + 1
    item = _ITEM.match(line)
    # "3. October" at the end of a paragraph is no list; one that begins with 1 is.
    if item and depth < _DEEPEST and (not in_paragraph or item[2] or item[3] == "1"):
        return _list(lines, place, depth)
    if _QUOTE.match(line) and depth < _DEEPEST:
        end = place
        while end < len(lines) and _QUOTE.match(lines[end]):
            end += 1
        inner = [_QUOTE.sub(r"\1", one) for one in lines[place:end]]
        return f"<blockquote>{_blocks(inner, depth + 1)}</blockquote>", end
    return None, place


def _fenced(lines: list[str], place: int, fence: str) -> tuple[str, int]:
    end = place + 1
    while end < len(lines) and not lines[end].lstrip().startswith(fence):
        end += 1
    code = "\n".join(lines[place + 1 : end])
    return f"<pre><code>{_escaped(code)}</code></pre>", end + 1


def _list(lines: list[str], place: int, depth: int) -> tuple[str, int]:
    first = _ITEM.match(lines[place])
    indent = len(first[1]) if first else 0
    ordered = bool(first and first[3])
    items: list[list[str]] = []
    while place < len(lines):
        found = _ITEM.match(lines[place])
        if found and len(found[1]) < indent + _INDENT and bool(found[3]) == ordered:
            items.append([found[4]])
        elif lines[place].strip() and items and lines[place].startswith(" " * (indent + _INDENT)):
            items[-1].append(lines[place].removeprefix(" " * (indent + _INDENT)))
        else:
            break
        place += 1
    tag = "ol" if ordered else "ul"
    inner = "".join(f"<li>{_item(one, depth)}</li>" for one in items)
    return f"<{tag}>{inner}</{tag}>", place


def _item(lines: list[str], depth: int) -> str:
    rest = next((place for place, line in enumerate(lines) if place and _ITEM.match(line)), len(lines))
    return _line("\n".join(lines[:rest])) + (_blocks(lines[rest:], depth + 1) if rest < len(lines) else "")


def _paragraph(lines: list[str]) -> list[str]:
    return [f"<p>{_line(chr(10).join(lines))}</p>"] if lines else []


def _line(text: str) -> str:
    kept: list[str] = []

    def keep(html: str) -> str:
        if len(kept) >= _MOST_KEPT:
            return html
        kept.append(html)
        return chr(_FIRST_KEPT + len(kept) - 1)

    text = _KEPT.sub("", text)
    text = _CODE.sub(lambda found: keep(f"<code>{_escaped(found[2].strip())}</code>"), text)
    text = _ESCAPED.sub(lambda found: keep(_escaped(found[1])), text)
    text = _IMAGE.sub(lambda found: keep(f'<img src="{_attribute(found[2])}" alt="{_attribute(found[1])}">'), text)
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"<strong>\2</strong>", text)
    text = _EMPHASIS.sub(r"<em>\2</em>", text)
    text = re.sub(r"(?<! ) {2,}\n", "<br>", text)
    # What is kept may hold what was kept before it: a code in the words of a picture.
    for _ in range(3):
        text = _KEPT.sub(lambda found: kept[ord(found[0]) - _FIRST_KEPT], text)
    return text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _escaped(text).replace('"', "&quot;")
