"""Figures from the database to files: cut once, shown to reviewers, exported as settings and licence allow."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from vlmingest import figures, read_document
from vlmingest.commands.publish import export, figure
from vlmingest.commands.review import show
from vlmingest.errors import UnknownItemError
from vlmingest.fetch import ContentStore
from vlmingest.records import (
    Architecture,
    ArchitectureFigure,
    Entry,
    EntryFigure,
    FieldName,
    PaperMetadata,
    Reason,
    Record,
    RecordPaper,
    Relevance,
    ReviewItem,
    Settled,
    value_key,
)
from vlmingest.resources import package_folder
from vlmingest.settings import Settings
from vlmingest.store import Store

PAPER = "2506.90001"
ARXIV = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
CC_BY = "http://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database with one sample paper under CC BY, and a question about its figure."""
    settings = Settings(db=tmp_path / "v.db", workers=1)
    data = package_folder("sample", "pdf").joinpath(f"{PAPER}v1.pdf").read_bytes()
    document = read_document(data, media_type="application/pdf")
    first = document.figures[0]
    sha = ContentStore(settings.data_path / "content").put(data)
    with Store.open(settings.db, create=True) as store:
        store.save_paper(
            PaperMetadata(
                id=PAPER, arxiv_id=PAPER, title="Lanternfish", authors=("A",), licence=CC_BY, published="2025-06-02"
            )
        )
        store.record_stage(PAPER, 1, "fetch", "in", "", output_hash=sha)
        store.save_document(PAPER, 1, document)
        store.record_stage(PAPER, 1, "read", sha, "code", output_hash="out")
        record = Record(
            paper=RecordPaper(id=PAPER, arxiv_id=PAPER, title="Lanternfish"),
            relevance=Relevance(label="model", score=1),
            architecture=Architecture(
                figure=ArchitectureFigure(number=first.number, page=first.page, caption=first.caption, bbox=first.bbox)
            ),
        )
        key = value_key(first.number)
        item = ReviewItem(
            id=ReviewItem.make_id(PAPER, FieldName.FIGURE, key, Reason.LOW_CONFIDENCE), paper=PAPER,
            field=FieldName.FIGURE, key=key, value=first.number, reason=Reason.LOW_CONFIDENCE, message="is it this one?",
        )  # fmt: skip
        store.save_settled(PAPER, Settled(record=record, review_items=(item,)))
    return settings


def rows(settings: Settings, policy: str = "licensed", entries: tuple[Entry, ...] = ()) -> list[figures.Row]:
    with Store.open(settings.db, read_only=True) as store:
        return figures.rows(settings, store, list(store.records()), entries, policy)


def test_a_licensed_figure_becomes_a_file_with_its_size(settings: Settings) -> None:
    (row,) = rows(settings)
    assert row.withheld == ""
    file = figures.published([row])[PAPER]
    assert file.data.startswith(b"\x89PNG")
    assert file.width > file.height > 100
    assert "CC BY" in file.notice
    (again,) = rows(settings)
    assert again.path == row.path
    listed = json.loads(figures.index_bytes([row]))["figures"]
    assert (listed[0]["licence"], listed[0]["file"], listed[0]["by"]) == ("cc-by", f"{PAPER}-figure-1.png", "reader")
    assert f"({PAPER}-figure-1.png)" in figures.credits_bytes([file]).decode()


@pytest.mark.parametrize(("policy", "reason"), [("none", "switched off"), ("licensed", "not to be passed on")])
def test_what_may_not_be_published_is_not_even_cut(settings: Settings, policy: str, reason: str) -> None:
    with Store.open(settings.db) as store:
        store.save_paper(PaperMetadata(id=PAPER, arxiv_id=PAPER, licence=ARXIV))
    (row,) = rows(settings, policy)
    assert reason in row.withheld
    assert row.path is None
    assert figures.published([row]) == {}
    assert json.loads(figures.index_bytes([row]))["figures"][0]["file"] is None


def test_a_withdrawn_paper_shows_no_figure(settings: Settings) -> None:
    with Store.open(settings.db) as store:
        record = store.record(PAPER)
        assert record is not None
        gone = record.model_copy(update={"paper": record.paper.model_copy(update={"withdrawn": True})})
        (row,) = figures.rows(settings, store, [gone], (), "all")
        assert row.withheld == "the paper was withdrawn"
        assert figures.cut_one(settings, store, gone).path is not None


