"""A file of content areas, JSON or CSV, told apart by its content."""

from itembank.formats.areas import parse_areas_csv, read_areas
from itembank.formats.json_bank import read_json
from itembank.formats.parsed import Findings, Parsed


def parse_areas(payload: bytes) -> Parsed:
    """Return the areas of a file (`items` stays empty) and what is wrong with it."""
    findings = Findings()
    head = payload[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith((b"[", b"{")):
        areas, problems = parse_areas_csv(payload)
        return Parsed(areas=areas, problems=problems)
    document = read_json(payload, findings)
    if findings.problems:
        return findings.parsed()
    listed = document.get("areas") if isinstance(document, dict) else document
    return findings.parsed(areas=read_areas(listed, findings))
