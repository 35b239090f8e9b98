"""A local folder of papers: PDFs, HTML pages, LaTeX sources."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from vlmingest.errors import UsageError
from vlmingest.ids import ArxivId

SUFFIXES = (".pdf", ".html", ".htm", ".xhtml", ".tar.gz", ".tgz", ".tar", ".tex.gz", ".gz", ".tex")
_HEAD_BYTES = 64 * 1024


class FolderSource:
    """The papers below `path`, in the order of their names; hidden files and links that lead out are left out."""

    name = "folder"

    def __init__(self, path: Path) -> None:
        self._root = path

    def files(self) -> list[Path]:
        """Every file that looks like a paper; raises UsageError where the folder cannot be listed.

        A `.tex` file counts where it begins a document: the chapters of a source folder are no papers.
        """
        if not self._root.is_dir():
            raise UsageError(f"{self._root}: no such folder")
        inside = self._root.resolve()
        return sorted(
            file for file in self._walk(self._root) if self._is_paper(file) and file.resolve().is_relative_to(inside)
        )

    def listing(self) -> list[tuple[Path, ArxivId | None]]:
        """`files` with the arXiv id of each name."""
        return [(file, ArxivId.of_filename(file.name)) for file in self.files()]

    def _walk(self, folder: Path) -> Iterator[Path]:
        def fail(error: OSError) -> None:
            raise UsageError(f"{error.filename}: the folder cannot be listed ({error.strerror})") from error

        # os.walk does not follow links to folders: no circles, nothing outside
        for parent, folders, names in os.walk(folder, onerror=fail):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (Path(parent, name) for name in names if not name.startswith("."))

    @staticmethod
    def _is_paper(file: Path) -> bool:
        name = file.name.lower()
        if not name.endswith(SUFFIXES) or not file.is_file():
            return False
        if not name.endswith(".tex"):
            return True
        try:
            with file.open("rb") as source:
                head = source.read(_HEAD_BYTES)
        except OSError:
            return True  # the reader will say what is wrong with it
        return b"\\documentclass" in head or b"\\documentstyle" in head
