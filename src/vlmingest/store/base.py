"""The open connection: queries, transactions that nest, errors worded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlite_utils

from vlmingest.store.database import open_database, worded


class Base:
    """A database that is open; use `open` and a `with`."""

    def __init__(self, db: sqlite_utils.Database, path: Path) -> None:
        self.db = db
        self.path = path
        self._depth = 0

    @classmethod
    def open(cls, path: Path, *, create: bool = False, read_only: bool = False, timeout_s: float = 10.0) -> Self:
        """Open; `create` makes and migrates it. Raises the StoreError of the cause."""
        return cls(open_database(path, create=create, read_only=read_only, timeout_s=timeout_s), path)

    def close(self) -> None:
        """Close the connection."""
        self.db.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another is part of it."""
        if self._depth:
            yield
            return
        with worded(self.path):
            self.db.conn.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self.db.conn.rollback()
                raise
            else:
                self.db.conn.commit()
            finally:
                self._depth -= 1

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        with worded(self.path):
            row: tuple[Any, ...] | None = self.db.execute(sql, list(values)).fetchone()
        return row

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with worded(self.path):
            rows: list[tuple[Any, ...]] = self.db.execute(sql, list(values)).fetchall()
        return rows
