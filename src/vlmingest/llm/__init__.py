"""The optional second reader: off unless the settings name a server and a model; never imports pydantic-ai itself."""

from __future__ import annotations

from vlmingest.llm.budget import Budget
from vlmingest.llm.reader import Cache, Reader, Reply, llm_candidates

__all__ = ["Budget", "Cache", "Reader", "Reply", "llm_candidates"]
