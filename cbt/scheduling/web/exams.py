"""Exams and their versions."""

from typing import Any, assert_never
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cbt.kernel.web.context import runtime
from cbt.kernel.web.language import language
from cbt.people.web import Errors, actor, answer
from cbt.scheduling.core.exams import ExamId, ExamVersion, read_exam
from cbt.scheduling.core.needs import FOR_EVERYBODY
from cbt.scheduling.core.pass_rules import Count, Overall, PassRule, RuleKind, SubjectsAndAverage, rule_words
from cbt.scheduling.services import exams as services
from cbt.scheduling.web.access import admins, routes, saved, title_fields
from cbt.scheduling.web.needs import TOOL_WORDS, fields_of_form
from itembank.services.blueprints import list_blueprints

_NEW: dict[str, str] = {
    "minutes": "150",
    "grace_s": "10",
    "rule": RuleKind.SUBJECTS_AND_AVERAGE.value,
    "subject_floor": "40",
    "average_floor": "60",
    "floor": "60",
    "calculator": "plain",
    "tools": ",".join(FOR_EVERYBODY),
    "result_policy": "provisional",
}


@routes.app_template_filter("rule_words")
def rule_sentence(rule: PassRule) -> str:
    """Return a pass rule as a sentence in the reader's language."""
    return rule_words(rule).in_language(language())


@routes.get("/admin/exams")
@admins
def exams() -> str:
    """List the exams."""
    found = services.list_exams(runtime())
    return render_template("scheduling/exams.html", exams=found, blueprints=_blueprints())


@routes.route("/admin/exams/new", methods=["GET", "POST"])
@admins
def exam_new() -> ResponseReturnValue:
    """Enter an exam."""

    def page(errors: Errors) -> str:
        return _page(errors, (), _NEW)

    def act() -> str:
        version = services.create_exam(runtime(), read_exam(fields_of_form()), by=actor())
        return saved(url_for("scheduling.exam_edit", exam_id=version.exam_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.route("/admin/exams/<uuid:exam_id>", methods=["GET", "POST"])
@admins
def exam_edit(exam_id: UUID) -> ResponseReturnValue:
    """Show an exam with its versions, and make a new one."""

    def page(errors: Errors) -> str:
        versions = services.list_versions(runtime(), ExamId(exam_id))
        return _page(errors, versions, _stored(versions[0]))

    def act() -> str:
        services.revise_exam(runtime(), ExamId(exam_id), read_exam(fields_of_form()), by=actor())
        return saved(url_for("scheduling.exam_edit", exam_id=exam_id))

    return page({}) if request.method == "GET" else answer(act, page)


def _page(errors: Errors, versions: tuple[ExamVersion, ...], stored: dict[str, str]) -> str:
    facts: dict[str, Any] = {"versions": versions, "blueprints": _blueprints(), "tool_words": TOOL_WORDS}
    raw = fields_of_form() if request.method == "POST" else stored
    return render_template("scheduling/exam.html", errors=errors, raw=raw, **facts)


def _blueprints() -> dict[str, Any]:
    """Return the newest version of every blueprint by the text of its id."""
    return {str(stored.version_id): stored for stored in list_blueprints(runtime())}


def _stored(version: ExamVersion) -> dict[str, str]:
    return {
        **_NEW,
        "code": version.exam_code,
        **title_fields(version.title),
        "blueprint": str(version.blueprint_version_id),
        "minutes": str(int(version.time_allowed.total_seconds()) // 60),
        "grace_s": str(int(version.grace.total_seconds())),
        "calculator": version.calculator.value,
        "tools": ",".join(version.tools),
        "result_policy": version.result_policy.value,
        **_rule_fields(version.pass_rule),
    }


def _rule_fields(rule: PassRule) -> dict[str, str]:
    match rule:
        case SubjectsAndAverage():
            kind, numbers = RuleKind.SUBJECTS_AND_AVERAGE, {"subject_floor": rule.floor, "average_floor": rule.average}
            return {"rule": kind.value, **{name: f"{number.normalize():f}" for name, number in numbers.items()}}
        case Overall():
            return {"rule": RuleKind.OVERALL.value, "floor": f"{rule.least.normalize():f}"}
        case Count():
            return {"rule": RuleKind.COUNT.value, "correct": str(rule.least), "of": str(rule.of)}
        case _:
            assert_never(rule)
