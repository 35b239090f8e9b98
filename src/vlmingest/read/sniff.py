"""What kind of file the bytes are, whatever their name says."""

from __future__ import annotations

import re

_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_TEX = re.compile(rb"\\document(?:class|style)\b|\\begin\s*\{document\}|\\input\b|\\section\b")


def sniff(data: bytes) -> str:
    """A media type: application/pdf, text/html, application/gzip, application/x-tar, text/x-tex or octet-stream."""
    head = data[:4096]
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(b"\x1f\x8b"):
        return "application/gzip"
    if data[257:262] == b"ustar":
        return "application/x-tar"
    if _HTML.search(head):
        return "text/html"
    if b"\0" not in head and _TEX.search(data[:200_000]):
        return "text/x-tex"
    return "application/octet-stream"
