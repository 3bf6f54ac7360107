"""A paper speaks the language of its items, whoever prepares it and wherever."""

import json

import pytest

from cbt.delivery.services.paper_seals import paper_of
from itembank.formats.paper_words import words_in
from tests.factories_exam import make_world, start_exam


def test_the_legends_of_a_korean_paper_are_korean(rt):
    world = make_world(rt)
    seating = start_exam(rt, world.registration(), "a browser")
    first = json.loads(paper_of(rt, seating.attempt.id))["slots"][0]
    assert "1번: 하나를 고르세요" in first["html"]
    assert "Question 1" not in first["html"]


@pytest.mark.parametrize(("language", "words"), [("ko", "적으세요"), ("ko-KR", "적으세요"), ("en", "type your answer")])
def test_the_words_follow_the_language_of_the_item(language, words):
    assert words in words_in(language)("Question %(number)s: type your answer")
