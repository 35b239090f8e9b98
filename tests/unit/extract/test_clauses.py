"""Two voices in one sentence."""

import pytest

from tests.unit.extract.papers import made_paper
from vlmingest.extract.clauses import clause_at, voice_at
from vlmingest.extract.voice import Voice


def said_at(text, word):
    view = made_paper("# 1 Method", text, title="Foobar: A Model", abstract="We present Foobar, a multimodal model.")
    place = view.text.index(word)
    sentence = view.sentence_at(place)
    low, high = clause_at(view, sentence, place)
    return voice_at(view, sentence, place), view.text[low:high]


@pytest.mark.parametrize(
    ("text", "word", "voice"),
    [
        ("While BLIP-2 relies on a Q-Former, Foobar takes an MLP.", "Q-Former", Voice.OTHER),
        ("While BLIP-2 relies on a Q-Former, Foobar takes an MLP.", "MLP", Voice.OWN),
        ("Prior work uses gates, but we take an MLP.", "MLP", Voice.OWN),
        ("Following BLIP-2, we use a Q-Former.", "Q-Former", Voice.OWN),
        ("The projector is an MLP.", "MLP", Voice.OPEN),
    ],
)
def test_each_clause_has_its_voice(text, word, voice):
    assert said_at(text, word)[0] is voice


def test_a_clause_ends_where_the_own_one_begins():
    text = "Unlike Quux, which uses gates, we take an MLP."
    assert said_at(text, "gates")[1] == "Unlike Quux, which uses gates"
    assert said_at(text, "MLP")[1] == ", we take an MLP."
    assert said_at("The projector is an MLP.", "MLP")[1] == "The projector is an MLP."
