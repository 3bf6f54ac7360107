"""Loads, blueprints and forms in a database: all or nothing, versions that never change, keys apart."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cbt.kernel.db import Base
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.core.draw import BlueprintImpossible, draw_planned
from itembank.core.keys import MatchCorrect
from itembank.core.records import (
    ChangeKind,
    ItemFilter,
    ItemStatus,
    LoadRunning,
    NoSuchAsset,
    NoSuchBank,
    NoSuchForm,
    NoSuchItem,
)
from itembank.formats.bank_file import parse_bank, read_bank
from itembank.formats.parsed import Understood
from itembank.services import banks, blueprints, forms, keys
from itembank.services.importing import ImportRequest, import_bank
from itembank.store import loads
from tests.factories_itembank import PNG, blueprint, cell, csv_file, row, technician, zip_file

BY = Actor.system("test")


def load(any_rt, *rows, dry_run=False, **options):
    request = ImportRequest(bank_code=options.pop("bank", "B"), by=BY, **options)
    payload = rows[0] if isinstance(rows[0], bytes) else csv_file(*rows)
    return import_bank(any_rt, parse_bank(payload), request, dry_run=dry_run)


def row_counts(any_rt):
    tables = [table for table in Base.metadata.tables.values() if table.name.startswith("itembank_")]
    with any_rt.reading() as tx:
        return {table.name: tx.session.scalar(select(func.count()).select_from(table)) for table in tables}


def counts(report):
    return {kind.value: report.count(kind) for kind in ChangeKind if report.count(kind)}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(any_rt):
    report = load(any_rt, row("Q1"), row("Q2"), dry_run=True)
    assert (report.stored, counts(report), report.new_areas) == (False, {"new": 2}, ("X",))
    assert set(row_counts(any_rt).values()) == {0}


def test_one_wrong_row_keeps_the_whole_file_out(any_rt):
    report = load(any_rt, row("Q1"), row("Q2", correct_letter="Z"))
    assert not report.stored
    assert [problem.where for problem in report.problems] == ["row 3, column correct_letter"]
    assert set(row_counts(any_rt).values()) == {0}


def test_the_same_file_again_changes_nothing(any_rt):
    load(any_rt, row("Q1"), row("Q2"))
    before = row_counts(any_rt)
    assert counts(load(any_rt, row("Q1"), row("Q2"))) == {"unchanged": 2}
    after = row_counts(any_rt)
    assert after == before | {"itembank_load": before["itembank_load"] + 1}


def test_a_changed_item_gets_a_new_version_and_the_old_one_stays(any_rt):
    load(any_rt, row("Q1", question="Old?"))
    assert counts(load(any_rt, row("Q1", question="New?"), row("Q2"))) == {"new": 1, "changed": 1}
    detail = banks.get_item(any_rt, "B", "Q1")
    assert [(one.number, one.content.title) for one in detail.versions] == [(2, "New?"), (1, "Old?")]
    assert (detail.before, detail.after) == ("", "Q2")


def test_a_changed_key_alone_makes_a_key_version_only(any_rt):
    load(any_rt, row("Q1"))
    assert counts(load(any_rt, row("Q1", correct_letter="B"))) == {"rekeyed": 1}
    detail = banks.get_item(any_rt, "B", "Q1")
    assert (len(detail.versions), detail.key_number) == (1, 2)
    assert detail.key.responses[0].rule == MatchCorrect(correct=("B",))


def test_a_moved_item_gets_a_new_version(any_rt):
    load(any_rt, row("Q1", area="1.1"))
    assert counts(load(any_rt, row("Q1", area="1.2"))) == {"changed": 1}
    assert [(one.area.code, one.depth, one.approved) for one in banks.list_areas(any_rt, "B")] == [
        ("1", 0, 1),
        ("1.1", 1, 0),
        ("1.2", 1, 1),
    ]


def test_a_load_that_dies_half_way_leaves_nothing_to_be_seen(any_rt, monkeypatch):
    def fail(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(loads, "publish", fail)
    with pytest.raises(KeyboardInterrupt):
        load(any_rt, row("Q1"), row("Q2"))
    monkeypatch.undo()
    assert banks.list_banks(any_rt)[0].items == 0
    left = row_counts(any_rt)
    assert {name for name, number in left.items() if number} == {"itembank_bank"}
    assert counts(load(any_rt, row("Q1"))) == {"new": 1}


def test_what_a_killed_load_left_is_invisible_and_swept_by_the_next(any_rt, clock, monkeypatch):
    monkeypatch.setattr(loads, "publish", lambda *_arguments: 1 / 0)
    monkeypatch.setattr(loads, "sweep", lambda *_arguments: None)
    with pytest.raises(ZeroDivisionError):
        load(any_rt, row("Q1"), row("Q2"))
    monkeypatch.undo()
    assert row_counts(any_rt)["itembank_item_version"] == 2
    assert banks.list_items(any_rt, "B", ItemFilter()).total == 0
    assert banks.list_areas(any_rt, "B") == ()
    with pytest.raises(LoadRunning):
        load(any_rt, row("Q1"))
    clock.advance(timedelta(minutes=2))
    assert counts(load(any_rt, row("Q1"))) == {"new": 1}
    assert row_counts(any_rt)["itembank_item_version"] == 1


def test_only_approved_versions_are_drawn(any_rt):
    load(any_rt, row("Q1", question="Approved?"), row("Q2"))
    load(any_rt, row("Q1", question="Draft?"), status=ItemStatus.DRAFT)
    saved = blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=2),)), BY)
    with any_rt.reading() as tx:
        form = drawn(tx, saved)
        titles = {content.title for content in forms.slot_contents_in(tx, form).values()}
    assert titles == {"Approved?", "Which one?"}
    assert banks.list_items(any_rt, "B", ItemFilter(status=ItemStatus.DRAFT)).total == 1


def drawn(tx, saved):
    return draw_planned(forms.load_plan_in(tx, saved.stored.version_id), seed=b"x")


def test_a_load_is_written_into_the_audit_trail(any_rt):
    load(any_rt, row("Q1"), source="bank.csv", reason="spring review")
    (record,) = list_audit(any_rt, AuditFilter(act="itembank.imported")).records
    assert (record.subject, record.reason, record.details["counts"]["new"]) == ("B", "spring review", 1)
    assert (record.details["source"], record.details["status"]) == ("bank.csv", "approved")


def test_pictures_are_kept_once_and_only_those_of_the_body_are_for_candidates(any_rt):
    explained = row("Q2", explanation='<p>See <img src="b.png" alt="B"></p>')
    payload = zip_file(
        **{"items.csv": csv_file(row("Q1", figure="a.png"), explained), "a.png": PNG, "b.png": PNG + b"more"}
    )
    load(any_rt, payload)
    load(any_rt, payload, bank="C")
    assert row_counts(any_rt)["itembank_asset"] == 2
    saved = blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=2),)), BY)
    with any_rt.reading() as tx:
        form = drawn(tx, saved)
        body = forms.slot_contents_in(tx, form)
        shown = next(one.assets[0].sha256 for one in body.values() if one.assets)
        listed = forms.assets_shown_in(tx, (slot.item_version_id for slot in form.slots))
        assert [one.sha256 for facts in listed.values() for one in facts] == [shown]
        assert forms.asset_in(tx, shown).payload == PNG
        (hidden,) = all_pictures(tx) - {shown}
    assert banks.get_asset(any_rt, hidden).payload == PNG + b"more"
    for wrong in ("", "zz", "ab" * 32):
        with pytest.raises(NoSuchAsset):
            banks.get_asset(any_rt, wrong)


def all_pictures(tx):
    return {sha256.hex() for sha256 in tx.session.scalars(select(Base.metadata.tables["itembank_asset"].c.sha256))}


def test_items_are_found_by_words_area_and_state(any_rt):
    load(
        any_rt,
        row("Q1", question="What is a Stack?", area="1.1"),
        row("Q2", question="What is a queue?", area="1.2"),
        row("Q3", question="100 % of what?", area="2"),
    )

    def found(**wanted):
        return [line.code for line in banks.list_items(any_rt, "B", ItemFilter(**wanted)).items]

    assert found(text="stack WHAT") == ["Q1"]
    assert found(text="q3") == ["Q3"]
    assert found(text="%") == ["Q3"]
    assert found(area="1") == ["Q1", "Q2"]
    assert found(area="1", text="queue") == ["Q2"]
    assert found(status=ItemStatus.RETIRED) == []
    page = banks.list_items(any_rt, "B", ItemFilter())
    assert (page.total, page.first, page.last, page.statuses) == (3, 1, 3, {ItemStatus.APPROVED: 3})


def test_names_of_banks_and_areas_come_with_a_load_and_can_be_changed(any_rt):
    load(any_rt, row("Q1"), title=Title(ko="은행", en="Bank"))
    banks.rename_area(any_rt, "B", "X", Title(ko="영역", en="Area"), BY)
    assert banks.get_bank(any_rt, "B").title == Title(ko="은행", en="Bank")
    assert banks.list_areas(any_rt, "B")[0].area.title.ko == "영역"


def test_unknown_names_are_not_found(any_rt):
    load(any_rt, row("Q1"))
    with pytest.raises(NoSuchBank):
        banks.list_items(any_rt, "?", ItemFilter())
    with pytest.raises(NoSuchItem):
        banks.get_item(any_rt, "B", "Q9")
    with pytest.raises(NoSuchForm), any_rt.reading() as tx:
        forms.get_form_in(tx, UUID(int=0))


def test_a_bad_bank_code_is_a_problem(any_rt):
    assert [problem.where for problem in load(any_rt, row("Q1"), bank="no/slash").problems] == ["bank"]


def test_a_blueprint_is_versioned_and_an_impossible_one_is_not_kept(any_rt):
    load(any_rt, row("Q1"), row("Q2"))
    first = blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=1),)), BY)
    again = blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=1),)), BY)
    second = blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=2),)), BY)
    refused = blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=3),)), BY)
    assert (first.fresh, again.fresh, second.fresh) == (True, False, True)
    assert again.stored.version_id == first.stored.version_id
    assert refused.stored is None
    assert [problem.code for problem in refused.problems] == ["shortage"]
    assert [one.number for one in blueprints.list_blueprint_versions(any_rt, "B")] == [2, 1]
    assert [one.number for one in blueprints.list_blueprints(any_rt, "B")] == [2]
    assert blueprints.get_blueprint(any_rt, "B").blueprint.item_count() == 2


def test_a_code_belongs_to_one_bank(any_rt):
    load(any_rt, row("Q1"))
    load(any_rt, row("Q1"), bank="C")
    blueprints.save_blueprint(any_rt, "B", blueprint((cell("X"),)), BY)
    with pytest.raises(blueprints.BlueprintOfAnotherBank):
        blueprints.save_blueprint(any_rt, "C", blueprint((cell("X"),)), BY)


def test_a_frozen_form_is_the_truth_whatever_happens_to_the_bank(any_rt):
    load(any_rt, row("Q1", question="Old?"), row("Q2"))
    saved = blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=2),)), BY)
    with any_rt.transaction() as tx:
        form = drawn(tx, saved)
        stored = forms.freeze_form_in(tx, any_rt.clock.now(), saved.stored.version_id, form)
    load(any_rt, row("Q1", question="New?", correct_letter="D"), row("Q2", correct_letter="D"))
    with any_rt.reading() as tx:
        read = forms.get_form_in(tx, stored.id)
        assert (read, read.digest) == (stored, form.digest)
        assert {one.title for one in forms.slot_contents_in(tx, read.form).values()} == {"Old?", "Which one?"}
        rules = {key.responses[0].rule for key in keys.get_keys_in(tx, read.form).values()}
    assert rules == {MatchCorrect(correct=("A",))}


def test_a_draw_from_a_bank_that_shrank_names_what_is_missing(any_rt):
    load(any_rt, row("Q1"), row("Q2"))
    blueprints.save_blueprint(any_rt, "B", blueprint((cell("X", count=2),)), BY)
    load(any_rt, row("Q2", area="Y"))
    with pytest.raises(BlueprintImpossible, match="wanted 2, available 1"):
        blueprints.try_draw(any_rt, "B", (b"1",))


def test_the_real_licensing_bank_loads_and_gives_one_item_of_each_group(any_rt):
    folder = technician()
    request = ImportRequest(bank_code="technician", by=BY)
    report = import_bank(any_rt, read_bank(folder / "technician-2026-2030.json"), request)
    assert counts(report) == {"new": 409}
    groups = sorted(one.area.code for one in banks.list_areas(any_rt, "technician"))
    assert len(groups) == 35
    saved = blueprints.save_blueprint(any_rt, "technician", blueprint((cell(*groups),)), BY)
    (form,) = blueprints.try_draw(any_rt, "B", (b"1",))
    assert sorted(slot.item_code[:3] for slot in form.slots) == groups
    assert saved.stored.blueprint.item_count() == 35


def test_what_was_not_understood_in_full_begins_as_a_draft(any_rt):
    read = parse_bank(csv_file(row("Q1"), row("Q2")))
    parsed = replace(read, items=(read.items[0], replace(read.items[1], understood=Understood.PARTIAL)))
    import_bank(any_rt, parsed, ImportRequest(bank_code="B", by=BY))
    found = {one.code: one.status for one in banks.list_items(any_rt, "B", ItemFilter()).items}
    assert found == {"Q1": ItemStatus.APPROVED, "Q2": ItemStatus.DRAFT}
