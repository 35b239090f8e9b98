"""Rebuild the sample corpus: typeset tools/samples/*.typ and write papers.jsonl beside the PDFs.

Usage: python tools/make_samples.py [--check] [ID ...]

The same sources give the same bytes: fixed dates, fonts bundled with Typst only. `--check` writes nothing and exits 1
if a committed file is not what the sources give. Metadata stand in each source (`paper.with(...)`), so that the PDF and
`papers.jsonl` cannot differ; papers without a PDF (what triage refuses) stand in tools/samples/others.toml.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

SOURCES = Path(__file__).resolve().parent / "samples"
TARGET = SOURCES.parent.parent / "src" / "vlmingest" / "sample"


def paper_metadata(source: Path) -> dict[str, Any]:
    """The metadata that a paper's source states."""
    text = typst.query(str(source), "<paper>", field="value", one=True, ignore_system_fonts=True)
    data: dict[str, Any] = json.loads(text)
    if data["id"] != source.stem:
        raise SystemExit(f"{source.name}: states the id {data['id']}")
    for number, version in enumerate(data["versions"], start=1):
        version["version"] = number
        if not version.get("withdrawn"):
            version["pdf"] = f"pdf/{data['id']}v{number}.pdf"
    return data


def typeset(source: Path, number: int, submitted: str) -> bytes:
    """One version's PDF."""
    when = datetime.fromisoformat(submitted).astimezone(UTC)
    data = typst.compile(
        str(source),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"version": str(number)},
        timestamp=int(when.timestamp()),
        pdf_tags=False,
    )
    assert isinstance(data, bytes)
    return data


def metadata_line(data: dict[str, Any]) -> str:
    """One line of papers.jsonl: fixed order of keys, no empty ones."""
    keys = ("id", "title", "authors", "abstract", "categories", "comment", "doi", "journal_ref", "versions")
    inner = ("version", "submitted", "announced", "title", "abstract", "comment", "withdrawn", "pdf")
    row = {key: data[key] for key in keys if data.get(key)}
    row["versions"] = [{key: item[key] for key in inner if item.get(key)} for item in data["versions"]]
    return json.dumps(row, ensure_ascii=False)


def others() -> list[dict[str, Any]]:
    """Papers that exist as metadata only."""
    path = SOURCES / "others.toml"
    if not path.exists():
        return []
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["paper"]
    for row in rows:
        row["abstract"] = " ".join(row["abstract"].split())
        row["versions"] = [{"version": 1, "submitted": row.pop("submitted"), "announced": row.pop("announced")}]
    return rows


def build(ids: list[str]) -> dict[Path, bytes]:
    """Every file of the corpus that comes from the sources, by path."""
    files: dict[Path, bytes] = {}
    rows = others()
    for source in sorted(SOURCES.glob("[0-9]*.typ")):
        data = paper_metadata(source)
        rows.append(data)
        if ids and data["id"] not in ids:
            continue
        for version in data["versions"]:
            if "pdf" in version:
                files[TARGET / version["pdf"]] = typeset(source, version["version"], version["submitted"])
    rows.sort(key=lambda row: row["id"])
    files[TARGET / "papers.jsonl"] = "".join(metadata_line(row) + "\n" for row in rows).encode()
    return files


def main() -> int:
    """Write or check the corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ids", nargs="*", help="only these papers (papers.jsonl is always written whole)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    options = parser.parse_args()
    stale = 0
    for path, content in build(options.ids).items():
        if path.exists() and path.read_bytes() == content:
            continue
        stale += 1
        print(f"{'stale' if options.check else 'written'}: {path.name} ({len(content)} bytes)")
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
