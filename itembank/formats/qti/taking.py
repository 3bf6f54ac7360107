"""One assessment item to one item of a bank: content, key, files, metadata, and the account of what was understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from cbt.kernel.errors import Problem
from cbt.kernel.personal import find_resident_number
from itembank.core.items import ItemContent, Stimulus
from itembank.core.keys import ItemKey
from itembank.core.markup import places
from itembank.core.metadata import ItemMetadata
from itembank.core.qti.declarations import VariableKind
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.parsed import Asset, Original, ParsedItem, RefusedItem, Understood
from itembank.formats.qti.account import account_for
from itembank.formats.qti.body import VENDOR, BodyReader
from itembank.formats.qti.elements import attribute, children, name_of, named
from itembank.formats.qti.item import ParsedScoring, read_scoring
from itembank.formats.qti.keying import KeyReader
from itembank.formats.qti.notes import Notes
from itembank.formats.qti.own import Own
from itembank.formats.qti.reading import Reading
from itembank.formats.qti.rule_files import bring_rules
from itembank.formats.qti.shelf import Shelf
from itembank.formats.qti.stimuli import read_stimulus

DEFAULT_AREA: Final = "general"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_HANGUL: Final = re.compile(r"[가-힣]")
_CODE: Final = re.compile(r"[^\W_][\w.:-]{0,63}")
_NOT_CODE: Final = re.compile(r"[^\w.:-]+")
_TRUE: Final = frozenset({"true", "1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an item comes from and what is known of it beside its own document; `where` is its path.

    `code` is what the item is called when another one has taken its identifier already.
    """

    where: str
    payload: bytes
    shelf: Shelf
    code: str = ""
    area_code: str = DEFAULT_AREA
    language: str = ""
    metadata: ItemMetadata = field(default_factory=ItemMetadata)
    own: Own | None = None
    notes: tuple[Problem, ...] = ()


def take_item(root: etree._Element, placed: Placed) -> ParsedItem | RefusedItem:
    """Return the item that `root` holds, or why it cannot be taken over."""
    return _Taking(root, placed).item()


