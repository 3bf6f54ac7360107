"""Refusals as pages and as JSON: one shape, one table of statuses, no traceback."""

import structlog
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from cbt.kernel.errors import CbtError, SignInNeeded, Unavailable, status_of
from cbt.kernel.web.context import wants_json

_log = structlog.get_logger("cbt.web")
RETRY_AFTER_S = 2


def init_refusals(app: Flask) -> None:
    """Let `app` answer every refusal in one way."""
    app.register_error_handler(CbtError, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def error_document(code: str, message: str) -> dict[str, dict[str, str]]:
    """Return the JSON shape of every refusal, of both doors."""
    return {"error": {"code": code, "message": message}}


def _refused(error: CbtError) -> Response:
    if isinstance(error, SignInNeeded) and not wants_json() and "to" in error.ids:
        return make_response(redirect(f"{error.ids['to']}", 303))
    response = _answer(status_of(error), error.code, error.message)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _stale(_error: CSRFError) -> Response:
    return _answer(400, "form-expired", "This page was open for too long. Load it again and repeat the step.")


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    return _answer(code, f"http-{code}", error.name)


def _fault(error: Exception) -> Response:
    _log.exception("fault", path=request.path, method=request.method, error=type(error).__name__)
    return _answer(500, "fault", "Something went wrong on our side. Nothing that was confirmed is lost.")


def _answer(status: int, code: str, message: str) -> Response:
    if wants_json():
        response = jsonify(error_document(code, message))
    else:
        response = make_response(render_template("error.html", status=status, code=code, message=message))
    response.status_code = status
    return response
