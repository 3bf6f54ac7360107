"""The canonical record of one issued result sheet: everything that the paper says, and what it was made from.

The record is the document; the PDF, the public check and later the badge are derived from it. A reissue is a new
record with its own issue number and verify code under the same document number. Nothing in here is computed again:
scores and decisions are those that grading made, and stand as exact fractions.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from cbt.kernel.canonical import NotCanonical, digest, encode, instant
from cbt.kernel.titles import Title
from reports.core.outcome import Decision, Overall, SubjectLine
from reports.core.verify_code import VerifyCode

SCHEMA: Final = "cbt/result-sheet/1"


class SheetKind(StrEnum):
    """What kind of document a record is."""

    RESULT_SHEET = "result-sheet"


class SheetStatus(StrEnum):
    """Whether the result may still change."""

    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The person whom the sheet is about."""

    name: str
    name_latin: str = ""
    candidate_number: str
    birth_on: date

    def to_document(self) -> dict[str, Any]:
        """Return the mapping that is stored."""
        return {
            "birth_on": self.birth_on,
            "candidate_number": self.candidate_number,
            "name": self.name,
            "name_latin": self.name_latin,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the holder that `to_document` wrote."""
        return cls(
            name=document["name"],
            name_latin=document["name_latin"],
            candidate_number=document["candidate_number"],
            birth_on=date.fromisoformat(document["birth_on"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the sheet was made from: the result, the form and the attempt's journal (digests are SHA-256, 32 bytes)."""

    result_id: UUID
    form_digest: bytes
    journal_head: bytes

    def to_document(self) -> dict[str, Any]:
        """Return the mapping that is stored."""
        return {
            "form_digest": self.form_digest.hex(),
            "journal_head": self.journal_head.hex(),
            "result_id": self.result_id,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the origin that `to_document` wrote."""
        return cls(
            result_id=UUID(document["result_id"]),
            form_digest=bytes.fromhex(document["form_digest"]),
            journal_head=bytes.fromhex(document["journal_head"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRecord:
    """One issued sheet; `verify_url` is the address of the public check without the code.

    `issued_on` is the date of `issued_at` where the issuing body is, as printed.
    """

    kind: SheetKind = SheetKind.RESULT_SHEET
    number: str
    issue_number: str
    verify_code: VerifyCode
    status: SheetStatus
    holder: Holder
    exam_code: str
    exam: Title
    sitting: Title
    sat_on: date
    subjects: tuple[SubjectLine, ...]
    overall: Overall
    rule: Title
    sentence: Title
    issuer: Title
    signatory: Title
    issued_at: datetime
    issued_on: date
    verify_url: str
    template_version: int
    origin: Origin

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the record's canonical bytes (32 bytes)."""
        return digest(encode(self.to_document()))

    @property
    def check_url(self) -> str:
        """The address that the QR code holds: the public check of this very sheet."""
        return f"{self.verify_url}/{self.verify_code}"

    @property
    def certifies_pass(self) -> bool:
        """Whether the paper is a certificate of passing: passed, and nothing can change that any more."""
        return self.status is SheetStatus.FINAL and self.overall.decision is Decision.PASSED

    def to_document(self) -> dict[str, Any]:
        """Return the mapping that is stored and digested; all text in NFC."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "exam": self.exam.to_document(),
            "exam_code": self.exam_code,
            "holder": self.holder.to_document(),
            "issue_number": self.issue_number,
            "issued_at": self.issued_at,
            "issued_on": self.issued_on,
            "issuer": self.issuer.to_document(),
            "kind": self.kind,
            "number": self.number,
            "origin": self.origin.to_document(),
            "overall": self.overall.to_document(),
            "rule": self.rule.to_document(),
            "sat_on": self.sat_on,
            "sentence": self.sentence.to_document(),
            "signatory": self.signatory.to_document(),
            "sitting": self.sitting.to_document(),
            "status": self.status,
            "subjects": [line.to_document() for line in self.subjects],
            "template_version": self.template_version,
            "verify_code": self.verify_code,
            "verify_url": self.verify_url,
        }
        normal: dict[str, Any] = _normal(document)
        return normal

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the record that `to_document` wrote, also after canonical encoding and decoding.

        Raises NotCanonical for another schema.
        """
        if document.get("schema") != SCHEMA:
            raise NotCanonical(f"not a result sheet: {document.get('schema')!r}")
        return cls(
            kind=SheetKind(document["kind"]),
            status=SheetStatus(document["status"]),
            holder=Holder.from_document(document["holder"]),
            sat_on=date.fromisoformat(document["sat_on"]),
            subjects=tuple(SubjectLine.from_document(line) for line in document["subjects"]),
            overall=Overall.from_document(document["overall"]),
            issued_at=instant(document["issued_at"]),
            issued_on=date.fromisoformat(document["issued_on"]),
            template_version=document["template_version"],
            origin=Origin.from_document(document["origin"]),
            number=document["number"],
            issue_number=document["issue_number"],
            verify_code=VerifyCode(document["verify_code"]),
            verify_url=document["verify_url"],
            exam_code=document["exam_code"],
            exam=Title.from_document(document["exam"]),
            sitting=Title.from_document(document["sitting"]),
            rule=Title.from_document(document["rule"]),
            sentence=Title.from_document(document["sentence"]),
            issuer=Title.from_document(document["issuer"]),
            signatory=Title.from_document(document["signatory"]),
        )


def _normal(value: Any) -> Any:
    """Return `value` as plain JSON values with all text in NFC, dates and numbers as canonical text."""
    match value:
        case StrEnum():
            return value.value
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {key: _normal(inner) for key, inner in value.items()}
        case list():
            return [_normal(inner) for inner in value]
        case _:
            return value
