"""Which server processes agree, and which digest tells two builds apart."""

import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from cbt.delivery.core.nodes import SILENT_AFTER, Forms, Node, alive, differing
from cbt.kernel.build import ROOT, code_digest

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SITTING, OTHER = UUID(int=7), UUID(int=8)


def node(
    number: int = 2, *, version: str = "1+aa", schema: str = "0026", seen=NOW, papers: int = 2, **forms: bytes
) -> Node:
    names = {"sitting": SITTING, "other": OTHER}
    told = {names[name]: Forms(papers=papers, digest=digest) for name, digest in forms.items()}
    return Node(id=UUID(int=number), name=f"n{number}", version=version, schema=schema, seen_at=seen, forms=told)


@pytest.mark.parametrize(
    ("other", "agrees"),
    [
        (node(), True),
        (node(version="1+ab"), False),
        (node(schema="0025"), False),
        (node(sitting=b"x"), True),
        (node(sitting=b"y"), False),
        (node(sitting=b"y", papers=1), True),  # it has not looked since the last paper was made
        (node(other=b"y"), True),  # forms of another sitting
        (node(1, version="0"), True),  # nobody differs from oneself
    ],
)
def test_nodes_agree_about_program_schema_and_forms(other, agrees) -> None:
    mine = node(1, sitting=b"x", other=b"z")
    assert differing(mine, (mine, other), SITTING) == (() if agrees else (other,))


@pytest.mark.parametrize(("ago", "heard"), [(timedelta(0), True), (SILENT_AFTER - timedelta(microseconds=1), True)])
def test_node_is_alive_while_it_is_heard_of(ago, heard) -> None:
    assert bool(alive([node(seen=NOW - ago)], NOW)) is heard


def test_silent_node_counts_no_more() -> None:
    assert alive([node(seen=NOW - SILENT_AFTER)], NOW) == ()


def test_one_changed_letter_is_another_build(tmp_path) -> None:
    shutil.copytree(ROOT / "cbt" / "kernel", tmp_path / "cbt" / "kernel")
    before = code_digest(tmp_path)
    assert code_digest(tmp_path) == before
    changed = tmp_path / "cbt" / "kernel" / "score.py"
    changed.write_text(changed.read_text() + "#\n")
    assert code_digest(tmp_path) != before
