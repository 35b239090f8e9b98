"""Papers whose own model is a language model that sees, and variants that are named by their parts."""

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.parts import read_parts
from vlmingest.extract.parts_own import PROBABILITY
from vlmingest.records import FieldName

KEPT = 0.4


def language_models(title, *pieces):
    view = made_paper(
        "# 1 Introduction", *pieces, title=title, abstract=f"We introduce {title.split(':')[0]}, which sees."
    )
    found = [one for one in read_parts(view) if one.field is FieldName.LANGUAGE_MODEL]
    assert_quoted(view, found)
    return {one.value: one.confidence for one in found if one.confidence >= KEPT}


def test_the_own_model_is_its_language_model():
    text = "Gemma 4 reads images. Gemma 4 is built with care, with a recipe like that of Gemma 3. Gemma 4 is small."
    assert language_models("Gemma 4: Small Models that See", text) == {"Gemma 4": PROBABILITY}


def test_a_model_with_another_name_has_the_language_model_that_it_is_built_on():
    text = "Foobar reads images. We adopt Vicuna-7B as the language model of Foobar. Foobar is small."
    assert set(language_models("Foobar: Small Models that See", text)) == {"Vicuna"}


def test_a_whole_multimodal_model_is_not_its_own_language_model():
    text = "Qwen3-VL reads images. Qwen3-VL is small. Qwen3-VL is fast."
    assert language_models("Qwen3-VL: Small Models that See", text) == {}