def test_a_persons_box_wins_and_a_page_that_is_not_there_is_no_figure(settings: Settings) -> None:
    hand = Entry(name="L", papers=(PAPER,), figure=EntryFigure(number="1", page=1, bbox=(72, 72, 272, 172)))
    (row,) = rows(settings, entries=(hand,))
    assert (row.choice.by, row.choice.box) == ("hand", (72, 72, 272, 172))
    assert row.path is not None
    assert figures.png_size(row.path.read_bytes()) == (pytest.approx(472, abs=2), pytest.approx(236, abs=2))
    off = hand.model_copy(update={"figure": EntryFigure(number="1", page=1, bbox=(5000, 1, 5001, 2))})
    (row,) = rows(settings, entries=(off,))
    assert "could not be cut" in row.withheld


def test_bytes_that_are_gone_and_papers_without_a_figure(settings: Settings) -> None:
    with Store.open(settings.db) as store:
        record = store.record(PAPER)
        assert record is not None
        bare = record.model_copy(update={"architecture": Architecture()})
        assert figures.rows(settings, store, [bare], (), "all") == []
        with pytest.raises(UnknownItemError, match="no figure was chosen"):
            figures.cut_one(settings, store, bare)
        store.record_stage(PAPER, 1, "fetch", "in", "", failure=("gone", "gone"))
        (row,) = figures.rows(settings, store, [record], (), "all")
        assert row.withheld == "the file of the paper is not at hand"
        with pytest.raises(UnknownItemError, match="not at hand"):
            figures.cut_one(settings, store, record)


def test_commands_show_and_export(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, database = CliRunner().invoke, ["--db", str(settings.db)]
    said = run(figure, [PAPER, *database, "--out", str(tmp_path / "f.png")]).output
    assert "licence  CC BY; exported" in said
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    facts = json.loads(run(figure, [PAPER, *database, "--json"]).output)
    assert (facts["exported"], facts["number"]) == (True, "1")
    assert "there is no record" in str(run(figure, ["nobody", *database]).exception)
    assert json.loads(run(export, ["figures", *database, "--out", str(tmp_path / "figs"), "--json"]).output)["files"] == [
        f"{PAPER}-figure-1.png", "CREDITS.md", "figures.json", "provenance.json",
    ]  # fmt: skip
    run(export, ["site", *database, "--out", str(tmp_path / "site")])
    assert b"/figures/" in (tmp_path / "site" / "models" / f"{PAPER}.html").read_bytes()
    monkeypatch.setenv("VLMINGEST_FIGURES", "none")
    run(export, ["site", *database, "--out", str(tmp_path / "site")])
    assert not list((tmp_path / "site" / "figures").glob("*.png"))


def test_a_reviewer_sees_the_figure_in_question(settings: Settings) -> None:
    with Store.open(settings.db, read_only=True) as store:
        (item,) = store.review_items()
        other = item.model_copy(update={"field": FieldName.CONNECTOR})
        assert figures.for_review(settings, store, other) is None
        unknown = item.model_copy(update={"paper": "nobody"})
        assert figures.for_review(settings, store, unknown) is None
    said = CliRunner().invoke(show, [item.id, "--db", str(settings.db)]).output
    (path,) = [line.removeprefix("the figure: ") for line in said.splitlines() if line.startswith("the figure")]
    assert Path(path).read_bytes().startswith(b"\x89PNG")
    assert json.loads(CliRunner().invoke(show, [item.id, "--db", str(settings.db), "--json"]).output)["figure"] == path


def test_entries_learn_the_licence_of_their_paper() -> None:
    shown, bare = Entry(name="A", papers=("x",), figure=EntryFigure(number="1")), Entry(name="B", papers=("x",))
    told = figures.with_licences([shown, bare], {"x": PaperMetadata(id="x", licence=CC_BY)}.get)
    assert told[0].figure is not None
    assert told[0].figure.licence == "cc-by"
    assert told[1] == bare
    assert replace(Settings(), figures="all").figures == "all"
