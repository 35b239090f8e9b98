"""Finds the files that lie outside the package (db/, prompts/, flows/): in the wheel or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from vlmingest.errors import DataFileError

_PACKAGE = Path(__file__).resolve().parent


@cache
def data_folder(name: str) -> Path:
    """The folder `name` ("db", "prompts" or "flows").

    A wheel carries it as `vlmingest/_data/<name>`; an editable install does not, there it is in the checkout.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent.parent / name):
        if folder.is_dir():
            return folder
    raise DataFileError(name, "not found in the installed package; install vlmingest again")


def package_folder(*parts: str) -> Path:
    """A folder inside the package, e.g. `package_folder("sample", "papers")`."""
    return _PACKAGE.joinpath(*parts)
