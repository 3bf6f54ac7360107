"""Items as Moodle XML: each by the type of question that says the same; all other items are left out by name."""

from collections.abc import Iterable
from html import escape
from typing import Final

from itembank.formats.exported import Exported, ExportItem
from itembank.formats.moodle.elements import Writer, category
from itembank.formats.moodle.parsing import parse_moodle
from itembank.formats.moodle.types import question_of
from itembank.formats.questions.carried import write_questions

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
_TAIL: Final = "</quiz>\n"


def write_moodle(items: Iterable[ExportItem]) -> Exported:
    """Return the items as one Moodle XML file, and of each what the file does not carry."""
    pieces, reports = write_questions(
        items,
        place=lambda item: category(item.areas),
        question=_question,
        read=lambda text: parse_moodle(f"{_HEAD}{text}{_TAIL}".encode()),
    )
    return Exported(payload=f"{_HEAD}{''.join(pieces)}{_TAIL}".encode(), items=reports)


def _question(item: ExportItem) -> str:
    writer = Writer(item)
    made = question_of(item, writer)
    fields = item.metadata.fields
    tags = "".join(f"<tag><text>{escape(one)}</text></tag>" for one in fields.get("tags", "").split(", ") if one)
    lines = [
        f'<question type="{made.kind}">',
        f"<name><text>{escape(item.content.title)}</text></name>",
        writer.html("questiontext", made.body),
        writer.html("generalfeedback", item.key.explanation),
        f"<defaultgrade>{escape(fields.get('default_grade', '1'))}</defaultgrade>",
        "<penalty>0</penalty>\n<hidden>0</hidden>",
        f"<idnumber>{escape(item.code)}</idnumber>",
        *made.fields,
        f'<graderinfo format="html"><text>{escape(fields["grader_info"])}</text></graderinfo>'
        if "grader_info" in fields
        else "",
        f"<tags>{tags}</tags>" if tags else "",
        "</question>\n",
    ]
    return "\n".join(line for line in lines if line)
