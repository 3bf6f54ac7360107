"""People on the shell: staff accounts, candidates, and the proof of the audit trail. Each command calls one service."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from cbt.kernel.errors import Problem
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor, Role, StaffId
from cbt.people.core.inputs import InputRefused
from cbt.people.core.staff import NoSuchStaff, Staff
from cbt.people.services import accounts
from cbt.people.services.audit import audit_head, seal_audit, verify_audit
from cbt.people.services.candidates import import_candidates
from cbt.people.services.passwords import random_password
from cbt.people.services.staff import create_staff

PROBLEMS: Final = 1
MOST_SHOWN: Final = 50
_SHELL: Final = Actor.system("shell")
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
_ROLES: Final = click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)


@click.group("people")
def people() -> None:
    """Staff accounts, candidates and the audit trail."""


@people.group("staff")
def staff() -> None:
    """Accounts of staff."""


@staff.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The name that records show.")
@_ROLES
@_AS_JSON
@click.pass_obj
def add_staff(rt: Runtime, login: str, name: str, roles: tuple[str, ...], *, as_json: bool) -> None:
    """Open an account and print its random password, which is kept nowhere else."""
    password = random_password()
    chosen = [Role(role) for role in roles]
    try:
        create_staff(rt, login=login, name=name, password=password, roles=chosen, by=_SHELL, temporary=True)
    except InputRefused as refused:
        tell_problems(refused.problems, {}, as_json=as_json)
    facts = {"login": login.strip().lower(), "password": password}
    tell(facts, [f"login: {facts['login']}", f"password: {password}"], as_json=as_json)


@staff.command("list")
@_AS_JSON
@click.pass_obj
def list_staff(rt: Runtime, *, as_json: bool) -> None:
    """List the accounts."""
    listed = [_staff_facts(person) for person in accounts.list_staff(rt)]
    lines = [f"{one['login']}: {one['name']}, {', '.join(one['roles'])}, {one['account']}" for one in listed]
    tell(listed, lines or ["no account yet"], as_json=as_json)


@staff.command("reset")
@click.argument("login")
@_AS_JSON
@click.pass_obj
def reset_staff(rt: Runtime, login: str, *, as_json: bool) -> None:
    """Give the account a new random password and print it; all its sign-ins end."""
    password = accounts.reset_password(rt, _find(rt, login), by=_SHELL)
    tell({"login": login, "password": password}, [f"password: {password}"], as_json=as_json)


@staff.command("close")
@click.argument("login")
@click.option("--reason", default="", help="Why; the audit trail keeps it.")
@click.pass_obj
def close_staff(rt: Runtime, login: str, reason: str) -> None:
    """Close the account and end its sign-ins."""
    accounts.disable_staff(rt, _find(rt, login), by=_SHELL, reason=reason)


@staff.command("open")
@click.argument("login")
@click.pass_obj
def open_staff(rt: Runtime, login: str) -> None:
    """Open a closed account again."""
    accounts.enable_staff(rt, _find(rt, login), by=_SHELL)


@staff.command("roles")
@click.argument("login")
@_ROLES
@click.pass_obj
def change_roles(rt: Runtime, login: str, roles: tuple[str, ...]) -> None:
    """Replace the roles of the account."""
    accounts.set_roles(rt, _find(rt, login), [Role(role) for role in roles], by=_SHELL)


@people.command("candidates")
@click.argument("source", type=_FILE, metavar="FILE.csv")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@_AS_JSON
@click.pass_obj
def load_candidates(rt: Runtime, source: Path, *, dry_run: bool, as_json: bool) -> None:
    """Load candidates (number, name, name_latin, birth) from FILE.csv, all or nothing."""
    result = import_candidates(rt, source.read_bytes(), by=_SHELL, dry_run=dry_run)
    facts = {"new": len(result.fresh), "known": result.known, "dry_run": dry_run}
    if result.problems:
        tell_problems(result.problems, facts, as_json=as_json)
    rest = " (dry run, nothing was stored)" if dry_run else ""
    tell({**facts, "problems": []}, [f"{facts['new']} new, {facts['known']} known{rest}"], as_json=as_json)


@people.command("audit")
@_AS_JSON
@click.pass_obj
def check_audit(rt: Runtime, *, as_json: bool) -> None:
    """Seal what is new, then check the whole chain of the audit trail and print its head."""
    while seal_audit(rt):
        pass
    problems = verify_audit(rt)
    number, head = audit_head(rt)
    facts = {"records": number, "head": head.hex()}
    if problems:
        tell_problems(problems, facts, as_json=as_json)
    tell({**facts, "problems": []}, [f"{number} records, unbroken; head {head.hex()}"], as_json=as_json)


def tell(facts: Any, lines: Iterable[str], *, as_json: bool) -> None:
    """Print the answer of a command, as JSON or as lines."""
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))


def tell_problems(problems: tuple[Problem, ...], facts: dict[str, Any], *, as_json: bool) -> NoReturn:
    """Print what must be corrected and end the command with code 1."""
    listed = [{"where": one.where, "code": one.code, "hint": one.hint} for one in problems]
    lines = [f"{one.where}: {one.hint} [{one.code}]" for one in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        lines.append(f"… and {len(problems) - MOST_SHOWN} more")
    tell({**facts, "problems": listed}, [*lines, f"{len(problems)} problems"], as_json=as_json)
    sys.exit(PROBLEMS)


def _staff_facts(person: Staff) -> dict[str, Any]:
    return {
        "login": person.login,
        "name": person.name,
        "roles": sorted(person.roles),
        "account": "open" if person.disabled_at is None else "closed",
        "open_sign_ins": person.open_sessions,
    }


def _find(rt: Runtime, login: str) -> StaffId:
    for person in accounts.list_staff(rt):
        if person.login == login.strip().lower():
            return person.id
    raise NoSuchStaff(login=login)
