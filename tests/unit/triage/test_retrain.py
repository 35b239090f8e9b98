"""Training: the tool's method on invented papers, retraining over present weights, folds that keep families together."""

import json

import pytest

pytest.importorskip("sklearn")

from vlmingest.errors import TooFewVerdictsError
from vlmingest.records import PaperMetadata
from vlmingest.triage import explain_paper, learn, load_topic, parse_topic
from vlmingest.triage.learn import Features, Figures, Sample
from vlmingest.triage.retrain import retrain
from vlmingest.triage.topic import packaged_files

BIRDS = ("heron", "wren", "robin", "swift", "thrush", "eagle", "owl", "crane", "finch", "stork")


def paper(number, title, abstract):
    return PaperMetadata(id=f"2506.{number:05}", title=title, abstract=abstract)


def models(count, start=0):
    return [
        paper(
            start + n,
            f"{BIRDS[n % 10].title()}{n}-VL: A Vision-Language Model",
            f"We present {BIRDS[n % 10].title()}-VL, a vision-language model with a vision encoder and a projector. "
            f"It reads images of {BIRDS[n % 10]}s and answers in language.",
        )
        for n in range(count)
    ]


def benches(count, start=100):
    return [
        paper(
            start + n,
            f"{BIRDS[n % 10].title()}Bench{n}: Testing Vision-Language Models",
            f"We introduce a benchmark of {BIRDS[n % 10]} charts and evaluate vision-language models on images.",
        )
        for n in range(count)
    ]


def stream(count, start=200):
    return [
        paper(start + n, f"Sorting {BIRDS[n % 10]} number {n}", f"We sort {BIRDS[n % 10]} numbers on {n} cores.")
        for n in range(count)
    ]


def samples():
    found = [Sample(one, "model", "model") for one in models(30)]
    found += [Sample(one, "off-kind", "near_miss") for one in benches(30)]
    return found + [Sample(one, "stream", "unlabelled") for one in stream(60)]


def test_a_trained_topic_tells_models_from_the_rest_out_of_fold():
    files = {name: data for name, data in packaged_files("vlm").items() if name != "weights.json"}
    topic = parse_topic("birds", files)
    chosen = samples()
    features = Features([sample.paper for sample in chosen], topic)
    by_topic, by_kind = learn.out_of_fold(features, chosen, seed=1)
    of = {mark: [row for row, one in enumerate(chosen) if one.mark == mark] for mark in ("model", "off-kind", "stream")}
    assert min(by_topic[row] for row in of["model"]) > max(by_topic[row] for row in of["stream"])
    assert sum(by_kind[row] > 0 for row in of["model"]) > sum(by_kind[row] > 0 for row in of["off-kind"]) + 20
    pairs = {mark: [(by_topic[row], by_kind[row]) for row in rows] for mark, rows in of.items()}
    lines = learn.recall_lines(pairs["model"], pairs["stream"])
    assert [recall for recall, *_ in lines] == list(learn.RECALLS)
    assert [line for _, line, *_ in lines] == sorted((line for _, line, *_ in lines), reverse=True)
    model_at = learn.model_line(pairs["off-kind"], lines[-1][1], lines[-1][2], 0.1)
    curve = learn.calibration([at for at, _ in pairs["model"]], [at for at, _ in pairs["stream"]])
    fits = learn.fit_both(features, chosen, range(len(chosen)))
    data = learn.weights_json(features, fits, lines, model_at, curve, {"what": "a test"})
    trained = topic.with_weights(data, "test")
    assert explain_paper(models(1)[0], trained).relevance.label == "model"
    assert explain_paper(stream(1)[0], trained).relevance.label == "no"
    assert data == learn.weights_json(features, fits, lines, model_at, curve, {"what": "a test"})


def test_the_sums_of_the_product_are_those_of_training():
    topic = load_topic()
    chosen = models(3)
    features = Features(chosen, topic, learn.known_terms(topic.weights))
    from vlmingest.triage.retrain import _present

    fits = _present(features, topic)
    for row, one in enumerate(chosen):
        explained = explain_paper(one, topic)
        assert float(features.sums([row], fits[0])[0]) == pytest.approx(explained.topic, abs=1e-6)
        assert float(features.sums([row], fits[1])[0]) == pytest.approx(explained.kind, abs=1e-6)


