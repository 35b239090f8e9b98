r"""Source packages as arXiv serves them -> one LaTeX text: unpacking, the main file, `\input`.

A package is one file, a gzip of one file, a tar or a gzipped tar (info.arxiv.org/help/unpack). It is unpacked in memory
only: member names are keys of a dictionary and never a path on this machine.
"""

from __future__ import annotations

import io
import posixpath
import re
import tarfile
import zlib

from vlmingest.document import Finding
from vlmingest.errors import (
    DamagedDocumentError,
    EmptyFileError,
    NoMainFileError,
    NotAPaperFileError,
    TooLargeDocumentError,
)

MAX_EXPANDED = 512 << 20  # bytes after decompression, pictures included (they are skipped, not kept)
MAX_MEMBERS = 5000
MAX_TEXT_BYTES = 32 << 20  # of all text members together
MAX_INPUT_DEPTH = 20
MAX_INPUTS = 1000
MAX_SOURCE = 12_000_000  # characters after \input
_TEXT_ENDINGS = (".tex", ".ltx", ".latex", ".bbl", ".txt", ".sty", ".abs", ".tikz")
_README = re.compile(r"(?:^|/)00readme(?:\.\w+)?$", re.IGNORECASE)
_CLASS = re.compile(r"\\document(?:class|style)\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}")
_USAGE = re.compile(r"filename[\"']?\s*:\s*[\"']?([^\s\"',}]+)[\"']?[^{}]{0,120}?usage[\"']?\s*:\s*[\"']?toplevel")
_BEGIN = re.compile(r"\\begin\s*\{document\}")
_SIDE_NAME = re.compile(
    r"response|rebuttal|reply|cover.?letter|supp|poster|slides|standalone|diff|review", re.IGNORECASE
)
_SIDE_CLASS = frozenset(["standalone", "letter", "beamer", "a0poster", "tikzposter", "moderncv"])
_MAIN_NAME = re.compile(r"^(?:main|paper|ms|arxiv|article|manuscript|template|root)\b", re.IGNORECASE)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?!\n)|\Z)|(?<!\\)((?:\\\\)*)%[^\n]*")
_COMMENT_ENV = re.compile(r"\\begin\s*\{comment\}.*?(?:\\end\s*\{comment\}|\Z)", re.DOTALL)
_IFFALSE = re.compile(r"\\iffalse\b.*?(?:\\else\b(?P<kept>.*?))?\\fi\b", re.DOTALL)
_INPUT = re.compile(
    r"\\(?:input|include|subfile|subfileinclude|loadgeometry)\s*\{\s*(?P<file>[^{}]+?)\s*\}"
    r"|\\(?:sub)?(?:import|includefrom|inputfrom)\*?\s*\{(?P<folder>[^{}]*)\}\s*\{\s*(?P<part>[^{}]+?)\s*\}"
    r"|\\input\s+(?P<bare>[\w./-]+)"
    r"|\\(?P<bib>bibliography|printbibliography)\b(?:\s*\[[^\]]*\])?(?:\s*\{[^{}]*\})?"
)


class _Limited(io.RawIOBase):
    """A stream that stops a decompression bomb."""

    def __init__(self, data: bytes, *, gzipped: bool) -> None:
        self._data = memoryview(data)
        self._at = 0
        self._inflate = zlib.decompressobj(wbits=31) if gzipped else None
        self._total = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = MAX_EXPANDED if size is None or size < 0 else size
        out = bytearray()
        while len(out) < size and (part := self._part(size - len(out))):
            out += part
            self._total += len(part)
            if self._total > MAX_EXPANDED:
                raise TooLargeDocumentError(f"more than {MAX_EXPANDED >> 20} MiB after decompression")
        return bytes(out)

    def _part(self, size: int) -> bytes:
        if self._inflate is None:
            part = bytes(self._data[self._at : self._at + size])
            self._at += len(part)
            return part
        while not self._inflate.eof:
            piece = self._inflate.unconsumed_tail
            if not piece:
                piece = bytes(self._data[self._at : self._at + 65536])
                self._at += len(piece)
                if not piece:
                    raise DamagedDocumentError("the gzip data end too early")
            try:
                part = self._inflate.decompress(piece, min(size, 1 << 20))
            except zlib.error as error:
                raise DamagedDocumentError(f"gzip: {error}") from None
            if part:
                return part
        return b""


