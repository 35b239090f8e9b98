"""PDFs made for the tests of the reader: pages of placed lines, drawings, outlines; no library involved."""

from __future__ import annotations

Text = tuple[float, float, float, str, str]  # x, y from below, size, font, text
Bookmark = tuple[str, int]  # title, 1-based page


def make_pdf(
    pages: list[list[Text]], drawing: str = "", outline: list[Bookmark] | None = None, rotate: int = 0
) -> bytes:
    """A PDF of 612 x 792 points: pages of (x, y from below, size, font F1, F2 (bold) or F3 (italic), text).

    `drawing`: content put on each page; `outline`: bookmarks of one level; `rotate`: degrees that pages are shown turned.
    """
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    fonts = (
        b"<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/F2<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>"
        b"/F3<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Oblique>>>>"
    )
    kids = []
    for page in pages:
        body = drawing + "".join(f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n" for x, y, size, font, text in page)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(body), body.encode("latin-1")))
        number = len(objects)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/Rotate %d/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font%s>>>>"
            % (rotate, number, fonts)
        )
        kids.append(b"%d 0 R" % (number + 1))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    if outline:
        _add_outline(objects, kids, outline)
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, start,
    )  # fmt: skip


def _add_outline(objects: list[bytes], kids: list[bytes], outline: list[Bookmark]) -> None:
    root = len(objects) + 1
    objects[0] = b"<</Type/Catalog/Pages 2 0 R/Outlines %d 0 R>>" % root
    objects.append(b"<</First %d 0 R/Last %d 0 R/Count %d>>" % (root + 1, root + len(outline), len(outline)))
    for index, (title, page) in enumerate(outline, 1):
        beside = b"/Next %d 0 R" % (root + index + 1) if index < len(outline) else b""
        objects.append(
            b"<</Title(%s)/Parent %d 0 R/Dest[%s/Fit]%s>>" % (title.encode("latin-1"), root, kids[page - 1], beside)
        )


def column(texts: list[str], x: float = 72, top: float = 700, size: float = 10, step: float = 12) -> list[Text]:
    """Lines one below the other."""
    return [(x, top - step * i, size, "F1", text) for i, text in enumerate(texts)]


PROSE = [
    "the model is trained on pairs of images and texts that were found on the",
    "web and filtered by a second model, as most of the earlier work has done it",
    "for years, and we keep all of its settings unless it is said otherwise here",
    "because the question of this work is only how the parts are to be joined by",
    "a small network that maps what the encoder sees to what the decoder reads.",
]
