"""The file around a page: ReportLab's document with our dates, our fonts and nothing that is not used.

`Canvas` is left out on purpose: it lists Helvetica in every file and stamps the time of day. The same input gives the
same bytes: the instant in the file is the one that is passed in.
"""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import (
    BasicFonts,
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFInfo,
    PDFName,
    PDFObjectReference,
    PDFPage,
    PDFStream,
    PDFString,
    PDFZCompress,
    xObjectName,
)

from cbt.kernel.pdf.faces import Face
from cbt.kernel.pdf.guilloche import Form
from cbt.kernel.pdf.operators import number

POINTS_PER_MM: Final = 72 / 25.4
_LANGUAGE: Final = "ko-KR"
_PDF_VERSION: Final = (1, 4)
# A TTFont reads its file through one shared position, so only one document may cut subsets at a time.
_SUBSETTING: Final = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the file says about itself; no personal data belongs here."""

    title: str
    author: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A rectangle in millimetres from the bottom left that opens an address."""

    left: float
    bottom: float
    right: float
    top: float
    url: str


class Document:
    """One file with one page under construction; pages that are done lie before it."""

    def __init__(self, about: About) -> None:
        self._pdf = PDFDocument(compression=1, invariant=1, pdfVersion=_PDF_VERSION, lang=_LANGUAGE)
        # The file's identifier comes from what is in it, not from the clock or SOURCE_DATE_EPOCH.
        self._pdf.signature = hashlib.md5(usedforsecurity=False)  # type: ignore[attr-defined]
        self._pdf.info = _Info(about)
        self._forms: dict[str, Any] = {}
        self._links: list[Any] = []
        self._content = hashlib.sha256()

    def codes(self, face: Face, text: str) -> list[tuple[str, bytes]]:
        """Return `text` as (name of the subset's font resource, character codes) and note the glyphs for embedding."""
        font, pdf = face.font, self._pdf
        return [(font.getSubsetInternalName(subset, pdf), codes) for subset, codes in font.splitString(text, pdf)]

    def form(self, form: Form) -> str:
        """Return the name of the resource that draws `form`, adding it to the file once."""
        if form.name not in self._forms:
            box = [0, 0, number(form.width_mm), number(form.height_mm)]
            dictionary = PDFDictionary(
                {
                    "Type": PDFName("XObject"),
                    "Subtype": PDFName("Form"),
                    "BBox": PDFArray(box),
                    "Resources": PDFDictionary({}),
                    "Filter": PDFName("FlateDecode"),
                }
            )
            self._pdf.addForm(form.name, PDFStream(dictionary, form.deflated))
            self._forms[form.name] = PDFObjectReference(xObjectName(form.name))
        return form.name

    def link(self, link: Link) -> None:
        """Make a rectangle open an address."""
        rectangle = [number(edge * POINTS_PER_MM) for edge in (link.left, link.bottom, link.right, link.top)]
        action = PDFDictionary({"S": PDFName("URI"), "URI": PDFString(link.url)})
        entries: Mapping[str, Any] = {
            "Type": PDFName("Annot"),
            "Subtype": PDFName("Link"),
            "Rect": PDFArray(rectangle),
            "Border": PDFArray([0, 0, 0]),
            "A": action,
        }
        self._links.append(PDFDictionary(dict(entries)))

    def turn(self, content: str, width_mm: float, height_mm: float) -> None:
        """Add the page with `content` (operators in points) and begin the next one."""
        page = PDFPage()
        page.MediaBox = PDFArray([0, 0, number(width_mm * POINTS_PER_MM), number(height_mm * POINTS_PER_MM)])
        page.Contents = PDFStream(content=content.encode("ascii"), filters=[PDFZCompress])
        page.Resources = PDFDictionary(
            {"Font": PDFObjectReference(BasicFonts), "XObject": PDFDictionary(dict(self._forms))}
        )
        page.Annots = PDFArray(self._links) if self._links else None
        self._pdf.addPage(page)
        self._links = []
        self._content.update(content.encode("ascii"))

    def close(self) -> bytes:
        """Return the finished file."""
        self._pdf.updateSignature(self._content.hexdigest())
        with _SUBSETTING:
            return self._pdf.GetPDFData(None)


class _Info(PDFInfo):
    """The information dictionary with the instant that was passed in."""

    def __init__(self, about: About) -> None:
        super().__init__()
        self.title, self.author, self.subject = about.title, about.author, about.subject
        self._at = about.at.astimezone(UTC)

    def format(self, document: PDFDocument) -> bytes:
        at = PDFString(self._at.strftime("D:%Y%m%d%H%M%SZ"))
        entries = {
            "Title": PDFString(self.title),
            "Author": PDFString(self.author),
            "Subject": PDFString(self.subject),
            "Producer": PDFString(self.producer),
            "Creator": PDFString("cbt"),
            "CreationDate": at,
            "ModDate": at,
        }
        return PDFDictionary(entries).format(document)
