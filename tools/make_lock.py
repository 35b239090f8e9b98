"""Writes requirements.lock (run time and extras) and requirements-dev.lock (tests and tools) as plain pins.

The pins carry no index address: `name==version` only. Run it in an environment in which the tests pass.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Tested pins, written by tools/make_lock.py; ranges are in pyproject.toml.\n"


def canonical(name: str) -> str:
    """PEP 503 name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(requirements: list[str]) -> dict[str, str]:
    """Installed distributions that the requirements need, with their versions."""
    from packaging.requirements import Requirement

    found: dict[str, str] = {}
    queue = [(Requirement(text), frozenset[str]()) for text in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    while queue:
        requirement, _ = queue.pop()
        name, extras = canonical(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            dist = distribution(requirement.name)
        except PackageNotFoundError:
            continue
        found[name] = dist.version
        for text in dist.requires or []:
            child = Requirement(text)
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in {"", *extras}):
                queue.append((child, frozenset()))
    return found


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = closure([*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["llm"]])
    extra = project["project"]["optional-dependencies"]["train"]
    dev = closure([*project["dependency-groups"]["dev"], *extra, *project["build-system"]["requires"], "editables"])
    write("requirements.lock", runtime)
    write("requirements-dev.lock", {name: version for name, version in dev.items() if name not in runtime})


def write(name: str, pins: dict[str, str]) -> None:
    """One sorted `name==version` a line."""
    lines = [f"{package}=={version}" for package, version in sorted(pins.items())]
    (ROOT / name).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(lines)} pins")


if __name__ == "__main__":
    main()
