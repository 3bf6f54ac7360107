"""Exams and their versions."""

from typing import Any, assert_never
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cbt.kernel.titles import Title
from cbt.kernel.web.context import runtime
from cbt.kernel.web.language import language
from cbt.people.web import Errors, actor, answer
from cbt.scheduling.core.exam_parts import MINUTE, ExamPart, part_words
from cbt.scheduling.core.exams import MOST_EXTRA, ExamId, ExamVersion, Navigation, read_exam
from cbt.scheduling.core.late_rules import LateRule
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
    "late_rule": "none",
    "late_minutes": "30",
    "navigation": Navigation.FREE.value,
    "extra_minutes": str(MOST_EXTRA // MINUTE),
}


@routes.app_template_filter("rule_words")
def rule_sentence(rule: PassRule) -> str:
    """Return a pass rule as a sentence in the reader's language."""
    return rule_words(rule).in_language(language())


@routes.app_template_filter("part_lines")
def part_lines(version: ExamVersion) -> tuple[str, ...]:
    """Return the parts of an exam that are passed in one direction, a line for each; none for a free one."""
    words = (part_words(part, number, part.time_allowed) for number, part in enumerate(version.parts, start=1))
    return tuple(line.in_language(language()) for line in words)


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
    blueprints = _blueprints()
    facts: dict[str, Any] = {"versions": versions, "blueprints": blueprints, "tool_words": TOOL_WORDS}
    facts["part_lists"] = _part_lists(versions) | _parts_of(blueprints)
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
        "minutes": str(version.time_allowed // MINUTE),
        "navigation": version.navigation.value,
        "extra_minutes": str(version.most_extra // MINUTE),
        **_part_fields(version.parts),
        "grace_s": str(int(version.grace.total_seconds())),
        "calculator": version.calculator.value,
        "tools": ",".join(version.tools),
        "result_policy": version.result_policy.value,
        **_late_fields(version.late_rule),
        **_rule_fields(version.pass_rule),
    }


def _part_lists(versions: tuple[ExamVersion, ...]) -> dict[str, list[Title]]:
    """Return the parts that the latest version names: its blueprint may have a newer version by now."""
    return {str(one.blueprint_version_id): [part.title for part in one.parts] for one in versions[:1] if one.parts}


def _parts_of(blueprints: dict[str, Any]) -> dict[str, list[Title]]:
    lists = {key: [part.title for part in stored.blueprint.parts] for key, stored in blueprints.items()}
    return {key: titles for key, titles in lists.items() if len(titles) > 1}


def _part_fields(parts: tuple[ExamPart, ...]) -> dict[str, str]:
    """Return the minutes of the parts as fields; empty where there are none."""
    fields: dict[str, str] = {}
    for number, part in enumerate(parts, start=1):
        fields[f"part_minutes_{number}"] = "" if part.time_allowed is None else str(part.time_allowed // MINUTE)
        fields[f"break_minutes_{number}"] = str(part.break_after // MINUTE) if part.break_after else ""
    return fields


def _late_fields(rule: LateRule) -> dict[str, str]:
    return {"late_rule": rule.kind.value} | ({"late_minutes": str(rule.minutes)} if rule.minutes else {})


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
