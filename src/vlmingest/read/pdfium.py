"""The binding to pdfium: one page's characters, words, fonts, graphics and links with few, batched C calls.

pdfium is not thread-safe: one thread of a process at a time. All coordinates leave this module in points of the page as
displayed, origin at the top left. Offsets are into `RawPage.text`, which is pdfium's own text with the length-keeping
steps of `normalise` applied.

Why not pypdfium2's helpers: a helper call per character costs 3 times the extraction itself. Here one C call per word
end goes through `ctypes.PyDLL` without argument conversion (0.2 microseconds), which is what a full Document within
twice the bare text extraction allows.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, Self

from vlmingest.document import Box
from vlmingest.errors import DamagedDocumentError, EncryptedDocumentError
from vlmingest.read import normalise

FPDF_ERR_PASSWORD = 4
OBJECT_TEXT, OBJECT_PATH, OBJECT_IMAGE, OBJECT_SHADING, OBJECT_FORM = 1, 2, 3, 4, 5
MAX_GRAPHICS = 20_000  # page objects looked at per page: a drawing of more shows its extent before
MAX_FORM_DEPTH = 4
LARGE_PATH = 2_000.0  # square points: a white path of more is a background
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class RawPage:
    """One page as pdfium gives it: text in content order, words as ranges of it, boxes of words, font of each word."""

    number: int
    width: float
    height: float
    text: str
    starts: list[int]
    ends: list[int]
    boxes: list[float]  # 4 per word: x0, y0 (top), x1, y1 (bottom); the height is the font size
    last_heights: list[float]  # font size of each word's last character: smaller where it ends in a superscript
    fonts: list[int | None]  # text object handle of each word, valid while the page is open
    graphics: list[Graphic] = field(default_factory=list)


@dataclass(slots=True)
class Graphic:
    """A page object that is not text: path, image, shading or form."""

    kind: int
    box: Box


class Library:
    """pdfium's functions without argument conversion: handles are `c_void_p`, indices plain ints."""

    def __init__(self) -> None:
        import pypdfium2_raw  # noqa: PLC0415
        from pypdfium2 import raw  # noqa: PLC0415  (40 ms: only when a PDF is read)

        raw.FPDF_InitLibrary()
        self.raw = raw
        folder = Path(str(pypdfium2_raw.__file__)).parent
        path = next(p for p in sorted(folder.iterdir()) if p.suffix in {".so", ".dylib", ".dll"})
        self.dll = ctypes.PyDLL(str(path))
        self._boxes: Any = (ctypes.c_float * 0)()
        self._pointers: list[ctypes.c_void_p] = []
        self.loose_box = self.function("FPDFText_GetLooseCharBox")
        self.text_object = self.function("FPDFText_GetTextObject", ctypes.c_void_p)
        self.count_objects = self.function("FPDFPage_CountObjects")
        self.object_at = self.function("FPDFPage_GetObject", ctypes.c_void_p)
        self.object_kind = self.function("FPDFPageObj_GetType")
        self.object_matrix = self.function("FPDFPageObj_GetMatrix")
        self.object_bounds = self.function("FPDFPageObj_GetBounds")
        self.form_count = self.function("FPDFFormObj_CountObjects")
        self.form_object = self.function("FPDFFormObj_GetObject", ctypes.c_void_p)
        edges = (ctypes.c_float * 4)()
        base = ctypes.addressof(edges)
        self.edges = edges, tuple(ctypes.c_void_p(base + 4 * i) for i in range(4))
        self.char_index = self.function("FPDFText_GetCharIndexFromTextIndex")

    def function(self, name: str, restype: Any = ctypes.c_int) -> Any:
        """A function of the library by name."""
        found = self.dll[name]
        found.restype = restype
        return found

    def rectangles(self, count: int) -> tuple[Any, list[ctypes.c_void_p]]:
        """Room for `count` rectangles of 4 floats, and a pointer to each; reused between pages."""
        if count > len(self._pointers):
            size = max(count, 4096)
            self._boxes = (ctypes.c_float * (4 * size))()
            base = ctypes.addressof(self._boxes)
            self._pointers = [ctypes.c_void_p(base + 16 * i) for i in range(size)]
        return self._boxes, self._pointers


@lru_cache(maxsize=1)
def library() -> Library:
    """The library, loaded once per process."""
    return Library()


class PdfiumDocument:
    """An open PDF; `close()` it, or use it in a `with`."""

    def __init__(self, data: bytes) -> None:
        """Open; raises EncryptedDocumentError or DamagedDocumentError."""
        self.lib = library()
        raw = self.lib.raw
        self._data = data  # pdfium reads from it while the document is open
        self.handle = raw.FPDF_LoadMemDocument64(data, len(data), None)
        if not self.handle:
            if raw.FPDF_GetLastError() == FPDF_ERR_PASSWORD:
                raise EncryptedDocumentError
            raise DamagedDocumentError("pdfium refuses it")
        self.page_count: int = raw.FPDF_GetPageCount(self.handle)

    def close(self) -> None:
        """Free the document."""
        if self.handle:
            self.lib.raw.FPDF_CloseDocument(self.handle)
            self.handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pages(self) -> Iterator[PdfiumPage]:
        """Each page, open while it is looked at."""
        for index in range(self.page_count):
            page = PdfiumPage(self, index)
            try:
                yield page
            finally:
                page.close()


