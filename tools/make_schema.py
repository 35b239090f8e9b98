"""Writes db/schema.sql, the schema that all migrations together give; `--check` writes nothing and fails when stale."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from vlmingest.store import Store

OUT = Path(__file__).resolve().parent.parent / "db" / "schema.sql"


def schema() -> str:
    """The statements of a new database, without the tables that FTS5 makes for itself."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "new.db", create=True) as store:
        rows = store.db.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type <> 'table', name"
        ).fetchall()
    shadow = ("_fts_config", "_fts_content", "_fts_data", "_fts_docsize", "_fts_idx")
    kept = [sql for name, sql in rows if not name.endswith(shadow) and not name.startswith("sqlite_")]
    return "-- made by tools/make_schema.py from db/migrations; do not edit\n\n" + ";\n\n".join(kept) + ";\n"


def main() -> None:
    """Write or check."""
    text = schema()
    if "--check" in sys.argv:
        sys.exit(
            0 if OUT.is_file() and OUT.read_text(encoding="utf-8") == text else "db/schema.sql is stale: make docs"
        )
    OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