class _Taking:
    def __init__(self, root: etree._Element, placed: Placed) -> None:
        self._root = root
        self._placed = placed
        self._notes = Notes()
        bring_rules(root, placed.shelf)
        self._scoring = read_scoring(root)
        self._reading = _reading(self._scoring, self._notes, placed.shelf, root)
        self._body = BodyReader(self._reading)

    def item(self) -> ParsedItem | RefusedItem:
        """Return the item or its refusal."""
        placed, notes = self._placed, self._notes
        for note in placed.notes:
            notes.add(note)
        account_for(self._root, notes)
        code = self._code()
        content = self._content(code)
        key = self._key(content)
        if notes.understood is Understood.REFUSED:
            return RefusedItem(where=placed.where, code=code, notes=notes.told())
        files = self._named(self._reading.shown | self._reading.kept)
        stimulus = "" if content.stimulus is None else content.stimulus.code
        return ParsedItem(
            where=placed.where,
            code=code,
            area_code=placed.area_code,
            content=content,
            key=key,
            difficulty_logit=None if placed.own is None else placed.own.difficulty_logit,
            assets=tuple(files),
            metadata=replace(placed.metadata, stimulus=stimulus or placed.metadata.stimulus),
            understood=notes.understood,
            notes=notes.told(),
            original=Original(name=placed.where, media_type="application/xml", payload=placed.payload),
        )

    def _code(self) -> str:
        identifier = self._placed.code or attribute(self._root, "identifier")
        if self._placed.code:
            hint = f"is called {identifier[:60]}, as in the manifest, because another item has its identifier"
            self._notes.remark(self._root, "id-changed", hint)
        if _CODE.fullmatch(identifier):
            return identifier
        plain = _NOT_CODE.sub("-", identifier).strip("-_.:")[:64]
        if not plain:
            self._notes.refuse(self._root, "id-missing", "has no identifier to call it by")
            return identifier[:64] or "?"
        self._notes.remark(self._root, "id-changed", f"is called {plain}, because {identifier[:60]!r} is no item id")
        return plain

    def _content(self, code: str) -> ItemContent:
        if attribute(self._root, "adaptive") in _TRUE:
            hint = "is adaptive; it is delivered and scored as a single attempt"
            self._notes.lack(self._root, "adaptive", hint)
        stimulus = self._stimulus()
        bodies = named(self._root, "item-body")
        if len(bodies) != 1:
            self._notes.refuse(self._root, "no-body", f"has {len(bodies)} bodies to show instead of one")
        body = self._body.body(bodies[0]) if bodies else ""
        for modal in named(self._root, "modal-feedback"):
            self._body.modal(modal)
        self._check_places(body)
        if find_resident_number(body):
            hint = "this looks like a resident registration number"
            self._notes.add(Problem(where="item", code="resident-number", hint=hint))
        return ItemContent(
            title=attribute(self._root, "title")[:200] or code,
            language=self._language(body),
            body=body,
            declarations=tuple(self._declared()),
            interactions=tuple(self._reading.interactions),
            assets=tuple(asset.ref for asset in self._named(self._reading.shown)),
            stimulus=stimulus,
        )

    def _stimulus(self) -> Stimulus | None:
        found = [read_stimulus(one, self._reading) for one in named(self._root, "assessment-stimulus-ref")]
        given = [one for one in found if one is not None]
        if not given:
            return None
        return replace(given[0], body="".join(one.body for one in given))

    def _check_places(self, body: str) -> None:
        marked, asked = sorted(places(body)), sorted(one.response for one in self._reading.interactions)
        if marked != asked:
            hint = "an interaction stands where none can be shown"
            self._notes.refusing(Problem(where="item", code="place-lost", hint=hint))

    def _declared(self) -> list[ResponseDeclaration]:
        vendor = self._vendor()
        return [
            # What a vendor's code would have given is text here.
            replace(one, cardinality=Cardinality.SINGLE, base_type=BaseType.STRING) if one.identifier in vendor else one
            for one in self._reading.declared.values()
        ]

    def _vendor(self) -> frozenset[str]:
        bodies = (one for one in children(self._root) if name_of(one) == "item-body")
        found = (one for body in bodies for one in body.iter(etree.Element) if name_of(one) in VENDOR)
        return frozenset(attribute(one, "response-identifier") for one in found)

    def _key(self, content: ItemContent) -> ItemKey:
        reader = KeyReader(root=self._root, scoring=self._scoring, notes=self._notes, vendor=bool(self._vendor()))
        key = reader.key(content)
        explanation = self._body.explanation + "".join(f"<div>{html}</div>" for html in self._body.for_scorers)
        return replace(
            self._as_exported(key),
            feedback=tuple(self._reading.feedback),
            explanation=explanation,
            references=self._body.references,
        )

    def _as_exported(self, key: ItemKey) -> ItemKey:
        """Return the key with what a file of ours says of it; that may call in a person, never send one away."""
        own = self._placed.own
        if own is None or key.program is None:
            return key
        by = ScoredBy.HUMAN if own.scored_by is ScoredBy.HUMAN else key.program.scored_by
        most = own.max_score or key.program.max_score
        return replace(key, program=replace(key.program, scored_by=by, max_score=most))

    def _named(self, files: Mapping[str, Asset]) -> list[Asset]:
        """Return the files under the names that their authors gave them, where a file of ours tells."""
        names = {} if self._placed.own is None else self._placed.own.names
        return [
            replace(one, ref=replace(one.ref, name=names.get(digest) or one.ref.name)) for digest, one in files.items()
        ]

    def _language(self, body: str) -> str:
        given = str(self._root.get(_LANG, "")).strip() or self._placed.language
        if _LANGUAGE.fullmatch(given):
            return given
        return "ko" if _HANGUL.search(body) else "en"


def _reading(scoring: ParsedScoring, notes: Notes, shelf: Shelf, root: etree._Element) -> Reading:
    declarations = () if scoring.item is None else scoring.item.declarations
    responses = {
        one.identifier: ResponseDeclaration(
            identifier=one.identifier,
            cardinality=one.cardinality,
            base_type=one.base_type or BaseType.STRING,
        )
        for one in declarations
        if one.kind is VariableKind.RESPONSE
    }
    in_math = {
        attribute(one, "identifier")
        for one in named(root, "template-declaration")
        if attribute(one, "math-variable") in _TRUE
    }
    variables = {one.identifier: one for one in declarations}
    drawn = frozenset(name for name, one in variables.items() if one.kind is VariableKind.TEMPLATE)
    return Reading(notes=notes, shelf=shelf, declared=responses, variables=variables, drawn_in_math=drawn & in_math)
