"""Feeds and references: valid by the rules of RFC 4287, read by other people's parsers, whatever a paper says."""

from __future__ import annotations

import re

import bibtexparser
import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pybtex.database import parse_string

from tests.web.many import many_records
from vlmingest.catalogue import export_atom, export_bibtex
from vlmingest.records import Entry, EntryLink, Record, RecordPaper, Released, Relevance

# RFC 4287, Appendix B, as far as a feed of ours has elements: text constructs are plain, each entry has content
ATOM = """
<element name="feed" xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <interleave>
    <element name="title"><text/></element>
    <element name="id"><data type="anyURI"/></element>
    <element name="updated"><data type="dateTime"/></element>
    <oneOrMore><element name="author"><element name="name"><text/></element></element></oneOrMore>
    <optional><element name="generator"><text/></element></optional>
    <zeroOrMore>
      <element name="entry">
        <interleave>
          <element name="title"><text/></element>
          <element name="id"><data type="anyURI"/></element>
          <element name="updated"><data type="dateTime"/></element>
          <optional><element name="published"><data type="dateTime"/></element></optional>
          <zeroOrMore><element name="author"><element name="name"><text/></element></element></zeroOrMore>
          <zeroOrMore><element name="category"><attribute name="term"/></element></zeroOrMore>
          <optional>
            <element name="link">
              <attribute name="rel"><value>alternate</value></attribute>
              <attribute name="href"><data type="anyURI"/></attribute>
            </element>
          </optional>
          <element name="content"><attribute name="type"><value>text</value></attribute><text/></element>
        </interleave>
      </element>
    </zeroOrMore>
  </interleave>
</element>
"""
SCHEMA = etree.RelaxNG(etree.fromstring(ATOM))
NS = {"a": "http://www.w3.org/2005/Atom"}
# version 2 of bibtexparser has no loads(), version 1 no parse_string()
bibtex_entries = getattr(bibtexparser, "parse_string", None) or bibtexparser.loads
ENTRY = Entry(
    name="Fuyu & co",
    title="Fuyu & co: no paper",
    authors="A, B and others",
    summary="Patches go straight in.",
    released=Released(date="2023-10-17", basis="official release"),
    links=(EntryLink(label="Blog", url="https://example.org/a_b?c=1&d=%20#x"),),
)


def paper(title: str, authors: tuple[str, ...] = ("A. B.",), paper_id: str = "2401.00001") -> Record:
    arxiv = paper_id if paper_id[0].isdigit() else None
    return Record(
        paper=RecordPaper(id=paper_id, arxiv_id=arxiv, title=title, authors=authors, published="2024-01-01"),
        relevance=Relevance(label="model", score=0.9),
    )


def valid(data: bytes) -> etree._Element:
    feed = etree.fromstring(data)
    SCHEMA.assertValid(feed)
    ids = [node.text for node in feed.findall(".//a:id", NS)]
    assert len(ids) == len(set(ids))
    for node in feed.findall(".//a:updated", NS) + feed.findall(".//a:published", NS):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", node.text or "")
    return feed


def test_feed_is_valid_and_feedparser_reads_it() -> None:
    data = export_atom(many_records(300), [ENTRY])
    feed = valid(data)
    read = feedparser.parse(data)
    assert not read.bozo
    assert len(read.entries) == len(feed.findall("a:entry", NS)) == 200
    dates = [entry.updated for entry in read.entries]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext("a:updated", namespaces=NS) == dates[0]
    assert read.entries[0].link.startswith("https://arxiv.org/abs/")


def test_feed_holds_entries_without_a_paper_and_papers_without_arxiv() -> None:
    data = export_atom([paper("A file", paper_id="local:ab12")], [ENTRY, Entry(name="With", papers=("2401.00001",))])
    valid(data)
    local, fuyu = feedparser.parse(data).entries
    assert local.title == "A file"
    assert "links" not in local
    assert (fuyu.title, fuyu.link, fuyu.content[0].value) == (
        "Fuyu & co: no paper", "https://example.org/a_b?c=1&d=%20#x", "Patches go straight in.",
    )  # fmt: skip


def test_empty_feed_is_valid() -> None:
    valid(export_atom([]))


def test_ids_stay_when_titles_change() -> None:
    one, two = (valid(export_atom([paper(title)])).findtext("a:entry/a:id", namespaces=NS) for title in ("A", "B"))
    assert one == two
    assert one is not None
    assert one.startswith("urn:uuid:")


@settings(deadline=None, max_examples=150)
@given(title=st.text(max_size=60), name=st.text(max_size=20), category=st.text(max_size=8))
def test_whatever_a_paper_says_feed_and_references_parse(title: str, name: str, category: str) -> None:
    record = paper(title, (name, "C. D."))
    record = record.model_copy(update={"paper": record.paper.model_copy(update={"categories": (category,)})})
    valid(export_atom([record]))
    text = export_bibtex([record]).decode()
    assert len(bibtex_entries(text).entries) == 1
    entry = parse_string(text, "bibtex").entries["arxiv-2401.00001"]
    assert entry.fields["eprint"] == "2401.00001"
    assert entry.fields["title"]


@pytest.mark.parametrize(
    ("names", "last"),
    [(("Rock and Roll", "C. D."), ["Rock and Roll", "D."]), (("Team, The",), ["Team, The"]), (("",), [])],
)
def test_names_of_authors_stay_whole(names: tuple[str, ...], last: list[str]) -> None:
    entry = parse_string(export_bibtex([paper("T", names)]).decode(), "bibtex").entries["arxiv-2401.00001"]
    people = entry.persons.get("author", [])
    assert [" ".join(person.last_names).strip("{}") for person in people] == last


def test_references_have_unique_keys_and_entries_too() -> None:
    records = [paper("A", paper_id="local:ab"), paper("B", paper_id="local/ab")]
    text = export_bibtex(records, [ENTRY, ENTRY, Entry(name="With", papers=("x",))]).decode()
    found = parse_string(text, "bibtex").entries
    assert sorted(found) == ["entry-fuyu-co", "entry-fuyu-co-2", "local-ab", "local-ab-2"]
    assert found["entry-fuyu-co"].fields["year"] == "2023"
    assert len(bibtex_entries(text).entries) == 4


def test_thousand_references_are_the_same_in_any_order() -> None:
    records = many_records(1000)
    text = export_bibtex(records)
    assert text == export_bibtex(records[::-1])
    assert len(parse_string(text.decode(), "bibtex").entries) == 1000
