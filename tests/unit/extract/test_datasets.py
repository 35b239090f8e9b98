"""Data sets of small made-up papers: which role, with which proof, under which name."""

from __future__ import annotations

import json

import pytest

from tests.unit.extract.stages_papers import document
from vlmingest.document import BlockKind, References
from vlmingest.extract.dataset_cues import Cues, beside, words_between
from vlmingest.extract.dataset_cues import _triggers as triggers
from vlmingest.extract.dataset_groups import Group
from vlmingest.extract.dataset_mentions import Mentions, dataset_groups
from vlmingest.extract.dataset_scores import ROLES, features, load_weights, score
from vlmingest.extract.datasets import read_datasets, surface
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.extract.view import PaperView
from vlmingest.records import FieldName, Role

KEEP = 0.5


def view_of(text: str, title: str = "Foo-VL: a small model") -> PaperView:
    return PaperView(document(text).model_copy(update={"title": title}))


def sets(text: str, title: str = "Foo-VL: a small model") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"training": [], "evaluation": []}
    for candidate in read_datasets(view_of(text, title)):
        if candidate.confidence >= KEEP and candidate.role is not Role.CITED:
            found["training" if candidate.field is FieldName.TRAINING_DATASET else "evaluation"].append(candidate.value)
    return found


PAPER = """
# Abstract
We present Foo-VL, a small model that reads charts.
# 1 Related Work
BLIP-2 is trained on LAION and COYO-700M. SEED-Bench was proposed by others.
# 2 Method
Foo-VL joins an encoder and a language model.
## 2.1 Training
We train the projector on CC3M [3] and SBU [4]. We then fine-tune all on GQA, OCR-VQA and the training split of ChartQA.
# 3 Experiments
We evaluate Foo-VL on POPE [7], MM-Vet [8] and ChartQA.
Table 1: Comparison with open models.
| Model | POPE | MM-Vet | ChartQA | QuuxBench |
| LLaVA | 80.1 | 30.2 | 50.1 | 11.2 |
| Foo-VL (ours) | 85.1 | 34.2 | 60.1 | 21.2 |
"""


def test_a_paper_with_both_roles() -> None:
    found = sets(PAPER)
    assert {"CC3M", "SBU", "GQA", "OCR-VQA", "ChartQA"} <= set(found["training"])
    assert {"POPE", "MM-Vet", "ChartQA"} <= set(found["evaluation"])
    assert not {"POPE", "MM-Vet", "LAION", "COYO-700M", "SEED-Bench"} & set(found["training"])
    assert not {"CC3M", "SBU", "OCR-VQA", "SEED-Bench"} & set(found["evaluation"])


def test_a_column_that_no_list_knows_is_a_new_name() -> None:
    new = [one for one in read_datasets(view_of(PAPER)) if one.value == "QuuxBench"]
    assert [one.role for one in new if one.confidence >= KEEP] == [Role.EVALUATED_ON]
    assert new[0].attributes == {"new_name": True}


def test_the_proof_is_the_plainest_place() -> None:
    view = view_of(PAPER)
    proof = {(one.value, one.role): one.evidence[0].quote for one in read_datasets(view) if one.confidence >= KEEP}
    assert proof["ChartQA", Role.TRAINED_ON].startswith("We then fine-tune")
    assert proof["POPE", Role.EVALUATED_ON].startswith("We evaluate")


def test_what_is_only_named_is_cited() -> None:
    cited = {one.value for one in read_datasets(view_of(PAPER)) if one.role is Role.CITED}
    assert "SEED-Bench" in cited
    assert not {"POPE", "CC3M"} & cited


def test_a_candidate_says_why() -> None:
    found = [one for one in read_datasets(view_of(PAPER)) if one.value == "POPE" and one.role is Role.EVALUATED_ON]
    assert found[0].features["level3"] > 0
    assert len(found[0].features) <= 6


def test_every_candidate_has_a_quote_that_stands_in_the_text() -> None:
    view = view_of(PAPER)
    for candidate in read_datasets(view):
        (proof,) = candidate.evidence
        assert view.text[proof.start : proof.end] == proof.quote
        assert 0 < candidate.confidence <= 1


