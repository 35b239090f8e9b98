"""The binding to pdfium: one page's characters, words, fonts and links with few, batched C calls.

pdfium is not thread-safe: one thread of a process at a time. All coordinates leave this module in points of the page as
displayed, origin at the top left. Offsets are into `RawPage.text`, which is pdfium's own text with the length-keeping
steps of `normalise` applied.

Why not pypdfium2's helpers: a helper call per character costs 3 times the extraction itself. Here two C calls per word
go through `ctypes.PyDLL` without argument conversion (0.2 microseconds each), and what they fill is worked on in columns
(numpy): that is what a full Document within twice the bare text extraction allows.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, repeat
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from vlmingest.document import Box
from vlmingest.errors import DamagedDocumentError, EncryptedDocumentError
from vlmingest.read import normalise
from vlmingest.read.arrays import Codes, Flags, Floats, Ints
from vlmingest.read.marks import marked_words, raised

FPDF_ERR_PASSWORD = 4
ACTION_URI = 3
_HYPHEN = ord(normalise.LINE_HYPHEN)


@dataclass(slots=True)
class RawPage:
    """One page as pdfium gives it: text in content order, words as ranges of it, boxes of words."""

    number: int
    width: float
    height: float
    text: str
    codes: Codes  # the code points of `text`
    starts: Ints
    ends: Ints
    boxes: Floats  # a row per word: x0, y0 (top), x1, y1 (bottom); the height is the font size
    heads: list[int]  # pdfium's index of each word's first character
    glued: npt.NDArray[np.bool_]  # words that follow the word before without a space; set with the lines
    raised: npt.NDArray[np.bool_]  # words that are a raised mark behind the word before

    def part(self, parted: list[tuple[int, int, Box]], heads: list[int]) -> None:
        """Makes words of the ends of words: (index of the word, how many characters, their box), in order; `heads`: pdfium's
        index of the first character of each.
        """
        at = np.array([index + 1 for index, _, _ in parted])
        cuts = self.ends[at - 1] - np.array([count for _, count, _ in parted])
        boxes = np.array([box for _, _, box in parted])
        self.starts, self.ends = np.insert(self.starts, at, cuts), np.insert(self.ends, at, self.ends[at - 1])
        before = at - 1 + np.arange(len(at))  # the words that lose their end
        self.ends[before] = cuts
        self.boxes = np.insert(self.boxes, at, boxes, axis=0)
        self.boxes[before, 2] = boxes[:, 0]
        self.glued = np.insert(self.glued, at, False)
        self.raised = np.insert(self.raised, at, True)
        for index, head in zip(reversed(at.tolist()), reversed(heads), strict=True):
            self.heads.insert(index, head)

    def words(self, first: int, last: int) -> list[str]:
        """The words `first` .. `last` (half open) as they stand in the text."""
        text = self.text
        return [
            text[a:b] for a, b in zip(self.starts[first:last].tolist(), self.ends[first:last].tolist(), strict=True)
        ]


class Library:
    """pdfium's functions without argument conversion: handles are plain pointers, indices plain ints."""

    def __init__(self) -> None:
        import pypdfium2_raw  # noqa: PLC0415
        from pypdfium2 import raw  # noqa: PLC0415  (40 ms: only when a PDF is read)

        raw.FPDF_InitLibrary()
        self.raw = raw
        folder = Path(str(pypdfium2_raw.__file__)).parent
        path = next(p for p in sorted(folder.iterdir()) if p.suffix in {".so", ".dylib", ".dll"})
        self.dll = ctypes.PyDLL(str(path))
        self._memory = np.zeros((0, 4), np.float32)
        self._pointers: tuple[list[Any], ...] = ([], [], [], [])
        self.load_page = self.function("FPDF_LoadPage", ctypes.c_void_p)
        self.close_page = self.function("FPDF_ClosePage", None)
        self.load_text = self.function("FPDFText_LoadPage", ctypes.c_void_p)
        self.close_text = self.function("FPDFText_ClosePage", None)
        self.page_width = self.function("FPDF_GetPageWidthF", ctypes.c_float)
        self.page_height = self.function("FPDF_GetPageHeightF", ctypes.c_float)
        self.page_rotation = self.function("FPDFPage_GetRotation")
        self.page_rectangle = self.function("FPDF_GetPageBoundingBox")
        self.count_chars = self.function("FPDFText_CountChars")
        self.get_text = self.function("FPDFText_GetText")
        self.loose_box = self.function("FPDFText_GetLooseCharBox")
        self.text_object = self.function("FPDFText_GetTextObject", ctypes.c_void_p)
        self.text_font = self.function("FPDFTextObj_GetFont", ctypes.c_void_p)
        self.font_name = self.function("FPDFFont_GetBaseFontName", ctypes.c_size_t)
        self.count_objects = self.function("FPDFPage_CountObjects")
        self.object_at = self.function("FPDFPage_GetObject", ctypes.c_void_p)
        self.object_kind = self.function("FPDFPageObj_GetType")
        self.object_matrix = self.function("FPDFPageObj_GetMatrix")
        self.object_bounds = self.function("FPDFPageObj_GetBounds")
        self.form_count = self.function("FPDFFormObj_CountObjects")
        self.form_object = self.function("FPDFFormObj_GetObject", ctypes.c_void_p)
        self.char_index = self.function("FPDFText_GetCharIndexFromTextIndex")
        self.first_bookmark = self.function("FPDFBookmark_GetFirstChild", ctypes.c_void_p)
        self.next_bookmark = self.function("FPDFBookmark_GetNextSibling", ctypes.c_void_p)
        self.bookmark_title = self.function("FPDFBookmark_GetTitle", ctypes.c_ulong)
        self.bookmark_target = self.function("FPDFBookmark_GetDest", ctypes.c_void_p)
        self.bookmark_action = self.function("FPDFBookmark_GetAction", ctypes.c_void_p)
        self.action_target = self.function("FPDFAction_GetDest", ctypes.c_void_p)
        self.target_page = self.function("FPDFDest_GetDestPageIndex")
        self.next_link = self.function("FPDFLink_Enumerate")
        self.link_action = self.function("FPDFLink_GetAction", ctypes.c_void_p)
        self.action_kind = self.function("FPDFAction_GetType", ctypes.c_ulong)
        self.action_uri = self.function("FPDFAction_GetURIPath", ctypes.c_ulong)

    def function(self, name: str, restype: Any = ctypes.c_int) -> Any:
        """A function of the library by name."""
        found = self.dll[name]
        found.restype = restype
        return found

    def edges(self, count: int) -> tuple[npt.NDArray[np.float32], tuple[list[Any], ...]]:
        """Zeroed room for `count` rectangles, and pointers to the 1st .. 4th number of each; reused by the next call."""
        if count > len(self._memory):
            size = max(2 * count, 4096)
            self._memory = np.zeros((size, 4), np.float32)
            base = self._memory.ctypes.data
            self._pointers = tuple([_argument(base + 16 * i + 4 * k) for i in range(size)] for k in range(4))
        self._memory[:count] = 0
        return self._memory[:count], self._pointers


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
        self.pointer = as_pointer(self.handle)
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
        lib = self.lib = document.lib
        self.document = document.pointer
        self.number = index + 1
        self.handle: int | None = lib.load_page(document.pointer, index)
        if not self.handle:
            raise DamagedDocumentError(f"page {index + 1} cannot be loaded")
        self.pointer = _argument(self.handle)
        self.text_handle: int | None = lib.load_text(self.pointer)
        self.text_pointer = _argument(self.text_handle or 0)
        self.width: float = lib.page_width(self.pointer)
        self.height: float = lib.page_height(self.pointer)
        self.rotation: int = lib.page_rotation(self.pointer)
        rectangle = (ctypes.c_float * 4)()
        lib.page_rectangle(self.pointer, rectangle)
        self.left, self.top, self.right, self.bottom = rectangle  # FS_RECTF
        self._names: dict[int | None, str] = {None: ""}

    def close(self) -> None:
        """Free the page."""
        if self.text_handle:
            self.lib.close_text(self.text_pointer)
            self.text_handle = None
        if self.handle:
            self.lib.close_page(self.pointer)
            self.handle = None

    def read(self) -> RawPage:
        """Text and words of the page."""
        count = max(self.lib.count_chars(self.text_pointer), 0)
        buffer = np.zeros(count + 1, np.uint16)
        length = max(self.lib.get_text(self.text_pointer, 0, count, ctypes.c_void_p(buffer.ctypes.data)) - 1, 0)
        units = normalise.CHARACTERS_16[buffer[:length]]
        text = units.tobytes().decode("utf-16-le", "replace")
        codes: Codes = units
        wide = None
        if len(text) != length:  # surrogate pairs
            wide = np.frombuffer(text.encode("utf-32-le"), np.uint32) > 0xFFFF
            text = text.translate(normalise.MATHEMATICAL)
            codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        starts, ends = _words(codes)
        heads, tails = starts.tolist(), (ends - 1).tolist()
        if length != count or wide is not None:
            heads, tails = self._indices(wide, starts), self._indices(wide, ends - 1)
        boxes, last = self._boxes(heads, tails)
        glued = np.zeros(len(starts), np.bool_)
        page = RawPage(
            self.number, self.width, self.height, text, codes, starts, ends, boxes, heads, glued, glued.copy()
        )
        self._part_marks(page, tails, last)
        return page

    def _part_marks(self, page: RawPage, tails: list[int], last_heights: Floats) -> None:
        """Makes words of their own of the raised marks at the end of words."""
        heights = page.boxes[:, 3] - page.boxes[:, 1]
        parted: list[tuple[int, int, Box]] = []
        for index, length in marked_words(page.text, page.starts, page.ends, heights, last_heights):
            word = page.text[page.starts[index] : page.ends[index]]
            if tails[index] - page.heads[index] != len(word) - 1:
                continue

            def box(back: int, tail: int = tails[index]) -> Box:
                return self._character_box(tail - back)

            count = raised(word, length, box)
            if count:
                first, last = box(count - 1), box(0)
                parted.append((index, count, (first[0], first[1], last[2], first[3])))
        if parted:
            page.part(parted, [tails[index] - count + 1 for index, count, _ in parted])

    def _character_box(self, index: int) -> Box:
        memory, (pointers, *_) = self.lib.edges(1)
        self.lib.loose_box(self.text_pointer, index, pointers[0])
        x0, y0, x1, y1 = self.shown(memory[:1][:, [0, 3, 2, 1]].astype(np.float64))[0].tolist()
        return x0, y0, x1, y1

    def character_boxes(self, indices: list[int]) -> Floats:
        """The boxes of the characters with these indices, a row each."""
        return self._boxes(indices, indices)[0]

    def _indices(self, wide: Flags | None, offsets: Ints) -> list[int]:
        """Character indices of offsets into the text: they part at surrogate pairs (`wide`) and characters without Unicode."""
        units = offsets if wide is None else offsets + (np.cumsum(wide) - wide)[offsets]
        return [max(index, 0) for index in map(self.lib.char_index, repeat(self.text_pointer), units.tolist())]

    def _boxes(self, heads: list[int], tails: list[int]) -> tuple[Floats, Floats]:
        """Each word's box, from those of its first and last character, and the height of the last."""
        count, text = len(heads), repeat(self.text_pointer)
        memory, (pointers, *_) = self.lib.edges(2 * count)
        deque(map(self.lib.loose_box, text, heads, pointers), maxlen=0)
        deque(map(self.lib.loose_box, text, tails, islice(pointers, count, None)), maxlen=0)
        # FS_RECTF: left, top, right, bottom
        first, last = memory[:count], memory[count:]
        boxes = first[:, [0, 3, 2, 1]].astype(np.float64)
        boxes[:, 2] = last[:, 2]
        return self.shown(boxes), (last[:, 1] - last[:, 3]).astype(np.float64)

    def shown(self, boxes: Floats) -> Floats:
        """Boxes (left, bottom, right, top) of PDF user space, as displayed (the page's /Rotate applied)."""
        if not self.rotation:
            shown = boxes[:, [0, 3, 2, 1]]
            shown *= (1.0, -1.0, 1.0, -1.0)
            shown += (-self.left, self.top, -self.left, self.top)
            return shown
        x0, x1 = boxes[:, 0] - self.left, boxes[:, 2] - self.left
        y0, y1 = self.top - boxes[:, 3], self.top - boxes[:, 1]
        x0, x1 = np.minimum(x0, x1), np.maximum(x0, x1)
        y0, y1 = np.minimum(y0, y1), np.maximum(y0, y1)
        wide, high = self.right - self.left, self.top - self.bottom
        if self.rotation == 1:
            x0, y0, x1, y1 = high - y1, x0, high - y0, x1
        elif self.rotation == 2:
            x0, y0, x1, y1 = wide - x1, high - y1, wide - x0, high - y0
        else:
            x0, y0, x1, y1 = y0, wide - x1, y1, wide - x0
        return np.stack([x0, y0, x1, y1], axis=1)

    def font_names(self, heads: list[int]) -> list[str]:
        """The base font of the characters with these indices."""
        objects = map(self.lib.text_object, repeat(self.text_pointer), heads)
        # a generated character has no object: asked for no font, pdfium answers none
        fonts = map(self.lib.text_font, map(ctypes.c_void_p, objects))
        names = self._names
        return [names[font] if font in names else self._font_name(font) for font in fonts]

    def _font_name(self, font: int | None) -> str:
        buffer = ctypes.create_string_buffer(200)
        self.lib.font_name(ctypes.c_void_p(font), buffer, ctypes.c_size_t(200))
        name = self._names[font] = buffer.value.decode("latin-1")
        return name

    def link_targets(self) -> list[str]:
        """URLs of the page's link annotations."""
        lib = self.lib
        position, link = ctypes.c_int(0), ctypes.c_void_p()
        at, into = ctypes.byref(position), ctypes.byref(link)
        found: list[str] = []
        while lib.next_link(self.pointer, at, into):
            action = lib.link_action(link)
            if not action:
                continue
            handle = ctypes.c_void_p(action)
            if lib.action_kind(handle) != ACTION_URI:
                continue
            size = lib.action_uri(self.document, handle, None, ctypes.c_ulong(0))
            buffer = ctypes.create_string_buffer(size)
            lib.action_uri(self.document, handle, buffer, ctypes.c_ulong(size))
            found.append(buffer.value.decode("utf-8", "replace"))
        return found


def _words(codes: Codes) -> tuple[Ints, Ints]:
    """Starts and ends of the runs without white space; the mark of a line-end hyphen ends a word."""
    if not len(codes):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    solid = codes > 32
    ends = solid.copy()
    breaks = codes == _HYPHEN
    ends[:-1] &= ~solid[1:] | breaks[:-1]
    solid[1:] &= ~solid[:-1] | ends[:-1]
    return np.flatnonzero(solid), np.flatnonzero(ends) + 1


def as_pointer(handle: Any) -> Any:
    """A handle of the typed binding as a plain pointer argument."""
    return _argument(ctypes.cast(handle, ctypes.c_void_p).value or 0)


def _argument(address: int) -> Any:
    """A pointer that ctypes hands on as it is: a quarter faster than a `c_void_p`. Nothing is read at the address."""
    return ctypes.byref(ctypes.c_char.from_address(address))
