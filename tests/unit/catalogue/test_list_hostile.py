"""Foreign lists may open what they never close: every search stays about linear, and no byte is lost."""

from __future__ import annotations

import time

import pytest

from vlmingest.catalogue.lint import lint_list
from vlmingest.catalogue.lists import entries_of, import_report, parse_list
from vlmingest.catalogue.lists.grow import add_entry
from vlmingest.catalogue.lists.panel import Draft
from vlmingest.records import Entry

N = 20_000
SPACES = b" " * N
HOSTILE = {
    "spaces": SPACES + b"x\n",
    "spaces in an item": b"- [a](https://x.org)" + SPACES + b"b\n",
    "spaces after a bold title": b"**a**" + SPACES + b"b\n[x](https://arxiv.org/abs/2401.00001)\n",
    "spaces in a row": b"|a|b|\n|-|-|\n|" + SPACES + b"|x|\n",
    "spaces in a heading": b"## a" + SPACES + b"b\n",
    "spaces in an index": b"[a](#a)" + SPACES + b"| [b](#b)\n",
    "spaces in a date": b"## A\n\n**Released:**" + SPACES + b"x\n",
    "spaces in a tag": b"- [" + SPACES + b"2024] x [p](https://x.y)\n",
    "dashes": b"- [a](https://x.org) x" + b" -" * N + b"\n",
    "brackets": b"[" * N,
    "badges never closed": b"[![a" * N,
    "links never closed": b"- " + b"[a](b" * N,
    "anchors never closed": b"<a href='https://x' " * N,
    "anchors without an end": b"<a href='https://x'>" * N,
    "comments never closed": b"<!--" * N,
    "captions never closed": b"## A\n\n[![a](i)](https://x.y)\n<p>"
    + b"<b>Figure 1</b> " * 4000
    + b"<img src='x'></p>\n",
    "emphasis": b"*a_" * N,
    "stars": b"# L\n\n" + b"*" * N + b"\n",
    "backticks": b"- [a](https://x.org) - " + b"`a" * N + b"\n",
    "pipes": b"|" * N + b"\n" + b"|-" * N,
    "digits": b"1" * N + b" models",
    "escapes": b"## " + b"\\*" * N,
    "carriage returns": b"# a\r" * 3000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_search_stays_linear(name: str) -> None:
    data = b"# L\n\n" + HOSTILE[name]
    start = time.process_time()
    document = parse_list(data)
    report = import_report(document, entries_of(document))
    lint_list(document, hints=True)
    add_entry(document, Draft(entry=Entry(name="N", title="N: x")))
    assert time.process_time() - start < 3
    assert report.bytes_unaccounted == 0
