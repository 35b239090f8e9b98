"""Sizes: beside the name, in sentences on the own work, in tables; never of baselines, of parts or of data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.extract.sizes import read_sizes, size_name, sizes_in
from vlmingest.extract.table_kinds import TableKind, table_kind
from vlmingest.extract.view import PaperView

TITLE = "GlowVL: Reading at Night"
ABSTRACT = "We present GlowVL, a vision-language model. GlowVL reads."


def found(*blocks, least=0.4, **more):
    view = made_paper(*blocks, title=TITLE, abstract=ABSTRACT, **more)
    candidates = list(read_sizes(view))
    assert_quoted(view, candidates)
    assert [one.confidence for one in candidates] == sorted((one.confidence for one in candidates), reverse=True)
    return sorted(one.value for one in candidates if one.confidence >= least)


def test_rows_hold_their_examples():
    assert check_rules(load_rules("sizes")) == []


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("GlowVL-7B and GlowVL-13B are trained alike.", ["13B", "7B"]),
        ("We train GlowVL-3B/8B/70B.", ["3B", "70B", "8B"]),
        ("We release GlowVL: 1B, 2B, and 9B.", ["1B", "2B", "9B"]),
        ("The result is GlowVL-Chat-72B-Instruct.", ["72B"]),
        ("GlowVL (1.6 billion parameters) is small.", ["1.6B"]),
        ("GlowVL has only 400M parameters in its smallest form.", ["400M"]),
        ("The total number of parameters of GlowVL is about 1.6B.", ["1.6B"]),
        ("We offer our model in three sizes: 3B, 8B and 70B.", ["3B", "70B", "8B"]),
        ("Our models range in size from 1B to 78B parameters.", ["1B", "78B"]),
        ("Our 7B model reads more than LampNet-13B.", ["7B"]),
        ("GlowVL comes in 4B, 12B, and 27B variants.", ["12B", "27B", "4B"]),
        ("GlowVL is an efficient 9B model.", ["9B"]),
        ("We release 3B and 7B models.", ["3B", "7B"]),
        ("GlowVL 2B reads.", ["2B"]),
        ("GlowVL surpasses all others, at 1.3B parameters.", ["1.3B"]),
        ("GlowVL-Tiny, GlowVL-Small and GlowVL have 3.4B, 16.1B and 27.5B parameters.", ["16.1B", "27.5B", "3.4B"]),
        ("GlowVL2-8B is another model.", []),
        ("OtherGlowVL-8B is another model.", []),
        ("We train GlowVL on 4M images and 12M pairs.", []),
        ("The prior model LampNet has 13B parameters, more than most.", []),
        ("GlowVL outperforms models with 34B parameters.", []),
        ("Our vision encoder has 300M parameters.", []),
        ("GlowVL-30B-A3B is sparse.", ["30B"]),
        ("We keep all as for our best 13B model, and train a 7B model.", ["13B", "7B"]),
        ("GlowVL-base, 86M and GlowVL-large, 303M are trained.", ["303M", "86M"]),
        ("We release checkpoints of GlowVL at three sizes: S (86M), L (303M), and g (1B).", ["1B", "303M", "86M"]),
        (
            "The parameters of GlowVL are 9.8B, with 7.7B for the large language model and 90M for the resampler.",
            ["9.8B"],
        ),
        ("GlowVL has less than 3B parameters.", ["3B"]),
        ("GlowVL adds only 14M parameters.", []),
        ("GlowVL beats its forerunner GlowVL (5B parameters).", []),
        ("Existing vision-language models typically have 100B parameters.", []),
        ("We train a 7B reward model.", []),
        ("GlowVL-8x7B and GlowVL-7B are trained alike.", ["7B", "8x7B"]),
        ("GlowVLE-1B is the smallest.", ["1B"]),
        ("GlowVL has only 3.9B activated parameters.", []),
        ("LampNet [23], with 2.6 billion parameters, wins.", []),
        ("GlowVL with 14M pre-training images wins.", []),
        ("GlowVL-OCR-30M, a large dataset, helps. GlowVL-OCR-30M is mixed in.", []),
        ("The total number of training tokens of GlowVL is 200 billion.", []),
        ("We use bert-large as the text encoder, which has 336M parameters.", []),
    ],
)
def test_sentences(text, sizes):
    assert found("# 3 Method", text) == sizes


def test_related_work_and_references_say_nothing_of_the_own_sizes():
    assert found("# 2 Related Work", "The lamps of old had 7B parameters.") == []
    assert found("# References", "GlowVL-7B: a report. 2025.") == []


def test_a_column_of_parameters_counts_in_own_rows_alone():
    table = ("Scores.", ("Model", "#Params", "Score"), ("LampNet", "13B", "50.1"), ("GlowVL (ours)", "1.3B", "61.2"))
    assert found("# 4 Experiments", "See Table 1 for the scores.", tables=[table]) == ["1.3B"]


def test_the_total_wins_over_the_parts_and_trainable_parameters_are_no_size():
    plan = (
        "Sizes of the variants.",
        ("Model", "Encoder Params", "Decoder Params", "Total Params"),
        ("GlowVL-Base", "86M", "297M", "383M"),
        ("GlowVL-Large", "303M", "484M", "787M"),
    )
    tuned = ("Tuning.", ("Model", "#Trainable Params"), ("GlowVL", "12M"))
    assert found("# 3 Method", "See Table 1.", tables=[plan, tuned]) == ["383M", "787M"]


def test_the_unit_may_stand_in_the_header():
    table = ("Scores.", ("Model", "Params (M)", "Score"), ("GlowVL", "86", "61.2"))
    assert found("# 4 Experiments", "See Table 1.", tables=[table]) == ["86M"]


def test_a_table_on_the_own_models_parameters_needs_no_name_in_its_rows():
    table = ("Details of GlowVL model parameters.", ("Vision Encoder", "LLM", "Total"), ("1.9B", "7.7B", "9.6B"))
    assert found("# 3 Method", "See Table 1.", tables=[table]) == ["9.6B"]
    other = ("Details of LampNet model parameters.", ("Vision Encoder", "LLM", "Total"), ("1.9B", "7.7B", "9.6B"))
    assert found("# 3 Method", "See Table 1.", tables=[other]) == []


def test_spaces_and_hyphens_of_a_name_are_one():
    view = made_paper(
        "# 3 Method", "Glow-R2-38B reads.", "GlowR2-2B, too.", title="Glow R2: Reading", abstract="We present Glow R2."
    )
    assert sorted(one.value for one in read_sizes(view)) == ["2B", "38B"]


def test_a_row_for_parameters_counts_in_own_columns():
    table = ("Sizes.", ("", "GlowVL", "LampNet"), ("# Params", "2B", "7B"), ("Score", "61.2", "50.1"))
    assert found("# 4 Experiments", "See Table 1.", tables=[table]) == ["2B"]


def test_a_count_in_the_next_cell_of_a_row_is_no_size():
    table = ("Scores.", ("Model", "Images", "Score"), ("GlowVL", "14M", "61.2"), ("GlowVL", "129M", "65.2"))
    assert found("# 4 Experiments", "See Table 1.", tables=[table]) == []


def test_a_size_in_the_cell_of_the_name_is_its_own():
    table = ("Scores.", ("Model", "Tokens", "Score"), ("GlowVL 3B (ours)", "576", "61.2"), ("LampNet 7B", "64", "65.2"))
    assert found("# 4 Experiments", "See Table 1.", tables=[table]) == ["3B"]


def test_millions_behind_the_name_that_elsewhere_count_images_are_those():
    table = ("Scores.", ("Model", "Side", "Score"), ("GlowVL-15M", "224", "61.2"), ("GlowVL-60M", "224", "65.2"))
    text = "We train on 15M image-text pairs or on 60M of them. With 60M pairs it reads better."
    assert found("# 4 Experiments", text, tables=[table]) == []


def test_a_row_that_is_called_by_its_language_model_has_its_size():
    table = ("Scores.", ("Model", "Side", "Score"), ("GlowVL-7B", "224", "61.2"), ("GlowVL-Vicuna-13B", "224", "65.2"))
    assert sorted(found("# 4 Experiments", "See Table 1.", tables=[table])) == ["13B", "7B"]


def test_a_part_of_a_table_on_the_own_parameters_is_no_size_of_the_model():
    table = (
        "Configuration of GlowVL parameters.",
        ("Input", "LLM", "Param"),
        ("Sound", "33M", "-"),
        ("Image", "-", "9.6B"),
    )
    assert "33M" not in found("# 3 Method", "See Table 1.", tables=[table])


def test_the_language_models_size_stands_in_where_the_model_has_none():
    alone = found("# 3 Method", "We use Vicuna-7B as the language model of GlowVL.")
    assert alone == ["7B"]
    beside = found("# 3 Method", "We use Vicuna-7B as the language model.", "GlowVL has 8.2B parameters in total.")
    assert beside == ["8.2B"]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("We use Vicuna (7B) as the language model.", ["7B"]),
        ("We use the 7B and 13B versions of Vicuna as the language model.", ["13B", "7B"]),
        ("The language model is Vicuna-7B/13B.", ["13B", "7B"]),
        ("A projection feeds a frozen 7B LLM of ours.", ["7B"]),
        ("We compare the result with that of Flamingo-80B.", []),
    ],
)
def test_sizes_of_the_language_model(text, sizes):
    assert found("# 3 Method", text) == sizes


def test_the_own_language_models_size_may_stand_where_it_is_introduced():
    told = ("# 2 Related Work", "Vicuna is a chat model for all kinds of talk, boasting 6.2 billion parameters.")
    assert found(*told, "# 3 Method", "We use Vicuna as the language model of GlowVL.") == ["6.2B"]
    assert found(*told, "# 3 Method", "We train GlowVL.") == []


def test_what_a_column_counts_as_data_is_no_size_beside_the_name():
    table = ("Scores.", ("Model", "# Pre-train Images", "Score"), ("LampNet", "14M", "60.1"), ("GlowVL", "14M", "61.2"))
    assert found("# 4 Experiments", "GlowVL (14M) wins.", tables=[table]) == []


def test_an_earlier_version_has_no_own_row():
    table = (
        "Scores.",
        ("Model", "#Params", "Score"),
        ("Glow 1.2 (ours)", "40B", "60.1"),
        ("Glow 1.5 (ours)", "26B", "61.2"),
    )
    view = made_paper(
        "# 4 Experiments", "See.", title="Glow 1.5: Reading", abstract="We present Glow 1.5, a model.", tables=[table]
    )
    assert [one.value for one in read_sizes(view) if one.confidence >= 0.4] == ["26B"]


def test_the_name_without_a_version_is_the_forerunners_beside_one_with_it():
    table = ("Scores.", ("Model", "#Params", "Score"), ("Glow", "40B", "60.1"), ("Glow2", "26B", "61.2"))
    text = {"title": "Glow2: Reading", "abstract": "We present Glow2, a model. Glow2 reads."}
    view = made_paper("# 4 Experiments", "See.", tables=[table], **text)
    assert [one.value for one in read_sizes(view) if one.confidence >= 0.4] == ["26B"]


def test_a_size_in_the_name_of_a_language_model_behind_the_own_name_is_that_ones():
    sizes = found("# 2 Method", "GlowVL has 19B parameters.", "We call it GlowVL-Vicuna-13B. GlowVL-19B reads.")
    assert sizes == ["19B"]


def test_rows_under_a_language_model_have_its_size():
    table = (
        "Scores of all models.",
        ("Model", "VQA", "GQA"),
        ("Vicuna-13B", "Vicuna-13B", "Vicuna-13B"),
        ("LampNet", "60.1", "61.0"),
        ("GlowVL", "61.2", "62.0"),
    )
    assert found("# 4 Experiments", "See Table 1.", tables=[table]) == ["13B"]


def test_the_configuration_of_the_own_model_is_a_table_of_its_own():
    table = ("GlowVL model configuration.", ("Configuration", "Value"), ("Parameters", "8B"), ("Layers", "32"))
    assert found("# 3 Method", "See Table 1.", tables=[table]) == ["8B"]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("1B, 2B and 9B", ["1B", "2B", "9B"]),
        ("3, 7 and 13 billion", ["3B", "7B", "13B"]),
        ("1300M", ["1.3B"]),
        ("7B and 7 billion", ["7B"]),
        ("9000B or 1M", []),
        ("no size", []),
        ("1.1B, 7B and 8×7B", ["1.1B", "7B", "8x7B"]),
    ],
)
def test_lists(text, sizes):
    assert sizes_in(text) == sizes


@given(st.floats(0.01, 3000, allow_nan=False).map(lambda x: round(x, 2)), st.sampled_from("BM"))
def test_a_size_reads_back_as_itself(value, unit):
    name = size_name(value, unit)
    if name and "e" not in name:
        assert sizes_in(name) == [name] or "." in name
        assert name[-1] in "BM"


def test_the_last_size_of_an_own_row_stands_for_the_model_in_a_table_of_architectures():
    plan = (
        "Architecture details of the variants.",
        ("Model", "Layers", "Heads", "Hidden dim", "MLP dim", "Vision", "LLM"),
        ("GlowVL-S", "12", "12", "768", "3072", "86M", "400M"),
    )
    view = made_paper("# 3 Method", "See Table 1.", title=TITLE, abstract=ABSTRACT, tables=[plan])
    assert table_kind(view, view.tables[0]) is TableKind.ARCHITECTURE
    assert [one.value for one in read_sizes(view)] == ["400M"]


def test_of_trainable_and_total_parameters_the_total_counts():
    plan = (
        "Hyper-parameters of training.",
        ("config", "stage 1", "stage 2"),
        ("learning rate", "1e-3", "2e-5"),
        ("batch size", "256", "128"),
        ("trainable / total parameters", "1B / 14B", "14B / 14B"),
        ("optimizer hyper-parameters", "7B", "7B"),
    )
    assert found("# 4 Training", "See Table 1.", tables=[plan]) == ["14B"]


def test_a_size_before_the_name_counts():
    assert found("# 3 Method", "In the end the 9B GlowVL wins.") == ["9B"]


def test_related_tables_and_rows_without_a_place_are_passed_over():
    table = ("Scores.", ("Model", "#Params"), ("GlowVL", "1.3B"))
    view = made_paper("# 4 Experiments", "See.", title=TITLE, abstract=ABSTRACT, tables=[table])
    bare = view.document.model_copy(update={"tables": (view.document.tables[0].model_copy(update={"row_spans": ()}),)})
    assert list(read_sizes(PaperView(bare))) == []


def test_another_models_parameters_are_not_the_own():
    assert found("# 3 Method", "We compare our work to Vicuna, which has 13B parameters.") == []


def test_a_backbone_of_others_is_passed_over():
    assert found("# 2 Related Work", "LampNet uses Vicuna-7B as its language model.") == []


def test_a_model_is_called_by_the_size_in_its_name_and_not_by_its_parameters():
    rows = (("Model", "#Params", "ChartQA"), ("GlowVL-2B", "2.2B", "61.0"), ("GlowVL-8B", "8.1B", "70.2"))
    assert found("# 5 Results", "We train GlowVL-2B and GlowVL-8B.", tables=[("Results.", *rows)]) == ["2B", "8B"]


def test_one_size_in_two_units_is_said_once():
    rows = (("Model", "#Params", "ChartQA"), ("GlowVL-S", "0.23B", "61.0"))
    text = "GlowVL-S has 232 million parameters."
    assert found("# 3 Method", text, tables=[("Results.", *rows)]) == ["232M"]


def test_a_column_of_sizes_needs_no_header():
    rows = (("", "", "ChartQA"), ("DuskVL", "7B", "55.0"), ("DawnVL", "9B", "58.0"), ("GlowVL", "15B", "61.0"))
    assert found("# 5 Results", "Text.", tables=[("Results.", *rows)]) == ["15B"]
