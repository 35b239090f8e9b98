"""Whose work a sentence speaks of."""

import pytest

from vlmingest.document import Block, BlockKind, Document
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import Voice, own_names, voice
from vlmingest.records import PaperMetadata

TITLE = "Foolama: a Model for Testing"
ABSTRACT = "We propose Foolama, a multimodal model."


def view(text, title=TITLE):
    text = f"{ABSTRACT}\n{text}"
    blocks = (
        Block(kind=BlockKind.ABSTRACT, start=0, end=len(ABSTRACT), page=1),
        Block(kind=BlockKind.PARAGRAPH, start=len(ABSTRACT) + 1, end=len(text), page=1),
    )
    document = Document(source="pdf", sha256="0" * 64, reader="t", text=text, blocks=blocks, page_starts=((0, 1),))
    return PaperView(document, PaperMetadata(id="local:1", title=title))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We adopt Barformer as the encoder.", Voice.OWN),
        ("Following Bar [3], we adopt its encoder.", Voice.OWN),
        ("Unlike prior methods, our encoder is frozen.", Voice.OWN),
        ("Foolama connects both parts.", Voice.OWN),
        ("Foolama [1] uses two towers.", Voice.OWN),
        ("Bar [3] uses a frozen encoder.", Voice.OTHER),
        ("Doe et al. propose a resampler.", Voice.OTHER),
        ("[12] introduces a gate.", Voice.OTHER),
        ("Existing multimodal methods freeze the encoder.", Voice.OTHER),
        ("The vision encoder is frozen.", Voice.OPEN),
    ],
)
def test_subject(text, expected):
    seen = view(text)
    assert voice(seen, seen.sentences[-1]) is expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [("Bar [3] uses gates.", Voice.OTHER), ("We use gates.", Voice.OWN), ("The gate opens.", Voice.OPEN)],
)
def test_a_pronoun_takes_the_voice_of_the_sentence_before(first, expected):
    seen = view(f"{first} It connects both parts.")
    assert voice(seen, seen.sentences[-1]) is expected
    assert voice(seen, seen.sentences[-1]) is expected  # kept on the view


def test_a_pronoun_that_starts_a_block_is_open():
    seen = view("It connects both parts.")
    assert voice(seen, seen.sentences[-1]) is Voice.OPEN


def test_names_are_of_the_proposed_model():
    assert own_names(view("We use Bar [3].")) == ("foolama",)


def test_without_a_name_the_words_decide():
    text = "Bar [3] uses gates."
    block = Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text), page=1)
    seen = PaperView(
        Document(source="pdf", sha256="0" * 64, reader="t", text=text, blocks=(block,), page_starts=((0, 1),)), None
    )
    assert own_names(seen) == ()
    assert voice(seen, seen.sentences[0]) is Voice.OTHER


def test_rows():
    assert check_rules(load_rules("voice")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Flamingo inserts gates into its decoder.", Voice.OTHER),
        ("However, LLaVA-1.5 [3] uses a projection.", Voice.OTHER),
        ("Models such as Bar use gates.", Voice.OTHER),
        ("(2) Bar-VL [3]: it fuses both.", Voice.OTHER),
        ("SigLIP encodes every tile.", Voice.OPEN),  # may be a part of the own model
        ("LLaVA-1.5 serves as the base.", Voice.OPEN),
        ("BarNet† employs more data.", Voice.OTHER),
    ],
)
def test_other_models_as_subjects(text, expected):
    seen = view(text)
    assert voice(seen, seen.sentences[-1]) is expected


def test_a_name_that_is_everywhere_is_no_rival():
    seen = view(" ".join(["BarNet employs more data."] * 20))
    assert voice(seen, seen.sentences[-1]) is not Voice.OTHER
