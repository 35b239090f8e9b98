"""The main job on the embedded sample papers: a replica of arXiv on loopback, several nights, no network.

A new version and a withdrawn paper are among the nights. The same folder again goes on where it was: nothing is new.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from vlmingest import jobs
from vlmingest.jobs import Report
from vlmingest.replica import Replica
from vlmingest.resources import package_folder
from vlmingest.settings import Settings, load_settings
from vlmingest.sources import nightly_sources
from vlmingest.workshop import Progress, Workshop

INTERVAL_S = "0.05"  # the replica is ours: no need for arXiv's three seconds
Say = Callable[[str], None]


def nights(corpus: Path) -> list[date]:
    """The days on which the papers of a corpus were announced."""
    days = set()
    with (corpus / "papers.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            days |= {version["announced"] for version in json.loads(line)["versions"]}
    return [date.fromisoformat(day) for day in sorted(days)]


@contextmanager
def sample_arxiv() -> Iterator[Replica]:
    """The replica over the sample papers."""
    with Replica(package_folder("sample")) as replica:
        yield replica


def demo_settings(out: Path, base_url: str) -> Settings:
    """Settings of the demo: everything below `out`, every service at `base_url`.

    They are set in the environment, too, since
    a flow reads its settings there.
    """
    out.mkdir(parents=True, exist_ok=True)
    values = {
        "VLMINGEST_DB": str(out / "vlmingest.db"),
        "VLMINGEST_DATA_DIR": str(out / "data"),
        "VLMINGEST_ARXIV_API_URL": f"{base_url}/api/query",
        "VLMINGEST_ARXIV_CONTENT_URL": base_url,
        "VLMINGEST_MIN_INTERVAL_S": INTERVAL_S,
        "VLMINGEST_FORMATS": "pdf",
        "VLMINGEST_TRIAGE_RECALL": "1.0",  # ten invented papers: none is to be left to chance
    }
    os.environ.update(values)
    return load_settings()


def run_nights(
    settings: Settings, replica: Replica, engine: str, progress: Progress, say: Callable[[date, Report], None]
) -> list[Report]:
    """One nightly run per announcement day, in order; days before the watermark are left out, the last never is."""
    days = nights(package_folder("sample"))
    done = _watermark(settings)
    due = [day for day in days if done is None or day > done] or days[-1:]
    reports = []
    for day in due:
        replica.tonight = day
        report = _night(settings, day, engine, progress)
        reports.append(report)
        say(day, report)
    return reports


def _night(settings: Settings, day: date, engine: str, progress: Progress) -> Report:
    if engine == "prefect":
        from vlmingest.orchestrate import run_flow  # noqa: PLC0415 - Prefect takes seconds to import

        return run_flow("nightly", settings, until=day)
    with Workshop.open(settings, progress) as shop:
        return jobs.nightly(shop, nightly_sources(shop), None, day)


def _watermark(settings: Settings) -> date | None:
    if not settings.db.exists():
        return None
    with Workshop.open(settings) as shop:
        mark = shop.store.watermark("arxiv-api")
    return date.fromisoformat(mark[:10]) if mark else None
