"""H5P packages to items: the question types that are made of text; all others are refused by their names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Final

from itembank.core.metadata import ItemMetadata
from itembank.formats.archive import ArchiveRefused, open_archive
from itembank.formats.h5p import kinds
from itembank.formats.h5p.content import Content, ContentFiles
from itembank.formats.json_bank import read_json
from itembank.formats.members import Members
from itembank.formats.parsed import Findings, Parsed
from itembank.formats.questions.account import Account
from itembank.formats.questions.building import Collection, Question
from itembank.formats.questions.names import is_code
from itembank.formats.questions.remarks import explanation_of
from itembank.formats.questions.words import TextFormat, Words

H5P: Final = "h5p"
_SET: Final = "H5P.QuestionSet"
_READERS: Final[Mapping[str, Callable[[Content, Words, Account], kinds.Made]]] = MappingProxyType(
    {
        "H5P.MultiChoice": kinds.multi_choice,
        "H5P.TrueFalse": kinds.true_false,
        "H5P.Blanks": kinds.blanks,
        "H5P.DragText": kinds.drag_text,
        "H5P.MarkTheWords": kinds.mark_words,
        "H5P.Essay": kinds.essay,
    }
)


def parse_h5p(package: bytes | Members) -> Parsed:
    """Return the items of an H5P package, given as its bytes or as its files."""
    collection = Collection(findings=Findings())
    try:
        members = open_archive(package) if isinstance(package, bytes) else package
        described, content = (
            _object(members, name, collection.findings) for name in ("h5p.json", "content/content.json")
        )
    except ArchiveRefused as refusal:
        collection.findings.refuse("file", "zip-refused", str(refusal))
        return collection.parsed(H5P)
    if described is not None and content is not None:
        _take(Content(described), Content(content), members, collection)
    return collection.parsed(H5P)


def _object(members: Members, name: str, findings: Findings) -> Mapping[str, Any] | None:
    payload = members.find(name)
    if payload is None:
        findings.refuse("file", "not-h5p", f"there is no {name} in it")
        return None
    value = read_json(payload, findings)
    if isinstance(value, Mapping):
        return value
    if not findings.problems:
        findings.refuse(name, "not-h5p", "it is not an object")
    return None


def _take(described: Content, content: Content, members: Members, collection: Collection) -> None:
    library, title = described.text("mainLibrary"), described.text("title")
    if library != _SET:
        reading = _Reading(library, content, members, title=title)
        collection.take("content.json", title, reading.question)
        return
    for number, one in enumerate(content.objects("questions"), start=1):
        name = one.inner("metadata").text("title")
        inner = _Reading(
            one.text("library").partition(" ")[0],
            one.inner("params"),
            members,
            title=name,
            code=one.text("subContentId"),
            language=described.text("language"),
        )
        collection.take(f"content.json, question {number}", name, inner.question)


@dataclass(frozen=True, slots=True)
class _Reading:
    library: str
    content: Content
    members: Members
    title: str
    code: str = ""
    language: str = ""

    def question(self, account: Account) -> Question:
        """Return the question; raises NotTakenOver."""
        reader = _READERS.get(self.library)
        if reader is None:
            raise account.refusal("question-type", f"content of the type {self.library[:60]!r} is left out")
        words = Words(account, ContentFiles(self.members))
        media = self._media(words)
        made = reader(self.content, words, account)
        return Question(
            name=self.title,
            code=self.code if is_code(self.code) else "",
            body=media + made.body,
            asked=made.asked,
            explanation=explanation_of(made.explanation, made.remarks),
            assets=tuple(words.used.values()),
            metadata=ItemMetadata(fields=MappingProxyType({"h5p": self.library})),
        )

    def _media(self, words: Words) -> str:
        """Return the picture that stands above the question; film and sound refuse it."""
        media = self.content.inner("media")
        kind = media.inner("type") if media.inner("type").fields else media
        library, params = kind.text("library"), kind.inner("params")
        empty = library.startswith("H5P.Image") and not params.inner("file").fields
        if not library or empty:
            return ""
        if not library.startswith("H5P.Image"):
            raise words.account.refusal("media", f"it shows {library[:60]!r}, which is not read")
        source, alt = params.inner("file").text("path"), params.text("alt")
        return words.block(f'<p><img src="{escape(source)}" alt="{escape(alt)}"></p>', TextFormat.HTML, "media")
