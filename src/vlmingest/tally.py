"""The conservation law of a run: what enters a stage leaves it as done, skipped or failed, with a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Literal, NamedTuple

from vlmingest.errors import ConservationError
from vlmingest.records import StageCounts

STAGES = ("discover", "triage", "fetch", "read", "extract", "settle")
State = Literal["done", "skipped", "failed"]


class Outcome(NamedTuple):
    """What became of one paper version in one stage; `reason` is a stable word, `message` is for a person.

    `fresh` is False where the ledger said that nothing had to be done again.
    """

    paper: str
    version: int
    stage: str
    state: State
    reason: str = ""
    message: str = ""
    fresh: bool = True


class Tally:
    """Counts of one run. A paper is entered once per stage and leaves once; `close` checks that nothing got lost."""

    def __init__(self) -> None:
        self._entered: Counter[str] = Counter()
        self._left: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self.failures: list[Outcome] = []

    def enter(self, stage: str, count: int = 1) -> None:
        """`count` papers go into `stage`."""
        self._entered[stage] += count

    def leave(self, outcome: Outcome) -> Outcome:
        """One paper comes out of its stage."""
        unchanged = outcome.state == "done" and not outcome.fresh
        self._left[outcome.stage][("skipped", "unchanged") if unchanged else (outcome.state, outcome.reason)] += 1
        if outcome.state == "failed":
            self.failures.append(outcome)
        return outcome

    def counts(self) -> dict[str, StageCounts]:
        """Counts per stage, in the order of the stages; stages that nothing entered are left out."""
        result = {}
        for stage in STAGES:
            if not self._entered[stage] and not self._left[stage]:
                continue
            left = self._left[stage]
            result[stage] = StageCounts(
                entered=self._entered[stage],
                done=sum(count for (state, _), count in left.items() if state == "done"),
                skipped={reason: count for (state, reason), count in sorted(left.items()) if state == "skipped"},
                failed={reason: count for (state, reason), count in sorted(left.items()) if state == "failed"},
            )
        return result

    def close(self) -> dict[str, StageCounts]:
        """The counts; raises ConservationError where they do not add up."""
        counts = self.counts()
        for stage, count in counts.items():
            if not count.balances:
                raise ConservationError(stage, count.model_dump_json())
        return counts
