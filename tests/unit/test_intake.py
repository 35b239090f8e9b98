"""Under which id a given file is filed, and whether there is anybody to ask for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlmingest.catalogue.escape import paper_stem
from vlmingest.document import Document
from vlmingest.intake import Given, _given_id, _metadata
from vlmingest.jobs import _was_given

SHA = "ab" * 32


def item(name, source="file", arxiv_id=None):
    return Given(name, SHA, "", source, arxiv_id)


@pytest.mark.parametrize(
    ("name", "paper_id"),
    [
        ("glow-report.pdf", "glow-report"),
        ("glow.v2.tar.gz", "glow.v2"),
        ("Report_2025.HTML", "Report_2025"),
        ("no suffix.pdf", f"local:{SHA[:16]}"),
        ("<b>.pdf", f"local:{SHA[:16]}"),
        ("...pdf", f"local:{SHA[:16]}"),
        ("日本.pdf", f"local:{SHA[:16]}"),
    ],
)
def test_the_name_of_a_file_is_its_id_where_it_is_plain(name, paper_id):
    assert _given_id(item(name)) == paper_id


def test_a_page_is_filed_under_its_bytes():
    assert _given_id(item("https://example.org/report.pdf", source="url")) == f"url:{SHA[:16]}"


def test_a_file_without_text_still_has_a_title():
    metadata = _metadata(item("glow-report.pdf"), None)
    assert (metadata.id, metadata.arxiv_id, metadata.title) == ("glow-report", None, "glow-report.pdf")


def test_a_report_brings_its_own_date_and_its_title_in_the_spelling_of_its_text():
    text = "SCALING LLMS TO PICTURES\n2025-09-19\nAbstract\n" + "We scale LLMs to pictures. " * 4
    document = Document(source="html", sha256=SHA, reader="html.v1", text=text, title="SCALING LLMS TO PICTURES")
    metadata = _metadata(item("glow-report.pdf"), document)
    assert (metadata.title, metadata.published) == ("Scaling LLMs to Pictures", "2025-09-19")


@given(st.text(max_size=30).map(lambda text: text.replace("/", "")))
def test_an_id_from_a_name_is_safe_as_a_file_name(name):
    paper_id = _given_id(item(name + ".pdf"))
    assert paper_stem(paper_id) in (paper_id, f"local-{SHA[:16]}")


@pytest.mark.parametrize(
    ("paper_id", "was_given"),
    [("2304.08485", False), ("hep-th/9901001", False), ("glow-report", True), ("local:ab", True), ("url:ab", True)],
)
def test_only_arxiv_papers_can_be_asked_for(paper_id, was_given):
    assert _was_given(paper_id) is was_given
