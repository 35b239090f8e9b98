"""Evaluation: what counts as right, per field; calibration; gains and losses between two runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.document import Span
from vlmingest.evaluation import Evaluation, calibration_error, canonical_size, diff, evaluate, paper_id, render
from vlmingest.evaluation.confidence import judged_values, matched
from vlmingest.evaluation.gold import gold_set, plain_url, same_rate
from vlmingest.records import Candidate, Evidence, FieldName, PaperMetadata, Relevance
from vlmingest.settle import settle

GOLD = {
    "arxiv_id": "2506.90001",
    "kind": "model",
    "model_name": "GlowVL",
    "model_aliases": ["Glow-VL-7B"],
    "vision_encoders": [{"name": "CLIP ViT-L/14", "accept": ["CLIP"], "family": "CLIP"}],
    "language_models": ["Vicuna"],
    "connector": {"types": ["mlp", "none"]},
    "architecture_types": ["decoder-prefix"],
    "model_sizes": ["7B", "1.3 billion"],
    "image_resolutions": [336],
    "objectives": ["language-modeling"],
    "compute": [{"device": "A100 80G", "count": 8}],
    "datasets_training": ["CC3M"],
    "datasets_evaluation": ["GQA"],
    "links": {"code": "https://github.com/glow/GlowVL"},
    "architecture_figure": {"number": "2", "page": 3},
    "training_stages": [
        {"trainable": ["connector"], "frozen": ["language_model"], "learning_rate": "1e-3"},
        {"trainable": ["language_model"], "learning_rate": "2×10^-5", "optional": True},
    ],
}


def claim(field, value, confidence=0.95, **attributes):
    quote = Evidence(quote=f"the {value} of it", page=1, start=Span(0, 9).start, end=9, reader="rule:x.v1")
    return Candidate(
        field=field, value=value, evidence=(quote,), reader="rule:x.v1", confidence=confidence, attributes=attributes
    )


RIGHT = (
    claim(FieldName.NAME, "Glow VL"),
    claim(FieldName.VISION_ENCODER, "CLIP", family="CLIP"),
    claim(FieldName.LANGUAGE_MODEL, "Vicuna", family="Vicuna"),
    claim(FieldName.CONNECTOR, "mlp"),
    claim(FieldName.TYPE, "decoder-prefix"),
    claim(FieldName.SIZE, "7B"),
    claim(FieldName.SIZE, "1300M"),
    claim(FieldName.IMAGE_RESOLUTION, "336"),
    claim(FieldName.OBJECTIVE, "language-modeling"),
    claim(FieldName.COMPUTE, "A100", count=8),
    claim(FieldName.TRAINING_DATASET, "CC3M"),
    claim(FieldName.EVALUATION_DATASET, "gqa"),
    claim(FieldName.CODE, "http://www.github.com/glow/glowvl/"),
    claim(FieldName.FIGURE, "2", number="2", page=3),
    claim(
        FieldName.STAGE, "stage 1", order=1, trainable=["connector"], frozen=["language_model"], learning_rate="1e-3"
    ),
    claim(FieldName.STAGE, "stage 2", order=2, trainable=["language_model"], learning_rate="2e-5"),
)


def record(*candidates, paper="2506.90001"):
    metadata = PaperMetadata(id=paper, arxiv_id=paper if paper[0] == "2" else None, title="T")
    return settle(metadata, Relevance(label="model", score=1.0), candidates, (), ()).record


def test_all_right_scores_one_in_every_field():
    scores = evaluate([record(*RIGHT)], [GOLD])
    assert {row.field: row.score for row in scores.fields if row.score != 1} == {}
    assert scores.missing == ()
    assert scores.accepted_precision in (None, 1.0)


def test_a_missing_paper_is_all_missed_and_other_kinds_do_not_count():
    scores = evaluate([], [GOLD, {"arxiv_id": "1", "kind": "not_model"}])
    assert scores.missing == ("2506.90001",)
    assert {row.score for row in scores.fields} == {0.0}
    assert scores.calibration_error is None


def test_wrong_and_missed_values_cost_precision_and_recall():
    wrong = claim(FieldName.SIZE, "70B")
    scores = evaluate([record(*RIGHT[:6], wrong)], [GOLD])
    row = next(row for row in scores.fields if row.field == "model_sizes")
    assert (row.precision, row.recall, row.f1) == (0.5, 0.5, 0.5)
    assert scores.papers["2506.90001"]["model_sizes"].extra == ("70b",)
    assert scores.papers["2506.90001"]["model_sizes"].missed == ("1.3b",)
    assert scores.score("model_sizes") == 0.5
    with pytest.raises(KeyError):
        scores.score("no such field")


def test_the_family_is_right_where_the_member_is_not():
    scores = evaluate([record(claim(FieldName.VISION_ENCODER, "CLIP ViT-B/32", family="CLIP"))], [GOLD])
    assert scores.score("vision_encoders/strict") == 0.0
    assert scores.score("vision_encoders/family") == 1.0


def test_a_file_without_an_arxiv_id_is_found_by_its_id():
    gold = GOLD | {"arxiv_id": None, "file": "glow-report.pdf"}
    assert evaluate([record(*RIGHT, paper="local:glow-report")], [gold]).missing == ()


def test_every_value_of_a_record_is_judged():
    judged = dict(judged_values(record(*RIGHT), GOLD))
    assert all(value.right for value in judged.values())
    assert {"stages", "model_name", "architecture_figure", "devices", "code_link"} <= set(judged)


def test_fields_that_gold_does_not_speak_of_are_not_judged():
    empty = {"kind": "model", "arxiv_id": "1"}
    for field in (FieldName.ALIAS, FieldName.FIGURE, FieldName.CODE, FieldName.STAGE):
        assert matched(field, "x", {}, empty, stages=0) is None
    assert matched(FieldName.STAGE, "stage 3", {"order": 3}, GOLD, stages=3) == frozenset()


def test_the_report_names_fields_and_changes():
    before, after = evaluate([record(*RIGHT[:5])], [GOLD]), evaluate([record(*RIGHT)], [GOLD])
    changes = diff(before, after)
    assert {change.field for change in changes} >= {"model_sizes", "devices"}
    assert diff(after, after) == []
    assert all(change.after > change.before for change in changes)
    text = render(after, changes)
    assert "better 2506.90001" in text
    assert "all values" in text
    worse = diff(after, before)
    assert worse[0].after < worse[0].before
    assert "7b" in worse[-1].lost or any("7b" in change.lost for change in worse)
    assert Evaluation.model_validate_json(after.model_dump_json()) == after


@pytest.mark.parametrize(("one", "other"), [("1.3B", "1300M"), ("7 billion", "7b"), ("0.4B", "0.4b"), (".5B", "0.5B")])
def test_sizes_that_are_one(one, other):
    assert canonical_size(one) == canonical_size(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("2e-5", "2×10^-5", True), ("1e-3", "0.001", True), ("1e-3", "1e-4", False), ("cosine", "Cosine", True)],
)
def test_learning_rates(one, other, same):
    assert same_rate(one, other) is same


def test_small_normal_forms():
    assert plain_url("https://www.github.com/a/b.git") == "github.com/a/b"
    assert paper_id("2304.08485v2.pdf") == "2304.08485"
    assert gold_set(GOLD, "connector") == ["mlp"]
    assert canonical_size("large") == "large"


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=40))
def test_the_calibration_error_is_a_mean_gap(values):
    assert 0 <= calibration_error(values) <= 1
    assert calibration_error([(True, 1.0), (False, 0.0)]) == 0
    assert calibration_error([(False, 1.0)]) == 1
