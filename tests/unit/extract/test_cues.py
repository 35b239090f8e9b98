"""Cues are found in the right sentences, and a rule that names them loses no match by it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from vlmingest.document import Block, BlockKind, Document
from vlmingest.extract.cues import cue_sentences, indexed_cues, sentences_with
from vlmingest.extract.rules import load_rules, rule_files
from vlmingest.extract.view import PaperView

PIECES = [
    "We train the linear projection.",
    "It uses a Q-Former.",
    "Nothing here.",
    "An MLP projector and a resampler follow.",
    "The encoder-decoder has two-tower ends",
]


def paper(*paragraphs):
    text = "\n".join(paragraphs)
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(kind=BlockKind.PARAGRAPH, start=start, end=start + len(paragraph), page=1))
        start += len(paragraph) + 1
    return PaperView(
        Document(source="pdf", sha256="0" * 64, reader="t", text=text, blocks=tuple(blocks), page_starts=((0, 1),))
    )


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
def test_the_index_agrees_with_a_plain_search(pieces):
    view = paper(*pieces)
    for name in rule_files():
        for rule in load_rules(name).rules:
            plain = [
                index
                for index, sentence in enumerate(view.sentences)
                if not rule.cues or any(cue in view.lowered[sentence.start : sentence.end] for cue in rule.cues)
            ]
            assert list(view.sentences_for(rule)) == plain
            by_rule = [(m.start(), m.end()) for _, m in view.hits(rule)]
            by_hand = [m.span() for s in view.sentences for m in rule.finditer(view.text, view.lowered, s.start, s.end)]
            assert by_rule == by_hand


def test_a_cue_that_crosses_two_sentences_counts_for_neither():
    text = "a q-former b"
    cut = text.index("former") - 1
    assert "former" not in cue_sentences(text, [0], [cut + 2])
    assert cue_sentences(text, [0, cut + 1], [cut, len(text)]).get("former") == [1]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
def test_one_cue_alone_is_found_where_all_are(pieces):
    view = paper(*pieces)
    starts = [sentence.start for sentence in view.sentences]
    ends = [sentence.end for sentence in view.sentences]
    found = cue_sentences(view.lowered, starts, ends)
    for cue in indexed_cues():
        assert sentences_with(cue, view.lowered, starts, ends) == found.get(cue, [])


def test_what_is_made_once_is_made_once():
    made = []

    def count(view):
        made.append(view)
        return len(re.findall(r"\w+", view.text))

    view = paper("Four words stand here.")
    assert view.once(count) == view.once(count) == 4
    assert made == [view]
