"""Small QTI 1.2 documents for tests, and the scoring of what is made of them."""

from collections.abc import Mapping
from fractions import Fraction

from itembank.core.scoring import Scorer, score_item
from itembank.formats.parsed import Parsed, ParsedItem
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti12.document import parse_qti12


def parsed(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> Parsed:
    """Return what a document with these items reads as."""
    return parse_qti12(f"{head}<questestinterop>{''.join(items)}</questestinterop>".encode(), name="sample")


def only(xml: str) -> ParsedItem:
    """Return the one item of a document."""
    found = parsed(xml)
    assert found.problems == ()
    assert found.refused == ()
    (item,) = found.items
    return item


def item(presentation: str, processing: str = "", *, fields: Mapping[str, str] | None = None, rest: str = "") -> str:
    """Return the XML of an item."""
    metadata = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{text}</fieldentry></qtimetadatafield>"
        for name, text in (fields or {}).items()
    )
    return (
        f'<item ident="I1" title="Sample"><itemmetadata><qtimetadata>{metadata}</qtimetadata></itemmetadata>'
        f"<presentation>{presentation}</presentation>{processing}{rest}</item>"
    )


def text(words: str) -> str:
    """Return material that says `words`."""
    return f"<material><mattext>{words}</mattext></material>"


def lid(ident: str, options: Mapping[str, str], *, cardinality: str = "Single", prompt: str = "") -> str:
    """Return a response that chooses among options."""
    labels = "".join(
        f'<response_label ident="{name}">{text(words)}</response_label>' for name, words in options.items()
    )
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{text(prompt) if prompt else ""}'
        f"<render_choice>{labels}</render_choice></response_lid>"
    )


def typed(ident: str, *, kind: str = "", element: str = "response_str") -> str:
    """Return a response that is typed."""
    fib = f' fibtype="{kind}"' if kind else ""
    return f'<{element} ident="{ident}"><render_fib{fib}><response_label ident="A"/></render_fib></{element}>'


def condition(test: str, *changes: str, go_on: str = "", shown: str = "") -> str:
    """Return a respcondition; a change is `Set 5` or `Add 1 NAME`."""
    made = []
    for change in changes:
        action, amount, *name = change.split()
        varname = f' varname="{name[0]}"' if name else ""
        made.append(f'<setvar action="{action}"{varname}>{amount}</setvar>')
    says = f' continue="{go_on}"' if go_on else ""
    link = f'<displayfeedback feedbacktype="Response" linkrefid="{shown}"/>' if shown else ""
    return f"<respcondition{says}><conditionvar>{test}</conditionvar>{''.join(made)}{link}</respcondition>"


def processed(*conditions: str, outcomes: str = "<decvar/>") -> str:
    """Return a resprocessing."""
    return f"<resprocessing><outcomes>{outcomes}</outcomes>{''.join(conditions)}</resprocessing>"


def equal(ident: str, value: str, **attributes: str) -> str:
    """Return a varequal."""
    more = "".join(f' {name}="{said}"' for name, said in attributes.items())
    return f'<varequal respident="{ident}"{more}>{value}</varequal>'


def earned(one: ParsedItem, **responses: str | tuple[str, ...]) -> Fraction:
    """Return the part of its points that the item gives for the responses."""
    given = {name: values if isinstance(values, tuple) else (values,) for name, values in responses.items()}
    program = None
    if one.key.program is not None:
        program = parse_scoring(one.key.program.source.encode()).item
        assert program is not None
    scorer = Scorer(key=one.key, declarations=one.content.declarations, program=program)
    outcome = score_item(scorer, given, seed=b"seed")
    assert not outcome.awaits_person
    return outcome.earned
