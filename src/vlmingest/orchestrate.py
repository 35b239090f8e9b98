"""Starts one of the Prefect flows for the command line, and keeps Prefect's noise out of the user's terminal.

Prefect's ephemeral server is a child that inherits our stderr and may log tracebacks while it shuts down; its output
and Prefect's own logging go to `<data folder>/prefect/prefect.log`. Prefect's database is disposable telemetry.
"""

from __future__ import annotations

import atexit
import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

from vlmingest.resources import data_folder
from vlmingest.settings import Settings

if TYPE_CHECKING:
    from vlmingest.jobs import Report


def run_flow(name: str, settings: Settings, **parameters: Any) -> Report:
    """Run `flows/<name>.py:<name>` in this process; raises what the flow raises."""
    home = settings.data_path / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    for variable, value in prefect_environment(str(home)).items():
        os.environ.setdefault(variable, value)
    _divert_noise(str(home / "prefect.log"))
    folder = str(data_folder("flows").parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    flow = getattr(importlib.import_module(f"flows.{name}"), name)
    given = {key: value for key, value in parameters.items() if value is not None}
    report: Report = flow(db=str(settings.db), **given)
    return report


def prefect_environment(home: str) -> dict[str, str]:
    """Defaults for Prefect that a user's own environment overrides: a home of its own, no analytics, patience."""
    return {
        "PREFECT_HOME": home,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        # a new database on a loaded machine came up in 21-41 s (perf.md 3); the default gives up after 20
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    }


def _divert_noise(path: str) -> None:
    """Children write to the log instead of fd 2; our own `sys.stderr` goes on reaching the terminal until the end."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    terminal = os.dup(2)
    os.dup2(log, 2)
    sys.stderr = os.fdopen(terminal, "w", buffering=1, encoding="utf-8", errors="replace")
    logged = os.fdopen(log, "a", buffering=1, encoding="utf-8", errors="replace")

    def silence() -> None:
        sys.stderr.flush()
        sys.stderr = logged

    atexit.register(silence)
