"""Writing items on screen: what is typed is looked at, and saved as the draft of a new version in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from cbt.kernel.errors import Conflict, InvalidInput, Problem
from cbt.kernel.personal import find_resident_number
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from itembank.core.blueprint_input import CODE
from itembank.core.documents import content_document, key_document
from itembank.core.item_form import Draft, digests_in, read_draft, typed_item
from itembank.core.item_form_key import PROGRAM
from itembank.core.item_form_tree import Tree, grown, text_of
from itembank.core.items import AssetRef
from itembank.core.passages import all_words
from itembank.core.records import (
    Area,
    Bank,
    ChangeKind,
    ItemEntry,
    ItemStatus,
    KnownItem,
    StoredAsset,
    content_bytes,
    key_bytes,
)
from itembank.formats.images import PictureRefused, look_at
from itembank.formats.picture_size import measure
from itembank.formats.qti.item import parse_scoring
from itembank.formats.sounds import MediaRefused, look_into
from itembank.services.pages import ItemSheet, look_at_item
from itembank.store import assets as asset_store
from itembank.store import banks as bank_store
from itembank.store import loads as store
from itembank.store import reviews as review_store
from itembank.store.loads import Change

# The address of the editor for new items stands where an item's code stands.
_TAKEN_CODES: Final = frozenset({"new"})


class SavedMeanwhile(Conflict):
    """Somebody else has saved a newer version; open it and repeat the change."""

    code = "item-saved-meanwhile"


class FileRefused(InvalidInput):
    """The file is no picture, sound or film that an item may show."""

    code = "file-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An item as it is opened for editing; a new one has neither sheet nor version (`seen` is 0)."""

    bank: Bank
    areas: tuple[Area, ...]
    sheet: ItemSheet | None = None

    @property
    def seen(self) -> int:
        """The number of the newest version."""
        return 0 if self.sheet is None else self.sheet.versions[0].number

    def fields(self) -> Tree:
        """Return the fields of the version shown."""
        if self.sheet is None:
            return {}
        shown = self.sheet.shown
        fields = typed_item(shown.content, self.sheet.key, shown.difficulty_logit)
        return {**fields, "code": self.sheet.line.code, "area": shown.area_code}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What somebody wants to save: the fields, the item's code (empty: a new one), the newest version they knew."""

    bank_code: str
    item_code: str
    raw: Mapping[str, str]
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What saving did; with problems nothing, and nothing either when nothing differed (`fresh` is False)."""

    code: str = ""
    number: int = 0
    fresh: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that was uploaded; a sound or film has no size."""

    sha256: str
    media_type: str
    width: int = 0
    height: int = 0


def open_editor(rt: Runtime, bank_code: str, item_code: str = "") -> Opened:
    """Return what the editor of an item needs; raises NoSuchBank, NoSuchItem."""
    sheet = look_at_item(rt, bank_code, item_code) if item_code else None
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        return Opened(bank=bank, areas=bank_store.list_areas(tx, bank.id), sheet=sheet)


def examine(rt: Runtime, raw: Mapping[str, str], named: Iterable[AssetRef] = ()) -> Draft:
    """Return what is typed, with everything that keeps it from being saved; `named` files keep their names."""
    with rt.reading() as tx:
        return _examined(tx, raw, named)


def _examined(tx: Transaction, raw: Mapping[str, str], named: Iterable[AssetRef]) -> Draft:
    names = {one.sha256: one for one in named}
    found = asset_store.media_types(tx, digests_in(raw))
    files = {digest: names.get(digest, _named(digest, kind)) for digest, kind in found.items()}
    tree = grown(raw)
    draft = read_draft(tree, files)
    more = [*_program_problems(tree, draft), *_personal(raw)]
    there = {problem.where for problem in draft.problems}
    return replace(draft, problems=(*draft.problems, *(one for one in more if one.where not in there)))


def _named(digest: str, media_type: str) -> AssetRef:
    suffix = media_type.partition("/")[2].partition("+")[0]
    return AssetRef(sha256=digest, media_type=media_type, name=f"{digest[:8]}.{suffix}")


def _program_problems(tree: Tree, draft: Draft) -> list[Problem]:
    program = draft.key.program
    if program is None or text_of(tree, "scoring") != PROGRAM or not program.source:
        return []
    found = parse_scoring(program.source.encode()).problems[:3]
    words = "; ".join(f"{one.where}: {one.hint}" for one in found)
    return [Problem(where="program", code="bad-program", hint=words)] if found else []


def _personal(raw: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(where=name, code="resident-number", hint="")
        for name, value in raw.items()
        if not name.endswith("sha256") and find_resident_number(value) is not None
    ]


