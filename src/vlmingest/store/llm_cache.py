"""Raw replies of the second reader by key (a hash over prompt, text and model): the same question is asked once."""

from __future__ import annotations

from vlmingest.store.base import Base
from vlmingest.store.database import worded
from vlmingest.store.rows import now, upsert


class LlmCache:
    """The table `llm_cache` as a mapping; `put` is durable when it returns. Raises StoreError."""

    def __init__(self, store: Base) -> None:
        self._store = store

    def get(self, key: str) -> str | None:
        """The raw reply, or None where nobody has asked yet."""
        with worded(self._store.path):
            row = self._store.db.execute("SELECT response_json FROM llm_cache WHERE key = ?", [key]).fetchone()
        return None if row is None else row[0]

    def put(self, key: str, text: str) -> None:
        """Keep a reply as it came; lone surrogates, which SQLite cannot hold, become question marks."""
        reply = text.encode("utf-8", "replace").decode("utf-8")
        # the request is not repeated here: the key already hashes prompt, paper text and model
        row = {"key": key, "request_json": "{}", "response_json": reply, "status": "done", "created_at": now()}
        with self._store.transaction():
            upsert(self._store.db, "llm_cache", ("key",), row)
