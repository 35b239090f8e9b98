"""arXiv identifiers: every form that arXiv has used, there and back."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.errors import InvalidArxivIdError
from vlmingest.ids import ArxivId, find_arxiv_ids

months = st.integers(1, 12).map("{:02d}".format)
old_style = st.builds(
    "{}/{}{}{:03d}".format,
    st.sampled_from(["hep-th", "math", "cs", "cond-mat", "q-bio"]),
    st.sampled_from(["91", "99", "06"]),
    months,
    st.integers(0, 999),
)
four_digits = st.builds("{}{}.{:04d}".format, st.sampled_from(["08", "13"]), months, st.integers(0, 9999))
five_digits = st.builds("{}{}.{:05d}".format, st.sampled_from(["15", "25", "89"]), months, st.integers(0, 99999))
bases = st.one_of(old_style, four_digits, five_digits)
versions = st.one_of(st.none(), st.integers(1, 40))


@given(bases, versions)
def test_every_written_form_of_an_id_is_the_same_id(base, version):
    expected = ArxivId(base, version)
    text = str(expected)
    for form in (
        text,
        f"arXiv:{text}",
        f"https://arxiv.org/abs/{text}",
        f"http://export.arxiv.org/pdf/{text}.pdf",
        f"https://www.arxiv.org/html/{text}",
        f"arxiv.org/e-print/{text}",
        f"https://doi.org/10.48550/arXiv.{text}",
        f"10.48550/ARXIV.{text}",
        f"oai:arXiv.org:{text}",
        f"  {text}\n",
        f"https://arxiv.org/abs/{text}?context=cs#start",
        f"arXiv:{text} [cs.CV]",
    ):
        assert ArxivId.parse(form) == expected


@given(bases, versions)
def test_a_file_name_gives_its_id_back(base, version):
    expected = ArxivId(base, version)
    assert ArxivId.of_filename(f"{expected.filename}.pdf") == expected
    assert ArxivId.of_filename(f"{expected.filename}.tar.gz") == expected


@given(bases, versions)
def test_ids_hash_sort_copy_and_pickle(base, version):
    arxiv_id = ArxivId(base, version)
    assert pickle.loads(pickle.dumps(arxiv_id)) == copy.copy(arxiv_id) == arxiv_id
    assert hash(arxiv_id) == hash(ArxivId.parse(str(arxiv_id)))
    assert arxiv_id.with_version(None) <= arxiv_id < arxiv_id.with_version(41)


def test_the_subject_class_of_an_old_id_is_dropped():
    assert str(ArxivId.parse("math.GT/0309136v2")) == "math/0309136v2"


@pytest.mark.parametrize(
    "text",
    [
        "", "2304", "2304.8485", "2304.084855555", "2313.00001", "1412.12345", "0701.1234", "2304.08485v0", "hep-xx/9901001",
        "https://example.org/abs/2304.08485", "abc", "2304.08485 and more", "9201.12345",
    ],
)  # fmt: skip
def test_what_is_no_id_is_refused_with_a_remedy(text):
    with pytest.raises(InvalidArxivIdError, match=r"write it like 2304\.08485"):
        ArxivId.parse(text)


@pytest.mark.parametrize(
    "name", ["qianfan-vl-20250919.pdf", "notes.pdf", "2304.pdf", "1412.12345.pdf", "x2304.08485.pdf"]
)
def test_a_file_name_without_an_id_gives_none(name):
    assert ArxivId.of_filename(name) is None


def test_an_id_is_immutable():
    with pytest.raises(AttributeError, match="immutable"):
        ArxivId("2304.08485").version = 3
    assert ArxivId("2304.08485") != "2304.08485"
    assert repr(ArxivId("2304.08485", 2)) == "ArxivId('2304.08485v2')"
    with pytest.raises(TypeError):
        _ = ArxivId("2304.08485") < "2304.08486"


def test_ids_in_running_text_are_found_once_and_in_order():
    text = "See arXiv:2304.08485v2, 2310.03744 and hep-th/9901001, again 2310.03744; not 1.2304.08485 nor 2304.08485.5 or 1412.12345."
    assert [str(found) for found in find_arxiv_ids(text)] == ["2304.08485v2", "2310.03744", "hep-th/9901001"]
