"""The data that the scripts of the site search and compare: JavaScript files, since a page of file:// may load scripts
but no JSON. Texts stand once in a table of strings.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from vlmingest.catalogue.escape import plain
from vlmingest.catalogue.fields import COLUMNS
from vlmingest.catalogue.site.panels import Panel

COMPARED = (
    "published",
    "sizes",
    "active_sizes",
    "vision_encoders",
    "connectors",
    "language_models",
    "types",
    "image_resolutions",
    "visual_tokens",
    "stages",
    "objectives",
    "compute",
    "training_datasets",
    "evaluation_datasets",
    "code",
    "weights",
)


class _Strings:
    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(plain(text), len(self._numbers))

    def numbers(self, texts: Sequence[str]) -> list[int]:
        return [self.number(text) for text in texts]

    def all(self) -> list[str]:
        return list(self._numbers)


def catalogue_data(panels: Sequence[Panel]) -> bytes:
    """`assets/data.js`: one row per panel, newest first.

    Row: stem, name, title (starting with ":" where it is the name and a colon before), first author, date, withdrawn
    (0/1), then numbers of strings: sizes, vision encoders, connectors, language backbones, kinds, encoder families,
    language families, training data. It is loaded with the first page: every byte counts.
    """
    strings = _Strings()
    rows = [
        [
            panel.stem,
            plain(panel.name),
            _short_title(panel),
            plain(panel.authors.split(", ")[0]),
            panel.date,
            int(panel.is_withdrawn),
            *(
                strings.numbers(panel.values(COLUMNS[name]))
                for name in ("sizes", "vision_encoders", "connectors", "language_models", "types")
            ),
            strings.numbers(panel.vision_families),
            strings.numbers(panel.language_families),
            strings.numbers(panel.values(COLUMNS["training_datasets"])),
        ]
        for panel in panels
    ]
    return _script("catalogue", {"strings": strings.all(), "rows": rows})


def _short_title(panel: Panel) -> str:
    name, title = plain(panel.name), plain(panel.title)
    if title.startswith(f"{name}:"):
        return title[len(name) :]
    return title if title != name else ""


def comparison_data(panels: Sequence[Panel]) -> bytes:
    """`assets/compare-data.js`: `fields` are labels; a row is stem, name, then numbers of strings per field."""
    strings = _Strings()
    columns = [COLUMNS[name] for name in COMPARED]
    rows = [
        [panel.stem, plain(panel.name), panel.date, *(strings.numbers(panel.values(column)) for column in columns)]
        for panel in panels
    ]
    fields = [column.label for column in columns]
    return _script("comparison", {"fields": fields, "strings": strings.all(), "rows": rows})


def _script(name: str, value: object) -> bytes:
    # ASCII only, and no "<": whatever a paper says, the file stays data
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f"globalThis.vlm=Object.assign(globalThis.vlm||{{}},{{{name}:{text}}});\n".encode()
