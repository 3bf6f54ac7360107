"""The same save through Flask, a commit for each request: what the door is compared with, and nothing that serves."""

import json
import os

from flask import Flask, Response, request

from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.token import read_token
from cbt.delivery.services.recording import ChoiceMaps, LatestAttempts, RecordRequest, record
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.kernel.errors import CbtError, status_of
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings

app = Flask(__name__)
_rt = Runtime.start(Settings.from_env(os.environ))
_key = _rt.keys.derive(TOKEN_PURPOSE)
_maps, _latest = ChoiceMaps(), LatestAttempts()


@app.get("/health/ready")
def ready() -> Response:
    """Answer."""
    return Response("ready")


@app.post("/delivery/entries")
def entries() -> Response:
    """Record what one request brings in a transaction of its own."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    facts = read_token(_key, token, _rt.clock.now())
    asked = RecordRequest(facts=facts, batch=parse_batch(json.loads(request.get_data())))
    [outcome] = record(_rt, _maps, [asked], _latest)
    if isinstance(outcome, CbtError):
        return Response(outcome.code, status_of(outcome))
    return Response(json.dumps(outcome.document), content_type="application/json")
