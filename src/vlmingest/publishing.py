"""Everything that is made from the stored catalogue: asks the store, calls the pure exporters, writes whole files."""

from __future__ import annotations

from pathlib import Path

from vlmingest import __version__, catalogue
from vlmingest.records import Record
from vlmingest.store import Store

ONE_FILE = ("json", "jsonl", "csv")
FOLDERS = ("markdown",)


def published_records(store: Store, as_of: str | None = None) -> list[Record]:
    """Records for an export, in the order of ids, as they were known on `as_of` (a date)."""
    return list(store.records(as_of=as_of))


def export_file(store: Store, kind: str, as_of: str | None = None) -> bytes:
    """The bytes of a one-file export."""
    records, entries = published_records(store, as_of), list(store.entries())
    if kind == "json":
        return catalogue.export_json(records, entries, f"vlmingest {__version__}")
    if kind == "jsonl":
        return catalogue.export_jsonl(records)
    return catalogue.export_csv(records)


def export_folder(store: Store, as_of: str | None = None) -> dict[str, bytes]:
    """The Markdown pages, by relative name."""
    records = published_records(store, as_of)
    return {name: text.encode("utf-8") for name, text in catalogue.export_markdown(records).items()}


def publish_all(store: Store, out: Path, as_of: str | None = None) -> list[str]:
    """Every format below `out`; returns the relative names that were written."""
    from vlmingest.files import write_out, write_tree  # noqa: PLC0415

    written = []
    for kind in ONE_FILE:
        name = f"catalogue.{kind}"
        write_out(out / name, export_file(store, kind, as_of))
        written.append(name)
    files = export_folder(store, as_of)
    write_tree(out / "markdown", files)
    written += [f"markdown/{name}" for name in files]
    return sorted(written)
