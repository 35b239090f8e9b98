"""Everything that is made from the stored catalogue: asks the store, calls the pure exporters, writes whole files."""

from __future__ import annotations

from pathlib import Path

from vlmingest import __version__, catalogue
from vlmingest.errors import UnknownItemError
from vlmingest.records import Record
from vlmingest.store import Store

ONE_FILE = ("json", "jsonl", "csv", "bibtex", "atom", "list")
FOLDERS = ("markdown", "site")
LIST_NAME = "README.md"


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
    if kind == "csv":
        return catalogue.export_csv(records)
    if kind == "bibtex":
        return catalogue.export_bibtex(records, entries)
    if kind == "atom":
        return catalogue.export_atom(records, entries)
    return export_list(store)


def export_list(store: Store) -> bytes:
    """The published list as it stands; raises UnknownItemError where none was imported."""
    data = store.list_bytes(LIST_NAME)
    if data is None:
        raise UnknownItemError("list", LIST_NAME, "take one over with: vlmingest import-list README.md")
    return data


def export_folder(store: Store, kind: str, as_of: str | None = None) -> dict[str, bytes]:
    """The files of an export that is a folder, by relative name."""
    records = published_records(store, as_of)
    if kind == "site":
        return catalogue.build_site(records, store.entries())
    return {name: text.encode("utf-8") for name, text in catalogue.export_markdown(records).items()}


def publish_all(store: Store, out: Path, as_of: str | None = None) -> list[str]:
    """Every format below `out`; returns the relative names that were written."""
    from vlmingest.files import write_out, write_tree  # noqa: PLC0415

    written = []
    for kind in ONE_FILE:
        if kind == "list" and store.list_bytes(LIST_NAME) is None:
            continue
        name = {"list": LIST_NAME, "bibtex": "catalogue.bib"}.get(kind, f"catalogue.{kind}")
        write_out(out / name, export_file(store, kind, as_of))
        written.append(name)
    for kind in FOLDERS:
        files = export_folder(store, kind, as_of)
        write_tree(out / kind, files)
        written += [f"{kind}/{name}" for name in files]
    return sorted(written)
