"""The tables: each belongs to one package and says so by its name."""

import importlib
import importlib.util

from cbt.kernel.db import Base
from tests.architecture.tree import PACKAGES


def _prefix(package):
    return package.rpartition(".")[2] + "_"


def test_every_table_is_named_after_its_package():
    for package in PACKAGES:
        if importlib.util.find_spec(f"{package}.tables"):
            importlib.import_module(f"{package}.tables")
    owners = {
        str(mapper.local_table): mapper.class_.__module__.partition(".tables")[0] for mapper in Base.registry.mappers
    }
    strangers = [table for table, owner in owners.items() if not table.startswith(_prefix(owner))]
    assert strangers == []


def test_no_foreign_key_deletes_other_rows():
    cascades = [
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.ondelete
    ]
    assert cascades == [], "batch migrations empty the child table through ON DELETE CASCADE"
