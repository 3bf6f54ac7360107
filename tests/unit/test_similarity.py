"""Near duplicates: what counts as alike in Korean and English, and that the index finds what comparing all finds."""

from itembank.core.similarity import BANDS, NEAR, Index, bands, likeness, shingles


def alike(first: str, second: str) -> float:
    return likeness(shingles(first), shingles(second))


KOREAN = "데이터베이스에서 트랜잭션이 가져야 할 성질로 옳지 않은 것은? 원자성 일관성 고립성 휘발성"
ENGLISH = "Which of the following protocols works at the transport layer? TCP HTTP IP Ethernet"


def test_spaces_marks_capitals_and_widths_do_not_count():
    assert alike(KOREAN, KOREAN.replace(" ", "").replace("?", "!")) == 1
    assert alike(ENGLISH, ENGLISH.upper().replace(" ", ",  ")) == 1
    assert alike("ＴＣＰ handshake", "tcp HANDSHAKE") == 1


def test_a_small_change_stays_near_and_another_question_does_not():
    assert alike(KOREAN, KOREAN.replace("옳지 않은", "알맞지 않은")) > NEAR
    assert alike(ENGLISH, ENGLISH.replace("Which of the following", "Which of these")) > NEAR
    assert alike(KOREAN, "네트워크에서 주소를 나누는 방법으로 알맞은 것은? 서브넷 라우팅 포워딩 터널링") < 0.2


def test_options_count():
    other = "Which of the following protocols works at the transport layer? ARP DNS ICMP Bluetooth audio"
    assert NEAR < alike(ENGLISH, ENGLISH) == 1
    assert alike(ENGLISH, other) < alike(ENGLISH, ENGLISH.replace("Ethernet", "Wi-Fi"))


def test_an_empty_text_is_like_nothing():
    assert bands(shingles("?! ")) == ()
    assert alike("", "") == 0
    assert Index({"a": ""}).near("") == ()


def test_bands_are_numbers_that_a_database_keeps_and_never_change():
    found = bands(shingles("TCP"))
    assert len(found) == BANDS
    assert all(0 <= number < 2**40 for number in found)
    assert found[:2] == bands(frozenset({"tcp"}))[:2]
    assert bands(shingles(ENGLISH))[0] == 476_553_577


def test_the_index_leaves_out_what_it_is_told_and_sorts_by_likeness():
    index = Index({"same": KOREAN, "near": KOREAN + " 보기", "own": KOREAN, "far": ENGLISH})
    assert [one.key for one in index.near(KOREAN, beside=("own",))] == ["same", "near"]
    assert index.near(KOREAN)[0].likeness == 1
