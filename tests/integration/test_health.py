"""Figures for the people who run the machine, and for nobody else."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address

import pytest

from cbt.door import Door
from tests.factories_door import ask

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("198.51.100.7", {}, 403),
        ("198.51.100.7", {"authorization": "Bearer figures"}, 200),
        ("198.51.100.7", {"authorization": "Bearer other"}, 403),
        ("198.51.100.7", {"authorization": "Basic ZmlndXJlcw=="}, 403),
        (PROXY, {"x-forwarded-for": "198.51.100.7"}, 403),
        (PROXY, {"x-forwarded-for": "127.0.0.1, 198.51.100.7"}, 403),
        ("198.51.100.7", {"x-forwarded-for": "127.0.0.1"}, 403),
        ("127.0.0.1", {"x-forwarded-for": "198.51.100.7"}, 403),  # a proxy that is not in the settings
    ],
)
def test_figures_are_for_this_machine_and_for_whoever_has_the_token(rt, client, headers, status):
    settings = replace(rt.settings, trusted_proxy=ip_address(PROXY), metrics_token="figures")
    door = Door(settings, replace(rt, settings=settings))
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    reply = asyncio.run(ask(door, "GET", "/metrics", client=client, headers=given))
    assert reply.status == status
    assert (b"cbt_door_answers" in reply.body) == (status == 200)


def test_without_a_token_nobody_far_away_guesses_it(rt):
    given = [(b"authorization", b"Bearer ")]
    reply = asyncio.run(ask(Door(rt.settings, rt), "GET", "/metrics", client="198.51.100.7", headers=given))
    assert reply.status == 403


def test_figures_tell_how_far_the_wall_clock_is_off(rt, clock):
    clock.stepped = timedelta(seconds=7)
    reply = asyncio.run(ask(Door(rt.settings, rt), "GET", "/metrics"))
    assert b"cbt_clock_drift_seconds 7.0" in reply.body


def test_figures_tell_how_full_the_disk_is(rt):
    reply = asyncio.run(ask(Door(rt.settings, rt), "GET", "/metrics"))
    assert b"cbt_disk_used_ratio 0." in reply.body
    assert b"cbt_disk_free_bytes" in reply.body
