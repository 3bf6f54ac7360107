"""The item editor as text: an item and its key to fields, and fields back to an item, with problems by field.

Every kind of interaction goes through the same way: its fields are read off the item model (`item_form_parts`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core import interactions as qti
from itembank.core.content import Notation, block, plain_title
from itembank.core.declared import declaration_of
from itembank.core.documents import INTERACTIONS, kind_of
from itembank.core.item_form_check import IDENTIFIER, check_content
from itembank.core.item_form_key import check_answers, read_key, typed_key, with_key
from itembank.core.item_form_tree import Tree, part_of, rows_of, text_of
from itembank.core.item_form_values import Reading, typed, typed_html
from itembank.core.items import AssetRef, ItemContent, Stimulus
from itembank.core.keys import Feedback, ItemKey, MatchNumber
from itembank.core.markup import places
from itembank.core.passages import passages
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration

INLINE: Final = (qti.TextEntryInteraction, qti.InlineChoiceInteraction, qti.EndAttemptInteraction)
LOWEST_LOGIT: Final = -10
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = re.compile(r"asset:([0-9a-f]{64})")
_LOGIT: Final = re.compile(r"[-−]?[0-9]{1,2}(?:\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is typed, as far as it can be read; with any problem it cannot be saved."""

    content: ItemContent
    key: ItemKey
    difficulty: Decimal | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    files: tuple[AssetRef, ...] = ()


def digests_in(raw: Mapping[str, str]) -> frozenset[str]:
    """Return the digests of all files that the fields name."""
    found = {digest for value in raw.values() for digest in _SHOWN.findall(value)}
    return frozenset(found | {value for value in raw.values() if _DIGEST.fullmatch(value)})


def read_draft(tree: Tree, files: Mapping[str, AssetRef]) -> Draft:
    """Return the item that the fields describe; `files` are those that may be shown, by digest."""
    reading = Reading(files=files)
    fields = tuple(row for row in rows_of(tree, "i") if text_of(row, "kind") in INTERACTIONS)
    interactions = tuple(
        reading.value(INTERACTIONS[text_of(row, "kind")], row, f"i-{number}") for number, row in enumerate(fields)
    )
    content = _content(tree, reading, interactions)
    key = read_key(tree, content, reading, fields)
    content = replace(content, declarations=_declarations(content, key, fields))
    feedback: tuple[Feedback, ...] = tuple(
        reading.value(Feedback, row, f"feedback-{number}") for number, row in enumerate(rows_of(tree, "feedback"))
    )
    key = replace(key, feedback=feedback)
    check_content(content, reading)
    check_answers(content, key, reading)
    shown = _files(content, files)
    told = _files_of(key, files)
    return Draft(
        content=replace(content, assets=shown),
        key=key,
        difficulty=_difficulty(text_of(tree, "difficulty"), reading),
        problems=tuple(reading.problems),
        warnings=tuple(reading.warnings),
        files=tuple({one.sha256: one for one in (*shown, *told)}.values()),
    )


def _content(tree: Tree, reading: Reading, interactions: tuple[qti.Interaction, ...]) -> ItemContent:
    body = reading.html(text_of(tree, "body"), "body", as_block=True) if text_of(tree, "body").strip() else ""
    there = places(body)
    lacking = [one for one in interactions if one.response not in there and IDENTIFIER.fullmatch(one.response)]
    body += "".join(default_place(one) for one in lacking)
    title = text_of(tree, "title").strip() or plain_title(body.replace("▣", ""))
    return ItemContent(
        title=title[:200],
        language=text_of(tree, "language") or "ko",
        body=body,
        declarations=(),
        interactions=interactions,
        stimulus=_stimulus(part_of(tree, "stimulus"), reading),
    )


def default_place(interaction: qti.Interaction) -> str:
    """Return the place at the end of the body of an interaction that has no other."""
    if isinstance(interaction, INLINE):
        return f'<p><span data-interaction="{interaction.response}"></span></p>'
    return f'<div data-interaction="{interaction.response}"></div>'


