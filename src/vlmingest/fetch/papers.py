"""Full texts: the addresses of a paper's formats, and whether what came is what the address promises.

Addresses as arXiv has them (info.arxiv.org/help/mimetypes): `/pdf/ID`, `/html/ID`, `/e-print/ID`, `/abs/ID`; the bare
id is the latest version, `IDvN` that version.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote, urlsplit

from vlmingest.errors import NotFoundError, UsageError
from vlmingest.fetch.client import HttpClient, Response
from vlmingest.ids import ArxivId

Format = Literal["pdf", "html", "latex", "abs"]

_PATHS: dict[Format, str] = {"pdf": "pdf", "html": "html", "latex": "e-print", "abs": "abs"}
_ACCEPT: dict[Format, str] = {
    "pdf": "application/pdf",
    "html": "text/html,application/xhtml+xml",
    "latex": "*/*",
    "abs": "text/html,application/xhtml+xml",
}
_HEAD = 2048


def paper_url(base_url: str, arxiv_id: ArxivId, format: Format) -> str:  # noqa: A002 - the field's own word
    """The address of one format of a paper under `base_url`."""
    return f"{base_url.rstrip('/')}/{_PATHS[format]}/{quote(str(arxiv_id), safe='/')}"


def fetch_paper(client: HttpClient, base_url: str, arxiv_id: ArxivId, format: Format) -> Response:  # noqa: A002
    """One format of a paper. Raises NotFoundError (also where no LaTeX was sent) and the other FetchErrors."""
    url = paper_url(base_url, arxiv_id, format)
    response = client.get(url, accept=_ACCEPT[format], check=_CHECKS[format])
    if format == "latex" and sniff(response.content) in ("pdf", "html", "postscript"):
        raise NotFoundError(url, f"the authors sent {sniff(response.content)}, there is no LaTeX source")
    return response


def fetch_url(client: HttpClient, url: str) -> Response:
    """An http(s) address that the user gave on the command line; redirects may lead to other public hosts."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageError(f"{url!r} is not an http(s) address")
    return client.get(url, accept="application/pdf,text/html,application/xhtml+xml;q=0.9,*/*;q=0.5", anywhere=True)


def sniff(data: bytes) -> Literal["pdf", "html", "gzip", "tar", "postscript", "text", "empty", "unknown"]:
    """What the bytes are, by their beginning (info.arxiv.org/help/unpack)."""
    head = data[:_HEAD]
    if not head:
        return "empty"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"%!PS"):
        return "postscript"
    if data[257:262] == b"ustar":
        return "tar"
    if _looks_like_html(head):
        return "html"
    return "unknown" if b"\x00" in head else "text"


def _looks_like_html(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return True
    return start.startswith((b"<?xml", b"<!--", b"<!doctype")) and b"<html" in start


def _check_pdf(response: Response) -> str | None:
    kind = sniff(response.content)
    if kind != "pdf":
        return f"{_name(kind, response)} where a PDF was due"
    # without a promised length only the end of the file tells whether all of it came
    if "content-length" not in response.headers and b"%%EOF" not in response.content[-_HEAD:]:
        return f"a PDF cut off after {len(response.content)} bytes"
    return None


def _check_html(response: Response) -> str | None:
    kind = sniff(response.content)
    return None if kind == "html" else f"{_name(kind, response)} where HTML was due"


def _check_source(response: Response) -> str | None:
    return "an empty answer where a source was due" if not response.content else None


def _name(kind: str, response: Response) -> str:
    return f"{kind} ({response.media_type or 'no media type'}, {len(response.content)} bytes)"


_CHECKS = {"pdf": _check_pdf, "html": _check_html, "latex": _check_source, "abs": _check_html}