@pytest.mark.parametrize(
    ("sentence", "section", "training", "evaluation"),
    [
        ("We pre-train the model on CC12M and COYO-700M.", "Training", True, False),
        ("CC12M and COYO-700M are used for pre-training.", "Training", True, False),
        ("Our training data includes CC12M [1], and COYO-700M [2].", "Data", True, False),
        ("We collect open-source datasets, including CC12M and COYO-700M.", "Training data", True, False),
        ("We exclude CC12M and COYO-700M because of their noise.", "Training", False, False),
        ("Unlike Bar, which was trained on CC12M and COYO-700M, ours is small.", "Training", False, False),
        ("The tokenizer is trained on CC12M and COYO-700M.", "Training", False, False),
        ("Bar [3] is trained on CC12M and COYO-700M.", "Related work", False, False),
        ("We report results on OK-VQA and VizWiz.", "Experiments", False, True),
        ("On OK-VQA and VizWiz we reach the best accuracy.", "Experiments", False, True),
        ("We omit OK-VQA and VizWiz from the benchmarks.", "Experiments", False, False),
        ("Others report results on OK-VQA and VizWiz.", "Related work", False, False),
    ],
)
def test_one_sentence(sentence: str, section: str, training: bool, evaluation: bool) -> None:
    found = sets(f"# 1 Intro\nFoo-VL is our model.\n# 2 {section}\n{sentence}\n")
    names = {"CC12M", "COYO-700M"} if "CC12M" in sentence else {"OK-VQA", "VizWiz"}
    assert bool(names & set(found["training"])) is training, found
    assert bool(names & set(found["evaluation"])) is evaluation, found


def test_a_table_of_data_names_what_is_trained_on() -> None:
    found = sets(
        "# 1 Training\nSee the table.\nTable 1: Details of the training data.\n"
        "| Task | Dataset | #Samples |\n| Captioning | CC12M | 10M |\n| VQA | GQA, OCR-VQA | 90K |\n| Text | Zorb-Instruct-40K | 40K |\n"
    )
    assert {"CC12M", "GQA", "OCR-VQA", "Zorb-Instruct-40K"} <= set(found["training"])
    assert not found["evaluation"]


def test_rows_may_be_benchmarks() -> None:
    found = sets(
        "# 1 Experiments\nTable 1: Performance on benchmarks.\n| Benchmark | LLaVA | Foo-VL |\n| MMMU | 40.1 | 45.2 |\n"
        "| MMStar | 33.1 | 39.9 |\n| Wugg-Eval | 12.1 | 15.5 |\n| POPE | 81.0 | 85.0 |\n",
    )
    assert set(found["evaluation"]) == {"MMMU", "MMStar", "Wugg-Eval", "POPE"}


def test_a_model_of_the_same_name_is_no_data() -> None:
    text = "# 1 Training\nLLaVA and Alpaca are assistants. We follow LLaVA. GQA, that is grouped-query attention, is used.\n"
    assert sets(text) == {"training": [], "evaluation": []}
    meant = "# 1 Training\nWe fine-tune the model on the Alpaca data [3] and on the LLaVA dataset [4].\n"
    assert {"Alpaca", "LLaVA"} <= set(sets(meant)["training"])


def test_what_a_tool_is_used_for_is_not_trained_on() -> None:
    assert sets("# 1 Training\nWe employ ShareGPT4V [3] to re-caption the images.\n")["training"] == []


def test_a_short_name_means_the_full_one() -> None:
    groups = dataset_groups(
        view_of("# 1 Experiments\nWe evaluate on VQA v2.\nTable 1: Results.\n| Model | VQA |\n| Foo-VL | 77.1 |\n")
    )
    assert "vqav2" in groups
    assert "vqa" not in groups


def test_the_name_is_as_the_paper_writes_it() -> None:
    view = view_of("# 1 Experiments\nWe evaluate on MSCOCO, MSCOCO and Flicker-30k.\n")
    assert [surface(view, group) for group in dataset_groups(view).values()] == ["MSCOCO", "Flicker-30k"]
    view = view_of("# 1 Experiments\nWe evaluate on Coco and MS-COCO and MS-COCO, and on Quux-Eval [3].\n")
    assert [surface(view, group) for group in dataset_groups(view).values()] == ["MS-COCO", "Quux-Eval"]


def test_references_do_not_count() -> None:
    made = document("# 1 Experiments\nWe evaluate on POPE.\n# References\n[1] GQA: a dataset. We evaluate on GQA.\n")
    start = made.text.index("References")
    made = made.model_copy(
        update={"references": References(page=1, start=start, end=len(made.text)), "title": "Foo-VL: x"}
    )
    assert list(dataset_groups(PaperView(made))) == ["pope"]


def test_hidden_names_are_read_as_unknown() -> None:
    groups = Mentions(view_of(PAPER), lambda name: name == "MM-Vet").groups
    assert groups["mmvet"].use == ""
    assert groups["pope"].use == "evaluation"


def test_own_names() -> None:
    text = "# 1 Intro\nWe propose ShareGPT4V. ShareGPT4V is good.\n# 2 Training\nWe train ShareGPT4V on ShareGPT4V-Tiny [2], a set.\n"
    groups = dataset_groups(view_of(text, "ShareGPT4V: a model"))
    assert groups["sharegpt4v"].counts["own_name"] == 1


