"""The sentences about what an export leaves out or changes, by the code of a note.

The first sentence of a code says what is wrong in general; those after it are known with their facts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


EXPORT_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "block-in-line": (_l("an interaction that is a block stands inside a line"),),
        "context-left-out": (_l("variables of the context are left out"),),
        "feedback-left-out": (
            _l("the feedback is left out"),
            _l("a row has no feedback"),
            _l("feedback on the answers of a calculated item is left out"),
        ),
        "hint-left-out": (_l("the hint in the field is left out"),),
        "least-left-out": (_l("how many must be chosen at least is left out"),),
        "left-out": (
            _l("the item cannot be written in this format and is left out"),
            _l("its scoring cannot be said in Moodle's types of questions"),
            _l("its scoring cannot be said in GIFT"),
            _l("Moodle has no question like %(kind)s with this scoring"),
            _l("Moodle has no %(kind)s inside a text"),
            _l("a text that asks nothing has no explanation in GIFT"),
            _l("it has more than one answer"),
            _l("%(kind)s cannot be said in GIFT"),
            _l("a range with one bound cannot be said in GIFT"),
            _l("a range with one bound cannot be said in Moodle's types of questions"),
            _l("one of its pictures is not in the bank"),
            _l("its fields have weights that Moodle does not have"),
            _l("Moodle has no pictures in lists inside a text"),
            _l("a range has more digits than can be halved"),
            _l("Moodle matches every option on the left with exactly one on the right"),
            _l("GIFT matches every option on the left with exactly one on the right"),
            _l("Moodle's matching has plain text on the right"),
            _l("Moodle orders all options, not some of them"),
            _l("gaps for pictures, or below another text, are not said in Moodle's types of questions"),
            _l("in Moodle every gap has exactly one right word"),
            _l("an option holds an arrow, which parts the pairs in GIFT"),
            _l("it does not read back"),
        ),
        "look-changed": (
            _l("an element became a plain one"),
            _l("QTI 2.2 has no %(name)s; it became a span"),
        ),
        "look-left-out": (_l("how the answer looks is left out"),),
        "metadata-left-out": (
            _l("metadata are left out"),
            _l("a row has no metadata but the difficulty"),
        ),
        "not-a-cell": (
            _l("a text cannot stand in a cell"),
            _l("a text has more than %(most)s characters, or one that no cell holds"),
        ),
        "not-a-row": (
            _l("the item cannot be a row of a table"),
            _l("a row holds one answer, scored by a simple rule"),
            _l("a row holds a choice, a text or a number"),
            _l("an accepted text holds the sign | or space at its ends"),
            _l("a row scores what is typed as text or number"),
        ),
        "not-carried": (
            _l("it is not carried over"),
            _l("the title"),
            _l("the language %(language)s"),
            _l("the text or picture that several items share"),
            _l("the text exactly as it is"),
            _l("the pictures"),
            _l("the names of the pictures"),
            _l("the kind of question"),
            _l("details of how it is answered (names or order of options, widths, labels)"),
            _l("the scoring"),
            _l("the explanation exactly as it is"),
            _l("feedback that depends on the response"),
            _l("the references"),
            _l("the difficulty"),
            _l("metadata (level, enemies, stimulus, time, statistics)"),
            _l("the fields %(names)s"),
        ),
        "options-renamed": (_l("the options are called A, B, C…"),),
        "picture-beside": (
            _l("the picture must lie beside the file"),
            _l("the picture %(name)s must lie beside the file"),
        ),
        "pinned-left-out": (
            _l("that an option keeps its place is left out"),
            _l("a text for gaps keeps no place in QTI"),
        ),
        "prompt-left-out": (
            _l("the prompt is left out"),
            _l("this kind of interaction has no prompt in QTI"),
        ),
        "prompt-moved": (_l("the prompt stands at the end of the question"),),
        "references-parted": (_l("a reference holds a sign that parts references"),),
        "response-renamed": (
            _l("the answer is called by another name"),
            _l("the response %(name)s is called %(other)s in a row"),
        ),
        "stimulus-moved": (_l("the stimulus stands before the question"),),
        "types-left-out": (
            _l("the kinds of files are left out"),
            _l("QTI 2.2 names one kind of file; any is allowed"),
        ),
        "width-changed": (
            _l("the width of the answer was changed"),
            _l("a line is at most %(most)s wide in a row"),
        ),
    }
)
