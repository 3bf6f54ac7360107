"""Whatever comes from outside is read or refused, and what goes out can be read again."""

import asyncio
import json
from datetime import timedelta
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from cbt.kernel.asgi.bodies import read_body
from cbt.kernel.asgi.http import Call, NotJson, event
from cbt.kernel.settings import GREATEST_PORT, BadSetting, Settings
from cbt.kernel.titles import Title
from cbt.kernel.web.context import own_address
from cbt.kernel.web.filters import clock_text
from tests.factories_kernel import Reader
from tests.strategies import json_values

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


# --- what comes from outside ---------------------------------------------------------------------------------------


@given(st.text(max_size=6) | st.integers(-5, 70_000).map(str))
def test_any_port_is_in_range_or_refused(port):
    try:
        found = Settings.from_env({"CBT_PORT": port}).port
    except BadSetting:
        return
    assert 0 < found <= GREATEST_PORT


@given(st.text(st.sampled_from("/\\\t\n\r .:@aex"), max_size=10) | st.text(max_size=20))
def test_no_address_leads_to_another_site(address):
    own = own_address(address) or "/"
    # As a browser reads it: no tabs and line ends, backslashes are slashes.
    read = "".join(each for each in own if each not in "\t\r\n").replace("\\", "/")
    assert own.startswith("/")
    assert not read.startswith("//")
    assert urlsplit(own)[:2] == ("", "")


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_headers_are_read(cookie, authorization):
    call = Call(parameter="", headers={b"cookie": cookie, b"authorization": authorization}, body=b"")
    assert isinstance(call.cookie("staff"), str)
    assert isinstance(call.bearer(), str)


@given(st.text(st.sampled_from("abcXYZ019-_."), min_size=1), st.text(st.sampled_from("abc/={}[]<>@:,? "), max_size=9))
def test_our_cookie_is_found_beside_any_other(token, foreign):
    headers = {b"cookie": f"{foreign}=1; staff={token}; {foreign}".encode()}
    assert Call(parameter="", headers=headers, body=b"").cookie("staff") == token


@given(st.binary(max_size=40) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_an_object_or_refused(body):
    try:
        assert isinstance(Call(parameter="", headers={}, body=body).document(), dict)
    except NotJson:
        return


@given(st.lists(st.binary(max_size=30), max_size=6))
def test_a_body_does_not_depend_on_how_it_was_cut(parts):
    said = [{"type": "http.request", "body": each, "more_body": True} for each in parts]
    body = asyncio.run(read_body(Reader(*said, {"type": "http.request", "body": b"."}).receive, 1000))
    assert body == b"".join(parts) + b"."


@given(st.dictionaries(text, text, max_size=4))
def test_any_document_is_one_event(document):
    lines = event("status", document).split(b"\n")
    assert [lines[0], *lines[2:]] == [b"event: status", b"", b""]
    assert json.loads(lines[1].removeprefix(b"data: ")) == document


# --- what people see -----------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6))
def test_a_duration_is_read_back_from_its_clock(seconds):
    hours, minutes, rest = clock_text(seconds).split(":")
    assert int(hours) * 3600 + int(minutes) * 60 + int(rest) == seconds
    assert len(minutes) == len(rest) == 2
    assert clock_text(timedelta(seconds=seconds, microseconds=999_999)) == clock_text(seconds)


@given(text, text, st.sampled_from(["ko", "en", "ko-KR"]))
def test_a_title_is_empty_only_where_both_names_are(korean, english, language):
    title = Title(ko=korean, en=english)
    assert bool(title.in_language(language)) == bool(korean or english)
    assert Title.from_document(title.to_document()) == title
