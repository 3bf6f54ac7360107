"""What a view may ask of the application that serves it."""

from typing import Final, cast

from flask import Flask, current_app, request

from cbt.kernel.runtime import Runtime

_KEY = "cbt.runtime"
_LAST_PAGE: Final = 100_000  # keeps the offset within the databases' integers


def attach(app: Flask, rt: Runtime) -> None:
    """Give `app` its runtime."""
    app.extensions[_KEY] = rt


def runtime() -> Runtime:
    """Return the runtime of the application that serves this request."""
    return cast("Runtime", current_app.extensions[_KEY])


def page_number() -> int:
    """Return the page of a list that is asked for, from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)


def wants_json() -> bool:
    """Tell whether the caller is a program: it sent JSON, or prefers it to HTML."""
    accepts = request.accept_mimetypes
    return request.is_json or accepts["application/json"] > accepts["text/html"]


def own_address(address: str | None) -> str:
    """Return `address` when it lies on this site: one slash, no second one, no backslash; else an empty text.

    Browsers leave out tabs and line ends before they look at the slashes.
    """
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return ""
    return "" if any(character < " " for character in address) else address
