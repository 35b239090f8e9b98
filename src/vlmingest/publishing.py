"""Everything that is made from the stored catalogue: asks the store, calls the pure exporters, writes whole files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vlmingest import __version__, catalogue
from vlmingest.catalogue.figures import FigureFile
from vlmingest.history import entries_on, records_on
from vlmingest.list_export import LIST_NAME, list_as_of, plan, write_list
from vlmingest.records import Entry, Record
from vlmingest.settings import Settings
from vlmingest.store import Store

ONE_FILE = ("json", "jsonl", "csv", "bibtex", "atom", "list")
FOLDERS = ("markdown", "site")
Figures = Mapping[str, FigureFile]
_NAMES = {"list": LIST_NAME, "bibtex": "catalogue.bib"}


def published_records(store: Store, as_of: str | None = None) -> list[Record]:
    """Records for an export, in the order of ids, as they were known on `as_of` (a date)."""
    return list(store.records() if as_of is None else records_on(store, as_of))


def published_entries(store: Store, records: list[Record], as_of: str | None = None) -> list[Entry]:
    """Entries of the list for an export, in the order of the list."""
    from vlmingest.figures import with_licences  # noqa: PLC0415

    entries = with_licences(store.entries(), store.paper)
    return entries if as_of is None else entries_on(entries, records, as_of)


def export_file(store: Store, kind: str, as_of: str | None = None) -> bytes:
    """The bytes of a one-file export."""
    if kind == "list":
        return export_list(store, as_of=as_of)
    records = published_records(store, as_of)
    return _one_file(kind, records, published_entries(store, records, as_of))


def _one_file(kind: str, records: list[Record], entries: list[Entry]) -> bytes:
    if kind == "json":
        return catalogue.export_json(records, entries, f"vlmingest {__version__}")
    if kind == "jsonl":
        return catalogue.export_jsonl(records)
    if kind == "csv":
        return catalogue.export_csv(records)
    return catalogue.export_bibtex(records, entries) if kind == "bibtex" else catalogue.export_atom(records, entries)


def export_list(store: Store, theirs: bytes | None = None, path: str = "", as_of: str | None = None) -> bytes:
    """The list with accepted papers in it, and with the edits of `theirs`, the file at `path`; or as of a day.

    Only read: `list_export.write_list` remembers. Raises UnknownItemError where no list was imported.
    """
    return plan(store, theirs, path).data if as_of is None else list_as_of(store, as_of)


def export_folder(
    store: Store, kind: str, as_of: str | None = None, figures: Figures | None = None
) -> dict[str, bytes]:
    """The files of an export that is a folder, by relative name; `figures`: those that may be published, by paper."""
    records = published_records(store, as_of)
    return _folder(kind, records, published_entries(store, records, as_of), figures)


def _folder(kind: str, records: list[Record], entries: list[Entry], figures: Figures | None) -> dict[str, bytes]:
    if kind == "site":
        return catalogue.build_site(records, entries, figures)
    return {name: text.encode("utf-8") for name, text in catalogue.export_markdown(records).items()}


def all_files(store: Store, as_of: str | None = None, figures: Figures | None = None) -> dict[str, bytes]:
    """Every format, by relative name; the list only where one was imported."""
    records = published_records(store, as_of)
    entries = published_entries(store, records, as_of)
    files = {
        _NAMES.get(kind, f"catalogue.{kind}"): _one_file(kind, records, entries) for kind in ONE_FILE if kind != "list"
    }
    if store.list_bytes(LIST_NAME) is not None:
        files[LIST_NAME] = export_list(store, as_of=as_of)
    for kind in FOLDERS:
        files |= {f"{kind}/{name}": data for name, data in _folder(kind, records, entries, figures).items()}
    return files


def write_file(store: Store, kind: str, out: Path, as_of: str | None = None, *, manifest: bool = True) -> list[str]:
    """A one-file export and, beside it, its manifest; returns the names that were written."""
    from vlmingest import provenance  # noqa: PLC0415
    from vlmingest.files import write_out  # noqa: PLC0415

    data = export_file(store, kind, as_of)
    written = {out: data}
    if manifest:
        written[provenance.beside(out)] = provenance.manifest(store, kind, {out.name: data}, as_of)
    for path, content in written.items():
        write_out(path, content)
    return [path.name for path in written]


def write_folder(
    store: Store,
    kind: str,
    out: Path,
    as_of: str | None = None,
    *,
    manifest: bool = True,
    figures: Figures | None = None,
) -> list[str]:
    """`markdown`, `site` or `all` into a folder; returns the relative names.

    Files of an earlier export that this one no longer has are taken away, where nobody has changed them since.
    """
    files = all_files(store, as_of, figures) if kind == "all" else export_folder(store, kind, as_of, figures)
    if LIST_NAME in files and kind == "all" and as_of is None:  # what people wrote into that file stays
        files[LIST_NAME] = write_list(store.path, out / LIST_NAME).data
    return write_files(store, kind, out, files, as_of, manifest=manifest)


def write_files(
    store: Store, kind: str, out: Path, files: dict[str, bytes], as_of: str | None = None, *, manifest: bool = True
) -> list[str]:
    """Files into a folder, with their manifest; returns the relative names."""
    from vlmingest import provenance  # noqa: PLC0415
    from vlmingest.files import write_tree  # noqa: PLC0415

    if manifest:
        provenance.remove_stale(out, kind, files)
        files = {**files, provenance.NAME: provenance.manifest(store, kind, files, as_of)}
    write_tree(out, files)
    return sorted(files)


def publish_all(store: Store, out: Path, as_of: str | None = None, settings: Settings | None = None) -> list[str]:
    """Every format below `out`; returns the relative names. Figures only with `settings`, and as these allow."""
    return (
        write_with_figures(settings, store, "all", out, as_of) if settings else write_folder(store, "all", out, as_of)
    )


def write_with_figures(
    settings: Settings, store: Store, kind: str, out: Path, as_of: str | None = None, *, manifest: bool = True
) -> list[str]:
    """`site`, `figures` or `all` into a folder, with the figures that settings and licences let be published."""
    from vlmingest import figures  # noqa: PLC0415

    records = published_records(store, as_of)
    rows = figures.rows(settings, store, records, published_entries(store, records, as_of), settings.figures)
    files = figures.published(rows)
    if kind != "figures":
        return write_folder(store, kind, out, as_of, manifest=manifest, figures=files)
    content = {file.name: file.data for file in files.values()}
    content |= {"figures.json": figures.index_bytes(rows), "CREDITS.md": figures.credits_bytes(files.values())}
    return write_files(store, kind, out, content, as_of, manifest=manifest)
