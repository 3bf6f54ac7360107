"""Korean or English: chosen by the browser, switched by a cookie, worded by gettext catalogues.

English sentences are the message ids. Each package keeps its Korean beside its templates as a `.po` file, which is
read directly, once by a process: no compiled catalogue can be out of date.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, make_response, redirect, request
from flask_babel import Babel, Domain, get_locale

from cbt.kernel.web.context import own_address, runtime
from cbt.kernel.web.cookies import LANGUAGE, cookie_name, set_cookie

LANGUAGES: Final = ("ko", "en")
_REMEMBERED: Final = timedelta(days=365)


class Catalogues(Domain):  # type: ignore[misc]  # flask_babel has no types
    """All packages' catalogues as one."""

    def __init__(self, packages: Iterable[Path]) -> None:
        super().__init__()
        self._korean = _read(tuple(packages))
        self._english = Translations()

    def get_translations(self) -> Translations:
        """Return the catalogue of the reader's language."""
        return self._korean if language() == "ko" else self._english


def init_language(app: Flask, packages: Iterable[Path]) -> None:
    """Give `app` its catalogues, its choice of language and the address that switches it."""
    babel = Babel(app, default_locale="ko", locale_selector=_choose)
    babel.domain_instance = Catalogues(packages)
    app.add_url_rule("/language", "language", _switch, methods=["POST"])
    app.jinja_env.globals.update(language=language, LANGUAGES=LANGUAGES)


def language() -> str:
    """Return "ko" or "en", the language of the present reader."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else "en"


def _choose() -> str:
    chosen = request.cookies.get(cookie_name(runtime().settings, LANGUAGE))
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or "ko"


def _switch() -> Response:
    chosen = request.form.get("language", "")
    response = make_response(redirect(own_address(request.form.get("next")) or "/", 303))
    if chosen in LANGUAGES:
        set_cookie(response, runtime().settings, LANGUAGE, chosen, max_age=_REMEMBERED)
    return response


@cache
def _read(packages: tuple[Path, ...]) -> Translations:
    merged: Translations | None = None  # the first one gives its plural rule
    for package in packages:
        path = package / "translations" / "ko" / "LC_MESSAGES" / "messages.po"
        if not path.exists():
            continue
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale="ko")
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        if merged is None:
            merged = Translations(compiled)
        else:
            merged.merge(Translations(compiled))
    return merged or Translations()
