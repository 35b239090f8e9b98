"""A figure cut out of its page, as PNG: rendered by pdfium, encoded by hand (no imaging library)."""

from __future__ import annotations

import math
import struct
import zlib

from vlmingest.document import Box
from vlmingest.errors import DamagedDocumentError

_MAX_PIXELS = 40_000_000


def crop(data: bytes, page: int, bbox: Box, dpi: int) -> bytes:
    """Render `bbox` (points, top-left origin, of the page as displayed) at `dpi`; RGB PNG."""
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DamagedDocumentError(str(error)) from error
    try:
        if not 1 <= page <= len(document):
            raise DamagedDocumentError(f"no page {page}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        x0, y0 = max(0.0, bbox[0]), max(0.0, bbox[1])
        x1, y1 = min(width, bbox[2]), min(height, bbox[3])
        if x1 <= x0 or y1 <= y0:
            raise DamagedDocumentError(f"the box {bbox} is not on page {page}")
        scale = dpi / 72
        scale = min(scale, math.sqrt(_MAX_PIXELS / ((x1 - x0) * (y1 - y0))))
        bitmap = sheet.render(scale=scale, crop=(x0, height - y1, width - x1, y0), rev_byteorder=True)
        rows = bytes(bitmap.buffer)
        return _png(rows, bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
    finally:
        document.close()


def _png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    colour = {1: 0, 3: 2, 4: 6}[channels]
    size = width * channels
    raw = b"".join(b"\0" + pixels[y * stride : y * stride + size] for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 6)) + chunk(b"IEND", b"")
