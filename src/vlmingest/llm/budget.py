"""A ledger of tokens: reserve before a call, settle with what it really used."""

from __future__ import annotations

from dataclasses import dataclass

from vlmingest.errors import LlmBudgetError


@dataclass(slots=True)
class Budget:
    """Tokens of one run; not shared between threads."""

    limit: int
    used: int = 0

    def reserve(self, tokens: int) -> None:
        """Take `tokens`; raises LlmBudgetError where they are more than what is left."""
        if self.used + tokens > self.limit:
            raise LlmBudgetError(f"{self.used} of {self.limit} tokens used, {tokens} more needed")
        self.used += tokens

    def settle(self, reserved: int, used: int) -> None:
        """Replace a reservation by the real use."""
        self.used += used - reserved
