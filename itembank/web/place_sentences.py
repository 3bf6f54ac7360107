"""The sentences about places in files and about what makes a picture or document useless, as gettext knows them."""

from typing import Final


def _l(words: str) -> str:
    """Mark a sentence for translation."""
    return words


# Long places stand before short ones, which would take them for their own.
FILE_PLACES: Final = (
    _l("line %(number)s, %(element)s"),
    _l("manifest line %(number)s, resource %(code)s"),
    _l("%(file)s, item %(item)s, line %(number)s"),
    _l("item %(item)s, line %(number)s"),
    _l("%(file)s, line %(number)s, %(element)s"),
    _l("%(file)s, line %(number)s"),
    _l("%(file)s, item %(item)s"),
    _l("file %(number)s, %(place)s"),
    _l("package"),
    _l("document"),
    _l("manifest"),
    _l("item"),
    _l("response %(name)s"),
    _l("program"),
    _l("key"),
    _l("body"),
    _l("files"),
)
# Why something was refused: the last words of a hint.
REASONS: Final = (
    _l("an SVG of %(size)s bytes; %(most)s is the most"),
    _l("the SVG is not well-formed: %(reason)s"),
    _l("the SVG holds the instruction %(what)s"),
    _l("the SVG holds the attribute %(name)s"),
    _l("the SVG holds %(what)s"),
    _l("the SVG's attribute %(name)s loads or runs something"),
    _l("the SVG's style sheet loads or escapes something"),
    _l("the SVG declares an entity"),
    _l("the SVG is nested too deeply"),
    _l("the SVG refers to %(target)s; only parts of itself are allowed"),
    _l("the root is not an SVG element in its namespace"),
    _l("neither PNG, JPEG, GIF, WebP nor SVG by its content"),
    _l("neither MP3, MP4, Ogg, WAV nor WebM by its content"),
    _l("the picture holds markup"),
    _l("the picture is cut off"),
    _l("the picture is %(width)s x %(height)s pixels"),
    _l("the file goes on after its picture"),
    _l("the GIF holds what is no picture"),
    _l("the JPEG holds what is no picture"),
    _l("the JPEG does not end as one"),
    _l("The document is larger than %(most)s KiB"),
    _l("The XML is broken: %(error)s"),
    _l("The encoding %(name)s is not read; save the file as UTF-8"),
    _l("The document declares entities, which are never read"),
    _l("The document has too many elements or attributes, or nests them too deeply"),
    _l("it is too long"),
    _l("it is nested too deeply"),
    _l("it ends too early"),
    _l("a parenthesis is not closed"),
    _l("%(sign)s does not belong there"),
    _l("%(sign)s is no number"),
    _l("%(sign)s is not understood"),
    _l("the function %(name)s of %(count)s numbers is not known"),
    _l("it stands for questions that are drawn from a category; a blueprint draws them here"),
    _l("it is made anew of other questions each time"),
    _l("Moodle itself did not know its type when it was exported"),
    _l("it is computed by the plugin STACK"),
    _l("it comes from a plugin that is not known here"),
    _l("%(name)s cannot be unpacked: %(error)s"),
)
