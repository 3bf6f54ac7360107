"""Korean or English: the browser's wish, the reader's choice, catalogues as one, and no way out to another site."""

import pytest
from flask import Flask, make_response
from flask_babel import gettext, ngettext

from cbt.kernel.web.context import attach
from cbt.kernel.web.cookies import LANGUAGE, STAFF, drop_cookie
from cbt.kernel.web.language import init_language, language
from tests.factories_kernel import Settled

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
FIRST = """
msgid "Hand in"
msgstr "제출"

msgid "%(num)s answer"
msgid_plural "%(num)s answers"
msgstr[0] "답 %(num)s개"
"""
SECOND = """
msgid "Seat"
msgstr "자리"

msgid "%(num)s seat"
msgid_plural "%(num)s seats"
msgstr[0] "자리 %(num)s개"
"""


def package(folder, entries):
    path = folder / "translations" / "ko" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO + entries, encoding="utf-8")
    return folder


def application(packages, **env):
    app = Flask("language")
    attach(app, Settled(**env))
    init_language(app, packages)
    app.add_url_rule("/", "first", language)
    app.add_url_rule("/out", "out", lambda: signed_out(app))
    return app


def signed_out(app):
    response = make_response("")
    drop_cookie(response, app.extensions["cbt.runtime"].settings, STAFF)
    return response


@pytest.fixture
def app(tmp_path):
    return application([package(tmp_path / "a", FIRST), tmp_path / "bare", package(tmp_path / "b", SECOND)])


def switch(app, **form):
    return app.test_client().post("/language", data=form)


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        (None, "ko"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-GB,en;q=0.9", "en"),
        ("en;q=0.4,ko;q=0.6", "ko"),
        ("fr-FR,fr;q=0.9,en;q=0.3", "en"),
        ("ko;q=0,en;q=0.5", "en"),
        ("fr", "ko"),
        ("*", "ko"),
        ("nonsense;;q=,,", "ko"),
    ],
)
def test_the_browsers_wish_is_heard(app, wish, answer):
    headers = {} if wish is None else {"Accept-Language": wish}
    assert app.test_client().get("/", headers=headers).text == answer


@pytest.mark.parametrize(("cookie", "answer"), [("en", "en"), ("ko", "ko"), ("fr", "ko"), ("", "ko")])
def test_the_readers_choice_goes_before_the_browsers_wish(app, cookie, answer):
    client = app.test_client()
    client.set_cookie("language", cookie)
    assert client.get("/", headers={"Accept-Language": "ko"}).text == answer


def test_a_switch_is_remembered(app):
    client = app.test_client()
    response = client.post("/language", data={"language": "en", "next": "/exam/wait?a=1#top"})
    assert (response.status_code, response.location) == (303, "/exam/wait?a=1#top")
    cookie = client.get_cookie("language")
    assert (cookie.value, cookie.http_only, cookie.secure, cookie.same_site) == ("en", True, False, "Lax")
    assert client.get("/", headers={"Accept-Language": "ko"}).text == "en"


def test_an_unknown_language_is_not_remembered(app):
    response = switch(app, language="fr", next="/a")
    assert (response.location, response.headers.get("Set-Cookie")) == ("/a", None)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/a\r\nSet-Cookie: staff=x",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_a_switch_leads_to_no_other_site(app, address):
    assert switch(app, language="ko", next=address).location == "/"


def test_a_switch_without_address_leads_to_the_first_page(app):
    assert switch(app, language="ko").location == "/"


def test_with_https_the_cookie_is_bound_to_this_host():
    app = application([], CBT_PUBLIC_URL="https://exam.example")
    cookie = switch(app, language="en").headers["Set-Cookie"]
    assert cookie.startswith(f"__Host-{LANGUAGE}=en; ")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_dropped_cookie_is_dropped_under_the_name_that_it_was_set_by():
    out = application([], CBT_PUBLIC_URL="https://exam.example").test_client().get("/out").headers["Set-Cookie"]
    assert out.startswith(f"__Host-{STAFF}=; Expires=Thu, 01 Jan 1970")
    assert "Secure" in out


def test_words_come_from_all_packages_together(app):
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        assert (gettext("Hand in"), gettext("Seat"), gettext("Unknown")) == ("제출", "자리", "Unknown")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert (gettext("Hand in"), gettext("Seat")) == ("Hand in", "Seat")


@pytest.mark.parametrize("number", [0, 1, 2, 100])
def test_korean_has_one_form_for_every_number(app, number):
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        assert ngettext("%(num)s answer", "%(num)s answers", number) == f"답 {number}개"
        assert ngettext("%(num)s seat", "%(num)s seats", number) == f"자리 {number}개"


@pytest.mark.parametrize(("number", "text"), [(0, "0 seats"), (1, "1 seat"), (2, "2 seats")])
def test_english_has_two_forms(app, number, text):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert ngettext("%(num)s seat", "%(num)s seats", number) == text


def test_without_any_catalogue_everything_is_english():
    with application([]).test_request_context(headers={"Accept-Language": "ko"}):
        assert gettext("Hand in") == "Hand in"
