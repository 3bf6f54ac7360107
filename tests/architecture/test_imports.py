"""The directions of imports, and the module at the root that no contract sees."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT, modules

TOP_LEVEL_MODULES = {"wsgi.py"}


def test_import_contracts_are_kept():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


def test_only_wsgi_stands_at_the_root():
    assert {path.name for path in ROOT.glob("*.py")} <= TOP_LEVEL_MODULES


def test_wsgi_makes_the_application_and_nothing_else():
    tree = ast.parse((ROOT / "wsgi.py").read_text())
    body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)]
    imported = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert [ast.unparse(node) for node in body] == ["app = create_app(Settings.from_env(os.environ))"]
    assert imported == {"cbt.app", "cbt.kernel.settings"}


def test_package_files_import_nothing():
    full = [
        path
        for path, tree in modules()
        if path.endswith("__init__.py") and any(not isinstance(node, ast.Expr) for node in tree.body)
    ]
    assert full == [], "an __init__.py holds its docstring only"


def test_every_module_says_what_it_is():
    assert [path for path, tree in modules() if not ast.get_docstring(tree)] == []
