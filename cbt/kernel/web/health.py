"""Liveness, readiness and figures for the people who run the machine."""

from flask import Flask, Response, jsonify, make_response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from cbt.kernel.errors import Unavailable
from cbt.kernel.web.context import runtime


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
    return make_response(generate_latest(), {"Content-Type": CONTENT_TYPE_LATEST})
