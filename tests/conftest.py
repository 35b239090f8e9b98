"""Fixtures for all tests: the reference folder beside the checkout, and no network but loopback."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# the first example pays for loading data files, and machines differ: time is measured by the benches, not here
# CI draws the same examples each time, so that a red run tells of the change; everywhere else each run draws new ones.
settings.register_profile("vlmingest", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("vlmingest")


@pytest.fixture(scope="session")
def shared() -> Path:
    """`../shared` with the real papers and lists; tests that need it are skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "CONTRACT.md").is_file():
        pytest.skip("needs the reference material in ../shared, which is not part of the repository")
    return folder


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may reach a host outside this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
