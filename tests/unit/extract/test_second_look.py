"""The second look: every row both ways, labels that move and labels that stay, and the bars on the real papers."""

import json

import pytest

from vlmingest.document import Document
from vlmingest.extract.second_look import count_begun, load_evidence, second_look
from vlmingest.extract.view import PaperView
from vlmingest.read import read_document
from vlmingest.records import PaperMetadata, Relevance
from vlmingest.triage import score_paper

LINES, ROWS = load_evidence()
MODEL_TEXT = (
    "We present Heron, a compact multimodal language model. The vision encoder turns an image into visual tokens, and an "
    "MLP projector maps them into the language model. We train on image-text pairs with a learning rate of 1e-4 and a "
    "batch size of 256, then the model is fine-tuned on visual instruction data with captions and text. "
)


def look(title, text, label="maybe", score=0.5, abstract=""):
    document = Document(text=text, source="pdf", sha256="0" * 64, reader="test")
    paper = PaperMetadata(id="2506.00001", title=title, abstract=abstract)
    return second_look(PaperView(document, paper), Relevance(label=label, score=score, reasons=("+ by triage",)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_row_finds_its_examples_and_no_counter_example(row):
    assert [text for text in row.matches if not row.found_in(text, text.lower())] == []
    assert [text for text in row.rejects if row.found_in(text, text.lower())] == []
    assert row.where in {"title", "abstract", "front", "body"}
    assert set(row.unless) <= {other.id for other in ROWS}


@pytest.mark.parametrize("row", [row for row in ROWS if row.begins], ids=lambda row: row.id)
def test_a_row_counts_the_same_from_its_first_words(row):
    text = " ".join((*row.matches, *row.rejects, MODEL_TEXT, *(f"x{word} {word}s" for word in row.begins))).lower()
    assert row.where == "body"
    assert row.folded
    assert all(match.group().startswith(row.begins) for match in row.pattern.finditer(text))
    assert count_begun(text, {})[row.id] == row.found_in(text, text) > 0
    assert count_begun(text, {row.id: 1})[row.id] == 1


def test_a_model_paper_is_confirmed_with_reasons():
    found = look("Heron: A Compact Vision-Language Model", MODEL_TEXT * 10)
    assert found.label == "model"
    assert found.score >= 0.5
    assert found.reasons[0] == "+ by triage"
    assert any("learning rate" in reason and "10,000" in reason for reason in found.reasons)


def test_a_model_stays_a_model_without_a_word():
    before = Relevance(label="model", score=0.9, reasons=("+ by triage",))
    assert look("Heron: A Compact Vision-Language Model", MODEL_TEXT * 10, "model", 0.9) == before


@pytest.mark.parametrize(
    ("title", "text", "word"),
    [
        ("Vision-Language Models: A Survey", MODEL_TEXT * 10, "survey or review"),
        ("Learning from Images and Text", "This survey covers multimodal models. Images, text. " * 30, "calls itself"),
        ("HeronBench: Charts", "We compare images and text for multimodal models. " * 30, "benchmark or a dataset"),
        ("Heron: A Language Model", "The language model is trained on text. " * 200, "hardly speaks of images"),
        ("Heron: Detection", "The image goes through a backbone of pixels. " * 200, "hardly speaks of language"),
        ("Heron: Figures", "Images stand beside text, and text beside images. " * 200, "not joined"),
    ],
)
def test_what_is_surely_no_model_is_withdrawn(title, text, word):
    found = look(title, text, "model", 0.9)
    assert found.label == "no"
    assert found.score <= 0.2
    assert any(word in reason for reason in found.reasons)


def test_a_model_that_comes_with_a_benchmark_is_no_mere_benchmark():
    assert look("Heron: A Vision-Language Model and a Benchmark", MODEL_TEXT * 10, "model", 0.9).label == "model"


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Steady Gaze: Mitigating Object Hallucination", "A training-free method for multimodal models."),
        ("How Do They Look at Charts?", "We systematically evaluate ten recent multimodal language models."),
    ],
)
def test_a_paper_that_trains_nothing_is_no_more_than_a_maybe(title, abstract):
    text = "Multimodal language models read images and text; the vision encoder and its visual tokens matter. " * 20
    found = look(title, text, "model", 0.9, abstract)
    assert found.label == "maybe"
    assert any(reason.startswith("- full text") for reason in found.reasons)


def test_a_text_that_says_nothing_of_training_tells_so():
    text = "Images and text of multimodal data, with captions. " * 30
    found = look("Plain Words", text, "model", 0.9)
    assert found.label == "maybe"
    assert found.reasons[-1] == "- full text: nothing says that a model is trained"


def test_a_model_paper_that_triage_left_out_comes_back_as_a_maybe():
    found = look("Heron: A Compact Vision-Language Model", MODEL_TEXT * 10, "no", 0.01)
    assert found.label == "maybe"
    assert found.score >= 0.5


def test_in_a_short_text_the_absence_of_words_proves_nothing():
    assert look("", "").label == "maybe"
    assert (
        look("Small Sails: Phones That See", "We pair MobileCLIP-B with Gemma-2B by convolutions. " * 20).label
        == "maybe"
    )


@pytest.mark.corpus
@pytest.mark.slow
def test_the_bars_on_real_papers(shared):
    rows = [json.loads(line) for line in (shared / "corpus/manifest.jsonl").read_text().splitlines()]
    gold = {path.stem: json.loads(path.read_text())["kind"] for path in (shared / "gold/dev").glob("*.json")}
    lost, wrong = [], []
    for row in rows:
        if row["kind"] not in ("vlm", "negative"):
            continue
        path = shared / "corpus" / row["file"]
        document = read_document(path.read_bytes())
        abstract = document.text[slice(*document.abstract)] if document.abstract else document.text[:1800]
        paper = PaperMetadata(id=path.stem, title=row["title"], abstract=abstract)
        for relevance in (score_paper(paper), Relevance(label="maybe", score=0.5)):
            label = second_look(PaperView(document, paper), relevance).label
            if gold.get(path.stem) == "model" and label == "no":
                lost.append(path.stem)
            if row["kind"] == "negative" and label == "model":
                wrong.append(path.stem)
    assert lost == []
    assert len(wrong) <= 1
