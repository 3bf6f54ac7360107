"""Small Moodle XML files for tests."""

import base64
import struct
import zlib
from html import escape


def quiz(*questions):
    """Return a Moodle XML file."""
    inner = "\n".join(questions)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{inner}\n</quiz>\n'.encode()


def text(name, words, *, notation="html", more=""):
    """Return a field with notation."""
    return f'<{name} format="{notation}"><text>{escape(words)}</text>{more}</{name}>'


def question(kind, *fields, name="Q", words="<p>What?</p>", more=""):
    """Return one question."""
    named = f"<name><text>{escape(name)}</text></name>"
    inner = "".join(fields)
    return f'<question type="{kind}">{named}{text("questiontext", words, more=more)}{inner}</question>'


def answer(words, fraction=0, *, feedback="", more="", notation="html"):
    """Return one answer of a question."""
    said = text("feedback", feedback) if feedback else ""
    return f'<answer fraction="{fraction}" format="{notation}"><text>{escape(words)}</text>{said}{more}</answer>'


def category(path, code=""):
    """Return the change to a category."""
    number = f"<idnumber>{code}</idnumber>" if code else ""
    return f'<question type="category"><category><text>{path}</text></category>{number}</question>'


def file(name, payload, path="/"):
    """Return a file beside a text."""
    inner = base64.b64encode(payload).decode()
    return f'<file name="{name}" path="{path}" encoding="base64">{inner}</file>'


def png(width=4, height=3):
    """Return a small picture."""
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