def decode(data: bytes) -> str:
    """UTF-8, else Latin-1, which never fails."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def unpack(data: bytes) -> dict[str, str]:
    """Names and texts of a package's text files; raises one named error per cause."""
    if not data:
        raise EmptyFileError
    gzipped = data[:2] == b"\x1f\x8b"
    head = _Limited(data, gzipped=gzipped).read(512)
    if not head:
        raise EmptyFileError("nothing in the gzip")
    if head[257:262] == b"ustar" or (len(head) == 512 and _is_old_tar(head)):
        return _untar(_Limited(data, gzipped=gzipped))
    if head[:5] == b"%PDF-" or head[:4] in (b"%!PS", b"PK\x03\x04", b"\x89PNG") or b"\x00" in head:
        raise NotAPaperFileError("binary data instead of LaTeX")
    whole = _Limited(data, gzipped=gzipped).read(MAX_TEXT_BYTES + 1)
    if len(whole) > MAX_TEXT_BYTES:
        raise TooLargeDocumentError(f"more than {MAX_TEXT_BYTES >> 20} MiB of LaTeX")
    return {"main.tex": decode(whole)}


def _is_old_tar(head: bytes) -> bool:
    """A tar from before `ustar`: its header carries the checksum of itself."""
    try:
        wanted = int(head[148:156].strip(b" \x00") or b"x", 8)
    except ValueError:
        return False
    return sum(head[:148]) + 8 * 32 + sum(head[156:]) == wanted


def _untar(stream: _Limited) -> dict[str, str]:
    files: dict[str, str] = {}
    total = count = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=1 << 16) as archive:
            for member in archive:
                count += 1
                if count > MAX_MEMBERS:
                    raise TooLargeDocumentError(f"more than {MAX_MEMBERS} files in the archive")
                name = _safe_name(member.name)
                wanted = name.lower().endswith(_TEXT_ENDINGS) or _README.search(name)
                if not (member.isreg() and name and wanted):
                    continue
                total += member.size
                if total > MAX_TEXT_BYTES:
                    raise TooLargeDocumentError(f"more than {MAX_TEXT_BYTES >> 20} MiB of LaTeX")
                content = archive.extractfile(member)
                if content is not None:
                    files.setdefault(name, decode(content.read()))
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        # a cut archive: what stood before the cut may be the whole text; without a main file it fails below by name
        if not files:
            raise DamagedDocumentError(f"tar: {error}") from None
    return files


def _safe_name(name: str) -> str:
    """A relative path without dots, or nothing: a name that leads out of the archive is ignored."""
    path = posixpath.normpath(name.replace("\\", "/"))
    return "" if path.startswith(("/", "../")) or path in (".", "..") or "\x00" in path else path


