"""`cbt serve`: what stands in its way is one clear line."""

import json
from urllib.request import urlopen

import pytest

from tests.faults.serving import Served

pytestmark = pytest.mark.xdist_group("serve")  # one server for all of them


def only_line(done):
    assert done.exit_code == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_the_server_is_ready_and_its_broker_answers(served):
    with urlopen(f"http://127.0.0.1:{served.port}/health/ready", timeout=10) as answer:
        assert json.load(answer) == {"ready": True, "database": True, "broker": True}


def test_a_second_server_on_one_home_is_refused(served):
    assert only_line(served.run("serve", check=False)).endswith("[already-serving]")


def test_a_port_in_use_is_one_clear_line(served, tmp_path):
    other = Served(tmp_path)
    other.env["CBT_PORT"] = str(served.port)
    assert f"port {served.port} on 127.0.0.1 is in use" in only_line(other.run("serve", check=False))


def test_plain_http_for_others_is_one_clear_line(tmp_path):
    assert "plain http is for 127.0.0.1 only" in only_line(Served(tmp_path).run("serve", "--host", "::", check=False))


def test_a_missing_font_is_one_clear_line(tmp_path):
    other = Served(tmp_path)
    other.env["CBT_FONT_DIR"] = str(tmp_path)
    assert only_line(other.run("serve", check=False)).endswith("[font-missing]")


def test_a_missing_database_is_one_clear_line(tmp_path):
    other = Served(tmp_path)
    other.env["CBT_DATABASE_URL"] = "postgresql://cbt:hidden@127.0.0.1:1/cbt"
    line = only_line(other.run("serve", check=False))
    assert line.endswith("[database-unreachable]")
    assert "hidden" not in line


def test_a_home_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    other = Served(tmp_path / "file" / "home")
    assert only_line(other.run("serve", check=False)).endswith("[home-unwritable]")


def test_a_second_demo_keeps_everything_and_shows_no_password(served):
    first = json.loads(served.run("demo", "--json").stdout)
    second = json.loads(served.run("demo", "--json").stdout)
    assert [each["password"] for each in second["logins"]] == [None] * 4
    assert first["sittings"] == second["sittings"]


def test_new_passwords_are_random(served):
    served.run("demo", "--json")
    first = json.loads(served.run("demo", "--reset-passwords", "--json").stdout)
    second = json.loads(served.run("demo", "--reset-passwords", "--json").stdout)
    passwords = {each["password"] for made in (first, second) for each in made["logins"]}
    assert len(passwords) == 8
