"""The layers of settle, as properties: order does not matter, a human always wins, nothing is claimed without proof."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlmingest.document import Finding
from vlmingest.errors import InvalidVerdictError
from vlmingest.records import (
    Candidate,
    Evidence,
    FieldName,
    PaperMetadata,
    Reason,
    Relevance,
    Role,
    Verdict,
    canonical_json,
    value_key,
)
from vlmingest.settle import band_of, check_verdict, settle
from vlmingest.settle.bands import ACCEPT_AT, MODEL_FIELDS, SINGLE_FIELDS
from vlmingest.settle.build import build_record, record_values
from vlmingest.settle.calibration import KEEP_AT, Curve, calibrated, curve_of, features_of, load_curves, logit
from vlmingest.settle.merge import CLOSED, POSITIVE_ROLES, human_value, merge_candidates, order, reader_kind
from vlmingest.settle.verdicts import apply_verdicts, effective_verdicts

PAPER = PaperMetadata(id="2506.90001", arxiv_id="2506.90001", title="GlowVL")
MODEL = Relevance(label="model", score=0.9)
VALUES = {
    FieldName.NAME: ["GlowVL", "Lamp"],
    FieldName.VISION_ENCODER: ["CLIP ViT-L/14", "clip vit l 14", "SigLIP", "¿?"],
    FieldName.LANGUAGE_MODEL: ["Vicuna", "Qwen2.5"],
    FieldName.CONNECTOR: ["mlp", "linear", "no such connector"],
    FieldName.SIZE: ["7B", "13B", "400M"],
    FieldName.IMAGE_RESOLUTION: ["336", "448"],
    FieldName.FIGURE: ["1", "2"],
    FieldName.STAGE: ["stage 1", "stage 2"],
    FieldName.COMPUTE: ["A100"],
    FieldName.TRAINING_DATASET: ["CC3M", "GQA"],
    FieldName.EVALUATION_DATASET: ["GQA"],
    FieldName.CODE: ["https://github.com/glow/lamp"],
    FieldName.ALIAS: ["Glow"],
    FieldName.OBJECTIVE: ["contrastive"],
}
FIELDS = sorted(VALUES)


def proof(start, reader="rule:x.v1"):
    return Evidence(quote=f"words from {start} on", page=1, start=start, end=start + 5, reader=reader)


@st.composite
def candidates(draw):
    field = draw(st.sampled_from(FIELDS))
    reader = draw(st.sampled_from(["rule:x.v1", "rule:y.v2", "prompt:p.v1:m", "plain"]))
    places = draw(st.lists(st.integers(0, 50), max_size=3))
    attributes = draw(
        st.dictionaries(
            st.sampled_from(["family", "new_name", "sizes", "order", "trainable", "count", "page", "bbox", "number"]),
            st.sampled_from(["CLIP", 1, 3.5, True, ["7B"], ["connector"], None, [1, 2, 3, 4], "x"]),
            max_size=3,
        )
    )
    return Candidate(
        field=field,
        value=draw(st.sampled_from(VALUES[field])),
        role=draw(st.sampled_from([Role.USED, Role.TRAINED_ON, Role.EVALUATED_ON, Role.COMPARED, Role.CITED])),
        attributes=attributes,
        evidence=tuple(proof(start, reader) for start in places),
        reader=reader,
        confidence=draw(st.floats(0, 1)),
    )


@st.composite
def verdicts(draw):
    field = draw(st.sampled_from(FIELDS))
    action = draw(st.sampled_from(["accept", "correct", "reject", "defer", "add"]))
    old, new = draw(st.sampled_from(VALUES[field])), draw(st.sampled_from(VALUES[field]))
    return Verdict(
        paper=draw(st.sampled_from(["2506.90001", "2506.90001", "other"])),
        field=field,
        key=value_key(new if action == "add" else old),
        action=action,
        value=new if action in ("correct", "add") else draw(st.sampled_from([None, old])),
        undone=draw(st.booleans()),
    )


many = st.lists(candidates(), max_size=14)
decided = st.lists(verdicts(), max_size=6)
labels = st.sampled_from(["model", "maybe", "no"])


def human(record):
    return sorted(
        (value.field, value.key, value.status) for value in record_values(record) if value.status != "proposed"
    )


@given(many, decided, labels, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_candidates_does_not_matter(found, given_verdicts, label, rng):
    relevance = Relevance(label=label, score=0.5)
    mixed = list(found)
    rng.shuffle(mixed)
    first = settle(PAPER, relevance, found, given_verdicts, [])
    second = settle(PAPER, relevance, mixed, given_verdicts, [])
    assert canonical_json(first) == canonical_json(second)


def test_a_stage_that_a_person_accepted_keeps_its_number():
    accepted = Verdict(paper=PAPER.id, field=FieldName.STAGE, key="stage2", action="accept")
    first = Candidate(field=FieldName.STAGE, value="stage 1", evidence=(proof(0),), reader="rule:x.v1", confidence=0.9)
    for found in ([], [first]):
        record = settle(PAPER, MODEL, found, [accepted], []).record
        assert human(record) == [(FieldName.STAGE, "stage2", "accepted")]


@given(many, many, decided)
@settings(deadline=None)
def test_no_reader_changes_what_a_person_decided(before, after, given_verdicts):
    first = settle(PAPER, MODEL, before, given_verdicts, []).record
    second = settle(PAPER, MODEL, after, given_verdicts, [], previous=first).record
    assert human(first) == human(second)


@given(many, decided)
@settings(deadline=None)
def test_every_verdict_that_counts_holds(found, given_verdicts):
    values = record_values(settle(PAPER, MODEL, found, given_verdicts, []).record)
    present = {(value.field, value.key): value for value in values if value.field is not FieldName.STAGE}
    last = list(effective_verdicts(PAPER.id, given_verdicts).values())
    for position, verdict in enumerate(last):
        closed = [value_key(value) for value in CLOSED.get(verdict.field, ())]
        if verdict.field is FieldName.STAGE or (closed and verdict.key not in closed):
            continue
        later = last[position + 1 :]
        text = human_value(verdict.field, verdict.value)[0]
        made = value_key(text) if verdict.action in ("correct", "add") else verdict.key
        touched = {(other.field, key) for other in later for key in (other.key, value_key(str(other.value or "")))}
        overruled = verdict.field in SINGLE_FIELDS and any(
            other.field is verdict.field and other.action in ("accept", "correct", "add") for other in later
        )
        if (verdict.field, made) in touched or overruled:
            continue
        if verdict.action == "accept" and not made and not text:
            continue  # a name without letters, accepted by its key alone: nothing says what it stood for
        if verdict.action == "reject":
            assert (verdict.field, verdict.key) not in present
        elif verdict.action in ("accept", "correct", "add"):
            assert present[verdict.field, made].status in ("accepted", "corrected")
            assert present[verdict.field, made].confidence == 1.0


@given(many, labels)
@settings(deadline=None)
def test_machine_values_have_proof_a_positive_role_and_the_right_band(found, label):
    for value in merge_candidates(found, Relevance(label=label, score=0.5)):
        supporters = [one for one in found if (one.field, one.key) == (value.field, value.key) and one.evidence]
        assert value.evidence
        assert any(one.role in POSITIVE_ROLES for one in supporters)
        assert 0 <= value.confidence <= 1
        assert value.field not in CLOSED or value.value in CLOSED[value.field]
        assert not (label == "no" and value.field in MODEL_FIELDS)
        if value.band == "accept":
            assert value.confidence >= ACCEPT_AT
            assert label == "model" or value.field not in MODEL_FIELDS
    single = [value.field for value in merge_candidates(found, MODEL) if value.field in SINGLE_FIELDS]
    assert len(single) == len(set(single))


@given(many)
@settings(deadline=None)
def test_a_record_gives_its_values_back(found):
    values = [value for value in merge_candidates(found, MODEL) if value.field is not FieldName.STAGE]
    values = [value for value in values if value.field is not FieldName.IMAGE_RESOLUTION or value.value.isdecimal()]
    back = record_values(build_record(PAPER, MODEL, sorted(values, key=order)))
    shown = {(value.field, value.key) for value in values if value.field is not FieldName.FIGURE}
    assert {(value.field, value.key) for value in back if value.field is not FieldName.FIGURE} == shown


@given(
    many, decided, st.lists(st.sampled_from([Finding(code="unreadable", message="m"), Finding(code="x", message="y")]))
)
@settings(deadline=None)
def test_questions_are_asked_once_and_the_dearest_first(found, given_verdicts, findings):
    first = settle(PAPER, MODEL, found, given_verdicts, findings)
    ids = [item.id for item in first.review_items]
    assert len(ids) == len(set(ids))
    priorities = [item.priority for item in first.review_items]
    assert priorities == sorted(priorities, reverse=True)
    answered = {(value.field, value.key) for value in record_values(first.record) if value.status != "proposed"}
    asked = {
        (item.field, item.key)
        for item in first.review_items
        if item.reason in (Reason.LOW_CONFIDENCE, Reason.NEW_NAME, Reason.READERS_DISAGREE)
    }
    assert not asked & answered


def test_readers_of_two_kinds_that_agree_are_surer_and_one_that_is_silent_makes_less_sure():
    rule = Candidate(field=FieldName.ALIAS, value="Glow", evidence=(proof(1),), reader="rule:x.v1", confidence=0.6)
    prompt = rule.model_copy(update={"reader": "prompt:p.v1", "evidence": (proof(9, "prompt:p.v1"),)})
    other = prompt.model_copy(update={"value": "Lamp"})
    (alone,) = merge_candidates([rule], MODEL)
    (both,) = merge_candidates([rule, prompt], MODEL)
    against = {value.key: value for value in merge_candidates([rule, other], MODEL)}
    assert both.confidence > alone.confidence > against["glow"].confidence
    assert (both.readers, both.disputed, against["glow"].disputed) == (("prompt", "rule"), False, True)
    assert reader_kind("plain") == "rule"


def test_a_close_second_makes_a_single_field_disputed():
    raw = {"confidence": 0.95, "reader": "prompt:p.v1", "field": FieldName.NAME}
    first = Candidate(value="GlowVL", evidence=(proof(1),), **raw)
    second = Candidate(value="Lamp", evidence=(proof(9),), **raw)
    (value,) = merge_candidates([first, second], MODEL)
    assert value.value == "GlowVL"
    assert value.disputed


# --- calibration -----------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(FieldName)), st.floats(0, 1), st.floats(0, 1), st.integers(1, 5), st.booleans())
def test_surer_raw_is_never_less_sure(field, one, other, places, new):
    group = [
        Candidate(field=field, value="x", evidence=tuple(proof(n) for n in range(places)), attributes={"new_name": new})
    ]
    low, high = sorted((one, other))
    assert 0 <= calibrated(field, low, group) <= calibrated(field, high, group) + 1e-12 <= 1 + 1e-9


def test_the_curves_are_sane():
    for curve in load_curves().values():
        assert curve.slope >= 0
        assert 0 <= curve.keep < 1
        assert curve.accept is None or curve.keep < curve.accept <= 1


def test_a_field_without_a_curve_is_taken_at_its_word_and_never_unseen():
    assert curve_of(FieldName.PROJECT) == Curve()
    assert calibrated(FieldName.PROJECT, 0.7, []) == 0.7
    assert band_of(FieldName.PROJECT, 0.99) == "review"
    assert band_of(FieldName.PROJECT, KEEP_AT - 0.01) is None


def test_what_a_second_reader_alone_says_is_kept_for_a_person(monkeypatch):
    assert load_curves()
    monkeypatch.setattr("vlmingest.settle.bands.curve_of", lambda field: Curve(keep=KEEP_AT + 0.2))
    assert band_of(FieldName.SIZE, KEEP_AT) is None
    assert band_of(FieldName.SIZE, KEEP_AT, by_rules=False) == "review"


def test_features_count_places_once_and_new_names():
    one = Candidate(field=FieldName.ALIAS, value="x", evidence=(proof(1), proof(1)))
    new = Candidate(field=FieldName.ALIAS, value="x", evidence=(proof(2),), attributes={"new_name": True})
    assert features_of([one]) == {"evidence": 0.0, "new_name": 0.0}
    assert features_of([one, new])["evidence"] == pytest.approx(0.693, abs=1e-3)
    assert features_of([one, new])["new_name"] == 1.0
    assert features_of([]) == {"evidence": 0.0, "new_name": 0.0}
    assert logit(0.5) == 0
    assert logit(0.0) == pytest.approx(-logit(1.0))


# --- verdicts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (FieldName.CONNECTOR, "a bridge"),
        (FieldName.VISUAL_TOKENS, "many"),
        (FieldName.IMAGE_RESOLUTION, "-3"),
        (FieldName.NAME, "  "),
        (FieldName.NAME, {"page": 3}),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused_and_does_not_count(field, value):
    verdict = Verdict(paper=PAPER.id, field=field, key="x", action="add", value=value)
    with pytest.raises(InvalidVerdictError):
        check_verdict(verdict)
    assert effective_verdicts(PAPER.id, [verdict]) == {}


def test_a_correction_keeps_what_it_leaves_true():
    machine = Candidate(
        field=FieldName.VISION_ENCODER, value="CLIP", evidence=(proof(1),), confidence=0.9,
        attributes={"family": "CLIP", "params": "0.3B"},
    )  # fmt: skip
    (value,) = merge_candidates([machine], MODEL)
    same = Verdict(paper=PAPER.id, field=FieldName.VISION_ENCODER, key="clip", action="correct", value="CLIP")
    other = same.model_copy(update={"value": {"name": "SigLIP", "family": "SigLIP"}})
    (kept,) = apply_verdicts([value], effective_verdicts(PAPER.id, [same]), None)
    (changed,) = apply_verdicts([value], effective_verdicts(PAPER.id, [other]), None)
    assert kept.attributes == machine.attributes
    assert (changed.value, changed.attributes) == ("SigLIP", {"family": "SigLIP"})


def test_a_verdict_on_the_paper_decides_its_label():
    accept = Verdict(paper=PAPER.id, field=None, key="", action="accept", note="read it")
    reject = accept.model_copy(update={"action": "reject", "note": ""})
    maybe = Relevance(label="maybe", score=0.5)
    assert settle(PAPER, maybe, [], [accept], []).record.relevance.label == "model"
    assert settle(PAPER, maybe, [], [reject], []).record.relevance.label == "no"
    assert settle(PAPER, maybe, [], [accept], []).record.relevance.reasons == ("a person said so: read it",)


def test_an_accepted_value_keeps_its_spelling_when_no_reader_says_it_any_more():
    machine = Candidate(field=FieldName.SIZE, value="7B", evidence=(proof(1),), confidence=0.9)
    accept = Verdict(paper=PAPER.id, field=FieldName.SIZE, key="7b", action="accept")
    first = settle(PAPER, MODEL, [machine], [accept], []).record
    second = settle(PAPER, MODEL, [], [accept], [], previous=first).record
    assert second.model.sizes == ("7B",)
    assert settle(PAPER, MODEL, [], [accept], []).record.model.sizes == ("7b",)


def test_an_accepted_key_of_a_closed_list_is_written_as_the_list_does():
    accept = Verdict(paper=PAPER.id, field=FieldName.CONNECTOR, key="qformer", action="accept")
    unknown = accept.model_copy(update={"key": "nosuchthing"})
    record = settle(PAPER, MODEL, [], [accept, unknown], []).record
    assert [value.type for value in record.architecture.connectors] == ["q-former"]


def test_a_value_that_went_is_a_question_with_its_old_proof():
    machine = Candidate(field=FieldName.NAME, value="GlowVL", evidence=(proof(1),), confidence=0.95)
    other = Candidate(field=FieldName.NAME, value="Lamp", evidence=(proof(9),), confidence=0.95)
    first = settle(PAPER, MODEL, [machine], [], []).record
    if record_values(first)[0].band != "accept":  # without a curve nothing is taken over unseen
        accept = Verdict(paper=PAPER.id, field=FieldName.NAME, key="glowvl", action="accept")
        first = settle(PAPER, MODEL, [machine], [accept], []).record
    items = settle(PAPER, MODEL, [other], [], [], previous=first).review_items
    (item,) = [item for item in items if item.reason is Reason.VALUE_CHANGED]
    assert (item.previous, item.value, item.previous_evidence) == ("GlowVL", "Lamp", (proof(1),))


def test_sizes_and_stages_stand_in_order_whatever_is_said_of_them():
    facts = [
        Candidate(field=FieldName.SIZE, value=size, evidence=(proof(n),), confidence=0.95)
        for n, size in enumerate(["13B", "400M", "7B", "huge", "1.2.3B"])
    ]
    stages = [
        Candidate(
            field=FieldName.STAGE, value=f"stage {n}", evidence=(proof(n),), confidence=0.9,
            attributes={"order": n, "batch_size": "1,024", "epochs": "nan", "learning_rate": 0, "samples": "1M"},
        )
        for n in (2, 1)
    ]  # fmt: skip
    record = settle(PAPER, MODEL, [*facts, *stages], [], []).record
    assert record.model.sizes[-3:] == ("400M", "7B", "13B")
    assert [stage.order for stage in record.training.stages] == [1, 2]
    assert record.training.stages[0].batch_size == 1024
    assert record.training.stages[0].epochs is None