def test_a_model_paper_hidden_in_the_stream_is_not_held_against_the_others():
    hidden = models(1, start=7)[0]
    found = [*samples(), Sample(hidden, "stream", "more", False)]
    files = {name: data for name, data in packaged_files("vlm").items() if name != "weights.json"}
    features = Features([sample.paper for sample in found], parse_topic("birds", files))
    of = {mark: [row for row, one in enumerate(found) if one.mark == mark] for mark in ("model", "off-kind", "stream")}
    wanted, others = dict.fromkeys(of["model"], 1.0), dict.fromkeys([*of["stream"], *of["off-kind"]], 1.0)
    fit = learn.fit_topic(features, wanted, of["stream"], of["off-kind"])
    by_topic = features.sums(range(len(found)), fit)
    once = learn._regression(features, wanted, others, c=learn.TOPIC_C)
    assert features.sums([len(found) - 1], once)[0] < by_topic[-1] - 1
    assert by_topic[-1] > 0 > max(by_topic[row] for row in of["stream"][:-1])


def test_papers_of_a_family_share_a_fold():
    chosen = [
        Sample(paper(1, "Heron2-VL: More", "x"), "model", "model"),
        *[Sample(one, "model", "model") for one in models(9, start=50)],
        Sample(paper(2, "Heron3-VL Technical Report", "x"), "model", "model"),
    ]
    fold = learn.folds(chosen, seed=3)
    assert fold[0] == fold[1] == fold[-1]  # Heron2-VL, Heron0-VL, Heron3-VL
    assert len(set(fold)) > 1
    assert fold == learn.folds(chosen, seed=3)


def test_too_few_verdicts_are_refused_with_what_is_needed():
    with pytest.raises(TooFewVerdictsError, match="at least 3 of each"):
        retrain(load_topic(), models(5), benches(2), [])


def test_retraining_takes_the_reviewers_side_and_leaves_other_papers_alone():
    topic = load_topic()
    accepted, rejected, stored = models(8), benches(8), stream(30)
    result = retrain(topic, accepted, rejected, stored)
    new = topic.with_weights(result.data, "test")
    assert (result.accepted, result.rejected) == (8, 8)
    assert result.kind.after >= result.kind.before
    gap = [
        min(explain_paper(one, which).kind for one in accepted)
        - max(explain_paper(one, which).kind for one in rejected)
        for which in (topic, new)
    ]
    assert gap[1] > gap[0]
    labels = [[explain_paper(one, which).relevance.label for one in stored] for which in (topic, new)]
    assert labels[0] == labels[1]


def test_retraining_keeps_the_card_of_what_it_stands_on():
    topic = load_topic()
    result = retrain(topic, models(4), benches(4), stream(5))
    card = json.loads(result.data)["card"]
    assert card["base"] == topic.weights.card
    assert (card["accepted"], card["rejected"], card["stored"]) == (4, 4, 5)
    assert result.data == retrain(topic, models(4), benches(4), stream(5)).data


def test_a_topic_that_was_never_trained_learns_words():
    files = {name: data for name, data in packaged_files("vlm").items() if name != "weights.json"}
    topic = parse_topic("birds", files)
    new = topic.with_weights(retrain(topic, models(12), benches(12), stream(40)).data, "test")
    assert "vision" in new.weights.terms
    assert explain_paper(models(1)[0], new).kind > explain_paper(benches(1)[0], new).kind


def test_verdicts_against_the_present_order_are_learned_too():
    topic = load_topic()
    result = retrain(topic, benches(8), models(8), [])
    new = topic.with_weights(result.data, "test")
    before = explain_paper(benches(1)[0], topic).kind - explain_paper(models(1)[0], topic).kind
    after = explain_paper(benches(1)[0], new).kind - explain_paper(models(1)[0], new).kind
    assert after > before


def test_figures_are_told_in_plain_lines():
    figures = Figures([(0.9, 0.0, -1.0, 0.02)], {0.04: 0.95}, [("2506.00001", 0.3)], {"model": {"flagged": 0.9}})
    assert figures.text() == [
        "recall at a flagged share of the stream: 0.950 at 4.0%",
        "recall 0.90 flags 0.020 of the stream",
        "model: flagged 0.900",
        "ranked last: 2506.00001 (30.0%)",
    ]