def save_item(rt: Runtime, wanted: Saving, *, by: Actor) -> Saved:
    """Save an item as the draft of a new version.

    Raises NoSuchBank, NoSuchItem, SavedMeanwhile when `seen` is no longer the newest version, LoadRunning.
    """
    opened = open_editor(rt, wanted.bank_code, wanted.item_code)
    sheet = opened.sheet
    draft = examine(rt, wanted.raw, () if sheet is None else sheet.shown.content.assets)
    code = wanted.item_code or wanted.raw.get("code", "").strip()
    problems = (*_place_problems(opened, wanted, code), *draft.problems)
    if problems:
        return Saved(problems=problems)
    if sheet is not None and opened.seen == wanted.seen and _same(sheet, draft, wanted.raw.get("area", "")):
        return Saved(code=code, number=opened.seen)
    return _write(rt, opened.bank, wanted, _entry(draft, code, wanted.raw["area"]), by)


def _place_problems(opened: Opened, wanted: Saving, code: str) -> list[Problem]:
    problems = []
    if not wanted.item_code and (not CODE.fullmatch(code) or code in _TAKEN_CODES):
        problems.append(Problem(where="code", code="bad-item-code", hint=""))
    if wanted.raw.get("area", "") not in {one.code for one in opened.areas}:
        problems.append(Problem(where="area", code="no-area", hint=""))
    return problems


def _same(sheet: ItemSheet, draft: Draft, area: str) -> bool:
    shown = sheet.shown
    beside = (shown.area_code, shown.difficulty_logit) == (area, draft.difficulty)
    contents = [content_document(replace(one, assets=())) for one in (shown.content, draft.content)]
    keys = [{} if one is None else key_document(one) for one in (sheet.key, draft.key)]
    return beside and contents[0] == contents[1] and keys[0] == keys[1]


def _entry(draft: Draft, code: str, area: str) -> ItemEntry:
    return ItemEntry(
        code=code,
        area_code=area,
        content=draft.content,
        content_bytes=content_bytes(draft.content),
        key_bytes=key_bytes(draft.key),
        difficulty=draft.difficulty,
        words=f"{code} {all_words(draft.content)}".lower(),
        assets={one.sha256: one.name for one in draft.files},
    )


def _write(rt: Runtime, bank: Bank, wanted: Saving, entry: ItemEntry, by: Actor) -> Saved:
    now = rt.clock.now()
    with rt.transaction() as tx:
        load_id = store.begin(tx, now, bank.id, by)
        known = _known(tx, bank, wanted, entry.code)
        if known is None and store.known_items(tx, bank.id, [entry.code]):
            store.sweep(tx, load_id)
            return Saved(problems=(Problem(where="code", code="item-code-taken", hint=""),))
        kind = ChangeKind.NEW if known is None else ChangeKind.CHANGED
        change = Change(kind=kind, entry=entry, known=known)
        store.write_chunk(tx, now, load_id, bank.id, ItemStatus.DRAFT, (change,))
        store.publish(tx, load_id, now)
        number = 1 if known is None else known.highest + 1
        details = {"bank": bank.code, "version": number, "content": entry.content_digest, "key": entry.key_digest}
        audit_in(tx, now, by=by, act="itembank.item-saved", subject=entry.code, details=details)
    return Saved(code=entry.code, number=number, fresh=True)


def _known(tx: Transaction, bank: Bank, wanted: Saving, code: str) -> KnownItem | None:
    if not wanted.item_code:
        return None
    item_id = review_store.lock_item(tx, bank.id, code)
    if max(review_store.facts(tx, item_id), default=0) != wanted.seen:
        raise SavedMeanwhile(bank=bank.code, item=code)
    return store.known_items(tx, bank.id, [code])[code]


def keep_file(rt: Runtime, payload: bytes, *, by: Actor) -> KeptFile:
    """Keep an uploaded picture, sound or film, whose kind is told by its content; raises FileRefused."""
    kept = _look(payload)
    now = rt.clock.now()
    with rt.transaction() as tx:
        if kept.sha256 not in asset_store.media_types(tx, [kept.sha256]):
            asset_store.add(tx, now, [StoredAsset(sha256=kept.sha256, media_type=kept.media_type, payload=payload)])
            details = {"media_type": kept.media_type, "bytes": len(payload)}
            audit_in(tx, now, by=by, act="itembank.file-uploaded", subject=kept.sha256, details=details)
    return kept


def _look(payload: bytes) -> KeptFile:
    digest = sha256(payload).hexdigest()
    try:
        media_type = look_at(payload).media_type
        size = measure(payload, media_type)
    except PictureRefused as refusal:
        try:
            return KeptFile(sha256=digest, media_type=look_into(payload).media_type)
        except MediaRefused:
            raise FileRefused(str(refusal)) from refusal
    return KeptFile(sha256=digest, media_type=media_type, width=size.width, height=size.height)
