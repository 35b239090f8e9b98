"""Runs and their counts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vlmingest.document import Frozen


class StageCounts(Frozen):
    """Papers through one stage: `entered == done + sum(skipped) + sum(failed)`, or the run fails."""

    entered: int = 0
    done: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)
    failed: dict[str, int] = Field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Nothing got lost on the way."""
        return self.entered == self.done + sum(self.skipped.values()) + sum(self.failed.values())


class Run(Frozen):
    """One execution: versions, counts, outcome."""

    id: int
    kind: str
    started_at: str
    finished_at: str | None = None
    status: Literal["running", "done", "degraded", "failed", "interrupted"] = "running"
    since: str | None = None
    until: str | None = None
    counts: dict[str, StageCounts] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
