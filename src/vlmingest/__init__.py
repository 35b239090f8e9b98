"""vlmingest keeps a catalogue of vision-language-model architectures current, with evidence for every value.

The two functions of the Python door are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vlmingest.api import extract_record as extract_record
    from vlmingest.api import read_document as read_document

__version__ = "0.1.0"
__all__ = ["__version__", "extract_record", "read_document"]


def __getattr__(name: str) -> object:
    if name in ("read_document", "extract_record"):
        from importlib import import_module  # noqa: PLC0415 - lazy on purpose: the command line starts in a blink

        return getattr(import_module("vlmingest.api"), name)
    raise AttributeError(f"module 'vlmingest' has no attribute {name!r}")