TABLES = """
# 1 Experiments
Foo-VL is our model.
Table 1: Results on GQA.
| Model | Score |
| Foo-VL | 61.0 |
Table 2: Training data, drawn from CC12M.
| Stage | Amount |
| 1 | 10M |
Table 3: Ablation of tiles.
| Setting | POPE | MMStar |
| w/o tiles | 80.1 | 30.1 |
| + tiles | 82.1 | 31.1 |
Table 4: Hyper-parameters.
| Config | Stage 1 | Stage 2 |
| Learning rate | 1e-3 | 2e-5 |
| Batch size | 256 | 128 |
| Data | SBU | OCR-VQA |
Table 5: Results.
| Model | OK-VQA | VizWiz |
| Foo-VL | 60.0 | - |
| COCO + CC3M | 50.0 | 40.0 |
"""


def test_what_kinds_and_parts_of_tables_say() -> None:
    groups = dataset_groups(view_of(TABLES))
    assert {"caption_benchmark", "evaluate2"} <= set(groups["gqa"].counts)
    assert {"caption_mixture", "train2"} <= set(groups["cc12m"].counts)
    assert {"table_ablation_head", "evaluate2"} <= set(groups["pope"].counts)
    assert "train2" in groups["sbu"].counts
    assert {"scored_benchmark", "evaluate3"} <= set(groups["okvqa"].counts)
    assert {"not_scored", "evaluate1"} <= set(groups["vizwiz"].counts)
    assert "evaluate3" not in groups["coco"].counts


def test_tables_without_cells_speak_by_their_caption() -> None:
    made = document("# 1 Data\nTable 1: Details of the training data.\n| CC12M | GQA |\n")
    table = made.tables[0].model_copy(update={"row_spans": (), "cells": ()})
    groups = dataset_groups(PaperView(made.model_copy(update={"tables": (table,)})))
    assert {"table_mixture_loose", "train2"} <= set(groups["cc12m"].counts)
    groups = dataset_groups(PaperView(made.model_copy(update={"tables": ()})))
    assert groups["cc12m"].counts["table_other_loose"] == 1


def test_figures_and_headings_are_places_of_their_own() -> None:
    made = document("# 1 Results on GQA\nPOPE 80 70 60\n")
    blocks = (made.blocks[0], made.blocks[1].model_copy(update={"kind": BlockKind.FIGURE_TEXT}))
    groups = dataset_groups(PaperView(made.model_copy(update={"blocks": blocks})))
    assert groups["gqa"].counts["heading"] == 1
    assert groups["pope"].counts["figure"] == 1


# --- cues --------------------------------------------------------------------------------------------------------


def test_rules_hold_both_ways() -> None:
    assert check_rules(load_rules("dataset_cues")) == []


def test_every_example_begins_at_a_cue_word() -> None:
    automaton, held, _ = triggers()
    for rule in load_rules("dataset_cues").of("dataset_cue."):
        for text in rule.matches:
            lowered = text.lower()
            places = [(start, held[number]) for number, start, _ in automaton.find_matches_as_indexes(lowered)]
            tried = [start for start, tries in places if any(one.rule == rule.id for one in tries)]
            assert any(rule.regex.match(text, start) for start in tried), (rule.id, text)


def test_what_stands_before_a_name_ends_in_a_word_of_the_rule() -> None:
    for rule in load_rules("dataset_cues").of("dataset_beside."):
        if rule.attributes["side"] == "before":
            assert all(text.rstrip().lower().endswith(tuple(rule.attributes["ends"])) for text in rule.matches), rule.id


def test_a_name_hangs_on_the_cue_to_its_left() -> None:
    view = view_of("# 1 Setup\nWe train on CC3M and evaluate on POPE. SBU is used for training.\n")
    cues = Cues(view)
    at = view.text.index

    def governs(name: str, sentence: int) -> tuple[str, str] | None:
        found = cues.governing(sentence, at(name), at(name) + len(name))
        return None if found is None else (found[0], found[1].name)

    assert governs("CC3M", 1) == ("left", "train")
    assert governs("POPE", 1) == ("left", "evaluate")
    assert governs("SBU", 2) == ("right", "train")
    assert governs("Setup", 0) is None
    assert cues.around(2) == {"evaluate"}


