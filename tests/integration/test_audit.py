"""The audit trail: written with the act, sealed in order, and telling of every change."""

import pytest
from sqlalchemy import text

from cbt.kernel.personal import ResidentNumber
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import audit_head, audit_in, list_audit, seal_audit, verify_audit
from tests.factories_scheduling import SYSTEM


def _write(rt, *subjects, act="test.done"):
    for subject in subjects:
        with rt.transaction() as tx:
            audit_in(tx, rt.clock.now(), by=SYSTEM, act=act, subject=subject, details={"n": 1, "at": rt.clock.now()})


def test_a_record_disappears_with_its_act(rt):
    def act_that_fails():
        with rt.transaction() as tx:
            audit_in(tx, rt.clock.now(), by=SYSTEM, act="test.done", subject="x")
            raise LookupError

    with pytest.raises(LookupError):
        act_that_fails()
    assert list_audit(rt, AuditFilter()).total == 0


def test_records_are_sealed_once(rt):
    _write(rt, "a", "b")
    assert seal_audit(rt) == 2
    assert seal_audit(rt) == 0
    head = audit_head(rt)
    _write(rt, "c")
    assert seal_audit(rt) == 1
    assert audit_head(rt)[0] == head[0] + 1 == 3
    assert verify_audit(rt) == ()


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE people_audit SET subject = 'other' WHERE subject = 'b'", {"audit-columns"}),
        ("UPDATE people_audit SET body = x'7b7d' WHERE subject = 'b'", {"audit-altered", "audit-columns"}),
        ("DELETE FROM people_audit_seal WHERE number = 2", {"audit-gap", "audit-altered", "audit-loose"}),
        ("UPDATE people_audit_seal SET hash = x'00' WHERE number = 2", {"audit-altered"}),
    ],
)
def test_tampering_is_told(rt, statement, codes):
    _write(rt, "a", "b", "c")
    seal_audit(rt)
    with rt.transaction() as tx:
        for trigger in tx.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            tx.session.execute(text(f"DROP TRIGGER {trigger}"))  # whoever can write the file can do that
        tx.session.execute(text(statement))
    assert {problem.code for problem in verify_audit(rt)} == codes


def test_the_trail_is_searched_by_act_person_and_subject(rt):
    _write(rt, "S1/100", "S1/200")
    _write(rt, "S2/100", act="test.other")
    assert list_audit(rt, AuditFilter(act="test.other")).total == 1
    assert list_audit(rt, AuditFilter(subject="S1/")).total == 2
    assert list_audit(rt, AuditFilter(actor="tes")).total == 3
    assert list_audit(rt, AuditFilter(subject="%")).total == 0
    assert list_audit(rt, AuditFilter(), page=2).records == ()


def test_a_reason_holds_no_resident_number(rt):
    with pytest.raises(ResidentNumber), rt.transaction() as tx:
        audit_in(tx, rt.clock.now(), by=SYSTEM, act="a", subject="b", reason="see 900101-1234567")
