"""Bytes -> Document. Pure: no files, no network. Three readers behind one door; hostile bytes belong into a child process."""

from __future__ import annotations

from vlmingest.document import Box, Document
from vlmingest.errors import EmptyFileError, NotAPaperFileError
from vlmingest.read.sniff import sniff

__all__ = ["READER_VERSION", "crop_figure", "read_document", "sniff"]

READER_VERSION = "pdf.v8"


def read_document(data: bytes, media_type: str | None = None, max_pages: int | None = None) -> Document:
    """Read a PDF, an HTML page or LaTeX source; the bytes decide, where `media_type` is not given or is wrong.
    A PDF of more than `max_pages` pages is refused.

    Raises one DocumentError subclass per cause.
    """
    if not data:
        raise EmptyFileError
    kind = sniff(data)
    if kind == "application/pdf":
        from vlmingest.read.pdf import read_pdf  # noqa: PLC0415 - each reader brings its own library

        return read_pdf(data, max_pages)
    if kind == "text/html":
        from vlmingest.read.html import read_html  # noqa: PLC0415

        return read_html(data)
    if kind in ("application/gzip", "application/x-tar", "text/x-tex"):
        from vlmingest.read.latex import read_latex  # noqa: PLC0415

        return read_latex(data)
    raise NotAPaperFileError(f"{media_type} was expected" if media_type else "")


def crop_figure(data: bytes, page: int, bbox: Box, dpi: int = 150) -> bytes:
    """A PNG of `bbox` (points, top-left origin) of a 1-based page of a PDF; DamagedDocumentError where there is none."""
    from vlmingest.read.crop import crop  # noqa: PLC0415

    return crop(data, page, bbox, dpi)