def test_what_stands_beside_a_name() -> None:
    text = "results on POPE [7] benchmark, trained on CC3M data; of Foo model, and SBU, GQA"
    assert set(beside(text, text.index("POPE"), text.index("POPE") + 4).all) >= {"evaluation", "evaluated_on", "cited"}
    assert set(beside(text, text.index("CC3M"), text.index("CC3M") + 4).all) >= {"data", "trained_on"}
    assert beside(text, text.index("Foo"), text.index("Foo") + 3).after == ("model",)
    assert "listed" in beside(text, text.index("SBU"), text.index("SBU") + 3).after


def test_words_between_a_cue_and_a_name() -> None:
    view = view_of("# 1 Setup\nWe train on the A dataset [1], and the model gets better than B.\n")
    cue = next(cue for cue in Cues(view).of(1) if cue.name == "train")
    assert words_between(view.text, cue, view.text.index("A dataset")) == 0
    assert words_between(view.text, cue, view.text.index("B.")) > 2


# --- scores ------------------------------------------------------------------------------------------------------


def _group(use: str, *places: tuple[str, ...]) -> Group:
    group = Group("foo", "Foo-Bench", use)
    for says in places:
        group.add(0, 3, "Foo", says)
    return group


def test_features_lie_between_0_and_1() -> None:
    group = _group("", ("train3", "in_training", "listed"), ("evaluate2", "doubtful"), ("of_others",))
    group.counts["own_name"] = 1
    for role in ROLES:
        assert all(0.0 <= value <= 1.0 for value in features(group, role).values())


def test_what_is_said_plainly_counts_more() -> None:
    weights = load_weights()
    for role, word in (("training", "train"), ("evaluation", "evaluate")):
        scores = [
            score(features(_group("both", (f"{word}{level}", "sure")), role), weights[role]) for level in (1, 2, 3)
        ]
        assert scores == sorted(scores)
        assert scores[2] > KEEP > scores[0]


def test_weights_are_named_features_of_both_roles() -> None:
    weights = load_weights()
    assert set(weights) == set(ROLES)
    assert json.loads(json.dumps(weights)) == weights
    assert all(isinstance(value, float) for table in weights.values() for value in table.values())


# --- uses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("# 1 Training\nBLIP-2 was trained on SBU.\n", "sbu", "of_others"),
        ("# 1 Training\nThe LLM was trained on SBU.\n", "sbu", "train3"),
        ("# 1 Training\nFoo-VL is trained on SBU.\n", "sbu", "train3"),
        ("# 1 Introduction\nSome train on SBU.\n", "sbu", "train1"),
        ("# 1 Training\nOur image encoder starts from ViT-L pre-trained on SBU.\n", "sbu", "of_part"),
        ("# 1 Experiments\nReasoning: POPE, MM-Vet, and MMStar.\n", "pope", "evaluate2"),
        (
            "# 1 Training\nThe remaining tasks include captioning (SBU, CC12M), which benchmarks reward.\n",
            "sbu",
            "train2",
        ),
        ("# 1 Training\nTable 1: Overview of the training data: SBU.\n| Kind | Amount |\n| a | 1 |\n", "sbu", "train2"),
        ("# 1 Data\nTable 1: Statistics of questions.\n| Set | Count |\n| SBU | 12 |\n", "sbu", "train1"),
        (
            "# 1 Data\nTable 1: Comparison of caption datasets.\n| Name | Human |\n| SBU | ✓ |\n| CC3M | ✗ |\n",
            "sbu",
            "evaluate1",
        ),
        (
            "# 1 Data\nTable 1: The datasets used for each task, with metrics.\n| Task | Dataset | Metric |\n| VQA | GQA | Acc |\n",
            "gqa",
            "evaluate2",
        ),
        (
            "# 1 Experiments\nTable 1: Results.\n| Method | Training data | POPE |\n| BLIP-2 | SBU | 80.1 |\n| Foo-VL | CC12M | 85.2 |\n",
            "cc12m",
            "train3",
        ),
        (
            "# 1 Experiments\nTable 1: Results on tests.\n| | Score |\n| SBU | 80.1 |\n| CC12M | 81.2 |\n",
            "sbu",
            "evaluate1",
        ),
    ],
)
def test_what_is_said_of_a_use(text: str, name: str, says: str) -> None:
    groups = dataset_groups(view_of(f"# Abstract\nWe present Foo-VL, a vision-language model.\n{text}"))
    assert says in groups[name].counts


def test_rows_of_rivals_say_nothing() -> None:
    text = "# 1 Experiments\nTable 1: Results.\n| Method | Training data | POPE |\n| BLIP-2 | SBU | 80.1 |\n| Foo-VL | CC12M | 85.2 |\n"
    groups = dataset_groups(view_of(f"# Abstract\nWe present Foo-VL, a vision-language model.\n{text}"))
    assert not [says for says in groups["sbu"].counts if says.startswith(("train", "evaluate"))]
