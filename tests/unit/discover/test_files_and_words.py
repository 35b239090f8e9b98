"""Withdrawal words, targets, folders, snapshots, the calendar."""

from __future__ import annotations

import gzip
import json
import lzma
import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from vlmingest.discover import (
    ArxivTarget,
    FolderSource,
    PathTarget,
    UrlTarget,
    calendar,
    parse_target,
    read_snapshot,
    withdrawal_reason,
)
from vlmingest.discover.snapshot import paper_of
from vlmingest.discover.withdrawal import load
from vlmingest.errors import DataFileError, UsageError
from vlmingest.ids import ArxivId

ROWS = tomllib.loads(files("vlmingest.discover").joinpath("withdrawal.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["other", "stated"])
def test_every_withdrawal_row_matches_its_examples_only(kind: str) -> None:
    for row, pattern in zip(ROWS[kind], getattr(load(), kind), strict=True):
        assert row["examples"]
        assert row["counter_examples"]
        for text in row["examples"]:
            assert pattern.search(text), (row["id"], text)
        for text in row["counter_examples"]:
            assert not pattern.search(text), (row["id"], text)


def test_stated_examples_are_withdrawals_and_others_are_not() -> None:
    for row in ROWS["stated"]:
        assert all(withdrawal_reason(text) == text for text in row["examples"])
    for row in ROWS["other"]:
        assert all(withdrawal_reason(text) is None for text in row["examples"]), row["id"]
    assert withdrawal_reason("") is None
    assert withdrawal_reason("12 pages") is None


def test_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_target("2304.08485v2") == ArxivTarget(ArxivId("2304.08485", 2))
    assert parse_target("https://arxiv.org/pdf/2304.08485") == ArxivTarget(ArxivId("2304.08485"))
    assert parse_target("10.48550/arXiv.2304.08485") == ArxivTarget(ArxivId("2304.08485"))
    assert parse_target("https://example.org/a.pdf") == UrlTarget("https://example.org/a.pdf")
    Path("2304.08485.pdf").write_bytes(b"x")
    assert parse_target("2304.08485.pdf") == PathTarget(Path("2304.08485.pdf"))
    for wrong in ("", "missing.pdf", "2999.00001.pdf", "ftp://x/y", "http://", "what is this", "a\x00b", "x" * 5000):
        with pytest.raises(UsageError):
            parse_target(wrong)


def test_folder_lists_papers_only(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out.pdf"
    (folder / "sub" / ".hidden").mkdir(parents=True)
    outside.write_bytes(b"x")
    for name in ("b.pdf", "2304.08485v1.pdf", "sub/a.HTML", "sub/.hidden/c.pdf", ".d.pdf", "notes.txt", "src.tar.gz"):
        (folder / name).write_bytes(b"x")
    (folder / "main.tex").write_text("\\documentclass{article}")
    (folder / "chapter.tex").write_text("\\section{One}")
    (folder / "link.pdf").symlink_to(outside)
    (folder / "circle").symlink_to(folder)
    listing = FolderSource(folder).listing()
    assert [path.relative_to(folder).as_posix() for path, _ in listing] == [
        "2304.08485v1.pdf", "b.pdf", "main.tex", "src.tar.gz", "sub/a.HTML",
    ]  # fmt: skip
    assert listing[0][1] == ArxivId("2304.08485", 1)
    with pytest.raises(UsageError):
        FolderSource(tmp_path / "none").files()


def test_snapshot_in_every_packing(tmp_path: Path) -> None:
    ours = {"id": "2506.00001", "version": 2, "title": "A\n B", "authors": ["X"], "categories": ["cs.CV"],
            "primary_category": "cs.CL", "comment": "This paper has been withdrawn"}  # fmt: skip
    public = {"id": "0704.0001", "title": "T", "authors": "A. One, B. Two and C. Three", "categories": "hep-ph cs.CV",
              "comments": "1 page", "journal-ref": "J", "license": "L", "update_date": "2008-11-26",
              "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
                           {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"}]}  # fmt: skip
    text = "\n".join([json.dumps(ours), "", "{broken", "[1]", '{"title": "no id"}', json.dumps(public)])
    plain, packed, squeezed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz", tmp_path / "a.jsonl.xz"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))
    squeezed.write_bytes(lzma.compress(text.encode()))
    bad: list[int] = []
    papers = list(read_snapshot(plain, lambda number, _: bad.append(number)))
    assert bad == [3, 4, 5]
    assert list(read_snapshot(packed)) == list(read_snapshot(squeezed)) == papers
    first, second = papers
    assert (first.title, first.categories, first.withdrawn, first.version) == ("A B", ("cs.CL", "cs.CV"), True, 2)
    assert second.authors == ("A. One", "B. Two", "C. Three")
    assert (second.version, second.published, second.updated) == (2, "2007-04-02", "2007-07-24")
    assert (second.comment, second.journal_ref, second.licence) == ("1 page", "J", "L")
    packed.write_bytes(packed.read_bytes()[:-20])
    for path in (packed, tmp_path / "none.jsonl"):
        with pytest.raises(DataFileError):
            list(read_snapshot(path))


def test_half_a_surrogate_pair_harms_nobody() -> None:
    paper = paper_of({"id": "2401.00001", "title": "A \ud800 B", "abstract": "\udfff", "authors": ["\ud800 C"]})
    assert (paper.title, paper.abstract, paper.authors) == ("A ? B", "?", ("? C",))
    assert paper.model_dump_json()


def test_snapshot_takes_ids_that_are_no_arxiv_ids() -> None:
    paper = paper_of({"id": "mine-1", "authors_parsed": [["Family", "Given", ""]], "version": "v3"})
    assert (paper.id, paper.arxiv_id, paper.authors, paper.version) == ("mine-1", None, ("Given Family",), 3)


@pytest.mark.corpus
def test_real_metadata_reads_without_a_bad_line(shared: Path) -> None:
    from itertools import islice

    bad: list[int] = []
    stream = read_snapshot(shared / "meta" / "stream.jsonl.xz", lambda number, _: bad.append(number))
    papers = list(islice(stream, 5000))
    assert bad == []
    assert len({paper.id for paper in papers}) == 5000
    assert all(paper.arxiv_id and paper.title and paper.abstract for paper in papers)


def test_announcement_nights() -> None:
    week = [date(2025, 6, day) for day in range(1, 8)]  # Sunday to Saturday
    nights = [day.strftime("%a") for day in week if calendar.is_announcement_night(day)]
    assert nights == ["Sun", "Mon", "Tue", "Wed", "Thu"]
    assert not calendar.is_announcement_night(date(2026, 11, 26))
    assert calendar.knows_holidays(2026)
    assert not calendar.knows_holidays(1999)


@pytest.mark.parametrize(
    ("submitted", "night"),
    [
        ("2025-06-02T17:59:00", "2025-06-02"),  # Monday 13:59 in New York
        ("2025-06-02T18:00:00", "2025-06-03"),
        ("2025-06-05T18:30:00", "2025-06-08"),  # after the Thursday cut-off: caught on Friday, told on Sunday
        ("2025-06-06T17:00:00", "2025-06-08"),
        ("2025-06-06T19:00:00", "2025-06-09"),  # the weekend's are told on Monday
        ("2025-06-08T12:00:00", "2025-06-09"),
        ("2026-11-26T12:00:00", "2026-11-29"),  # a holiday defers
    ],
)
def test_when_a_submission_is_announced(submitted: str, night: str) -> None:
    moment = datetime.fromisoformat(submitted).replace(tzinfo=UTC)
    assert calendar.announcement_night(moment) == date.fromisoformat(night)


def test_announcements_go_out_in_the_evening_of_new_york() -> None:
    assert calendar.announced_at(date(2025, 6, 2)) == datetime(2025, 6, 3, 0, 0, tzinfo=UTC)
    assert calendar.announced_at(date(2025, 12, 2)) == datetime(2025, 12, 3, 1, 0, tzinfo=UTC)
