"""The one JSON text of a value, and its hash."""

from __future__ import annotations

import hashlib
import json

from pydantic import JsonValue

from vlmingest.document import Frozen


def canonical_json(value: JsonValue | Frozen) -> str:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8 letters as they are."""
    data = value.model_dump(mode="json") if isinstance(value, Frozen) else value
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: JsonValue | Frozen) -> str:
    """sha256 over `canonical_json`, in hex."""
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()
