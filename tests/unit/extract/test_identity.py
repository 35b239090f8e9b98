"""The model's name: rows both ways, cleaning, and which of several names wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.document import Block, BlockKind, Document, Section, Span
from vlmingest.extract.identity import clean_name, fold_name, name_candidates, read_identity
from vlmingest.extract.rules import check_rules, load_rules
from vlmingest.extract.view import PaperView
from vlmingest.records import FieldName


def paper(title, abstract, *blocks):
    """A Document of a title, an abstract and (kind, text) blocks below a heading "1 Introduction"."""
    parts = [(BlockKind.TITLE, title), (BlockKind.ABSTRACT, abstract), (BlockKind.HEADING, "1 Introduction"), *blocks]
    text, made = "", []
    for kind, part in parts:
        made.append(Block(kind=kind, start=len(text), end=len(text) + len(part), page=1))
        text += part + "\n"
    heading = made[2]
    return PaperView(
        Document(
            source="pdf",
            sha256="0" * 64,
            reader="t",
            text=text,
            title=title,
            abstract=Span(made[1].start, made[1].end),
            blocks=tuple(made),
            sections=(Section(number="1", title="Introduction", level=1, page=1, start=heading.start, end=len(text)),),
            page_starts=((0, 1),),
        )
    )


def test_rows_hold_their_examples():
    assert check_rules(load_rules("identity")) == []


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("Lantern-2: Reading Charts", "We present Lantern-2, a model. Lantern-2 reads charts.", "Lantern-2"),
        ("LANTERN 2 TECHNICAL REPORT", "Lantern 2 is an open family. We train Lantern 2 on pages.", "Lantern 2"),
        ("Reading Charts at Night", "We propose a lamp for charts (LARC). LARC reads.", "LARC"),
        (
            "Cheap and Bright: Tuning at Night",
            (
                "We propose Mixture of Lamps (MoLa). Based on MoLa, we build a new vision-language model called LanternX. "
                "LanternX reads. LanternX writes."
            ),
            "LanternX",
        ),
        (
            "GlowInstruct-150K: More Data",
            "We train a model named GlowWorm on GlowInstruct-150K. GlowWorm wins.",
            "GlowWorm",
        ),
        ("Two Eyes: Kestrel for Drawing", "Kestrel decouples eyes. Kestrel surpasses others.", "Kestrel"),
        ("A Page is a Word", "Our Glow Transformer (GloT) reads. GloT wins.", "GloT"),
        ("A Study of Lamps", "We study lamps. The lamps are old.", None),
    ],
)
def test_the_name_that_wins(title, abstract, name):
    found = name_candidates(paper(title, abstract))
    assert (found[0].name if found else None) == name


def test_the_spelling_of_the_text_stands_for_the_title_in_capitals():
    view = paper("VALLEY: A LAMP", "We present Valley. Valley reads. In Valley we read.")
    assert [one.name for one in name_candidates(view)] == ["Valley"]


def test_places_prove_the_name_and_headings_and_captions_count():
    blocks = [
        (BlockKind.HEADING, "2 GlowFly: the lamp"),
        (BlockKind.CAPTION, "Figure 1: Overall architecture of GlowFly. It reads pages at night."),
        (BlockKind.PARAGRAPH, "The best is GlowFly (ours) in all four tests of this kind."),
    ]
    view = paper("Reading at night", "It is dark.", *blocks)
    assert [one.name for one in name_candidates(view)] == ["GlowFly"]
    found = list(read_identity(view))
    assert [(one.field, one.value) for one in found] == [(FieldName.NAME, "GlowFly")]
    for one in found:
        evidence = one.evidence[0]
        assert view.text[evidence.start : evidence.end] == evidence.quote
        assert "GlowFly" in evidence.quote


def test_a_close_second_is_an_alias_and_the_result_is_kept():
    view = paper(
        "Bright Lamp and Dim Lamp: Two Lamps",
        "We present BrightLamp, a model. We also introduce DimLamp, a model. BrightLamp and DimLamp shine.",
    )
    fields = [one.field for one in read_identity(view)]
    assert fields[0] is FieldName.NAME
    assert FieldName.ALIAS in fields
    assert name_candidates(view) is name_candidates(view)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Lantern-7B", "Lantern"),
        ("Lantern2-VL-72B-Instruct", "Lantern2-VL"),
        ("  “Lantern 2,", "Lantern 2"),
        ("xLamp (GLOW-3)", "xLamp"),
        ("Lantern's", "Lantern"),
        ("7B", "7B"),
        ("Lantern-30B-A3B", "Lantern"),
    ],
)
def test_clean_name(raw, clean):
    assert clean_name(raw) == clean


@given(st.text(alphabet="aB7 -.()LanternX2", max_size=40))
def test_cleaning_twice_changes_no_key(raw):
    once = clean_name(raw)
    assert fold_name(once) == fold_name(once.replace("-", " ").upper())
    assert once == once.strip()


def test_a_data_set_that_is_proposed_beside_the_model_gives_no_name():
    data = "We introduce the DUSK-IT dataset. The DUSK-IT dataset holds pages. We train Otterly on the DUSK-IT dataset."
    view = paper("Otterly: A Model for Pages", f"{data} Otterly reads. Otterly wins. Otterly is small.")
    assert name_candidates(view)[0].name == "Otterly"
