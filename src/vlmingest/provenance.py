"""What an export was made with and from: code, rules, vocabulary, weights, data, and the hash of every file.

The manifest holds no instant, no path and no name of a machine: the same database and the same code give the same
manifest, and two exports can be compared by it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from vlmingest import __version__
from vlmingest.resources import data_folder, package_folder
from vlmingest.store import Store
from vlmingest.workshop import STAGE_CODE, code_hash

NAME = "provenance.json"  # in a folder; beside a file: `<file>.provenance.json`
_DECIDING = ("triage", "extract", "settle")  # parts of the package whose data files decide values
_PUBLISHING = ("catalogue", "history.py", "publishing.py", "provenance.py")


def manifest(store: Store, kind: str, files: Mapping[str, bytes], as_of: str | None = None) -> bytes:
    """The manifest of an export as a JSON file."""
    value: dict[str, JsonValue] = {
        "schema_version": 1,
        "generated_by": f"vlmingest {__version__}",
        "export": kind,
        "as_of": as_of,
        "code": {**{stage: code_hash(*parts) for stage, parts in STAGE_CODE.items() if parts},
                 "publish": code_hash(*_PUBLISHING)},
        "rules": _of_parts(_DECIDING, "*.toml"),
        "vocabulary": _hashes(package_folder("vocabulary"), "*.toml"),
        "weights": _of_parts(_DECIDING, "*.json"),
        "prompts": _hashes(data_folder("prompts"), "*"),
        "data": {name: dict(mark._asdict()) for name, mark in store.data_marks().items()},
        "files": {name: {"bytes": len(data), "sha256": _sha(data)} for name, data in sorted(files.items())},
    }  # fmt: skip
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=True) + "\n").encode("ascii")


def beside(path: Path) -> Path:
    """Where the manifest of a one-file export stands."""
    return path.with_name(f"{path.name}.{NAME}")


def remove_stale(out: Path, kind: str, files: Mapping[str, bytes]) -> None:
    """Take away what an earlier export of this kind wrote into `out` and this one does not.

    A file that was changed since, or whose name leads out of the folder, stays.
    """
    try:
        earlier = json.loads((out / NAME).read_bytes())
        written = dict(earlier["files"]) if earlier["export"] == kind else {}
    except (OSError, ValueError, KeyError, TypeError):
        return
    root = out.resolve()
    for name, facts in written.items():
        path = (root / name).resolve()
        known = isinstance(facts, dict) and name not in files and path.is_relative_to(root) and path.is_file()
        if known and _sha(path.read_bytes()) == facts.get("sha256"):
            path.unlink()


def _of_parts(parts: Sequence[str], pattern: str) -> dict[str, JsonValue]:
    """Data files of package parts, by `part/name`."""
    return {f"{part}/{name}": sha for part in parts for name, sha in _hashes(package_folder(part), pattern).items()}


def _hashes(folder: Path, pattern: str) -> dict[str, JsonValue]:
    files = [path for path in folder.rglob(pattern) if path.is_file() and "__pycache__" not in path.parts]
    names = {path.relative_to(folder).as_posix(): path for path in files}
    # editors and systems leave hidden files behind
    return {name: _sha(names[name].read_bytes()) for name in sorted(names) if not re.search(r"(^|/)\.", name)}


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
