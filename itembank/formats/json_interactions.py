"""Items of the JSON format that bring any of QTI's interactions: `interactions` in the spelling of stored documents.

{"id", "area", "body": "… <div data-interaction=R></div>", "interactions": [{"kind": "order", "response": "R",
"choices": [{"identifier": "A", "content": "…"}]}], "key": {"R": ["A", "B"]}}. A picture is {"file", "alt"}, sound and
film `file` beside `kind` "media"; its size and digest are read from the file. Instead of `key` an item may have
`program` (QTI 3 XML of declarations and response processing, with `max_score`) or `scored_by` "human".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final

from itembank.core import interactions as qti
from itembank.core.content import Notation, block, inline, plain_title
from itembank.core.declared import declaration_of
from itembank.core.documents import ITEM_FORMAT, NotAnItemDocument, content_from
from itembank.core.items import AssetRef, ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchText, QtiProgram, ResponseKey, check_key
from itembank.core.markup import places
from itembank.core.qti.scoring import ScoredBy
from itembank.formats.figures import Figures
from itembank.formats.images import PictureRefused, look_at
from itembank.formats.parsed import Asset, Findings, ParsedItem
from itembank.formats.picture_size import measure
from itembank.formats.qti.item import parse_scoring
from itembank.formats.sounds import MediaRefused, look_into

ITEM_FIELDS: Final = frozenset(
    {"id", "area", "title", "language", "body", "interactions", "key", "program", "max_score", "scored_by"}
    | {"difficulty", "explanation", "refs", "stimulus"}
)
_HTML: Final = frozenset({"prompt", "content"})
_PICTURES: Final = frozenset({"picture", "stage"})
_NO_SOURCE: Final = '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="human"/>'


def build_interaction_item(
    written: Mapping[str, Any], where: str, figures: Figures, findings: Findings
) -> ParsedItem | None:
    """Return the item, or None when something is wrong with it; that is noted."""
    for name in written.keys() - ITEM_FIELDS:
        findings.warn(f"{where}, field {name[:40]!r}", "unknown-field", "this field is not read")
    before = len(findings.problems)
    building = _Building(where=where, figures=figures, findings=findings)
    try:
        content = building.content(written)
        key = building.key(written)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, NotAnItemDocument) as error:
        findings.refuse(where, "bad-interaction", str(error)[:200])
        return None
    if sorted(places(content.body)) != sorted(one.response for one in content.interactions):
        findings.refuse(where, "places-differ", "every interaction has exactly one place in the body")
    findings.problems += check_key(content, key, where)
    if len(findings.problems) > before:
        return None
    difficulty = written.get("difficulty")
    return ParsedItem(
        where=where,
        code=str(written["id"]),
        area_code=str(written.get("area", "")),
        content=content,
        key=key,
        difficulty_logit=None if difficulty is None else float(difficulty),
        assets=tuple(building.used.values()),
    )


@dataclass(slots=True)
class _Building:
    where: str
    figures: Figures
    findings: Findings
    used: dict[str, Asset] = field(default_factory=dict)

    def content(self, written: Mapping[str, Any]) -> ItemContent:
        body = self._html(written["body"], block)
        stimulus = written.get("stimulus")
        document = {
            "format": ITEM_FORMAT,
            "title": written.get("title") or plain_title(body) or written["id"],
            "language": written.get("language", "ko"),
            "body": body,
            "declarations": [],
            "interactions": [self._value(one) for one in written["interactions"]],
        }
        if stimulus is not None:
            document["stimulus"] = {**stimulus, "body": self._html(stimulus["body"], block)}
        bare = content_from(document)
        declared = [_declaration(one) for one in bare.interactions]
        assets = [
            {"sha256": one.ref.sha256, "media_type": one.ref.media_type, "name": one.ref.name}
            for one in self.used.values()
        ]
        return content_from({**document, "declarations": declared, "assets": assets})

    def key(self, written: Mapping[str, Any]) -> ItemKey:
        explanation = self._html(written["explanation"], block) if written.get("explanation") else ""
        references = tuple(map(str, written.get("refs", ())))
        if "program" in written or "scored_by" in written:
            program = self._program(written)
            return ItemKey(program=program, explanation=explanation, references=references)
        rules = tuple(ResponseKey(identifier=name, rule=_rule(one)) for name, one in written["key"].items())
        return ItemKey(responses=rules, explanation=explanation, references=references)

    def _program(self, written: Mapping[str, Any]) -> QtiProgram:
        scored_by = ScoredBy(written.get("scored_by", ScoredBy.RULES))
        source = str(written.get("program", _NO_SOURCE))
        if scored_by is ScoredBy.RULES:
            self.findings.problems += parse_scoring(source.encode()).problems
        most = Fraction(written.get("max_score", 1))
        if most <= 0:
            raise ValueError("max_score is a number above 0")
        return QtiProgram(source=source, max_score=most, scored_by=scored_by)

    def _value(self, value: Any, name: str = "") -> Any:
        """Return a part of an interaction as its stored document has it."""
        match value:
            case Decimal():
                return int(value) if value == value.to_integral_value() else str(value)
            case str() if name in _HTML:
                return self._html(value, inline)
            case list():
                return [self._value(one) for one in value]
            case Mapping() if name in _PICTURES:
                return self._picture(value)
            case Mapping():
                kept = {key: self._value(one, key) for key, one in value.items() if key != "file"}
                return kept if "file" not in value else kept | self._media(str(value["file"]))
            case _:
                return value

    def _html(self, text: str, make: Callable[..., Any]) -> str:
        written = make(text, self.where, notation=Notation.HTML, pictures=self._address)
        self.findings.problems += written.problems
        self.findings.warnings += written.warnings
        return str(written.html)

    def _address(self, name: str) -> str | None:
        payload = self.figures.find(name)
        if payload is None:
            return None
        return f"asset:{self._keep(name, payload, look_at(payload).media_type)}"

    def _picture(self, written: Mapping[str, Any]) -> dict[str, Any]:
        name = str(written["file"])
        payload = self._payload(name)
        try:
            media_type = look_at(payload).media_type
            size = measure(payload, media_type)
        except PictureRefused as refusal:
            raise ValueError(f"{name[:80]}: {refusal}") from refusal
        digest = self._keep(name, payload, media_type)
        return {"sha256": digest, "width": size.width, "height": size.height, "alt": str(written.get("alt", ""))}

    def _media(self, name: str) -> dict[str, str]:
        payload = self._payload(name)
        try:
            media_type = look_into(payload).media_type
        except MediaRefused as refusal:
            raise ValueError(f"{name[:80]}: {refusal}") from refusal
        return {"sha256": self._keep(name, payload, media_type), "media_type": media_type}

    def _payload(self, name: str) -> bytes:
        payload = self.figures.find(name)
        if payload is None:
            raise ValueError(f"there is no file {name[:80]}")
        return payload

    def _keep(self, name: str, payload: bytes, media_type: str) -> str:
        digest = sha256(payload).hexdigest()
        ref = AssetRef(sha256=digest, media_type=media_type, name=name[:200])
        self.used.setdefault(digest, Asset(ref=ref, payload=payload))
        return digest


def _rule(written: Any) -> MatchCorrect | MatchText:
    if isinstance(written, Mapping):
        return MatchText(accepted=tuple(map(str, written["accepted"])))
    return MatchCorrect(correct=tuple(map(str, written)))


def _declaration(interaction: qti.Interaction) -> dict[str, str]:
    declared = declaration_of(interaction)
    return {
        "identifier": declared.identifier,
        "cardinality": str(declared.cardinality),
        "base_type": str(declared.base_type),
    }
