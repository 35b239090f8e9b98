"""Prose states only what a field says, attributes what it quotes, praises nothing, and its linter refuses the rest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlmingest.catalogue.lists.draft import publishable
from vlmingest.catalogue.prose import (
    PARTS,
    Clause,
    Prose,
    Sentence,
    boast_in,
    draft_prose,
    is_quotable,
    joined,
    load_words,
)
from vlmingest.catalogue.prose_lint import lint_polish, lint_prose
from vlmingest.records import (
    Architecture,
    ArchitectureKind,
    Connector,
    Datasets,
    DatasetUse,
    Evidence,
    Fact,
    FieldName,
    IntegerValue,
    LanguageModel,
    ModelIdentity,
    Objective,
    Record,
    RecordPaper,
    Relevance,
    Stage,
    Training,
    VisionEncoder,
)

QUOTE = "A single linear layer brings the features of the encoder into the space of words."
PROOF = (Evidence(quote=QUOTE, page=3),)
SURE = {"status": "accepted", "evidence": PROOF}


def record(**parts: object) -> Record:
    values: dict[str, object] = {
        "paper": RecordPaper(
            id="2401.00001", title="Foo: A model", abstract="We propose Foo, a model that looks at pictures and talks."
        ),
        "relevance": Relevance(label="model", score=1),
        "model": ModelIdentity(
            name="Foo", facts=(Fact(field=FieldName.SIZE, value="1.6B", confidence=1, band="accept"),)
        ),
        "architecture": Architecture(
            vision_encoders=(VisionEncoder(name="Eye-L/14", **SURE), VisionEncoder(name="Doubt", confidence=0.3)),
            language_models=(LanguageModel(name="Tongue", band="accept", evidence=PROOF),),
            connectors=(Connector(type="linear", **SURE),),
            types=(ArchitectureKind(type="decoder-prefix", **SURE),),
            image_resolutions=(IntegerValue(value=336, **SURE),),
            visual_tokens=(IntegerValue(value=576, **SURE),),
        ),
        "training": Training(
            stages=(
                Stage(
                    order=1,
                    name="alignment",
                    trainable=("connector",),
                    frozen=("vision_encoder", "language_model"),
                    datasets=("CC3M",),
                    samples="595K",
                    **SURE,
                ),
                Stage(order=2, trainable=("connector", "language_model"), **SURE),
                Stage(order=3, name="empty", **SURE),
                Stage(order=4, trainable=("other",)),
            ),
            objectives=(Objective(type="language-modeling", **SURE),),
        ),
        "datasets": Datasets(
            training=(
                DatasetUse(name="CC3M", role="training", **SURE),
                DatasetUse(name="COYO", role="training", **SURE),
                DatasetUse(name="Unsure", role="training"),
            )
        ),
        **parts,
    }
    return Record.model_validate(values)


def test_three_layers_from_sure_values_only() -> None:
    prose = draft_prose(record())
    assert prose.text("summary") == "Foo connects Eye-L/14 to Tongue through a linear projection."
    assert prose.paragraphs == (
        (
            "**Foo** takes Eye-L/14 as vision encoder and Tongue as language backbone, joined through a linear projection. "
            "The design rests on a decoder that reads visual tokens beside those of the text. Images enter at 336 pixels a "
            f"side and become 576 visual tokens. The paper states a size of 1.6B parameters. In the authors' words: “{QUOTE}”"
        ),
        (
            "Stage 1 (alignment) trains the connector on CC3M (595K samples), with the vision encoder and the language model "
            "frozen. Stage 2 trains the connector and the language model. The training objectives include language modelling."
        ),
        "The authors also name COYO as training data.",
    )
    assert "Doubt" not in str(prose)
    assert "Unsure" not in str(prose)
    assert lint_prose(prose, record()) == []
    assert [sentence.part for sentence in prose.sentences] == sorted((s.part for s in prose.sentences), key=PARTS.index)


@pytest.mark.parametrize(
    ("architecture", "summary"),
    [
        ({"vision_encoders": [{"name": "Eye", **SURE}]}, "Foo sees with Eye."),
        ({"language_models": [{"name": "Tongue", **SURE}]}, "Foo builds on Tongue."),
        (
            {"language_models": [{"name": "Tongue", **SURE}], "connectors": [{"type": "mlp", **SURE}]},
            "Foo couples its visual input to Tongue through an MLP projector.",
        ),
        (
            {"types": [{"type": "dual-encoder", **SURE}]},
            "The authors write: “We propose Foo, a model that looks at pictures and talks.”",
        ),
        ({}, "The authors write: “We propose Foo, a model that looks at pictures and talks.”"),
    ],
)
def test_the_summary_says_what_is_known(architecture: dict[str, object], summary: str) -> None:
    one = record(architecture=Architecture.model_validate(architecture))
    prose = draft_prose(one)
    assert prose.text("summary") == summary
    assert lint_prose(prose, one) == []


def test_without_values_and_abstract_the_title_speaks_unless_it_boasts() -> None:
    paper = RecordPaper(id="x", title="Foo: A model [that] sees")
    prose = draft_prose(record(architecture=Architecture(), paper=paper))
    assert prose.text("summary") == "The authors' own title for it is “Foo: A model \\[that\\] sees”."
    assert lint_prose(prose, record(architecture=Architecture(), paper=paper)) == []
    kind = Architecture.model_validate({"types": [{"type": "dual-encoder", **SURE}]})
    text = draft_prose(record(architecture=kind, paper=paper)).text("summary")
    assert text == "Foo uses separate encoders for the modalities."
    boasting = RecordPaper(id="x", title="Foo: State-of-the-art seeing")
    assert draft_prose(record(architecture=Architecture(), paper=boasting)).text("summary") == ""


def test_long_lists_of_names_end_with_others() -> None:
    many = Datasets(training=tuple(DatasetUse(name=f"Set{n}", role="training", **SURE) for n in range(14)))
    text = draft_prose(record(datasets=many)).text("data")
    assert text.endswith("Set11, and others as training data.")
    assert (joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])) == ("a", "a and b", "a, b, and c")


def sentence(part: str = "architecture", **clause: object) -> Prose:
    return Prose(sentences=(Sentence(part=part, clauses=(Clause.model_validate(clause),)),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("clause", "rule"),
    [
        ({"text": "It is good"}, "no-field"),
        ({"text": "It is good", "fields": ["model.charm"]}, "unknown-field"),
        ({"text": "takes Doubt", "fields": ["architecture.vision_encoder"], "values": ["Doubt"]}, "unsupported-value"),
        (
            {"text": "takes something", "fields": ["architecture.vision_encoder"], "values": ["Eye-L/14"]},
            "unsupported-value",
        ),
        (
            {
                "text": "takes Eye-L/14 with 24 layers",
                "fields": ["architecture.vision_encoder"],
                "values": ["Eye-L/14"],
            },
            "unsupported-number",
        ),
        (
            {"text": "the authors: “Not there.”", "fields": ["architecture.connector"], "quote": "Not there."},
            "wrong-quote",
        ),
        ({"text": "the authors say so", "fields": ["architecture.connector"], "quote": QUOTE}, "wrong-quote"),
        ({"text": f"“{QUOTE}”", "fields": ["architecture.connector"], "quote": QUOTE}, "unattributed"),
        ({"text": "outperforms all others", "fields": ["model.name"]}, "boast"),
        ({"text": "is <b>bold</b>", "fields": ["model.name"]}, "markup"),
        ({"text": "is [here](https://x)", "fields": ["model.name"]}, "markup"),
        ({"text": "a | b", "fields": ["model.name"]}, "markup"),
    ],
)
def test_the_linter_refuses(clause: dict[str, object], rule: str) -> None:
    prose = sentence(**clause)
    findings = lint_prose(prose, record())
    assert rule in [finding.rule for finding in findings]
    assert all(finding.message and finding.clause == clause["text"] for finding in findings)
    assert publishable(prose, record()) == Prose()


def test_the_order_is_architecture_training_data() -> None:
    clause = Clause(text="Foo", fields=("model.name",), values=("Foo",))
    prose = Prose(sentences=tuple(Sentence(part=part, clauses=(clause,)) for part in ("data", "architecture")))  # type: ignore[arg-type]
    assert [finding.rule for finding in lint_prose(prose, record())] == ["order"]


@pytest.mark.parametrize("boast", load_words().boasts, ids=lambda boast: boast.id)
def test_rules_against_boasting_both_ways(boast: object) -> None:
    for text in boast.matches:  # type: ignore[attr-defined]
        assert boast_in(text) == boast.id, text  # type: ignore[attr-defined]
    for text in boast.rejects:  # type: ignore[attr-defined]
        assert boast_in(text) is None, text


@pytest.mark.parametrize(
    ("quote", "fit"),
    [
        (QUOTE, True),
        ("the sentence begins in the middle and so it is not whole at all.", False),
        ("Short one here.", False),
        ("Our model outperforms every other model on all of the tasks we tried.", False),
        ("Table 3 1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 9.0 one two three four five six.", False),
        ("A sentence that goes on and on without an end " * 10 + ".", False),
        ("We take the encoder and freeze it while the rest is trained further", False),
    ],
)
def test_what_may_be_quoted(quote: str, fit: bool) -> None:
    assert is_quotable(quote) is fit


NAMES = st.text(min_size=1, max_size=20).filter(lambda text: text.strip())


@settings(deadline=None, max_examples=60)
@given(NAMES, NAMES, st.text(max_size=60))
def test_any_names_and_quotes_pass_the_linter_or_are_left_out(encoder: str, name: str, quote: str) -> None:
    proof = {"status": "accepted", "evidence": [{"quote": f"A {quote} that joins the parts of the model at hand."}]}
    one = record(
        model=ModelIdentity(name=name),
        architecture=Architecture.model_validate({"vision_encoders": [{"name": encoder, **proof}]}),
    )
    kept = publishable(draft_prose(one), one)
    assert lint_prose(kept, one) == []
    for part in PARTS:
        assert "<script" not in kept.text(part)
        assert "\n" not in kept.text(part)


def test_phrases_cover_their_vocabularies() -> None:
    from typing import get_args

    from vlmingest.records import ArchitectureType, Component, ConnectorType, ObjectiveType

    phrases = load_words().phrases
    for kind, values in (
        ("connector", ConnectorType),
        ("type", ArchitectureType),
        ("component", Component),
        ("objective", ObjectiveType),
    ):
        assert set(phrases[kind]) == set(get_args(values))


def whole(prose: Prose) -> str:
    return "\n\n".join([prose.text("summary"), *prose.paragraphs])


def test_other_words_for_a_draft_may_say_nothing_else() -> None:
    prose = draft_prose(record())
    text = whole(prose)
    assert lint_polish(prose, text) == []
    softer = text.replace(
        "Foo connects Eye-L/14 to Tongue through a linear projection.",
        "Through a linear projection, Foo joins Eye-L/14 and Tongue.",
    )
    assert lint_polish(prose, softer) == []
    for old, new, rule in (
        ("Eye-L/14", "its eye", "value-lost"),
        ("through a linear projection", "somehow", "value-lost"),
        ("336 pixels", "336 pixels in 24 layers", "unsupported-number"),
        ("as training data", "as training data, and ImageNet", "new-name"),
        ("A single linear layer", "A single layer", "quote-changed"),
        ("as training data", "as training data and outperforms others", "boast"),
        ("as training data", "as <b>training</b> data", "markup"),
    ):
        assert old in text
        assert rule in [finding.rule for finding in lint_polish(prose, text.replace(old, new))], rule
