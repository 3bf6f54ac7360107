"""The practice paper: six items of our own that try every part of the exam screen, in Korean and in English.

It has no key: nothing of it is scored, sent or kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from itembank.core.interactions import Choice, ChoiceInteraction, Interaction, OrderInteraction, TextEntryInteraction
from itembank.core.items import ItemContent, Stimulus
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration

RESPONSE: Final = "RESPONSE"
PICTURE: Final = "0" * 64  # stands for the picture's digest: it is a file of the page, not of a bank
MINUTES: Final = 20
_HERE: Final = f'<div data-interaction="{RESPONSE}"></div>'
_IN_LINE: Final = f'<span data-interaction="{RESPONSE}"></span>'


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePart:
    """One part of the practice paper: its name and its items."""

    title: str
    items: tuple[ItemContent, ...]


def practice_parts(language: str) -> tuple[PracticePart, ...]:
    """Return the practice paper in `language` ("ko" is Korean, anything else English)."""
    words = _WORDS["ko" if language == "ko" else "en"]
    kept = "ko" if language == "ko" else "en"

    def item(name: str, interaction: Interaction, *, passage: bool = False) -> ItemContent:
        cardinality, base = _TYPES[type(interaction)]
        many = isinstance(interaction, ChoiceInteraction) and interaction.max_choices != 1
        declared = ResponseDeclaration(
            identifier=RESPONSE, cardinality=Cardinality.MULTIPLE if many else cardinality, base_type=base
        )
        shared = Stimulus(code="practice", title=words["passage-title"], body=words["passage"])
        return ItemContent(
            title=name,
            language=kept,
            body=words[name],
            declarations=(declared,),
            interactions=(interaction,),
            stimulus=shared if passage else None,
        )

    def options(name: str) -> tuple[Choice, ...]:
        texts = words[f"{name}-options"].split("|")
        return tuple(Choice(identifier=chr(ord("A") + place), content=text) for place, text in enumerate(texts))

    choosing = (
        item("week", ChoiceInteraction(response=RESPONSE, choices=options("week"))),
        item("even", ChoiceInteraction(response=RESPONSE, choices=options("even"), max_choices=2)),
        item("bars", ChoiceInteraction(response=RESPONSE, choices=options("bars"))),
    )
    writing = (
        item("dozen", TextEntryInteraction(response=RESPONSE, expected_length=6)),
        item("spans", OrderInteraction(response=RESPONSE, choices=options("spans"))),
        item("notice", ChoiceInteraction(response=RESPONSE, choices=options("notice")), passage=True),
    )
    return (
        PracticePart(title=words["choosing"], items=choosing),
        PracticePart(title=words["writing"], items=writing),
    )


_TYPES: Final[Mapping[type[Interaction], tuple[Cardinality, BaseType]]] = MappingProxyType(
    {
        ChoiceInteraction: (Cardinality.SINGLE, BaseType.IDENTIFIER),
        OrderInteraction: (Cardinality.ORDERED, BaseType.IDENTIFIER),
        TextEntryInteraction: (Cardinality.SINGLE, BaseType.INTEGER),
    }
)
_KOREAN: Final = {
    "choosing": "고르기",
    "writing": "쓰고 나열하기",
    "week": (
        "<p>한 주는 며칠입니까?</p><p>보기를 누르거나 숫자 키로 고르세요. 고른 답은 언제든지 바꿀 수 있습니다.</p>"
        f"{_HERE}"
    ),
    "week-options": "5일|6일|7일|8일",
    "even": f"<p>다음 가운데 짝수 <strong>두 개</strong>를 고르세요.</p>{_HERE}",
    "even-options": "3|4|7|10|11",
    "bars": (
        "<p>그림에서 가장 높은 막대는 어느 것입니까?</p>"
        f'<p><img src="asset:{PICTURE}" alt="막대 네 개. A 30, B 50, C 80, D 40"></p>{_HERE}'
    ),
    "bars-options": "A|B|C|D",
    "dozen": f"<p>12 × 12는 얼마입니까? 계산기가 있는 시험이면 계산기를 써 보세요.</p><p>답: {_IN_LINE}</p>",
    "spans": f"<p>짧은 것부터 차례로 놓으세요. 끌어서 옮기거나 화살표 단추를 누르세요.</p>{_HERE}",
    "spans-options": "하루|1분|한 주|한 시간",
    "passage-title": "도서관 이용 안내",
    "passage": (
        "<p>햇빛 도서관은 화요일부터 일요일까지 문을 엽니다. 월요일은 쉽니다. 평일에는 오전 9시부터 저녁 "
        "8시까지, 토요일과 일요일에는 오전 10시부터 저녁 6시까지 책을 읽고 빌릴 수 있습니다.</p>"
        "<p>책은 한 사람이 다섯 권까지 두 주 동안 빌립니다. 기다리는 사람이 없으면 한 번, 한 주 더 빌릴 수 "
        "있습니다. 늦게 돌려주면 늦은 날수만큼 새로 빌릴 수 없습니다.</p>"
        "<p>책상 열람석은 온 순서대로 씁니다. 한 시간 넘게 자리를 비우면 다음 사람에게 자리를 줍니다. "
        "열람실에서는 전화를 받지 않고, 뚜껑이 있는 물병만 가지고 들어갑니다.</p>"
        "<p>이 글처럼 긴 글은 위아래로 움직여 끝까지 읽으세요. 글자 크기와 배치는 화면 위에서 바꿀 수 있고, "
        "시험이 시작되어도 그대로 남습니다.</p>"
    ),
    "notice": f"<p>안내문에 따르면 책 한 권을 가장 오래 빌릴 수 있는 기간은 얼마입니까?</p>{_HERE}",
    "notice-options": "한 주|두 주|세 주|네 주",
}
_ENGLISH: Final = {
    "choosing": "Choosing",
    "writing": "Writing and ordering",
    "week": (
        "<p>How many days has a week?</p>"
        "<p>Press an option, or its digit on the keyboard. You can change an answer at any time.</p>"
        f"{_HERE}"
    ),
    "week-options": "5 days|6 days|7 days|8 days",
    "even": f"<p>Choose the <strong>two</strong> even numbers.</p>{_HERE}",
    "even-options": "3|4|7|10|11",
    "bars": (
        "<p>Which bar of the picture is the highest?</p>"
        f'<p><img src="asset:{PICTURE}" alt="Four bars. A 30, B 50, C 80, D 40"></p>{_HERE}'
    ),
    "bars-options": "A|B|C|D",
    "dozen": f"<p>How much is 12 × 12? Where the exam has a calculator, try it.</p><p>Answer: {_IN_LINE}</p>",
    "spans": f"<p>Put these in order, the shortest first. Drag them, or use the arrow buttons.</p>{_HERE}",
    "spans-options": "a day|a minute|a week|an hour",
    "passage-title": "How to use the library",
    "passage": (
        "<p>Sunlight Library is open from Tuesday to Sunday and closed on Mondays. On weekdays you can read and "
        "borrow from nine in the morning to eight in the evening, on Saturdays and Sundays from ten to six.</p>"
        "<p>Each person borrows up to five books for two weeks. When nobody else waits for a book you can keep "
        "it once for another week. Whoever returns a book late cannot borrow for as many days as it was late.</p>"
        "<p>Desks in the reading room are taken in the order of coming. A desk that is left for more than an "
        "hour goes to the next person. Please take no calls in the reading room and bring only bottles with a "
        "lid.</p>"
        "<p>Scroll through a long text such as this one to its end. Text size and layout are changed at the top "
        "of the screen and stay as they are when the exam starts.</p>"
    ),
    "notice": f"<p>According to the notice, what is the longest time for which you can keep a book?</p>{_HERE}",
    "notice-options": "one week|two weeks|three weeks|four weeks",
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"ko": _KOREAN, "en": _ENGLISH})
