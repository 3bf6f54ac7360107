"""What tests of the bank's pages share: a signed-in author, inputs as a browser sends them, loads, a mixed bank."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from flask.testing import FlaskClient

from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from itembank.formats.bank_file import parse_bank, read_bank
from itembank.services.importing import ImportRequest, import_bank
from tests.factories_itembank import PNG, csv_file, row, zip_file
from tests.factories_scheduling import PASSWORD, make_staff

BY = Actor.system("test")
SAMPLES = Path(__file__).parents[1] / "itembank" / "samples"
TITLE = Title(ko="시험 문제은행", en="Test bank")
HANGUL = re.compile(r"[가-힣]")


class Fields(HTMLParser):
    """What a browser would send of the form with one id."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._form, self._inside, self._select = form, False, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("id") == self._form
        if not self._inside:
            return
        if tag == "input" and found.get("type") not in {"file", "submit"}:
            if found.get("type") != "checkbox" or "checked" in found:
                self.values[found["name"]] = found.get("value") or ""
        elif tag == "select":
            self._select = found["name"]
            self.values.setdefault(self._select, "")
        elif tag == "option" and "selected" in found:
            self.values[self._select] = found["value"]


def sign_in(app, rt, login, *roles) -> FlaskClient:
    make_staff(rt, login, *roles)
    client = app.test_client()
    assert post(client, "/staff/sign-in", {"login": login, "password": PASSWORD}).status_code == 303
    return client


def page_of(client, path, language="en"):
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200, path
    return response.get_data(as_text=True)


def post(client, path, fields, *, seen=None, language="en", **files):
    page = client.get(seen or path, headers={"Accept-Language": language}).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    sent = {**fields, "csrf_token": token, **files}
    return client.post(path, data=sent, headers={"Referer": "http://localhost/", "Accept-Language": language})


def words(response_or_page) -> str:
    page = response_or_page if isinstance(response_or_page, str) else response_or_page.get_data(as_text=True)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def load(rt, payload, *, bank="B", **options):
    parsed = read_bank(payload) if isinstance(payload, Path) else parse_bank(payload)
    report = import_bank(rt, parsed, ImportRequest(bank_code=bank, by=BY, title=TITLE, **options))
    assert report.stored, report.problems
    return report


def mixed_bank() -> bytes:
    code = "<pre><code>x</code></pre>"
    bank = csv_file(
        row("Q1", area="1.1", question="Which gate?"),
        row("Q2", area="1.2", question="See the figure", figure="a.png", figure_alt="A dot"),
        row("Q3", area="1.2", question=f"<p>Read</p>{code}<table><tr><td>1</td></tr></table>", correct_letter="A,B"),
        row("Q4", area="2", question="Solve \\(x^2 = 4\\)", **dict.fromkeys("abcd", ""), correct_letter="", value="2"),
        row("Q5", area="2", question="Name <img it", **dict.fromkeys("abcd", ""), correct_letter="", accepted="Seoul"),
    )
    return zip_file(**{"items.csv": bank, "a.png": PNG})
