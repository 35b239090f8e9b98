"""The data files: JSON, JSON Lines, and their JSON Schema. The same input gives the same bytes, on every machine."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import JsonValue

from vlmingest.catalogue.fields import in_order
from vlmingest.records import Entry, Export, Record

SCHEMA_ID = "https://github.com/gokayfem/awesome-vlm-architectures/vlmingest/export.schema.json"


def export_json(records: Sequence[Record], entries: Sequence[Entry] = (), generated_by: str = "vlmingest") -> bytes:
    """The whole catalogue as one JSON object of the outside contract (UTF-8, two spaces, a newline at the end).

    Records newest first; entries in the order of the list.
    """
    export = Export(generated_by=generated_by, records=tuple(in_order(records)), entries=tuple(entries))
    return export.model_dump_json(indent=2).encode("utf-8") + b"\n"


def export_jsonl(records: Sequence[Record]) -> bytes:
    """One record per line, newest first."""
    return b"".join(record.model_dump_json().encode("utf-8") + b"\n" for record in in_order(records))


def json_schema() -> dict[str, JsonValue]:
    """The JSON Schema (2020-12) of `export_json`."""
    schema: dict[str, JsonValue] = Export.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}


def schema_bytes() -> bytes:
    """`json_schema` as a file."""
    return (json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8")
