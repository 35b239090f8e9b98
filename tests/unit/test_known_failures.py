"""A failure that nothing has changed since is no news of the next run."""

from __future__ import annotations

from pathlib import Path

from vlmingest import jobs
from vlmingest.intake import add
from vlmingest.report import report_json, report_text
from vlmingest.settings import load_settings
from vlmingest.workshop import Workshop


def test_a_file_that_can_never_be_read_degrades_only_the_run_that_finds_it(tmp_path: Path) -> None:
    bad = tmp_path / "torn-paper.pdf"
    bad.write_bytes(b"%PDF-1.7\nnothing of a paper follows\n")
    settings = load_settings(environ={"VLMINGEST_DB": str(tmp_path / "c.db")}, folder=tmp_path)
    with Workshop.open(settings) as shop:
        first = add(shop, [str(bad)], offline=True)
        assert (first.status, len(first.failures)) == ("degraded", 1)
        again = jobs.reread(shop)
        assert (again.status, again.failures) == ("done", [])
        assert again.still_failing == [first.failures[0].paper]
        assert "fail as in earlier runs: torn-paper" in report_text(again, "c.db")
        assert report_json(again)["still_failing"] == ["torn-paper"]
        named = add(shop, [str(bad)], offline=True)
        assert (named.status, len(named.failures)) == ("degraded", 1)  # who names a file wants to hear it
