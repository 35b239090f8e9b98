"""The second PDF reader, for files that pdfium refuses: pypdf's text page by page, without boxes, tables and figures."""

from __future__ import annotations

import hashlib
import io
import re

from vlmingest.document import Block, BlockKind, Document, Finding, Page
from vlmingest.errors import DamagedDocumentError, EncryptedDocumentError, NoTextLayerError
from vlmingest.read import normalise

_BREAK = re.compile(r"(?<=[a-z])-\n(?=[a-z])")


def read_with_pypdf(data: bytes) -> Document:
    """The Document of a PDF by pypdf alone; raises EncryptedDocumentError, DamagedDocumentError or NoTextLayerError."""
    import pypdf  # noqa: PLC0415
    import pypdf.errors  # noqa: PLC0415

    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedDocumentError
        texts = [page.extract_text() for page in reader.pages]
        sizes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages]
    except (EncryptedDocumentError, MemoryError):
        raise
    except Exception as error:
        raise DamagedDocumentError(f"pdfium and pypdf both refuse it: {type(error).__name__}") from error
    parts: list[str] = []
    blocks: list[Block] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for number, raw in enumerate(texts, 1):
        text = _BREAK.sub("", raw.translate(normalise.CHARACTERS)).replace("\r", "").replace(normalise.LINE_HYPHEN, "-")
        starts.append((length, number))
        if text.strip():
            blocks.append(Block(kind=BlockKind.PARAGRAPH, start=length, end=length + len(text), page=number))
        parts.append(text)
        length += len(text) + 2
    if not texts:
        raise DamagedDocumentError("no page in it")
    if sum(len(part.strip()) for part in parts) < 20 * len(parts):
        raise NoTextLayerError
    return Document(
        source="pdf",
        sha256=hashlib.sha256(data).hexdigest(),
        reader="pypdf.v2",
        steps=normalise.STEPS,
        text="\n\n".join(parts),
        pages=tuple(Page(number=i, width=w, height=h) for i, (w, h) in enumerate(sizes, 1)),
        title="\n".join(parts).strip().split("\n")[0],
        blocks=tuple(blocks),
        page_starts=tuple(starts),
        findings=(Finding(code="second-reader", message="pdfium refuses the file; read by pypdf, without boxes"),),
    )
