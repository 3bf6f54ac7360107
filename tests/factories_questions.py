"""Hypothesis strategies for items as question formats hold them, and items on their way out and back."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume
from hypothesis import strategies as st

from cbt.kernel.titles import Title
from itembank.core.interactions import InlineChoiceInteraction
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.metadata import ItemMetadata
from itembank.formats.exported import ExportItem
from itembank.formats.parsed import Findings, ParsedArea, ParsedItem
from itembank.formats.questions import asking
from itembank.formats.questions.account import Account
from itembank.formats.questions.building import Collection, Question, language_of
from itembank.formats.questions.words import TextFormat, Words, place
from itembank.formats.scoring_source.parts import AcceptedText, Asked, Exactly, Range

SIGNS = st.sampled_from(list("abcdeXYZ 가나다 éß ~=#{}:\\*<>&\"'%-[]()|/.,;0123$_^"))
texts = (
    st.text(SIGNS, min_size=1, max_size=25)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda one: one and "->" not in one)
)
words = st.text(st.sampled_from("abcXYZ가나é~=#{}:\\*<>&%-[]0123"), min_size=1, max_size=10).filter(
    lambda one: one.strip("*") and "->" not in one
)
fractions = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(5, 6), Fraction(1, 10), Fraction(0)])
numbers = st.decimals(-1000, 1000, places=3, allow_nan=False, allow_infinity=False)


def html(text, *, block=False, notation=TextFormat.PLAIN):
    """Return a text as items hold it."""
    made = Words(Account(where=""))
    return made.block(text, notation, "") if block else made.inline(text, notation, "")


@st.composite
def choices(draw, *, inline=False):
    """Draw a single or multiple choice with weights."""
    contents = [html(one) for one in draw(st.lists(texts, min_size=2, max_size=5, unique=True))]
    several = not inline and draw(st.booleans())
    count = len(contents)
    worth = [draw(fractions) for _ in range(count)]
    if several:
        right = draw(st.integers(1, count))
        worth = [
            Fraction(1, right) if place < right else draw(st.sampled_from([Fraction(0), Fraction(-1, 2)]))
            for place in range(count)
        ]
    else:
        worth[draw(st.integers(0, count - 1))] = Fraction(1)
    return asking.choice(contents, asking.by_fractions(worth), several=several, inline=inline)


@st.composite
def typed(draw):
    """Draw a line for a text."""
    accepted = [
        AcceptedText(text=one, fraction=draw(fractions)) for one in draw(st.lists(words, min_size=1, max_size=4))
    ]
    first = AcceptedText(text=draw(words))
    return asking.typed([first, *accepted])


@st.composite
def ranged(draw):
    """Draw a line for a number."""
    ranges = []
    for worth in (Fraction(1), *draw(st.lists(fractions, max_size=2))):
        middle, around = draw(numbers), abs(draw(numbers))
        ranges.append(Range(low=middle - around, high=middle + around, fraction=worth))
    if draw(st.booleans()):
        ranges.append(Range(low=None, high=None, fraction=Fraction(1, 10)))
    return asking.number(
        [Range(low=_canonical(one.low), high=_canonical(one.high), fraction=one.fraction) for one in ranges]
    )


def _canonical(number):
    return None if number is None else Decimal(format(number, "f"))


@st.composite
def matched(draw):
    """Draw pairs."""
    sources = [html(one) for one in draw(st.lists(texts, min_size=2, max_size=4, unique=True))]
    targets = [html(one) for one in draw(st.lists(texts, min_size=1, max_size=4, unique=True))]
    right = [draw(st.integers(0, len(targets) - 1)) for _ in sources]
    used = list(dict.fromkeys(right))
    order = used + [place for place in range(len(targets)) if place not in used]
    return asking.pairs(sources, [targets[place] for place in order], [order.index(one) for one in right])


@st.composite
def ordered(draw):
    """Draw things to put in order."""
    contents = [html(one) for one in draw(st.lists(texts, min_size=2, max_size=5, unique=True))]
    return asking.ordering(contents, each_place=draw(st.booleans()))


@st.composite
def composed(draw):
    """Draw an item with several fields in its text."""
    several = draw(st.lists(choices(inline=True) | typed() | ranged(), min_size=2, max_size=4))
    weights = draw(st.lists(st.integers(1, 5), min_size=len(several), max_size=len(several)))
    parts, marked = [], []
    for number, (one, weight) in enumerate(zip(several, weights, strict=True), start=1):
        name = f"R{number}"
        parts.append(
            replace(
                one,
                interaction=replace(one.interaction, response=name),
                declaration=replace(one.declaration, identifier=name),
                weight=Fraction(weight),
            )
        )
        marked.append(f"{draw(texts)} {place('interaction', name)}")
    made = Question(
        name=draw(texts), code="K-1", area=("X1",), body=html(" ".join(marked), block=True), asked=tuple(parts)
    )
    return taken(made)


def asked():
    """Draw one answer below its text."""
    truth = st.booleans().map(lambda right: asking.true_false(right=right, language="en"))
    return st.one_of(choices(), typed(), ranged(), matched(), truth, st.just(asking.essay()))


@st.composite
def items(draw, some=None, *, inside=None):
    """Draw an item; `inside` puts its answer into the midst of its text."""
    question: Asked = draw(some if some is not None else asked())
    body = draw(texts)
    if inside is None:
        inside = isinstance(question.interaction, InlineChoiceInteraction)
    marked = f"{place('interaction', 'RESPONSE')} {draw(texts)}" if inside else ""
    whole = html(f"{body} {marked}", block=True)
    if isinstance(question.scoring, Exactly) and question.scoring.correct[0] in {asking.TRUE, asking.FALSE}:
        right = question.scoring.correct == (asking.TRUE,)
        question = asking.true_false(right=right, language=language_of(whole))
    explanation = html(draw(texts), block=True) if draw(st.booleans()) else ""
    made = Question(name=draw(texts), code="K-1", area=("X1",), body=whole, asked=(question,), explanation=explanation)
    return taken(made)


def taken(made: Question) -> ParsedItem:
    """Return the item of a question."""
    collection = Collection(findings=Findings())
    collection.take("here", "", lambda _account: made)
    assume(collection.items)
    return collection.items[0]


def leaving(item: ParsedItem, **more) -> ExportItem:
    """Return an item on its way out."""
    area = ParsedArea(code=item.area_code, parent="", title=Title(ko=item.area_code, en=item.area_code))
    assets = {one.ref.sha256: one.payload for one in item.assets}
    return ExportItem(
        code=item.code,
        areas=(area,),
        content=item.content,
        key=item.key,
        metadata=item.metadata or ItemMetadata(),
        read_asset=assets.get,
        **more,
    )


def said(item: ParsedItem) -> tuple[str, str, ItemContent, ItemKey]:
    """Return what must be the same after a way out and back."""
    return item.code, item.area_code, item.content, item.key
