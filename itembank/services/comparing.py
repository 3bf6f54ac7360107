"""Two versions of an item side by side: text, options, key and facts, word by word."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from cbt.kernel.runtime import Runtime
from itembank.core.comparison import Compared, pairs
from itembank.core.interactions import Choice, Interaction
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, Rule
from itembank.core.marks import AnswerKind, answer_kind
from itembank.core.markup import visible_text
from itembank.core.passages import options_of
from itembank.core.records import Bank, ItemLine, NoSuchItem, StoredVersion
from itembank.store import banks as bank_store
from itembank.store import items as item_store
from itembank.store import keys as key_store

Named = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Two versions of one item: what reads differently, part by part, and the pictures of each."""

    bank: Bank
    line: ItemLine
    versions: tuple[StoredVersion, ...]
    older: StoredVersion
    newer: StoredVersion
    text: tuple[Compared, ...]
    options: tuple[Compared, ...]
    key: tuple[Compared, ...]
    facts: tuple[Compared, ...]

    @property
    def differs(self) -> bool:
        """Return whether anything differs."""
        return any(one.differs for one in (*self.text, *self.options, *self.key, *self.facts))


def compare_versions(
    rt: Runtime, bank_code: str, item_code: str, numbers: tuple[int, int], kind_words: Callable[[AnswerKind], str]
) -> SideBySide:
    """Return two versions of an item (older, newer) compared; raises NoSuchBank, NoSuchItem.

    `kind_words` says how a kind of answer is called where the comparison is read.
    """
    older, newer = numbers
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        line = item_store.get_line(tx, bank.id, item_code)
        versions = item_store.versions(tx, line.item_id)
        by_number = {one.number: one for one in versions}
        if older not in by_number or newer not in by_number:
            raise NoSuchItem(bank=bank_code, item=item_code, version=older if newer in by_number else newer)
        first, second = by_number[older], by_number[newer]
        keys = [(key_store.newest(tx, one.id) or (0, ItemKey()))[1] for one in (first, second)]
    return SideBySide(
        bank=bank,
        line=line,
        versions=versions,
        older=first,
        newer=second,
        text=pairs(_text(first.content), _text(second.content)),
        options=pairs(_options(first.content), _options(second.content)),
        key=pairs(_key(keys[0]), _key(keys[1])),
        facts=pairs(_facts(first, kind_words), _facts(second, kind_words)),
    )


def _text(content: ItemContent) -> Named:
    stimulus = content.stimulus
    return (
        ("title", content.title),
        *((("stimulus", visible_text(f"<p>{stimulus.title}</p>{stimulus.body}")),) if stimulus else ()),
        ("body", visible_text(content.body)),
        *((f"prompt {one.response}", visible_text(one.prompt)) for one in content.interactions if one.prompt),
    )


def _options(content: ItemContent) -> Named:
    return tuple(
        (f"option {_named(content, one, choice.identifier)}", visible_text(choice.content) + _pin(choice))
        for one in content.interactions
        for choice in options_of(one)
    )


def _named(content: ItemContent, interaction: Interaction, name: str) -> str:
    """Return a name with its response before it, where the item has several."""
    return f"{interaction.response} {name}".strip() if len(content.interactions) > 1 else name


def _pin(choice: Choice) -> str:
    return " ▪" if choice.pinned else ""


def _key(key: ItemKey) -> Named:
    several = len(key.responses) > 1
    return tuple(
        (name, words)
        for name, words in (
            *((f"right {one.identifier if several else ''}", _rule(one.rule)) for one in key.responses),
            ("program", key.program.source if key.program else ""),
            *((f"feedback {number}", visible_text(one.content)) for number, one in enumerate(key.feedback, start=1)),
            ("explanation", visible_text(key.explanation)),
            ("references", "; ".join(key.references)),
        )
        if words
    )


def _rule(rule: Rule) -> str:
    match rule:
        case MatchCorrect():
            return ", ".join(rule.correct)
        case MatchText():
            return " | ".join(rule.accepted) + (" (Aa)" if rule.case_sensitive else "")
        case MatchNumber():
            return f"{rule.value:f}" + (f" ± {rule.tolerance:f}" if rule.tolerance else "")


def _facts(version: StoredVersion, kind_words: Callable[[AnswerKind], str]) -> Named:
    content = version.content
    kinds = (
        (
            f"answer {_named(content, one, '')}",
            kind_words(answer_kind(content, one)) + (" ⇄" if getattr(one, "shuffle", False) else ""),
        )
        for one in content.interactions
    )
    figures = (
        (f"figure {number}", f"{asset.name} {asset.sha256[:12]}")
        for number, asset in enumerate(content.assets, start=1)
    )
    difficulty = _plain(version.difficulty_logit)
    return (("language", content.language), ("difficulty", difficulty), ("area", version.area_code), *kinds, *figures)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
