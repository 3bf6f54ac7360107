"""Nothing is too long to be read in one sitting."""

import ast

from tests.architecture.tree import ROOT, files, modules

LONGEST_FILE = 400
LONG_FILE = 300
LONGEST_FUNCTION = 50
# Python files over 300 lines, each with the reason why splitting would not serve the reader.
ARGUED_FOR: dict[str, str] = {}


def _lines(path):
    return len(path.read_text().splitlines())


def test_no_file_is_too_long():
    too_long = {str(path.relative_to(ROOT)): _lines(path) for path in files(".py", ".js", ".css", ".html")}
    assert {path: lines for path, lines in too_long.items() if lines > LONGEST_FILE} == {}


def test_long_modules_are_argued_for():
    long = {str(path.relative_to(ROOT)) for path in files(".py") if _lines(path) > LONG_FILE}
    assert long == set(ARGUED_FOR)


def test_no_function_is_too_long():
    too_long = {
        f"{path}:{node.name}": length
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}
