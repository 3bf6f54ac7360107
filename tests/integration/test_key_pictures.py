"""A picture that only a key shows is no candidate's, whichever format brought it."""

from hashlib import sha256

from itembank.formats.bank_file import parse_bank
from itembank.services.forms import assets_shown_in
from itembank.services.importing import ImportRequest, import_bank
from itembank.services.pages import look_at_item
from tests.factories_jobs import SYSTEM
from tests.factories_moodle import answer, file, png, question, quiz, text

ASKED, TOLD = png(4, 3), png(5, 3)


def test_a_picture_of_the_explanation_is_not_shown_in_the_paper(any_rt):
    options = (answer("<p>one</p>", 100), answer("<p>two</p>"))
    told = text("generalfeedback", '<p><img src="@@PLUGINFILE@@/b.png" alt="b"></p>', more=file("b.png", TOLD))
    asked = '<p>Which? <img src="@@PLUGINFILE@@/a.png" alt="a"></p>'
    bank = quiz(question("multichoice", *options, told, words=asked, more=file("a.png", ASKED)))
    parsed = parse_bank(bank)
    assert import_bank(any_rt, parsed, ImportRequest(bank_code="B", by=SYSTEM)).stored
    sheet = look_at_item(any_rt, "B", parsed.items[0].code)
    digests = [sha256(one).hexdigest() for one in (ASKED, TOLD)]
    assert digests[1] in sheet.key.explanation
    with any_rt.reading() as tx:
        assert [one.sha256 for one in assets_shown_in(tx, [sheet.shown.id])[sheet.shown.id]] == digests[:1]
