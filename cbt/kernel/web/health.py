"""Liveness, readiness and figures for the people who run the machine."""

import hmac
from typing import Final

from flask import Flask, Response, jsonify, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import text

from cbt.kernel.disk import room_at
from cbt.kernel.errors import Forbidden, Unavailable
from cbt.kernel.web.context import runtime
from cbt.kernel.web.proxy import read_address

CLOCK_DRIFT: Final = Gauge("cbt_clock_drift_seconds", "How far the wall clock has moved from the clock of the exams")

DISK_USED: Final = Gauge("cbt_disk_used_ratio", "Which part of the disk of the home folder is used; 0.8 is the alarm")
DISK_FREE: Final = Gauge("cbt_disk_free_bytes", "How much room the disk of the home folder has left")


class MetricsClosed(Forbidden):
    """The figures are for this machine, and for whoever has the token of CBT_METRICS_TOKEN."""

    code = "metrics-closed"


def init_health(app: Flask) -> None:
    """Give `app` /health/live, /health/ready and /metrics."""
    app.add_url_rule("/health/live", "live", _live)
    app.add_url_rule("/health/ready", "ready", _ready)
    app.add_url_rule("/metrics", "metrics", _metrics)


def _live() -> Response:
    return jsonify({"alive": True})


def _ready() -> Response:
    """Ready means that the database answers; without the broker the exam goes on, so it is told but not demanded."""
    rt = runtime()
    try:
        with rt.reading() as tx:
            tx.session.execute(text("SELECT 1"))
        ready = True
    except Unavailable:
        ready = False
    response = jsonify({"ready": ready, "database": ready, "broker": rt.broker.reachable()})
    response.status_code = 200 if ready else 503
    return response


def _metrics() -> Response:
    if not (_from_this_machine() or _has_token(runtime().settings.metrics_token)):
        raise MetricsClosed
    CLOCK_DRIFT.set(runtime().clock.drift().total_seconds())
    room = room_at(runtime().settings.home)
    DISK_USED.set(room.share)
    DISK_FREE.set(room.free_bytes)
    return make_response(generate_latest(), {"Content-Type": CONTENT_TYPE_LATEST})


def _from_this_machine() -> bool:
    """Tell whether the peer is here; one that speaks for somebody else is a proxy that nobody told us about."""
    address = read_address(request.remote_addr or "")
    return address is not None and address.is_loopback and "X-Forwarded-For" not in request.headers


def _has_token(token: str | None) -> bool:
    given = request.authorization
    if token is None or given is None or given.type != "bearer":
        return False
    return hmac.compare_digest((given.token or "").encode(), token.encode())
