"""Every word on the screen has its Korean."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from cbt.cli.duties import DUTIES
from tests.architecture.tree import ROOT, files

CATALOGUES = sorted(
    path
    for folder in ("cbt", "itembank", "proctor", "reports")
    for path in (ROOT / folder).rglob("translations/ko/LC_MESSAGES/messages.po")
)
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2), "gettext_lazy": None}
AUDITED = re.compile(r"\bact=\"([a-z]+\.[a-z-]+)\"")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")


def _messages() -> Iterator[tuple[str, str]]:
    for path in files(".py", ".html"):
        method = "jinja2" if path.suffix == ".html" else "python"
        options = {"silent": "false", "trimmed": "true"} if method == "jinja2" else None
        for _line, message, _comments, _context in extract_from_file(method, path, KEYWORDS, options=options):
            yield str(path.relative_to(ROOT)), message if isinstance(message, str) else message[0]


def _korean() -> dict[str, str]:
    words: dict[str, str] = {}
    for path in CATALOGUES:
        with path.open("rb") as stream:
            for message in read_po(stream, locale="ko"):
                if message.id and message.string and not message.fuzzy:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    words[key] = message.string if isinstance(message.string, str) else message.string[0]
    return words


def test_every_message_has_its_korean():
    korean = _korean()
    missing = sorted({f"{path}: {message}" for path, message in _messages() if message not in korean})
    assert missing == []


def test_translations_keep_the_placeholders():
    broken = {
        english: korean
        for english, korean in _korean().items()
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(korean))
    }
    assert broken == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_catalogues_hold_no_unfinished_message(path):
    with path.open("rb") as stream:
        unfinished = [str(message.id) for message in read_po(stream, locale="ko") if message.id and not message.string]
    assert unfinished == []


def test_no_two_catalogues_say_one_message_differently():
    """All catalogues are merged into one, so a second meaning would show up on the first one's pages."""
    said: dict[str, dict[str, str]] = {}
    for path in CATALOGUES:
        with path.open("rb") as stream:
            for message in read_po(stream, locale="ko"):
                if message.id:
                    said.setdefault(str(message.id), {})[str(path.relative_to(ROOT))] = str(message.string)
    differing = {english: words for english, words in said.items() if len(set(words.values())) > 1}
    assert differing == {}


def test_every_audited_act_has_its_korean():
    acts = {act for path in files(".py") for act in AUDITED.findall(path.read_text())}
    assert len(acts) > 20
    assert sorted(acts - _korean().keys()) == []


def test_every_kind_of_long_work_and_each_of_its_phases_has_its_korean():
    said = {words for duty in DUTIES for words in (duty.kind, *duty.phases)}
    assert sorted(said - _korean().keys()) == []