def strip_comments(text: str) -> str:
    r"""Without `%` comments, `comment` environments and `\iffalse` parts."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _COMMENT.sub(lambda match: match[1] or match[2] or "", text)
    text = _COMMENT_ENV.sub("", text)
    return _IFFALSE.sub(lambda match: match["kept"] or "", text) if "\\iffalse" in text else text


def find_main(files: dict[str, str]) -> str:
    """The name of the file that LaTeX would be run on; raises NoMainFileError."""
    scores: list[tuple[int, int, str]] = []
    told = _toplevel(files)
    for name, raw in files.items():
        if not name.lower().endswith((".tex", ".ltx", ".latex")):
            continue
        text = strip_comments(raw)
        document_class = _CLASS.search(text)
        if document_class is None or not _BEGIN.search(text):
            continue
        score = (
            100 * (name in told) + 8 * (r"\begin{abstract}" in text or r"\abstract" in text) + 4 * (r"\title" in text)
        )
        score += 4 * bool(_MAIN_NAME.match(posixpath.basename(name))) - 3 * name.count("/")
        score += 2 * (r"\bibliography" in text or r"\begin{thebibliography}" in text)
        score += min(text.count(r"\section") + text.count(r"\input") + text.count(r"\include{"), 8)
        if document_class[1].strip() in _SIDE_CLASS or _SIDE_NAME.search(posixpath.basename(name)):
            score -= 20
        if "subfiles" in document_class[1]:
            score -= 20
        scores.append((score, len(text), name))
    if scores:
        best = max(scores)
        if best[0] > -10 or len(scores) == 1:
            return best[2]
    # plain fragments: one file with sections is enough to read
    bodies = [name for name, text in files.items() if name.lower().endswith(".tex") and text.count(r"\section") >= 1]
    if len(files) == 1 or len(bodies) == 1:
        only = bodies[0] if bodies else next(iter(files))
        if len(re.findall(r"\\[A-Za-z]+", files[only])) >= 5:
            return only
    if len(files) == 1 and "\\" not in next(iter(files.values())):
        raise NotAPaperFileError("text without any LaTeX command")
    raise NoMainFileError(f"{len(files)} text files")


def _toplevel(files: dict[str, str]) -> set[str]:
    """Main files that arXiv's 00README names (old: `main.tex toplevelfile`; new: `usage: toplevel`)."""
    told: set[str] = set()
    for name, text in files.items():
        if _README.search(name):
            told |= {match[1] for match in re.finditer(r"(\S+\.\w+)\s+toplevelfile", text)}
            for match in _USAGE.finditer(text):
                told.add(match[1])
    return told


class Flattener:
    r"""Follows `\input` and its relatives from the main file, with limits on depth, count and size."""

    def __init__(self, files: dict[str, str], main: str) -> None:
        self.files = files
        self.lower = {name.lower(): name for name in files}
        self.main = main
        self.findings: list[Finding] = []
        self.inputs = 0
        self.size = 0

    def run(self) -> str:
        """The whole source, comments dropped."""
        return self._expand(self.main, ())

    def _expand(self, name: str, stack: tuple[str, ...]) -> str:
        text = strip_comments(self.files[name])
        if stack and (begin := _BEGIN.search(text)):  # a subfile has a preamble of its own
            text = text[begin.end() :].split(r"\end{document}")[0]
        text = text.split(r"\endinput")[0]
        self.size += len(text)
        if self.size > MAX_SOURCE:
            raise TooLargeDocumentError(f"more than {MAX_SOURCE} characters after \\input")
        inner = (*stack, name)
        return _INPUT.sub(lambda match: self._included(match, inner), text)

    def _included(self, match: re.Match[str], stack: tuple[str, ...]) -> str:
        if match["bib"]:
            found = self._bibliography()
        else:
            wanted = match["file"] or match["bare"] or posixpath.join(match["folder"] or "", match["part"] or "")
            found = self._lookup(wanted, posixpath.dirname(stack[-1]))
        if found is None:
            return "" if match["bib"] is None else match[0]
        if found in stack:
            self._find("input-loop", f"{found!r} inputs itself")
            return ""
        self.inputs += 1
        if len(stack) >= MAX_INPUT_DEPTH or self.inputs > MAX_INPUTS:
            self._find("input-depth", f"\\input is nested or repeated too often at {found!r}; the rest is left out")
            return ""
        return self._expand(found, stack)

    def _find(self, code: str, message: str) -> None:
        if not any(finding.code == code for finding in self.findings):
            self.findings.append(Finding(code=code, message=message))

    def _lookup(self, wanted: str, folder: str) -> str | None:
        for base in dict.fromkeys((posixpath.dirname(self.main), folder, "")):
            for ending in ("", ".tex", ".ltx"):
                path = posixpath.normpath(posixpath.join(base, wanted + ending)).lower()
                if path in self.lower and not path.endswith(".sty"):
                    return self.lower[path]
        return None

    def _bibliography(self) -> str | None:
        bbls = [name for name in self.files if name.lower().endswith(".bbl")]
        own = posixpath.splitext(self.main)[0] + ".bbl"
        return own if own in bbls else (bbls[0] if bbls else None)
