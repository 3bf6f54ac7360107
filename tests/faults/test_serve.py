"""`cbt serve`: what stands in its way is one clear line; `cbt demo` keeps what is there."""

import json
import os

import httpx
import pytest
from click.testing import CliRunner

from cbt.cli.main import main
from tests.factories_site import Site

CLEARED: dict[str, str | None] = {name: None for name in os.environ if name.startswith("CBT_")}


def cbt(home, *words, **settings):
    """A `cbt` command on `home`, run to its end in this process."""
    return CliRunner().invoke(main, words, env={**CLEARED, "CBT_HOME": str(home), **settings})


def only_line(done):
    assert done.exit_code == 1, done.output
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def port():
    return str(Site(None).port)


def test_the_server_is_ready_and_its_broker_answers(site):
    answer = httpx.get(f"{site.url}/health/ready", trust_env=False)
    assert answer.json() == {"ready": True, "database": True, "broker": True}


def test_a_second_server_on_one_home_is_refused(site, port):
    assert only_line(cbt(site.home, "serve", CBT_PORT=port)).endswith("[already-serving]")


def test_a_port_in_use_is_one_clear_line(site, home):
    line = only_line(cbt(home, "serve", CBT_PORT=str(site.port)))
    assert f"port {site.port} on 127.0.0.1 is in use" in line


def test_a_port_that_is_none_is_one_clear_line(home):
    assert only_line(cbt(home, "serve", CBT_PORT="x")).endswith("[bad-setting]")


def test_plain_http_for_others_is_one_clear_line(home, port):
    assert "plain http is for 127.0.0.1 only" in only_line(cbt(home, "serve", "--host", "::", CBT_PORT=port))


def test_a_missing_font_is_one_clear_line(home, port):
    assert only_line(cbt(home, "serve", CBT_PORT=port, CBT_FONT_DIR=str(home))).endswith("[font-missing]")


def test_a_missing_database_is_one_clear_line(home, port):
    line = only_line(cbt(home, "serve", CBT_PORT=port, CBT_DATABASE_URL="postgresql://cbt:hidden@127.0.0.1:1/cbt"))
    assert line.endswith("[database-unreachable]")
    assert "hidden" not in line


def test_a_home_that_cannot_be_written_is_one_clear_line(home, port):
    (home / "file").write_text("")
    assert only_line(cbt(home / "file" / "home", "serve", CBT_PORT=port)).endswith("[home-unwritable]")


def test_wrong_use_ends_with_2(home):
    assert cbt(home, "serve", "--nonsense").exit_code == 2


def test_a_second_demo_keeps_everything_and_shows_no_password(home, port):
    first = json.loads(cbt(home, "demo", "--json", CBT_PORT=port).stdout)
    second = json.loads(cbt(home, "demo", "--json", CBT_PORT=port).stdout)
    assert all(each["password"] for each in first["logins"])
    assert [each["password"] for each in second["logins"]] == [None] * len(first["logins"])
    assert first["sittings"] == second["sittings"]
    assert first["sittings"][0]["registered"] == 40
    third = json.loads(cbt(home, "demo", "--reset-passwords", "--json", CBT_PORT=port).stdout)
    passwords = {each["password"] for made in (first, third) for each in made["logins"]}
    assert len(passwords) == 2 * len(first["logins"])


def test_the_self_test_names_what_is_missing(home, port):
    done = cbt(home, "check", "--json", CBT_PORT=port)
    assert done.exit_code == 1
    findings = {each["name"]: each for each in json.loads(done.stdout)["findings"]}
    assert findings["database"]["ok"] is True
    assert findings["schema"]["ok"] is False
    assert "cbt migrate" in findings["schema"]["detail"]
