"""A replica over the sample papers, and settings that point at it."""

import os
import subprocess
import sys
from datetime import date

import pytest

from vlmingest.demo import nights
from vlmingest.replica import Replica
from vlmingest.resources import package_folder

SAMPLE = package_folder("sample")


@pytest.fixture(scope="session")
def sample_nights():
    return nights(SAMPLE)


@pytest.fixture
def replica(sample_nights):
    with Replica(SAMPLE) as server:
        server.tonight = sample_nights[-1]
        yield server


@pytest.fixture
def environment(tmp_path, replica):
    """Variables of a run against the replica, everything in tmp_path."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("VLMINGEST_")},
        "VLMINGEST_DB": str(tmp_path / "catalogue.db"),
        "VLMINGEST_ARXIV_API_URL": f"{replica.base_url}/api/query",
        "VLMINGEST_ARXIV_CONTENT_URL": replica.base_url,
        "VLMINGEST_MIN_INTERVAL_S": "0.02",
        "VLMINGEST_TRIAGE_RECALL": "1.0",  # as in the demo
    }


@pytest.fixture
def vlmingest(environment, tmp_path):
    """Call a command in a process of its own."""

    def call(*arguments, **changes):
        return subprocess.run(
            [sys.executable, "-m", "vlmingest", *map(str, arguments)],
            cwd=tmp_path, env={**environment, **changes}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return call


@pytest.fixture
def until(sample_nights):
    return (max(sample_nights) if sample_nights else date(2025, 6, 6)).isoformat()
