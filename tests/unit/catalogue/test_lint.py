"""Lint finds what a contributing guide forbids, and nothing in a list that keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.catalogue.test_merge import a_list
from vlmingest.catalogue.lint import ListFinding, lint_list
from vlmingest.catalogue.lint.badges import is_same_paper
from vlmingest.catalogue.lint.phrases import Phrase, load_phrases
from vlmingest.catalogue.lists import parse_list
from vlmingest.commands.lists import lint
from vlmingest.records import Entry, PaperMetadata
from vlmingest.store import Store

GOOD = a_list(6)


def rules(data: bytes, titles: dict[str, str] | None = None, *, hints: bool = False) -> list[str]:
    return [finding.rule for finding in lint_list(parse_list(data), titles, hints=hints)]


def only(data: bytes, titles: dict[str, str] | None = None, *, hints: bool = False) -> ListFinding:
    (finding,) = lint_list(parse_list(data), titles, hints=hints)
    return finding


def test_a_good_list_has_no_findings() -> None:
    assert lint_list(parse_list(GOOD)) == []
    assert lint_list(parse_list(b"")) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("https://github.com/a/m1", "https://gitlab.com/a/m1", "badge-target"),
        ("https://arxiv.org/abs/2401.00001", "https://example.org/paper", "badge-target"),
        ("https://github.com/a/m1", "github.com/a/m1", "bad-link"),
        ("https://github.com/a/m1", "https://github.com/a/m1?utm_source=x", "bad-link"),
        ("https://i/b.svg)](https://arxiv.org/abs/2401.00001", "https://i/2401.00099.svg)](https://arxiv.org/abs/2401.00001",
         "badge-image"),
        ("https://arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00002", "paper-twice"),
        ("**Released:** 2024-11-15", "**Released:** 2024-11-16", "date"),
        ("**Released:** 2024-11-15", "**Released:** soon", "date"),
        ("**Released:** 2024-11-15", "**Released:** 2024-13-15", "date"),
        ("| 2024-11-15 | M1 |", "| 2024-11-15 | M9 |", "timeline"),
        ("| 2024-11-15 | M1 | what M1 is |", "| 2024-11-15 | M1 | x |\n| 2024-11-15 | M1 | x |", "timeline"),
        (" | [M1](#m1-model-number-1)", "", "index"),
        ("[M1](#m1-model-number-1)", "[M1](#m1-model-number-1) | [M1](#m1-model-number-1)", "index"),
        ("[M1](#m1-model-number-1)", "[M1](#m1)", "dead-anchor"),
        ("A list of 6 models", "A list of 7 models", "count"),
        ("Ann A1, Bob B1<br>\n", "", "layers"),
        ("M1 joins lens and words.\n", "", "layers"),
        ("M1 joins lens and words.", "M1 joins lens and words. ", "trailing-space"),
        ("Then M1 speaks.\n\n</details>", "Then M1 speaks.", "unclosed"),
        ("Then M1 speaks.", "Okay, let's see how M1 speaks.", "chatbot-leftover"),
        ("Then M1 speaks.", "Its architecture has not been disclosed.", "undisclosed-architecture"),
        ("Then M1 speaks.", "Then M1 speaks caf\u00c3\u00a9.", "encoding"),
        ("Then M1 speaks.", "See [a post](https://medium.com/@x/y).", "secondary-source"),
    ],
)  # fmt: skip
def test_one_slip_one_finding(old: str, new: str, rule: str) -> None:
    data = GOOD.replace(old.encode(), new.encode(), 1)
    assert data != GOOD
    assert rule in rules(data)
    assert set(rules(data)) <= {rule, "dead-anchor" if rule == "index" else rule, "index", "timeline", "order"}


def test_a_missing_row_and_a_strange_one_are_both_told() -> None:
    data = GOOD.replace(b"| 2024-11-15 | M1 |", b"| 2024-11-15 | M9 |")
    assert [finding.message for finding in lint_list(parse_list(data))] == [
        "M9 is no entry of the list",
        "M1 is not in the timeline",
    ]


def test_order_of_panels_and_rows() -> None:
    data = a_list(12)  # one slip among eleven: the list is still in order
    panels = [panel.data for panel in parse_list(data).panels]
    swapped = data.replace(panels[1] + panels[2], panels[2] + panels[1])
    assert only(swapped).rule == "order"
    assert "M1 of 2024-11-15 stands behind 2024-10-15" in only(swapped).message
    rows = [line for line in data.splitlines(keepends=True) if line.startswith(b"| 2024")]
    assert only(data.replace(rows[1] + rows[2], rows[2] + rows[1])).rule == "order"


def test_hints_are_told_only_when_asked_for() -> None:
    code = b"[![GitHub](https://i/g.svg)](https://github.com/a/m1)"
    paper = b"[![arXiv](https://i/b.svg)](https://arxiv.org/abs/2401.00001)"
    swapped = GOOD.replace(paper + b" " + code, code + b" " + paper)
    boast = GOOD.replace(b"Then M1 speaks.", b"It outperforms all others.")
    family = (
        GOOD.replace(b"M1: Model", b"M0 Pro: Model")
        .replace(b"#m1-model", b"#m0-pro-model")
        .replace(b"| M1 |", b"| M0 Pro |")
    )
    assert set(rules(GOOD, hints=True)) == {"date"}  # its papers are of January, its releases of later months
    for data, rule in ((swapped, "badge-order"), (boast, "benchmark-boast"), (family, "family")):
        assert rules(data) == []
        assert rule in rules(data, hints=True)


def test_names_that_differ_in_hyphens_are_duplicates() -> None:
    data = b"# L\n\n- [Foo-VL](https://example.org/a) - is a model.\n- [Foo VL](https://example.org/b) - is a model.\n"
    assert only(data).rule == "duplicate"
    assert only(data).line == 4


def test_anchors_by_html_and_with_emoji_are_alive() -> None:
    data = "# 👁️ L\n\n<a name='here'></a>\n\n[x](#here) [y](#️-l) [z](#-l) [up](#)\n".encode()
    assert rules(data) == []


def test_a_disclosure_in_code_is_no_disclosure() -> None:
    assert rules(b"# L\n\n```html\n<details>\n```\n") == []


@pytest.mark.parametrize("phrase", load_phrases(), ids=lambda phrase: phrase.id)
def test_phrases_both_ways(phrase: Phrase) -> None:
    for text in phrase.matches:
        assert phrase.pattern.search(text), text
    for text in phrase.rejects:
        assert not phrase.pattern.search(text), text
    assert phrase.id.startswith(phrase.rule) or phrase.rule == "benchmark-boast"


@pytest.mark.parametrize(
    ("name", "title", "same"),
    [
        ("Foo: A model that looks", "Foo: A model that looks", True),
        ("Foo: A model that looks", "Foo Technical Report", True),
        ("Foo 2.5: A model", "Big Foo-2.5 Technical Report", True),
        ("Foo 2.5: A model", "Foo 2.6: Better", True),
        ("Foo 2.5: A model", "Foo 3: Better", False),
        ("Foo and Bar: Models", "Bar: Looking Further", True),
        ("Foo: Visual tuning of instructions", "Visual tuning of instructions", True),
        ("Foo: A model that looks", "Flamingo: a Visual Language Model for Few-Shot Learning", False),
        ("CLIP: Contrastive pretraining", "Alpha-CLIP: Focusing Wherever You Want", False),
        ("Foo: Grounding things", "Falcon Perception", False),
        ("Foo: A model", "Emerging Things in Unified Pretraining", False),
    ],
)
def test_the_paper_behind_a_badge(name: str, title: str, same: bool) -> None:
    assert is_same_paper(Entry(name=name.partition(":")[0], title=name), title) is same


def test_a_wrong_paper_is_an_error_where_the_abstract_is_known() -> None:
    titles = {"2401.00001": "Flamingo: a Visual Language Model for Few-Shot Learning"}
    found = only(GOOD, titles)
    assert (found.rule, found.level) == ("paper-title", "warning")
    assert "M1: the paper 2401.00001 is" in found.message
    (sure,) = lint_list(parse_list(GOOD), titles, {"2401.00001": "We train Flamingo."})
    assert sure.level == "error"
    named = Entry(name="Bagel", title="Bagel: Baking")
    assert is_same_paper(named, "Emerging Things in Unified Pretraining", "We bake Bagel, a model.")
    assert rules(GOOD, {"2401.00001": "M1 Technical Report"}) == []


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=200), st.lists(st.sampled_from(GOOD.splitlines(keepends=True)), max_size=50).map(b"".join)
    )
)
def test_any_bytes_can_be_checked(data: bytes) -> None:
    found = lint_list(parse_list(data), {"2401.00001": "x"}, hints=True)
    assert found == sorted(found, key=lambda one: (one.line, one.rule, one.message))
    assert all(1 <= one.line <= data.count(b"\n") + 1 for one in found)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLMINGEST_DB", str(tmp_path / "v.db"))
    (tmp_path / "a.md").write_bytes(GOOD)
    assert CliRunner().invoke(lint, [str(tmp_path / "a.md")]).output == "0 findings\n"
    rows = [{"id": "2401.00001", "title": "Flamingo: a Visual Language Model"}, {"title": "no id"}]
    (tmp_path / "t.jsonl").write_text("\n".join([*map(json.dumps, rows), "no json", "[]"]))
    result = CliRunner().invoke(lint, [str(tmp_path / "a.md"), "--titles", str(tmp_path / "t.jsonl")])
    assert result.exit_code == 1
    assert "warning: paper-title: M1" in result.output
    with Store.open(tmp_path / "v.db", create=True) as store:
        store.save_paper(PaperMetadata(id="2401.00001", arxiv_id="2401.00001", title="M1: Right", abstract="M1."))
    assert CliRunner().invoke(lint, [str(tmp_path / "a.md"), "--titles", str(tmp_path / "t.jsonl")]).exit_code == 0
    with Store.open(tmp_path / "v.db") as store:
        store.save_paper(PaperMetadata(id="2401.00002", arxiv_id="2401.00002", version=2, title="M2", withdrawn=True))
    assert (
        "error: withdrawn: M2: the paper 2401.00002 was withdrawn"
        in CliRunner().invoke(lint, [str(tmp_path / "a.md")]).output
    )
    (tmp_path / "a.md").write_bytes(GOOD.replace(b"Then M1 speaks.", b"It outperforms all."))
    result = CliRunner().invoke(lint, [str(tmp_path / "a.md"), "--hints", "--json"])
    assert (result.exit_code, {one["level"] for one in json.loads(result.output)}) == (1, {"hint", "error"})


@pytest.mark.corpus
def test_upstream(shared: Path) -> None:
    new = lint_list(parse_list((shared / "upstream" / "README-2026-08.md").read_bytes()))
    old = lint_list(parse_list((shared / "upstream" / "README-2025-02.md").read_bytes()))
    assert {finding.rule for finding in new} == {"badge-target", "layers"}
    assert len(new) <= 12
    assert any(finding.rule == "chatbot-leftover" and "Okay, let's" in finding.message for finding in old)
    assert len(old) <= 20