def _stimulus(fields: Tree, reading: Reading) -> Stimulus | None:
    if not any(text_of(fields, name).strip() for name in ("code", "title", "body")):
        return None
    value: Stimulus = reading.value(Stimulus, fields, "stimulus")
    return value


def _declarations(content: ItemContent, key: ItemKey, fields: tuple[Tree, ...]) -> tuple[ResponseDeclaration, ...]:
    return tuple(_declared(one, key, row) for one, row in zip(content.interactions, fields, strict=True))


def _declared(interaction: qti.Interaction, key: ItemKey, fields: Tree) -> ResponseDeclaration:
    usual = _usual(interaction, key)
    cardinality, base_type = text_of(fields, "cardinality"), text_of(fields, "base_type")
    return ResponseDeclaration(
        identifier=interaction.response,
        cardinality=Cardinality(cardinality) if cardinality in set(Cardinality) else usual.cardinality,
        base_type=BaseType(base_type) if base_type in set(BaseType) else usual.base_type,
    )


def _usual(interaction: qti.Interaction, key: ItemKey) -> ResponseDeclaration:
    usual = declaration_of(interaction)
    rule = key.find(interaction.response)
    if rule is not None and isinstance(rule.rule, MatchNumber):
        return replace(usual, base_type=BaseType.FLOAT)
    return usual


def _files(content: ItemContent, files: Mapping[str, AssetRef]) -> tuple[AssetRef, ...]:
    named = [digest for html in passages(content) for digest in _SHOWN.findall(html)]
    for one in content.interactions:
        named += _DIGEST.findall(repr(one))
    return tuple(files[digest] for digest in dict.fromkeys(named) if digest in files)


def _files_of(key: ItemKey, files: Mapping[str, AssetRef]) -> tuple[AssetRef, ...]:
    html = [key.explanation, *(one.content for one in key.feedback)]
    named = [digest for one in html for digest in _SHOWN.findall(one)]
    return tuple(files[digest] for digest in dict.fromkeys(named) if digest in files)


def _difficulty(text: str, reading: Reading) -> Decimal | None:
    plain = text.strip().replace("−", "-")
    if not plain:
        return None
    if _LOGIT.fullmatch(plain) and LOWEST_LOGIT <= Decimal(plain) <= -LOWEST_LOGIT:
        return Decimal(plain)
    reading.refuse("difficulty", "bad-logit")
    return None


def typed_item(content: ItemContent, key: ItemKey | None, difficulty: Decimal | None = None) -> Tree:
    """Return the fields of an item, as `read_draft` reads them."""
    rules = {} if key is None else {one.identifier: one.rule for one in key.responses}
    rows = []
    for one in content.interactions:
        row = with_key({"kind": kind_of(one), **typed(one)}, one, rules.get(one.response))
        rows.append(row | _typed_declaration(content.declaration(one.response), _usual(one, key or ItemKey())))
    return {
        "title": content.title,
        "language": content.language,
        "body": typed_html(_without_last_places(content)),
        "difficulty": "" if difficulty is None else f"{difficulty.normalize():f}",
        "i": rows,
        "stimulus": {} if content.stimulus is None else typed(content.stimulus),
        "feedback": [] if key is None else [typed(one) for one in key.feedback],
        **typed_key(key),
    }


def _typed_declaration(declared: ResponseDeclaration | None, usual: ResponseDeclaration) -> Tree:
    if declared is None:
        return {}
    return {
        "cardinality": "" if declared.cardinality is usual.cardinality else str(declared.cardinality),
        "base_type": "" if declared.base_type is usual.base_type else str(declared.base_type),
    }


def _without_last_places(content: ItemContent) -> str:
    """Return the body without the places that reading puts back at its end."""
    body = content.body
    for one in reversed(content.interactions):
        if not body.endswith(default_place(one)):
            break
        body = body.removesuffix(default_place(one))
    shown = block(body, "body", notation=Notation.HTML, pictures=str)
    return body if body and shown.html == body else content.body
