"""Settings: sensible without any variable, and a wrong one is named."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from cbt.kernel.settings import ISSUER, SIGNATORY, BadSetting, Settings
from cbt.kernel.titles import Title


def test_nothing_needs_to_be_set():
    settings = Settings.from_env({})
    assert settings.home == Path("var").absolute()
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.database_url == f"sqlite:///{settings.home / 'cbt.sqlite3'}"
    assert (settings.redis_url, settings.font_dir, settings.trusted_proxy, settings.metrics_token) == (None,) * 4
    assert (settings.issuer, settings.signatory, settings.log_level) == (ISSUER, SIGNATORY, "INFO")


NAMES = ["HOME", "HOST", "PORT", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "FONT_DIR", "ISSUER_KO", "LOG_LEVEL"]
NAMES += ["TRUSTED_PROXY", "METRICS_TOKEN", "POOL_SIZE"]


def test_an_empty_variable_is_as_good_as_none():
    assert Settings.from_env({f"CBT_{name}": "" for name in NAMES}) == Settings.from_env({})


def test_every_variable_is_read():
    settings = Settings.from_env(
        {
            "CBT_HOME": "/srv/cbt",
            "CBT_HOST": "0.0.0.0",
            "CBT_PORT": "9000",
            "CBT_DATABASE_URL": "postgresql://cbt@db/cbt",
            "CBT_REDIS_URL": "redis://cache/0",
            "CBT_PUBLIC_URL": "https://exam.example/",
            "CBT_FONT_DIR": "/srv/fonts",
            "CBT_ISSUER_KO": "시험원",
            "CBT_ISSUER_EN": "Board",
            "CBT_SIGNATORY_KO": "원장",
            "CBT_LOG_LEVEL": "debug",
            "CBT_TRUSTED_PROXY": "10.0.0.1",
            "CBT_METRICS_TOKEN": "token",
            "CBT_POOL_SIZE": "25",
        }
    )
    assert settings == Settings(
        home=Path("/srv/cbt"),
        host="0.0.0.0",
        port=9000,
        database_url="postgresql://cbt@db/cbt",
        redis_url="redis://cache/0",
        public_url="https://exam.example",
        font_dir=Path("/srv/fonts"),
        issuer=Title(ko="시험원", en="Board"),
        signatory=Title(ko="원장", en=SIGNATORY.en),
        log_level="DEBUG",
        trusted_proxy=ip_address("10.0.0.1"),
        metrics_token="token",
        pool_size=25,
    )


def test_home_is_absolute_wherever_the_process_goes_later(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env({"CBT_HOME": "data"}).home == tmp_path / "data"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8000.0", "0x50", " 80"])
def test_a_wrong_port_is_named(port):
    with pytest.raises(BadSetting, match="CBT_PORT") as refused:
        Settings.from_env({"CBT_PORT": port})
    assert refused.value.ids == {"variable": "CBT_PORT"}


@pytest.mark.parametrize("size", ["0", "101", "-1", "many", "2.5"])
def test_a_pool_that_cannot_be_is_named(size):
    with pytest.raises(BadSetting, match="CBT_POOL_SIZE"):
        Settings.from_env({"CBT_POOL_SIZE": size})


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_ends_of_the_range_are_ports(port):
    assert Settings.from_env({"CBT_PORT": port}).port == int(port)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("CBT_LOG_LEVEL", "loud"), ("CBT_TRUSTED_PROXY", "proxy.example"), ("CBT_TRUSTED_PROXY", "10.0.0.0/8")],
)
def test_what_cannot_be_used_is_named(variable, value):
    with pytest.raises(BadSetting, match=variable) as refused:
        Settings.from_env({variable: value})
    assert refused.value.ids == {"variable": variable}


@pytest.mark.parametrize(
    ("url", "secure"), [("https://exam.example", True), ("http://exam.example", False), ("http://https://", False)]
)
def test_only_https_is_secure(url, secure):
    assert Settings.from_env({"CBT_PUBLIC_URL": url}).secure is secure
