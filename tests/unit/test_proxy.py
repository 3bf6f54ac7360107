"""Whose address a request carries behind a proxy, as a table."""

from ipaddress import ip_address

import pytest

from cbt.kernel.settings import BadSetting, Settings
from cbt.kernel.web.proxy import BehindProxy


def seen(peer, forwarded_for=None, proto=None, proxy="10.0.0.1"):
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}
    if forwarded_for is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded_for
    if proto is not None:
        environ["HTTP_X_FORWARDED_PROTO"] = proto
    BehindProxy(lambda _environ, _start: [], ip_address(proxy))(environ, lambda *_: None)
    return environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "proto", "address", "scheme"),
    [
        ("10.0.0.1", "198.51.100.7", "https", "198.51.100.7", "https"),
        (
            "10.0.0.1",
            "127.0.0.1, 198.51.100.7",
            "https, https",
            "198.51.100.7",
            "https",
        ),  # its own claim first
        ("10.0.0.1", "1.2.3.4,127.0.0.1 ,2001:db8::7", None, "2001:db8::7", "http"),
        ("::ffff:10.0.0.1", "198.51.100.7", "https", "198.51.100.7", "https"),
        ("10.0.0.1", "::ffff:198.51.100.7", None, "198.51.100.7", "http"),
        ("10.0.0.2", "198.51.100.7", "https", "10.0.0.2", "http"),  # not the proxy
        ("10.0.0.1", None, None, "10.0.0.1", "http"),
        ("10.0.0.1", "198.51.100.7, unknown", "gopher", "10.0.0.1", "http"),
        ("10.0.0.1", "", "", "10.0.0.1", "http"),
    ],
)
def test_only_the_last_hop_of_the_proxy_counts(peer, forwarded_for, proto, address, scheme):
    assert seen(peer, forwarded_for, proto) == (address, scheme)


def test_the_proxy_is_named_by_its_address():
    assert Settings.from_env({"CBT_TRUSTED_PROXY": "10.0.0.1"}).trusted_proxy == ip_address("10.0.0.1")
    assert Settings.from_env({"CBT_TRUSTED_PROXY": ""}).trusted_proxy is None
    with pytest.raises(BadSetting):
        Settings.from_env({"CBT_TRUSTED_PROXY": "proxy.example"})
