"""A browser for the tests of pages; they are skipped, with the reason, where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.many import many_records
from vlmingest.catalogue import build_site
from vlmingest.files import write_tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system (or `$CHROMIUM`), without a window."""
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright (dependency group dev)")
    path = os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("needs chromium: on Debian `apt-get install chromium`, or set CHROMIUM to a browser")
    with api.sync_playwright() as play:
        # the sandbox of chromium needs rights that a container does not give; the pages are our own
        chromium = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of 1,000 invented models, in a folder."""
    folder = tmp_path_factory.mktemp("site")
    write_tree(folder, build_site(many_records(1000)))
    return folder


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of 60 invented models: axe looks at every element of a page."""
    folder = tmp_path_factory.mktemp("small-site")
    write_tree(folder, build_site(many_records(60)))
    return folder
