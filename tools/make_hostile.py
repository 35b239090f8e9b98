#!/usr/bin/env python3
"""Make the hostile set: files that have stopped readers, by code and from a seed; nothing of it is stored.

usage: make_hostile.py FOLDER [SAMPLE.pdf]   writes one file per case; SAMPLE.pdf is cut, encrypted and mutated
`hostile_files()` gives the cases that need no sample, `damaged_files(sample)` those made of a real PDF,
`mutants(sample, count, seed)` byte flips, cuts and spliced objects of it.
"""

# ruff: noqa: E501 - file formats in one piece are easier to check than broken ones

from __future__ import annotations

import gzip
import io
import itertools
import random
import re
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

PAPER = r"""\documentclass{article}\title{A Small Paper}\author{Ann Author}\begin{document}\maketitle
\begin{abstract}We say little.\end{abstract}\section{Introduction}Hello world.\end{document}"""


def pdf(objects: dict[int, bytes], root: int = 1, extra: bytes = b"") -> bytes:
    """A PDF file of numbered objects with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets: dict[int, int] = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    return bytes(out) + b"trailer\n<< /Size %d /Root %d 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        root,
        extra,
        start,
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def page(
    content: bytes, resources: bytes = b"", box: bytes = b"0 0 612 792", more: dict[int, bytes] | None = None
) -> bytes:
    """One page; object 4 is its content stream, 5 the font Helvetica."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %b >> >>"
            % (box, resources),
            4: content,
            5: font,
            **(more or {}),
        }
    )


TEXT = b"BT /F1 12 Tf 72 700 Td (A short line of text on a page.) Tj ET\n"


def bomb(unit: bytes, mib: int) -> bytes:
    """Deflated repetition, made piecewise."""
    packer, block = zlib.compressobj(9), unit * ((1 << 20) // len(unit))
    return b"".join(packer.compress(block) for _ in range(mib)) + packer.flush()


def _laughs() -> bytes:
    forms = {
        10 + i: stream(
            b"/X Do " * 10,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % (11 + i),
        )
        for i in range(12)
    }
    forms[22] = stream(TEXT, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return page(stream(b"/X Do"), b"/XObject << /X 10 0 R >>", more=forms)


def _self_reference() -> bytes:
    form = stream(
        b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 10 0 R >> >>"
    )
    return page(stream(b"/X Do"), b"/XObject << /X 10 0 R >>", more={10: form})


def _pages(count: int) -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: stream(TEXT),
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number in range(5, 5 + count):
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
        )
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + count))
    return pdf({**objects, 2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)})


def _page_tree(*, loop: bool) -> bytes:
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    deep = 3 if loop else 5000
    for number in range(2, deep):
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1)
    objects[deep] = b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>" if loop else b"<< /Type /Page /MediaBox [0 0 9 9] >>"
    return pdf(objects)


def _to_unicode() -> bytes:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange\n"
        b"1 beginbfrange <00000000> <7FFFFFFF> <0041> endbfrange endcmap"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 11 0 R >>"
    return page(
        stream(b"BT /F2 12 Tf 72 700 Td (some words) Tj ET"),
        b"/Font << /F2 10 0 R >>",
        more={10: font, 11: stream(cmap)},
    )


def _xref_loop() -> bytes:
    data = page(stream(TEXT))
    start = int(re.search(rb"startxref\n(\d+)", data)[1])  # type: ignore[index]
    return data.replace(b"/Root 1 0 R ", b"/Root 1 0 R /Prev %d " % start)


def _image_only() -> bytes:
    image = stream(
        zlib.compress(bytes(range(256)) * 40),
        b"/Type /XObject /Subtype /Image /Width 80 /Height 128 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
    )
    return page(stream(b"q 500 0 0 700 50 50 cm /I Do Q"), b"/XObject << /I 10 0 R >>", more={10: image})


def _garbage_text() -> bytes:
    chooser = random.Random(7)
    lines = b"".join(
        b"BT /F1 10 Tf 50 %d Td <%b> Tj ET\n"
        % (760 - 12 * i, bytes(chooser.randrange(161, 255) for _ in range(80)).hex().encode())
        for i in range(60)
    )
    return page(stream(lines))


