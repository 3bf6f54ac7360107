"""The Flask application: a list of what it is made of, and the only module that knows all packages."""

from pathlib import Path
from types import ModuleType
from typing import Final

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader

import cbt.checks.web
import cbt.delivery.web.pages
import cbt.grading.web
import cbt.jobs.web
import cbt.people.web
import cbt.scheduling.web.pages
import itembank.web.pages
import proctor.web.pages
import reports.web.pages
from cbt.delivery.core.files import LARGEST_FILE_BYTES
from cbt.kernel.clock import Clock
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.kernel.web.context import attach
from cbt.kernel.web.cookies import cookie_name
from cbt.kernel.web.filters import init_filters
from cbt.kernel.web.headers import NO_STORE, security_headers
from cbt.kernel.web.health import init_health
from cbt.kernel.web.language import init_language
from cbt.kernel.web.proxy import BehindProxy
from cbt.kernel.web.refusals import init_refusals
from cbt.kernel.web.static import init_static

PACKAGES: Final = (
    "cbt",
    "cbt.people",
    "cbt.jobs",
    "itembank",
    "cbt.scheduling",
    "cbt.delivery",
    "cbt.grading",
    "cbt.checks",
    "proctor",
    "reports",
)
ROUTES: Final[tuple[ModuleType, ...]] = (
    cbt.people.web,
    cbt.jobs.web,
    itembank.web.pages,
    cbt.scheduling.web.pages,
    cbt.delivery.web.pages,
    cbt.grading.web,
    cbt.checks.web,
    proctor.web.pages,
    reports.web.pages,
)
LARGEST_UPLOAD_BYTES: Final = 72 * 1024 * 1024
LARGEST_FORM_BYTES: Final = 2 * 1024 * 1024
# The addresses that take a file from staff, and those that take one from a candidate; every other one takes what a
# person fills in.
UPLOADS: Final = frozenset(
    {
        "itembank.item_edit_act",
        "itembank.item_new_act",
        "itembank.item_picture",
        "itembank.load_step",
        "itembank.blueprint_upload_step",
        "scheduling.candidates_import",
        "scheduling.registrations_import",
        "scheduling.profile",
        "delivery.room_files_look",
    }
)
CANDIDATE_UPLOADS: Final = frozenset({"delivery.send_file"})
_ROOT: Final = Path(__file__).resolve().parent.parent


def create_app(settings: Settings, *, clock: Clock | None = None, rt: Runtime | None = None) -> Flask:
    """Return the application on `settings`; `rt` shares a runtime that is there already."""
    runtime = rt or Runtime.start(settings, clock=clock)
    app = Flask("cbt", root_path=str(_ROOT / "cbt"))
    _configure(app, runtime)
    attach(app, runtime)
    _init_templates(app)
    init_language(app, [_folder(package) for package in PACKAGES])
    init_filters(app)
    init_refusals(app)
    init_health(app)
    init_static(app)
    _init_limits(app)
    CSRFProtect(app)
    for module in ROUTES:
        app.register_blueprint(module.routes)
    _init_headers(app, settings)
    if settings.trusted_proxy is not None:
        app.wsgi_app = BehindProxy(app.wsgi_app, settings.trusted_proxy)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, rt: Runtime) -> None:
    app.config.update(
        SECRET_KEY=rt.keys.derive("web session/1"),
        SESSION_COOKIE_NAME=cookie_name(rt.settings, "session"),
        SESSION_COOKIE_SECURE=rt.settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # bound to the session; an exam day is longer than an hour
        WTF_CSRF_SSL_STRICT=rt.settings.secure,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )


def _init_limits(app: Flask) -> None:
    """Before anything reads the body (the check of the form's token does)."""

    @app.before_request
    def limit_body() -> None:
        if request.endpoint in CANDIDATE_UPLOADS:
            request.max_content_length = LARGEST_FILE_BYTES
        elif request.endpoint not in UPLOADS:
            request.max_content_length = LARGEST_FORM_BYTES


def _init_templates(app: Flask) -> None:
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.loader = ChoiceLoader([PackageLoader(package) for package in PACKAGES if _has_templates(package)])


def _init_headers(app: Flask, settings: Settings) -> None:
    headers = security_headers(secure=settings.secure)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if not response.headers.get("Cache-Control"):
            response.headers.set(*NO_STORE)
        return response


def _folder(package: str) -> Path:
    return _ROOT.joinpath(*package.split("."))


def _has_templates(package: str) -> bool:
    return (_folder(package) / "templates").is_dir()
