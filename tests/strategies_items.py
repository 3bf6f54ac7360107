"""Hypothesis strategies: whole items of every kind of interaction, with keys that fit, files and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from hypothesis import strategies as st

from cbt.kernel.titles import Title
from itembank.core.interactions import DrawingInteraction, ExtendedTextInteraction, UploadInteraction
from itembank.core.items import ItemContent, Stimulus
from itembank.core.keys import (
    Feedback,
    FeedbackKind,
    ItemKey,
    QtiProgram,
    ResponseKey,
)
from itembank.core.markup import clean
from itembank.core.metadata import Calibration, ItemMetadata
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import ResponseDeclaration
from itembank.formats.exported import ExportItem
from itembank.formats.parsed import Asset, ParsedArea
from tests.strategies_interactions import KINDS
from tests.strategies_parts import PICTURES, Part, lines, paragraphs, words


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeItem:
    """An item with its key and files; `right` is a response that earns all, where rules can say so."""

    content: ItemContent
    key: ItemKey
    assets: tuple[Asset, ...] = ()
    right: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def export(self, code: str = "P1-001", **known: object) -> ExportItem:
        """Return it as what a writer is given."""
        files = {one.ref.sha256: one.payload for one in self.assets}
        given = {"areas": (ParsedArea(code="P1", parent="", title=Title(ko="전기", en="Electricity")),)} | known
        return ExportItem(code=code, content=self.content, key=self.key, read_asset=files.get, **given)


@st.composite
def items(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS), *, most: int = 3, plain: bool = False) -> MadeItem:
    """Return an item with up to `most` interactions of `kinds`; a `plain` one has a paragraph and no extras."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=most))
    names = ["RESPONSE"] if len(chosen) == 1 else [f"RESPONSE_{number}" for number in range(1, len(chosen) + 1)]
    parts = [draw(KINDS[kind](name)) for kind, name in zip(chosen, names, strict=True)]
    assets = {one.ref.sha256: one for part in parts for one in part.assets}
    body = draw(paragraphs) + "".join(_place(draw, part) for part in parts)
    if not plain and draw(st.booleans()):
        assets[PICTURES[2].ref.sha256] = PICTURES[2]
        words_for_it = draw(st.sampled_from(["graph", "도표"]))
        body += clean(f'<figure><img src="asset:{PICTURES[2].ref.sha256}" alt="{words_for_it}"></figure>')
    key = _key(parts)
    if not plain:
        body, key = _extras(draw, body, key)
    return MadeItem(
        content=ItemContent(
            title=draw(words),
            language=draw(st.sampled_from(["ko", "en"])),
            body=body,
            declarations=tuple(
                ResponseDeclaration(
                    identifier=part.interaction.response, cardinality=part.cardinality, base_type=part.base_type
                )
                for part in parts
            ),
            interactions=tuple(part.interaction for part in parts),
            assets=tuple(one.ref for one in assets.values()),
            stimulus=draw(stimuli) if not plain and draw(st.booleans()) else None,
        ),
        key=key,
        assets=tuple(assets.values()),
        right={part.interaction.response: part.right for part in parts if part.right},
    )


BY_PERSONS = (ExtendedTextInteraction, UploadInteraction, DrawingInteraction)
stimuli = st.builds(Stimulus, code=st.sampled_from(["S1", "reading-2"]), title=words, body=paragraphs)


def _place(draw: st.DrawFn, part: Part) -> str:
    name = part.interaction.response
    if part.block:
        return f'<div data-interaction="{name}"></div>'
    in_line = f'<p>{draw(lines)} <span data-interaction="{name}"></span> .</p>'
    return draw(st.sampled_from([in_line, f'<div data-interaction="{name}"></div>']))


