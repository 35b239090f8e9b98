"""What a page draws besides its text: paths, images, shadings and the pieces of forms, as columns of kinds and boxes.

Boxes are points of the page as displayed, origin at the top left. Pieces of a form are looked at one by one, text pieces
too: a form's own box counts what its clip hides and its white margins.
"""

from __future__ import annotations

import ctypes
from functools import cached_property
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vlmingest.document import Box
from vlmingest.read.arrays import Floats, Ints

if TYPE_CHECKING:
    from vlmingest.read.pdfium import Library, PdfiumPage

OBJECT_TEXT, OBJECT_PATH, OBJECT_IMAGE, OBJECT_SHADING, OBJECT_FORM = 1, 2, 3, 4, 5
MAX_GRAPHICS = 20_000  # page objects looked at per page: a drawing of more shows its extent before
MAX_FORM_DEPTH = 4
LARGE_PATH = 2_000.0  # square points: a white path of more is a background
_BATCH = 2048  # objects whose bounds are asked for at once
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Graphics:
    """The drawn objects of a page: `kinds[i]` (OBJECT_*) and `boxes[i]` (x0, y0, x1, y1)."""

    def __init__(self, kinds: Ints, boxes: Floats) -> None:
        self.kinds = kinds
        self.boxes = boxes
        self.widths: Floats = boxes[:, 2] - boxes[:, 0]
        self.heights: Floats = boxes[:, 3] - boxes[:, 1]

    @classmethod
    def none(cls) -> Graphics:
        """A page that draws nothing, or was not asked."""
        return cls(np.zeros(0, np.int64), np.zeros((0, 4)))

    @cached_property
    def flat(self) -> Floats:
        """Boxes of less than 2.5 points of height: rules across, whatever drew them."""
        flat: Floats = self.boxes[self.heights < 2.5]
        return flat

    @cached_property
    def rules(self) -> list[Box]:
        """Paths that are a thin line across, or one of the short uprights between the cells of a row."""
        wide, high = self.widths, self.heights
        thin = ((high < 2.5) & (wide > 24)) | ((wide < 1.5) & (high > 6) & (high < 80))
        return [tuple(box) for box in self.boxes[thin & (self.kinds == OBJECT_PATH)].tolist()]

    @cached_property
    def grounds(self) -> Floats:
        """Boxes of more than 3,000 square points: text within one stands in a drawing or on a coloured ground."""
        large: Floats = self.boxes[self.widths * self.heights > 3000]
        return large

    @cached_property
    def letters(self) -> Floats:
        """Boxes of the text pieces of forms."""
        letters: Floats = self.boxes[self.kinds == OBJECT_TEXT]
        return letters


def page_graphics(page: PdfiumPage) -> Graphics:
    """All drawn objects of an open page but its own text; at most about MAX_GRAPHICS."""
    lib = page.lib
    count = min(lib.count_objects(page.pointer), MAX_GRAPHICS)
    found = _Found(lib)
    found.add(list(map(lib.object_at, repeat(page.pointer), range(count))), 0, 0)
    if not found.kinds:
        return Graphics.none()
    boxes, good = found.bounds()
    return Graphics(np.array(found.kinds)[good], page.shown(boxes[good]))


class _Found:
    """Handles and kinds as they are gathered, and which matrix takes each object to the page (number 0: none)."""

    def __init__(self, lib: Library) -> None:
        self.lib = lib
        self.handles: list[ctypes.c_void_p] = []
        self.kinds: list[int] = []
        self.owners: list[int] = []
        self.matrices: list[Matrix] = [IDENTITY]
        self._own = (ctypes.c_float * 6)()

    def add(self, addresses: list[int], owner: int, depth: int) -> None:
        """Objects of one level, and what the forms among them hold."""
        handles = list(map(ctypes.c_void_p, addresses))
        kinds = list(map(self.lib.object_kind, handles))
        if not depth:  # the page's own text
            other = [kind != OBJECT_TEXT for kind in kinds]
            handles, kinds = list(compress(handles, other)), list(compress(kinds, other))
        forms: list[ctypes.c_void_p] = []
        if OBJECT_FORM in kinds and depth < MAX_FORM_DEPTH:
            form = [kind == OBJECT_FORM for kind in kinds]
            other = [not flag for flag in form]
            forms = list(compress(handles, form))
            handles, kinds = list(compress(handles, other)), list(compress(kinds, other))
        self.handles += handles
        self.kinds += kinds
        self.owners += [owner] * len(kinds)
        for handle in forms:
            if len(self.kinds) < MAX_GRAPHICS:
                self._enter(handle, owner, depth)

    def _enter(self, form: ctypes.c_void_p, owner: int, depth: int) -> None:
        own = self._own
        self.lib.object_matrix(form, own)
        self.matrices.append(_times(tuple(own), self.matrices[owner]))
        count = min(self.lib.form_count(form), MAX_GRAPHICS - len(self.kinds))
        inside = map(self.lib.form_object, repeat(form), map(ctypes.c_size_t, range(count)))
        self.add(list(inside), len(self.matrices) - 1, depth + 1)

    def bounds(self) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Boxes in PDF user space (left, bottom, right, top), and which of the objects count."""
        parts: list[Floats] = []
        good: list[int] = []
        for start in range(0, len(self.handles), _BATCH):
            handles = self.handles[start : start + _BATCH]
            memory, edges = self.lib.edges(len(handles))
            good += map(self.lib.object_bounds, handles, *edges)
            parts.append(memory.astype(np.float64))
        boxes = np.concatenate(parts)
        if len(self.matrices) > 1:
            boxes = _moved(boxes, np.array(self.matrices)[self.owners])
        counted = np.array(good, dtype=np.bool_)
        area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        for index in np.flatnonzero((np.array(self.kinds) == OBJECT_PATH) & (area > LARGE_PATH) & counted).tolist():
            counted[index] = not _is_white(self.lib, self.handles[index])
        return boxes, counted


def _moved(boxes: Floats, matrices: Floats) -> Floats:
    """The bounds of each box after its matrix (a, b, c, d, e, f)."""
    a, b, c, d, e, f = (column[:, None] for column in matrices.T)
    xs, ys = boxes[:, [0, 0, 2, 2]], boxes[:, [1, 3, 1, 3]]
    shown_x, shown_y = a * xs + c * ys + e, b * xs + d * ys + f
    return np.stack([shown_x.min(1), shown_y.min(1), shown_x.max(1), shown_y.max(1)], axis=1)


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First `m`, then `n`."""
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3], m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def _is_white(lib: Library, handle: ctypes.c_void_p) -> bool:
    """A background: filled white and without a stroke."""
    raw: Any = lib.raw
    item = ctypes.cast(handle, raw.FPDF_PAGEOBJECT)
    colour = [ctypes.c_uint() for _ in range(4)]
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, mode, stroke)
    return bool(
        not stroke.value
        and raw.FPDFPageObj_GetFillColor(item, *colour)
        and (min(part.value for part in colour[:3]) >= 250 or colour[3].value == 0 or not mode.value)
    )