def tar(members: dict[str, bytes], *, packed: bool = True) -> bytes:
    """A (gzipped) tar of in-memory files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0) if packed else buffer.getvalue()


def _tar_bomb() -> bytes:
    info = tarfile.TarInfo("main.tex")
    info.size = 1 << 30
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    return packer.compress(info.tobuf()) + b"".join(packer.compress(zeros) for _ in range(1 << 10)) + packer.flush()


def _macro_bomb() -> bytes:
    letters = "abcdefghij"
    defs = "".join("\\newcommand{\\z" + a + "}{" + 10 * ("\\z" + b) + "}" for a, b in itertools.pairwise(letters))
    return (
        r"\documentclass{article}" + defs + r"\newcommand{\zj}{ha}\begin{document}\section{A}\za\end{document}"
    ).encode()


def _loop_tar() -> bytes:
    return tar(
        {
            "main.tex": PAPER.replace("Hello", r"\input{a} Hello").encode(),
            "a.tex": rb"text of a \input{b}",
            "b.tex": rb"text of b \input{a}\input{main}",
        }
    )


def hostile_files() -> dict[str, Callable[[], bytes]]:
    """Name -> maker of every case that needs no real paper."""
    flate = b"/Filter /FlateDecode"
    html = b"<!DOCTYPE html><html><head><title>x</title></head><body>"
    return {
        "flate-bomb-spaces.pdf": lambda: page(stream(bomb(b" ", 2048), flate)),
        "flate-bomb-text.pdf": lambda: page(stream(bomb(TEXT, 1024), flate)),
        "double-flate-bomb.pdf": lambda: page(stream(zlib.compress(bomb(b" ", 2048), 9), b"/Filter [/FlateDecode /FlateDecode]")),
        "form-calls-itself.pdf": _self_reference,
        "billion-laughs-forms.pdf": _laughs,
        "xref-loop.pdf": _xref_loop,
        "page-tree-loop.pdf": lambda: _page_tree(loop=True),
        "page-tree-deep.pdf": lambda: _page_tree(loop=False),
        "deep-arrays.pdf": lambda: page(stream(b"[" * 200_000 + b"]" * 200_000 + b" TJ")),
        "deep-dictionary.pdf": lambda: page(stream(TEXT), b"/A " + b"<< /A " * 50_000 + b">> " * 50_000),
        "ten-thousand-pages.pdf": lambda: _pages(10_000),
        "huge-page.pdf": lambda: page(stream(TEXT), box=b"0 0 10000000 10000000"),
        "zero-page-box.pdf": lambda: page(stream(TEXT), box=b"0 0 0 0"),
        "no-pages.pdf": lambda: pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}),
        "five-million-q.pdf": lambda: page(stream(bomb(b"q ", 10), flate)),
        "huge-tounicode.pdf": _to_unicode,
        "image-only.pdf": _image_only,
        "garbage-encoding.pdf": _garbage_text,
        "scattered-words.pdf": lambda: page(stream(b"".join(b"BT /F1 5 Tf %d %d Td (w%d) Tj ET " % (i * 7 % 600, i * 13 % 780, i) for i in range(60_000)))),
        "header-only.pdf": lambda: b"%PDF-1.7\n%%EOF\n",
        "random-bytes.pdf": lambda: b"%PDF-1.5\n" + random.Random(3).randbytes(200_000),
        "zero-bytes.pdf": lambda: b"",
        "html-named.pdf": lambda: html + b"<p>The paper is not here. Please sign in.</p></body></html>",
        "text-named.pdf": lambda: b"version https://example.org/spec/v1\noid 12345\nsize 99\n",
        "nested.html": lambda: html + b"<div>" * 100_000 + b"deep",
        "nested-inline.html": lambda: html + b"<p>" + b"<b><i>" * 50_000 + b"deep",
        "script-only.html": lambda: html + b"<script>while(1){}</script><style>a{}</style><!-- x --></body></html>",
        "span-bomb.html": lambda: html + b"<table>" + b"<tr>" + b"<td colspan=200 rowspan=65534>x</td>" * 2000 + b"</tr></table>",
        "tar-bomb.tar.gz": _tar_bomb,
        "many-members.tar.gz": lambda: tar({f"f{i}.tex": b"x" for i in range(6000)}),
        "path-traversal.tar.gz": lambda: tar({"../../etc/x.tex": PAPER.encode(), "/abs.tex": PAPER.encode()}),
        "no-main.tar.gz": lambda: tar({"a.tex": b"some words", "b.tex": b"more words"}),
        "input-loop.tar.gz": _loop_tar,
        "macro-bomb.tex": _macro_bomb,
        "macro-loop.tex": lambda: PAPER.replace("Hello", r"\def\qa{\qb\qb}\def\qb{\qa\qa}\qa Hello").encode(),
        "brace-nest.tex": lambda: PAPER.replace("Hello", r"\footnote{" * 20_000 + "x" + "}" * 20_000).encode(),
        "cut-gzip.tar.gz": lambda: tar({"main.tex": PAPER.encode() + random.Random(5).randbytes(9000).hex().encode()})[:3000],
    }  # fmt: skip


def damaged_files(sample: bytes) -> dict[str, bytes]:
    """The sample cut at ten points, and with a user password."""
    from pypdf import PdfReader, PdfWriter

    files = {f"truncated-{part:02d}.pdf": sample[: len(sample) * part // 11] for part in range(1, 11)}
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sample)))
    writer.encrypt(user_password="secret", owner_password="owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return {**files, "user-password.pdf": buffer.getvalue()}


def mutants(sample: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Seeded damage: flipped bytes, a cut-out piece, an object put in another's place."""
    for index in range(count):
        chooser = random.Random(f"{seed}-{index}")
        data = bytearray(sample)
        kind = chooser.choice(("flip", "cut", "splice"))
        if kind == "flip":
            for _ in range(chooser.choice((1, 8, 64, 512))):
                data[chooser.randrange(len(data))] = chooser.randrange(256)
        elif kind == "cut":
            at = chooser.randrange(len(data))
            del data[at : at + chooser.choice((1, 100, 10_000, len(data)))]
        else:
            bodies = [match.span() for match in re.finditer(rb"(?<=obj)\s.*?(?=endobj)", sample, re.DOTALL)]
            if len(bodies) > 1:
                (start, end), (other, last) = chooser.sample(bodies, 2)
                data[start:end] = sample[other:last]
        yield f"{kind}-{index}", bytes(data)


def main(arguments: list[str]) -> int:
    """Write all cases into a folder."""
    if not arguments:
        print(__doc__)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in hostile_files().items():
        (folder / name).write_bytes(make())
    if len(arguments) > 1:
        for name, data in damaged_files(Path(arguments[1]).read_bytes()).items():
            (folder / name).write_bytes(data)
    print(f"{len(list(folder.iterdir()))} files in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