def _key(parts: list[Part]) -> ItemKey:
    if all(part.rule is not None for part in parts):
        rules = [(part.interaction.response, part.rule) for part in parts]
        return ItemKey(responses=tuple(ResponseKey(identifier=name, rule=rule) for name, rule in rules if rule))
    scored_by = ScoredBy.RULES if any(part.right for part in parts) else ScoredBy.NOBODY
    if any(isinstance(part.interaction, BY_PERSONS) for part in parts):
        scored_by = ScoredBy.HUMAN
    return ItemKey(program=QtiProgram(source=program(parts, scored_by), scored_by=scored_by))


def program(parts: list[Part], scored_by: ScoredBy) -> str:
    """Return a program that gives 1 when everything with a right response is right, or leaves it to a person."""
    declared = "".join(_declared(part) for part in parts)
    kinds = ' cardinality="single" base-type="float"'
    external = ' external-scored="human"' if scored_by is ScoredBy.HUMAN else ""
    most = "<qti-default-value><qti-value>1</qti-value></qti-default-value>"
    outcomes = f'<qti-outcome-declaration{external} identifier="SCORE"{kinds}/>'
    outcomes += f'<qti-outcome-declaration identifier="MAXSCORE"{kinds}>{most}</qti-outcome-declaration>'
    names = [part.interaction.response for part in parts if part.right]
    tests = "".join(
        f'<qti-match><qti-variable identifier="{one}"/><qti-correct identifier="{one}"/></qti-match>' for one in names
    )
    value = '<qti-base-value base-type="float">1</qti-base-value>'
    rule = f'<qti-set-outcome-value identifier="SCORE">{value}</qti-set-outcome-value>'
    condition = f"<qti-response-condition><qti-response-if><qti-and>{tests}</qti-and>{rule}</qti-response-if>"
    rules = f"<qti-response-processing>{condition}</qti-response-condition></qti-response-processing>"
    if scored_by is not ScoredBy.RULES:
        rules = ""
    return f"<qti-assessment-item>{declared}{outcomes}{rules}</qti-assessment-item>"


def _declared(part: Part) -> str:
    given = f'identifier="{part.interaction.response}" cardinality="{part.cardinality}" base-type="{part.base_type}"'
    values = "".join(f"<qti-value>{escape(value)}</qti-value>" for value in part.right)
    correct = f"<qti-correct-response>{values}</qti-correct-response>" if values else ""
    return f"<qti-response-declaration {given}>{correct}</qti-response-declaration>"


def _extras(draw: st.DrawFn, body: str, key: ItemKey) -> tuple[str, ItemKey]:
    feedback = []
    if draw(st.booleans()):
        body += '<div data-feedback="F1"></div>'
        feedback.append(
            Feedback(kind=FeedbackKind.BLOCK, outcome="SCORE", value="1", content=draw(paragraphs), place="F1")
        )
    if draw(st.booleans()):
        feedback.append(
            Feedback(
                kind=FeedbackKind.MODAL,
                outcome="SCORE",
                value="0",
                content=draw(paragraphs),
                title=draw(st.sampled_from(["", "Sorry"])),
                hidden=draw(st.booleans()),
            )
        )
    return body, ItemKey(
        responses=key.responses,
        program=key.program,
        feedback=tuple(feedback),
        explanation=draw(st.just("") | paragraphs),
        references=tuple(draw(st.lists(words, max_size=2))),
    )


shares = st.none() | st.integers(0, 100).map(lambda percent: percent / 100)
metadata = st.builds(
    ItemMetadata,
    level=st.sampled_from(["", "기억", "apply"]),
    enemies=st.frozensets(st.sampled_from(["set 1", "E-2"])),
    time_estimate_s=st.none() | st.integers(1, 3600),
    p_estimate=shares,
    p_observed=shares,
    calibration=st.none()
    | st.builds(
        Calibration,
        discrimination=st.floats(0.1, 3),
        difficulty=st.floats(-4, 4),
        guessing=st.sampled_from([0.0, 0.25]),
    ),
    fields=st.dictionaries(st.sampled_from(["source", "law"]), words, max_size=2),
)