class PdfiumPage:
    """An open page."""

    def __init__(self, document: PdfiumDocument, index: int) -> None:
        self.lib = document.lib
        raw = self.lib.raw
        self.document = document.handle
        self.number = index + 1
        self.handle = raw.FPDF_LoadPage(document.handle, index)
        if not self.handle:
            raise DamagedDocumentError(f"page {index + 1} cannot be loaded")
        self.text_handle = raw.FPDFText_LoadPage(self.handle)
        self.width: float = raw.FPDF_GetPageWidthF(self.handle)
        self.height: float = raw.FPDF_GetPageHeightF(self.handle)
        self.rotation: int = raw.FPDFPage_GetRotation(self.handle)
        rect = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(self.handle, rect)
        self.left, self.bottom, self.right, self.top = rect.left, rect.bottom, rect.right, rect.top

    def close(self) -> None:
        """Free the page."""
        if self.text_handle:
            self.lib.raw.FPDFText_ClosePage(self.text_handle)
            self.text_handle = None
        if self.handle:
            self.lib.raw.FPDF_ClosePage(self.handle)
            self.handle = None

    def read(self) -> RawPage:
        """Text and words of the page."""
        raw = self.lib.raw
        count = max(raw.FPDFText_CountChars(self.text_handle), 0)
        buffer = (ctypes.c_ushort * (count + 1))()
        units = max(raw.FPDFText_GetText(self.text_handle, 0, count, buffer) - 1, 0)
        original = bytes(memoryview(buffer).cast("B")[: 2 * units]).decode("utf-16-le", "replace")
        text = original.translate(normalise.CHARACTERS)
        matches = [match.span() for match in normalise.WORD.finditer(text)]
        starts = [start for start, _ in matches]
        ends = [end for _, end in matches]
        heads, tails = starts, [end - 1 for end in ends]
        if len(original) != count:
            heads, tails = self._indices(original, heads), self._indices(original, tails)
        boxes, last = self._boxes(heads, tails)
        handle = ctypes.c_void_p(ctypes.cast(self.text_handle, ctypes.c_void_p).value)
        fonts = list(map(self.lib.text_object, repeat(handle), heads))
        return RawPage(self.number, self.width, self.height, text, starts, ends, boxes, last, fonts)

    def _indices(self, text: str, offsets: list[int]) -> list[int]:
        """Character indices of offsets into the text: they part at surrogate pairs and characters without Unicode."""
        handle = ctypes.c_void_p(ctypes.cast(self.text_handle, ctypes.c_void_p).value)
        shift, position, units = 0, 0, []
        for offset in offsets:
            shift += sum(1 for c in text[position:offset] if ord(c) > 0xFFFF)
            position = offset
            units.append(offset + shift)
        return [max(index, 0) for index in map(self.lib.char_index, repeat(handle), units)]

    def _boxes(self, heads: list[int], tails: list[int]) -> tuple[list[float], list[float]]:
        count = len(heads)
        memory, pointers = self.lib.rectangles(2 * count)
        ctypes.memset(memory, 0, 32 * count)
        handle = ctypes.c_void_p(ctypes.cast(self.text_handle, ctypes.c_void_p).value)
        deque(map(self.lib.loose_box, repeat(handle), heads, pointers), maxlen=0)
        deque(map(self.lib.loose_box, repeat(handle), tails, pointers[count : 2 * count]), maxlen=0)
        values: list[float] = memoryview(memory).cast("B").cast("f")[: 8 * count].tolist()  # type: ignore[assignment]  # FS_RECTF: left, top, right, bottom
        split = 4 * count
        boxes = values[:split]
        last_top, last_bottom = values[split + 1 :: 4], values[split + 3 :: 4]
        boxes[2::4] = values[split + 2 :: 4]
        if self.rotation:
            self._rotate(boxes)
        else:
            left, top = self.left, self.top
            if left:
                boxes[0::4] = [x - left for x in boxes[0::4]]
                boxes[2::4] = [x - left for x in boxes[2::4]]
            boxes[1::4] = [top - y for y in boxes[1::4]]
            boxes[3::4] = [top - y for y in boxes[3::4]]
        return boxes, [a - b for a, b in zip(last_top, last_bottom, strict=True)]

    def _rotate(self, boxes: list[float]) -> None:
        for i in range(0, len(boxes), 4):
            boxes[i : i + 4] = self.shown((boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]))

    def shown(self, box: Box) -> Box:
        """A (left, top, right, bottom) box of PDF user space, as displayed (the page's /Rotate applied)."""
        if not self.rotation:
            return (box[0] - self.left, self.top - box[1], box[2] - self.left, self.top - box[3])
        x0, x1 = sorted((box[0] - self.left, box[2] - self.left))
        y0, y1 = sorted((self.top - box[1], self.top - box[3]))
        wide, high = self.right - self.left, self.top - self.bottom
        if self.rotation == 1:
            return (high - y1, x0, high - y0, x1)
        if self.rotation == 2:
            return (wide - x1, high - y1, wide - x0, high - y0)
        if self.rotation == 3:
            return (y0, wide - x1, y1, wide - x0)
        return (x0, y0, x1, y1)

    def font_names(self) -> _FontNames:
        """Looks up the base font of a text object; remembers it for the page."""
        return _FontNames(self.lib)

    def graphics(self) -> list[Graphic]:
        """Paths, images, shadings and the pieces of forms with their boxes; pieces of a form may be text."""
        found: list[Graphic] = []
        lib, page = self.lib, _pointer(self.handle)
        for index in range(min(lib.count_objects(page), MAX_GRAPHICS)):
            self._collect(lib.object_at(page, index), None, 0, found)
        return found

    def _collect(self, handle: int, matrix: Matrix | None, depth: int, found: list[Graphic]) -> None:
        lib, item = self.lib, ctypes.c_void_p(handle)
        kind = lib.object_kind(item)
        if kind == OBJECT_TEXT and depth == 0:
            return
        if kind == OBJECT_FORM and depth < MAX_FORM_DEPTH:
            own = (ctypes.c_float * 6)()
            lib.object_matrix(item, own)
            inner = _times(tuple(own), matrix or IDENTITY)
            for index in range(lib.form_count(item)):
                if len(found) >= MAX_GRAPHICS:
                    return
                self._collect(lib.form_object(item, ctypes.c_ulong(index)), inner, depth + 1, found)
            return
        edges, (left, bottom, right, top) = lib.edges
        if not lib.object_bounds(item, left, bottom, right, top):
            return
        x0, y0, x1, y1 = edges
        if matrix is not None:
            a, b, c, d, e, f = matrix
            xs = (a * x0 + c * y0 + e, a * x0 + c * y1 + e, a * x1 + c * y0 + e, a * x1 + c * y1 + e)
            ys = (b * x0 + d * y0 + f, b * x0 + d * y1 + f, b * x1 + d * y0 + f, b * x1 + d * y1 + f)
            x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
        box = self.shown((x0, y1, x1, y0))
        if kind == OBJECT_PATH and (x1 - x0) * (y1 - y0) > LARGE_PATH and self._is_white(handle):
            return
        found.append(Graphic(kind, box))

    def _is_white(self, handle: int) -> bool:
        """A background: filled white and without a stroke."""
        raw = self.lib.raw
        item = ctypes.cast(ctypes.c_void_p(handle), raw.FPDF_PAGEOBJECT)
        colour = [ctypes.c_uint() for _ in range(4)]
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item, mode, stroke)
        return bool(
            not stroke.value
            and raw.FPDFPageObj_GetFillColor(item, *colour)
            and (min(part.value for part in colour[:3]) >= 250 or colour[3].value == 0 or not mode.value)
        )

    def link_targets(self) -> list[str]:
        """URLs of the page's link annotations."""
        raw = self.lib.raw
        position, link = ctypes.c_int(0), raw.FPDF_LINK()
        found: list[str] = []
        while raw.FPDFLink_Enumerate(self.handle, position, link):
            action = raw.FPDFLink_GetAction(link)
            if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
                continue
            size = raw.FPDFAction_GetURIPath(self.document, action, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(self.document, action, buffer, size)
            found.append(buffer.value.decode("utf-8", "replace"))
        return found


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First `m`, then `n`."""
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3], m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def _pointer(handle: Any) -> ctypes.c_void_p:
    """A handle of the typed binding as a plain pointer."""
    return ctypes.c_void_p(ctypes.cast(handle, ctypes.c_void_p).value)


class _FontNames:
    def __init__(self, lib: Library) -> None:
        self.lib = lib
        self.font_of = lib.function("FPDFTextObj_GetFont", ctypes.c_void_p)
        self.name_of = lib.function("FPDFFont_GetBaseFontName", ctypes.c_size_t)
        self.names: dict[int, str] = {}
        self.buffer = ctypes.create_string_buffer(200)

    def __call__(self, text_object: int | None) -> str:
        if not text_object:
            return ""
        font = self.font_of(ctypes.c_void_p(text_object))
        if font not in self.names:
            ctypes.memset(self.buffer, 0, 200)
            self.name_of(ctypes.c_void_p(font), self.buffer, ctypes.c_size_t(200))
            self.names[font] = self.buffer.value.decode("latin-1")
        return self.names[font]
