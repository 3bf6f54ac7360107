"""The invented people of the demonstration centre: nobody of them exists."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from cbt.kernel.chance import Chance
from cbt.people.core.actors import Role
from cbt.people.core.sheets import Row

# (login, name, roles): one account for each kind of work, and one that may do everything.
STAFF: Final = (
    ("admin", "관리자", frozenset(Role)),
    ("author", "출제 담당", frozenset({Role.AUTHOR})),
    ("proctor", "감독관", frozenset({Role.PROCTOR})),
    ("auditor", "감사 담당", frozenset({Role.AUDITOR})),
)
_FAMILY: Final = (
    ("김", "Kim"), ("이", "Lee"), ("박", "Park"), ("최", "Choi"), ("정", "Jung"),
    ("강", "Kang"), ("조", "Cho"), ("윤", "Yoon"), ("장", "Jang"), ("임", "Lim"),
    ("한", "Han"), ("오", "Oh"), ("서", "Seo"), ("신", "Shin"), ("권", "Kwon"),
    ("황", "Hwang"), ("안", "Ahn"), ("송", "Song"), ("류", "Ryu"), ("홍", "Hong"),
)  # fmt: skip
_GIVEN: Final = (
    ("서윤", "Seoyun"), ("도현", "Dohyun"), ("하은", "Haeun"), ("지호", "Jiho"), ("수아", "Sua"),
    ("준우", "Junwoo"), ("예린", "Yerin"), ("시우", "Siwoo"), ("다은", "Daeun"), ("건우", "Gunwoo"),
    ("채원", "Chaewon"), ("은찬", "Eunchan"), ("소율", "Soyul"), ("태민", "Taemin"), ("나윤", "Nayun"),
    ("현서", "Hyunseo"), ("유진", "Yujin"), ("민재", "Minjae"), ("가온", "Gaon"), ("보름", "Boreum"),
)  # fmt: skip
_EARLIEST_BIRTH: Final = date(1984, 1, 1)
_BIRTH_DAYS: Final = 21 * 365
# By seat: one candidate has been granted half as much time again, and an exam screen that is easier to read.
_GRANTED: Final = {12: {"time_factor": "1.5", "text_size": "150", "tools": "line-reader,magnifier"}}


def candidate_rows(first: int, count: int) -> Iterator[Row]:
    """Yield `count` candidates as rows for a registration, numbered from `first`; the same people each time."""
    chance = Chance(f"demonstration candidates from {first}".encode())
    families = chance.shuffled(_FAMILY) * (1 + count // len(_FAMILY))
    given = chance.shuffled(_GIVEN)
    for place in range(count):
        # The second round of family names meets the given names shifted by one, so that no name comes twice.
        family, name = families[place], given[(place + place // len(_FAMILY)) % len(given)]
        birth = _EARLIEST_BIRTH + timedelta(days=chance.below(_BIRTH_DAYS))
        cells = {
            "number": f"2611-{first + place:04d}",
            "name": family[0] + name[0],
            "name_latin": f"{family[1]} {name[1]}",
            "birth": birth.isoformat(),
            "seat": str(place + 1),
            **_GRANTED.get(place + 1, {}),
        }
        yield Row(number=place + 2, cells=cells)
