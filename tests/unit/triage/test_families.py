"""Duplicates and families: names of titles, and what is proposed of invented papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.records import PaperMetadata
from vlmingest.triage.families import cited_ids, family_key, model_name, name_stem, propose


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Heron2.5-VL Technical Report", "heron-vl"),
        ("Marlin Heron-VL-2.0 Technical Report", "marlin heron-vl"),
        ("HeronVL3: Scaling Up", "heronvl"),
        ("Heron-OCR 2: Reading Pages", "heron-ocr"),
        ("xHeron-MM (FOO-3): A Family of Models", "xheron-mm"),
        ("Heron-7B - a small model", "heron"),
        ("Heron 2: Deep Water", "heron"),
        ("Towards Better Herons: A Study", ""),
        ("Understanding Images with Text", ""),
        ("Video models of birds: a benchmark", ""),
        ("2: Two", ""),
    ],
)
def test_the_stem_of_a_title_is_its_name_without_version_and_size(title, stem):
    assert name_stem(title) == stem


def test_a_family_is_one_whatever_its_separators():
    assert family_key("Foo-VL 2: Better") == family_key("FooVL: Good") == "foovl"


def test_the_name_keeps_its_version():
    assert model_name("Heron2.5-VL Technical Report") == "Heron2.5-VL"


@given(st.text(max_size=80))
def test_any_title_has_a_stem_that_is_lower_case_and_stable(title):
    stem = name_stem(title)
    assert stem == stem.casefold()
    assert len(stem) != 1


FIRST = PaperMetadata(
    id="2501.00001",
    arxiv_id="2501.00001",
    title="Heron-VL: A Compact Vision-Language Model",
    authors=("Ann Lee", "Bo Chén", "Cy Diaz"),
    abstract="We present Heron-VL, a compact vision-language model with a frozen vision encoder and a small decoder.",
    published="2025-01-01",
)


def later(**changes):
    return FIRST.model_copy(update={"id": "2506.00002", "arxiv_id": "2506.00002", "published": "2025-06-01", **changes})


def test_the_same_work_under_another_id_is_a_duplicate_with_reasons():
    copy = later(id="local:abc", arxiv_id=None, authors=("A. Lee", "B. Chen", "Cy Diaz"))
    (proposal,) = propose(copy, [FIRST])
    assert propose(FIRST, [copy]) == []
    assert (proposal.kind, proposal.other) == ("duplicate", FIRST.id)
    assert any("authors" in reason for reason in proposal.reasons)


def test_a_reworked_abstract_with_the_same_title_and_authors_is_a_duplicate_too():
    (proposal,) = propose(later(abstract="Entirely other words stand here now."), [FIRST])
    assert proposal.kind == "duplicate"


def test_a_point_release_is_of_the_family_of_the_earlier_paper():
    second = later(title="Heron-VL 2: Longer Videos", authors=("Ann Lee", "Dee Eng"), abstract="Videos of an hour.")
    (proposal,) = propose(second, [FIRST], frozenset({FIRST.id}))
    assert (proposal.kind, proposal.other) == ("family", FIRST.id)
    assert any("heron-vl" in reason for reason in proposal.reasons)
    assert any("cites" in reason for reason in proposal.reasons)
    assert propose(FIRST, [second]) == []  # the earlier one is no release of the later one


def test_the_name_alone_is_not_enough():
    namesake = later(title="Heron-VL 2: Birds of Lakes", authors=("Zoe Young",), abstract="A count of birds on lakes.")
    assert propose(namesake, [FIRST]) == []
    assert propose(namesake, [FIRST], frozenset({FIRST.id}))[0].kind == "family"


def test_the_same_name_without_a_version_needs_many_of_the_authors():
    same_idea = later(
        title="Heron-VL: Birds of Lakes", abstract="Birds are counted.", authors=("Ann Lee", "B", "C", "D")
    )
    assert propose(same_idea, [FIRST]) == []
    sequel = later(title="Heron-VL: Birds of Lakes", abstract="Birds are counted.", authors=FIRST.authors)
    assert propose(sequel, [FIRST])[0].kind == "family"


def test_other_papers_of_the_same_authors_are_nothing():
    other = later(title="Sorting on Many Cores", abstract="We sort numbers quickly on many cores.")
    assert propose(other, [FIRST]) == []


def test_a_paper_is_not_its_own_copy():
    assert propose(FIRST, [FIRST]) == []


def test_the_surest_comes_first():
    copy = later()
    release = FIRST.model_copy(
        update={"id": "2412.00009", "arxiv_id": "2412.00009", "title": "Heron-VL 0.5: Early Days", "abstract": "Early."}
    )
    assert [one.kind for one in propose(copy, [release, FIRST])] == ["duplicate", "family"]


def test_ids_in_a_text_are_found_without_their_version():
    assert cited_ids("as in arXiv:2304.08485v2 and 2310.03744.") == {"2304.08485", "2310.03744"}
    assert cited_ids("12345.67890123") == frozenset()
