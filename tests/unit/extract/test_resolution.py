"""Input resolutions: pairs, single numbers and lists; what is not an input or not ours."""

import pytest

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.resolution import read_resolutions
from vlmingest.extract.rules import check_rules, load_rules


def found(*blocks, least=0.4, heading="# 3 Method"):
    view = made_paper(heading, *blocks, title="GlowVL: Reading", abstract="We present GlowVL, a model.")
    candidates = list(read_resolutions(view))
    assert_quoted(view, candidates)
    return [int(one.value) for one in candidates if one.confidence >= least]


def test_rows_hold_their_examples():
    assert check_rules(load_rules("inputs")) == []


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Our encoder reads images of 448×448 pixels.", [448]),
        ("Images are resized to 336 x 336.", [336]),
        ("We train GlowVL at a resolution of 224 and then 384px images.", [224, 384]),
        ("Input resolutions of 224, 448 and 896 are used.", [224, 448, 896]),
        ("We use CLIP ViT-L/14@336px for images.", [336]),
        ("We crop images to 448×896 pixels.", []),
        ("We embed patches of 16×16 pixels of the image.", []),
        ("A short second phase at 588×588 follows.", [588]),
        ("Our encoder sees pages at resolution 256.", [256]),
        ("The matrix of 3×224 entries.", []),
        ("LampNet [3] uses an image resolution of 512.", []),
        ("We use images of 224×224, and crops of them.", [224]),
        ("Images are resized to 224 in the first stage and to 490 in the second.", [224, 490]),
        ("The input resolution of GlowVL is 4482.", [448]),
        ("We take SigLIP-SO400M-14-384 as the vision encoder.", [384]),
        ("Most open models work at a low resolution, e.g., 336×336.", []),
        ("We also tried images of 896×896.", []),
        ("We obtain 36.3 with GlowVL, against 32.9 for LLaVA-13B (V1.3, 336px).", []),
        ("The resolution of 1024×1024 pixels to 256 image tokens saves space.", [1024]),
        ("Our checkpoints come in three flavours: 224, 448 and 896 px.", [224, 448, 896]),
        ("We use an image size of 256 in pre-training and 384 in fine-tuning.", [256, 384]),
        ("The longer side is set to 1024.", [1024]),
        ("Image resolution is fixed at (448, 448).", [448]),
        ("GlowVL supports images of up to 1344×896 pixels.", [896, 1344]),
        ("For example, an image of 672×448 pixels has two tiles.", []),
        ("Only images whose shorter edge exceeds 256 pixels are kept.", []),
    ],
)
def test_sentences(text, sides):
    assert found(text) == sides


def test_sections_that_do_not_speak_of_the_model():
    assert found("Images of 448×448 pixels are common.", heading="# 2 Related Work") == []
    both = ("Images are resized to 224×224.", "# 5 Ablation", "An image resolution of 448 helps.")
    assert found(*both) == [224]


def test_tables_on_training_say_it_and_comparisons_of_many_do_not():
    rows = (
        ("Hyper-parameter", "Stage 1", "Stage 2"),
        ("Learning rate", "1e-3", "2e-5"),
        ("Image resolution", "224", "448 × 448"),
    )
    made = made_paper(
        "# 4 Training", "See Table 1.", title="GlowVL: A Lamp", tables=[("Hyper-parameters of training.", *rows)]
    )
    candidates = list(read_resolutions(made))
    assert_quoted(made, candidates)
    assert [one.value for one in candidates] == ["224", "448"]
    chain = ("Hyper-parameters of training.", *rows[:2], ("Image resolution", "2242 → 3362 → 4482 → 5602", "6722"))
    made = made_paper("# 4 Training", "See Table 1.", title="GlowVL: A Lamp", tables=[chain])
    assert [one.value for one in read_resolutions(made)] == ["224", "336", "448", "560", "672"]
    sweep = (
        ("Hyper-parameter", "A", "B", "C", "D"),
        ("Learning rate", "1", "1", "1", "1"),
        ("Resolution", "224", "336", "448", "512"),
    )
    made = made_paper(
        "# 4 Training", "See Table 1.", title="GlowVL", tables=[("Hyper-parameters of training.", *sweep)]
    )
    assert list(read_resolutions(made)) == []


def test_places_add_up():
    once = made_paper("# 3 Method", "Images are resized to 336×336.")
    twice = made_paper("# 3 Method", "Images are resized to 336×336.", "We crop images to 336×336.")
    (single,), (double,) = list(read_resolutions(once)), list(read_resolutions(twice))
    assert double.confidence > single.confidence
    assert len(double.evidence) == 2


def test_what_an_encoder_was_fed_with_before_counts_less():
    former = "The encoder was originally pre-trained with an input of 256×256."
    made = made_paper("# 3 Method", former, "We resize all images to 512×512.", title="GlowVL")
    one, other = sorted(read_resolutions(made), key=lambda candidate: int(candidate.value))
    assert one.confidence < other.confidence


def test_a_column_of_variants_may_tell_of_more_sides_than_a_row():
    rows = (
        ("Model", "Learning rate", "Input resolution"),
        *((f"GlowVL-{x}", "1e-4", str(y)) for x, y in zip("STBL", (224, 256, 288, 384), strict=True)),
    )
    made = made_paper(
        "# 4 Training", "See Table 1.", title="GlowVL: A Lamp", tables=[("Hyper-parameters of training.", *rows)]
    )
    assert [one.value for one in read_resolutions(made)] == ["224", "256", "288", "384"]
