"""What the templates may not hold: unescaped text, style and script in the page."""

import re

import pytest

from tests.architecture.tree import ROOT, files

# (template, expression): sanitized item content, and nothing else.
UNESCAPED: set[tuple[str, str]] = set()
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script in the page": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>", re.IGNORECASE
    ),
    "a handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "another host": re.compile(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
}
SAFE = re.compile(r"\{\{[-+]?\s*([^}]*?)\s*\|\s*safe\b|\{%[-+]?\s*autoescape\s+false")


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_templates_hold_no(fault):
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in files(".html")
        for match in FORBIDDEN[fault].finditer(path.read_text())
    ]
    assert found == []


def test_templates_escape_everything_but_what_is_listed():
    found = {
        (str(path.relative_to(ROOT)), match.group(1) or "autoescape false")
        for path in files(".html")
        for match in SAFE.finditer(path.read_text())
    }
    assert found == UNESCAPED


def test_no_two_filters_share_a_name():
    """A second filter of a name silently takes the place of the first on every page."""
    filters = re.compile(r"app_template_filter\(\"(\w+)\"\)")
    names = [name for path in files(".py") for name in filters.findall(path.read_text())]
    assert sorted(names) == sorted(set(names))
