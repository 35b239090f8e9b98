"""Single sentences, cells and numbers as the stage readers read them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.extract.stages_papers import document
from vlmingest.extract.leads import starts_of
from vlmingest.extract.stages import read_stages
from vlmingest.extract.stages_cells import is_yes, parts_of, setting
from vlmingest.extract.stages_freeze import Freeze, read_freeze
from vlmingest.extract.stages_marks import ordinals, stage_names
from vlmingest.extract.stages_numbers import integer, normal_rate, numbers
from vlmingest.extract.stages_tables import read_tables
from vlmingest.extract.stages_votes import FreezeVotes, model_parts
from vlmingest.extract.stages_words import Words, folded
from vlmingest.extract.view import PaperView

_CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "stages_sentences.toml").read_text(encoding="utf-8"))
_LETTERS = {"vision_encoder": "v", "connector": "c", "language_model": "l", "other": "o"}


def _read(sentence: str) -> str:
    found = read_freeze(sentence)
    trained = "".join(letter for part, letter in _LETTERS.items() if part in found.trainable)
    frozen = "".join(letter for part, letter in _LETTERS.items() if part in found.frozen)
    return f"{trained}{'a' * found.everything}{'!' * found.only} | {frozen}{'r' * found.rest_frozen}"


@pytest.mark.parametrize(("reading", "sentence"), _CASES["sentences"], ids=lambda text: text[:50])
def test_what_a_sentence_trains_and_freezes(reading: str, sentence: str) -> None:
    assert _read(sentence) == reading


@pytest.mark.parametrize(("rates", "sentence"), _CASES["rates"], ids=lambda text: text[:50])
def test_learning_rates_of_a_sentence(rates: str, sentence: str) -> None:
    assert " ".join(x.value for x in numbers(sentence) if x.kind == "learning_rate") == rates


@pytest.mark.parametrize(
    ("sentence", "kind", "value"),
    [
        ("a global batch size of 4,096", "batch_size", "4096"),
        ("batches of 512 are used", "batch_size", "512"),
        ("with BS=256", "batch_size", "256"),
        ("a batch size of 32 per GPU", "batch_size", "32"),
        ("trained for 1.5 epochs", "epochs", "1.5"),
        ("a single epoch", "epochs", "1"),
        ("The number of epochs is 2", "epochs", "2"),
        ("for 10k steps", "steps", "10k"),
        ("on 1.2 million samples", "samples", "1.2M"),
        ("about 2.6 trillion tokens", "samples", "2.6T"),
        ("images are resized to 224x224", "image_resolution", "224"),
        ("at a resolution of 448 × 448", "image_resolution", "448"),
    ],
)
def test_other_numbers(sentence: str, kind: str, value: str) -> None:
    assert (kind, value) in [(x.kind, x.value) for x in numbers(sentence)]


@pytest.mark.parametrize(
    "sentence", ["warm-up of 2 epochs", "the first 3% steps", "a resolution of 4K", "batch size 1", "no numbers at all"]
)
def test_numbers_of_something_else(sentence: str) -> None:
    assert not [x for x in numbers(sentence) if x.kind in ("epochs", "batch_size", "image_resolution")]


def test_batch_sizes_in_a_row() -> None:
    found = numbers("batch sizes of 256, 128 and 64 are used on 8 GPUs")
    assert [x.value for x in found if x.kind == "batch_size"] == ["256", "128", "64"]


@pytest.mark.parametrize(("text", "value"), [("1,152", 1152), ("32 k", 32000), ("1.2M", 1_200_000), ("about", None)])
def test_integers(text: str, value: int | None) -> None:
    assert integer(text) == value


@given(st.integers(1, 9), st.integers(1, 9))
def test_rates_are_normal_in_every_spelling(mantissa: int, exponent: int) -> None:
    wanted = f"{mantissa}e-{exponent}"
    for text in (f"{mantissa}e-{exponent}", f"{mantissa} × 10−{exponent}", f"{mantissa}.0 x 10^-{exponent}"):
        assert normal_rate(text) == wanted
    assert normal_rate(wanted) == wanted


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Stages 1 and 2 are alike.", ["1", "2"]),
        ("In the first two stages the LLM is frozen.", ["1", "2"]),
        ("1e-4 in the first stage and 5e-5 in the second.", ["1", "2"]),
        ("the final stage", ["last"]),
        ("Phase II", ["2"]),
        ("The first encoder is large.", []),
    ],
)
def test_ordinals(sentence: str, keys: list[str]) -> None:
    assert [mark.key for mark in ordinals(sentence)] == keys


def test_kinds_used_as_stages() -> None:
    assert [mark.key for mark in stage_names("during supervised fine-tuning, as in pre-training")] == [
        "sft",
        "pretrain",
    ]
    assert [mark.key for mark in stage_names("in the alignment stage")] == ["align"]
    assert not list(stage_names("fine-tuning is common"))


# --- cells -------------------------------------------------------------------------------------------------------


def test_labels_and_cells() -> None:
    assert setting("Peak learning rate") == "learning_rate"
    assert setting("x" * 80) == setting("") == setting("Our model") == ""
    assert parts_of("ViT, MLP & LLM (LoRA)") == ("lora", "connector", "vision_encoder", "language_model")
    assert (is_yes("✓"), is_yes("✗"), is_yes("1e-4")) == (True, False, None)


def _tables(*rows: str, caption: str = "Table 1: Training settings of our model.") -> list[Any]:
    text = "\n".join(["# Abstract", "We train a model.", "# 3 Training", "Details follow.", caption, *rows])
    return read_tables(PaperView(document(text)))


def test_a_scale_in_the_label_and_a_frozen_row() -> None:
    (table,) = _tables(
        "| | Stage 1 | Stage 2 |",
        "| Learning rate (×10-5) | 100 | 2 |",
        "| Frozen | ViT, LLM | ViT |",
        "| Epochs | 1 | 2 |",
        "| Image resolution | 224 | 448 |",
        "| Samples | 1.2 million | 600K |",
    )
    first, second = table.columns
    assert table.staged
    assert first.values["learning_rate"].value == "1e-3"
    assert second.values["learning_rate"].value == "2e-5"
    assert first.freeze.frozen == {"vision_encoder", "language_model"}
    assert second.values["image_resolution"].value == "448"
    assert first.values["samples"].value == "1.2M"


def test_freeze_flags_are_read_the_other_way_round() -> None:
    (table,) = _tables(
        "| Setting | Stage 1 | Stage 2 |",
        "| Freeze ViT | yes | no |",
        "| Freeze LLM | True | False |",
        "| Learning rate | 1e-3 | 1e-5 |",
    )
    assert table.columns[0].freeze.frozen == {"vision_encoder", "language_model"}
    assert table.columns[1].freeze.trainable == {"vision_encoder", "language_model"}


def test_tables_of_tasks_and_results_are_left_out() -> None:
    tasks = ("| Setting | VQAv2 | COCO |", "| Learning rate | 1e-5 | 2e-5 |", "| Epochs | 5 | 10 |")
    assert _tables(*tasks, caption="Table 1: Fine-tuning on downstream tasks.") == []
    results = ("| Method | MMBench | POPE |", "| Ours | 70.1 | 85.2 |", "| Stage 1 only | 60.3 | 80.0 |")
    assert _tables(*results, caption="Table 1: Results on benchmarks.") == []


# --- votes and patterns ------------------------------------------------------------------------------------------


def test_a_plain_word_beats_much_talk() -> None:
    votes = FreezeVotes(frozenset({"vision_encoder", "connector", "language_model"}))
    for _ in range(4):
        votes.add(Freeze(everything=True), 1.0, None)
    votes.add(Freeze(trainable={"connector"}, frozen={"vision_encoder", "language_model"}), 1.0, None)
    assert votes.settled() == (("connector",), ("vision_encoder", "language_model"))


def test_nothing_said_counts_for_nothing() -> None:
    votes = FreezeVotes(frozenset({"connector"}))
    votes.add(Freeze(), 1.0, None)
    votes.add(Freeze(everything=True), 0.0, None)
    assert not votes
    assert votes.settled() == ((), ())


def test_parts_by_what_the_paper_speaks_of() -> None:
    def parts(text: str) -> set[str]:
        return set(model_parts(PaperView(document(f"# 3 Method\n{text}"))))

    assert parts("An image encoder and a text encoder are trained with a contrastive loss.") == {
        "vision_encoder",
        "language_model",
    }
    assert parts("A vision encoder, a projector and an LLM.") == {"vision_encoder", "connector", "language_model"}
    assert parts("Discrete image tokens of a codebook. " * 8 + "A language model.") == {"language_model"}
    whole = "We present Skua, a VLM that reasons before it answers. Our base is an open VLM. VLMs answer at once. "
    assert parts(whole) == {"vision_encoder", "connector", "language_model"}
    assert "connector" not in parts(whole + "The LLM reads labels. " * 9)  # its parts are spoken of


def test_words_stand_at_a_words_start() -> None:
    words = Words([("word", r"\bfrozen\b"), ("mark", "[;:]")])
    assert list(words.find("frozen; done")) == [("word", 0, 6), ("mark", 6, 7)]
    assert words.match("is frozen", 3) == ("word", 9)
    assert words.match("unfrozen", 2) is None


@pytest.mark.parametrize(
    ("pattern", "starts"),
    [
        ("lora", {"lor"}),
        ("(?:a|the )?model|x", {"amo", "the", "mod", "x"}),
        ("(?<!no )(?:pre-?|re-?){0,2}train", {"pre", "re", "re-", "tra"}),
        ("[a-c]+?lip", {"a", "b", "c"}),
        (r"(?=x)\bvit\b", {"vit"}),
        (r"t\d+", {"t"}),
        ("an? x", {"a x", "an "}),
        ("(a)b", {"ab"}),
        ("", {""}),
        (r"\w+", {""}),
        ("[^z]?y", {"", "y"}),
        (r"\d", {""}),
    ],
)
def test_what_a_pattern_can_start_with(pattern: str, starts: set[str]) -> None:
    assert starts_of(pattern, 3) == starts


@given(st.text("trainedfoz the-lm,;. 1", max_size=80))
def test_words_are_found_as_by_plain_alternatives(text: str) -> None:
    rows = {"a": r"\btr\w*n|\b(?:the |o)?zed\b", "b": [r"\b(?:h|the)\b", "(?<!a)ro", "[;.]"], "c": r"\b\w+d\b|,|fo"}
    plain = r"\b(?=[a-z0-9])(?:(?P<a>tr\w*n|(?:the |o)?zed\b)|(?P<b>(?:h|the)\b)|(?P<c>\w+d\b))|(?P<b_>(?<!a)ro|[;.])|(?P<c_>,|fo)"
    found = [((match.lastgroup or "").rstrip("_"), *match.span()) for match in re.finditer(plain, text)]
    assert list(Words(rows.items()).find(text)) == found


@given(st.text(max_size=60))
def test_folding_keeps_offsets(text: str) -> None:
    assert len(folded(text)) == len(text)


_WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "we train freeze the only projector LLM ViT stage 1 2 first second and . , ; except keep frozen while learning "
        "rate 1e-4 2e−5 respectively ( ) all parameters unfreeze LoRA with is are batch size 256 epochs",
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_WORDS, max_size=40).map(" ".join), max_size=8))
def test_odd_text_breaks_nothing(lines: list[str]) -> None:
    text = "\n".join(["# Abstract", "A model.", "# 3 Training", *(line.lstrip("#|") for line in lines)])
    for candidate in read_stages(PaperView(document(text))):
        said = candidate.attributes
        assert not set(said["trainable"]) & set(said["frozen"])  # type: ignore[arg-type]
        assert candidate.evidence
