"""Before the server starts: each fault is one clear line."""

import os
import socket
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from cbt.cli import preflight
from cbt.cli.serve import serve
from cbt.kernel.errors import InvalidInput
from cbt.kernel.schema import newest_step


def test_home_is_made_where_it_is_missing(home):
    preflight.require_home(home / "a" / "b")
    assert list((home / "a" / "b").iterdir()) == []


def test_home_that_is_a_file_is_refused(home):
    (home / "var").write_text("")
    with pytest.raises(preflight.HomeUnwritable, match="CBT_HOME"):
        preflight.require_home(home / "var")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_read_only_home_is_refused(home):
    home.chmod(0o500)
    with pytest.raises(preflight.HomeUnwritable, match="Permission denied"):
        preflight.require_home(home)


def test_f17_a_full_disk_is_refused(home):
    with pytest.raises(preflight.DiskFull, match="MiB are needed"):
        preflight.require_room(home, least_bytes=1 << 62)


def test_a_port_in_use_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(preflight.PortInUse, match=f"port {port} on 127.0.0.1 is in use"):
            preflight.require_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(InvalidInput, match=r"cannot listen on 192\.0\.2\.1"):
        preflight.require_port("192.0.2.1", 8000)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_plain_http_is_served_to_this_machine(host):
    preflight.require_protection(host, certificate=None, key=None, proxy=None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "exam.example.org"])
def test_plain_http_is_not_served_to_others(host):
    with pytest.raises(preflight.PlainHttpRefused, match="--certificate and --key, or --trusted-proxy"):
        preflight.require_protection(host, certificate=None, key=None, proxy=None)
    preflight.require_protection(host, certificate=None, key=None, proxy="10.0.0.1")


def test_certificate_and_key_belong_together(home):
    with pytest.raises(InvalidInput, match="belong together"):
        preflight.require_protection("127.0.0.1", certificate=home / "cert.pem", key=None, proxy=None)


@pytest.mark.parametrize("protection", ["certificate", "proxy"])
def test_https_is_not_served_under_a_plain_address(home, protection):
    pem = home / "some.pem"
    pem.touch()
    options = {"certificate": ["--certificate", str(pem), "--key", str(pem)], "proxy": ["--trusted-proxy", "10.0.0.1"]}
    env = {"CBT_HOME": str(home), "CBT_PUBLIC_URL": "http://exam.example.org"}
    done = CliRunner().invoke(serve, ["--host", "10.0.0.5", *options[protection]], env=env)
    assert isinstance(done.exception, InvalidInput)
    assert "CBT_PUBLIC_URL=https://" in done.exception.message


def test_an_unreachable_database_is_named_without_its_password():
    with pytest.raises(preflight.DatabaseUnreachable) as caught:
        preflight.require_database("postgresql://cbt:hidden-word@127.0.0.1:1/cbt")
    assert "127.0.0.1:1" in caught.value.message
    assert "hidden-word" not in caught.value.message
    assert "\n" not in caught.value.message


def test_two_servers_do_not_share_a_home(home):
    refused = pytest.raises(preflight.AlreadyServing, match=f"process {os.getpid()}")
    with preflight.only_server(home), refused, preflight.only_server(home):
        pass
    with preflight.only_server(home):
        pass


def test_a_command_finds_its_schema_in_an_empty_home_and_leaves_an_older_one_alone(home):
    url = f"sqlite:///{home / 'cbt.sqlite3'}"
    preflight.require_ready(url)
    with closing(sqlite3.connect(home / "cbt.sqlite3")) as database, database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest_step(),)]
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(preflight.SchemaUnusable, match="run `cbt migrate`"):
        preflight.require_ready(url)
