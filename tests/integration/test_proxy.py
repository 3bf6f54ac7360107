"""The application behind a proxy."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from flask import request

from cbt.app import create_app


@pytest.mark.parametrize(
    ("proxy", "seen"), [("10.0.0.1", ("198.51.100.7", "https")), (None, ("10.0.0.1", "http"))], ids=["told", "untold"]
)
def test_pages_see_the_client_and_not_the_proxy(rt, proxy, seen):
    app = create_app(replace(rt.settings, trusted_proxy=ip_address(proxy) if proxy else None), rt=rt)
    headers = {"X-Forwarded-For": "203.0.113.1, 198.51.100.7", "X-Forwarded-Proto": "https"}
    with app.test_client() as client:
        client.get("/health/live", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
        assert (request.remote_addr, request.scheme) == seen
