"""Items and keys as canonical documents, and back: what the database keeps and what digests are taken of."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, assert_never

from cbt.kernel.errors import InvalidInput
from itembank.core.items import (
    AssetRef,
    BaseType,
    Cardinality,
    Choice,
    ChoiceInteraction,
    Interaction,
    ItemContent,
    ResponseDeclaration,
    TextEntryInteraction,
)
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, ResponseKey, Rule

ITEM_FORMAT: Final = "item/1"
KEY_FORMAT: Final = "key/1"


class NotAnItemDocument(InvalidInput):
    """The document is not one that this version of the item bank wrote."""

    code = "not-an-item-document"


def content_document(content: ItemContent) -> dict[str, Any]:
    """Return the document of `content`."""
    return {
        "format": ITEM_FORMAT,
        "title": content.title,
        "language": content.language,
        "body": content.body,
        "declarations": [
            {"identifier": one.identifier, "cardinality": one.cardinality.value, "base_type": one.base_type.value}
            for one in content.declarations
        ],
        "interactions": [_interaction_document(one) for one in content.interactions],
        "assets": [{"sha256": one.sha256, "media_type": one.media_type, "name": one.name} for one in content.assets],
    }


def content_from(document: Mapping[str, Any]) -> ItemContent:
    """Return the content that `content_document` wrote; raises NotAnItemDocument."""
    try:
        _expect(document, ITEM_FORMAT)
        return ItemContent(
            title=document["title"],
            language=document["language"],
            body=document["body"],
            declarations=tuple(
                ResponseDeclaration(
                    identifier=one["identifier"],
                    cardinality=Cardinality(one["cardinality"]),
                    base_type=BaseType(one["base_type"]),
                )
                for one in document["declarations"]
            ),
            interactions=tuple(_interaction_from(one) for one in document["interactions"]),
            assets=tuple(AssetRef(**one) for one in document["assets"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnItemDocument(str(error)) from error


def key_document(key: ItemKey) -> dict[str, Any]:
    """Return the document of `key`."""
    return {
        "format": KEY_FORMAT,
        "responses": [{"identifier": one.identifier, "rule": _rule_document(one.rule)} for one in key.responses],
        "explanation": key.explanation,
        "references": list(key.references),
    }


def key_from(document: Mapping[str, Any]) -> ItemKey:
    """Return the key that `key_document` wrote; raises NotAnItemDocument."""
    try:
        _expect(document, KEY_FORMAT)
        return ItemKey(
            responses=tuple(
                ResponseKey(identifier=one["identifier"], rule=_rule_from(one["rule"])) for one in document["responses"]
            ),
            explanation=document["explanation"],
            references=tuple(document["references"]),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise NotAnItemDocument(str(error)) from error


def _expect(document: Mapping[str, Any], expected: str) -> None:
    if document["format"] != expected:
        raise NotAnItemDocument(f"format {document['format']!r} instead of {expected!r}")


def _interaction_document(interaction: Interaction) -> dict[str, Any]:
    match interaction:
        case ChoiceInteraction():
            return {
                "kind": "choice",
                "response": interaction.response,
                "choices": [
                    {"identifier": one.identifier, "content": one.content, "pinned": one.pinned}
                    for one in interaction.choices
                ],
                "max_choices": interaction.max_choices,
                "min_choices": interaction.min_choices,
                "shuffle": interaction.shuffle,
            }
        case TextEntryInteraction():
            return {
                "kind": "text-entry",
                "response": interaction.response,
                "expected_length": interaction.expected_length,
                "placeholder_hint": interaction.placeholder_hint,
            }
    assert_never(interaction)


def _interaction_from(document: Mapping[str, Any]) -> Interaction:
    fields = {name: value for name, value in document.items() if name != "kind"}
    match document["kind"]:
        case "choice":
            fields["choices"] = tuple(Choice(**one) for one in fields["choices"])
            return ChoiceInteraction(**fields)
        case "text-entry":
            return TextEntryInteraction(**fields)
        case other:
            raise NotAnItemDocument(f"interaction {other!r}")


def _rule_document(rule: Rule) -> dict[str, Any]:
    match rule:
        case MatchCorrect():
            return {"kind": "match-correct", "correct": list(rule.correct)}
        case MatchText():
            return {"kind": "match-text", "accepted": list(rule.accepted), "case_sensitive": rule.case_sensitive}
        case MatchNumber():
            return {"kind": "match-number", "value": str(rule.value), "tolerance": str(rule.tolerance)}
    assert_never(rule)


def _rule_from(document: Mapping[str, Any]) -> Rule:
    match document["kind"]:
        case "match-correct":
            return MatchCorrect(correct=tuple(document["correct"]))
        case "match-text":
            return MatchText(accepted=tuple(document["accepted"]), case_sensitive=document["case_sensitive"])
        case "match-number":
            return MatchNumber(value=Decimal(document["value"]), tolerance=Decimal(document["tolerance"]))
        case other:
            raise NotAnItemDocument(f"rule {other!r}")
