"""Writing results: whole files or nothing, never outside of the folder that was named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vlmingest.errors import UsageError


def write_out(path: Path, data: bytes) -> bool:
    """Write a file as a whole: a killed export leaves the old file, never half of the new one.

    Returns False, and touches nothing, where the file has these bytes already.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file with --out")
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.writing")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below `folder`; a name that leads out of it is refused."""
    if folder.is_file():
        raise UsageError(f"{folder} is a file; name a folder with --out")
    root = folder.resolve()
    for name, data in sorted(files.items()):
        target = (root / name).resolve()
        if not target.is_relative_to(root):
            raise UsageError(f"refusing to write outside of {folder}: {name}")
        write_out(target, data)
