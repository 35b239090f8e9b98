"""Growth of lists whose entries are items, table rows or bold titles: one line more, written like its neighbours."""

from __future__ import annotations

import re
from collections import Counter

from vlmingest.catalogue.escape import markdown_link, markdown_text
from vlmingest.catalogue.lists.document import ListDocument, Unit
from vlmingest.catalogue.lists.lines import BULLET
from vlmingest.catalogue.lists.marks import ISO_DATE, links_of
from vlmingest.catalogue.lists.panel import Draft
from vlmingest.catalogue.lists.pieces import title_column
from vlmingest.catalogue.lists.splice import Edit, newline_of
from vlmingest.records import Entry

_CODE = re.compile(r"code|github|repo", re.IGNORECASE)


def small_edit(document: ListDocument, draft: Draft) -> Edit:
    """Where the line goes and what it says. A list without a single entry gets an item at its end."""
    gap = newline_of(document.data)
    if not document.units:
        ended = not document.data or document.data.endswith(b"\n")
        line = _item("- ", draft) + gap
        return Edit(
            len(document.data),
            len(document.data),
            ((("" if ended else gap) + gap if document.data else "") + line).encode(),
        )
    block = _largest_block(document)
    shape = block[-1].shape
    if shape == "row":
        line = _aligned(_row(block[-1], draft), [unit.text.rstrip("\r\n") for unit in block])
    elif shape == "line":
        line = _bold(draft, gap) + gap
    else:
        mark = BULLET.match(block[0].text)
        line = _item(_next_mark(mark[0] if mark else "- ", block), draft)
    before = _first_older(block, draft.entry)
    if before is not None:
        return Edit(before.start, before.start, (line + gap).encode())
    end = block[-1].end
    if document.data[:end].endswith(b"\n"):
        lead = gap if shape == "line" else ""
        return Edit(end, end, (lead + (line.rstrip() if shape == "line" else line) + gap).encode())
    return Edit(end, end, ((gap * 2 if shape == "line" else gap) + line.rstrip()).encode())


def _largest_block(document: ListDocument) -> list[Unit]:
    """The units of the section (and of the table) that holds most of them; of equals, the first."""
    keys = [(unit.section.start, unit.head) for unit in document.units]
    counted = Counter(keys)
    wanted = max(dict.fromkeys(keys), key=lambda key: counted[key])
    return [unit for unit, key in zip(document.units, keys, strict=True) if key == wanted]


def _first_older(block: list[Unit], entry: Entry) -> Unit | None:
    """In a block that is dated newest first: the first unit with an earlier day."""
    days = [_day(unit) for unit in block]
    known = [day for day in days if day]
    if entry.released is None or len(known) < 2 or known != sorted(known, reverse=True):
        return None
    return next((unit for unit, day in zip(block, days, strict=True) if day and day < entry.released.date), None)


def _day(unit: Unit) -> str | None:
    match = ISO_DATE.search(unit.text)
    return "-".join(match.groups()) if match else None


def _next_mark(mark: str, block: list[Unit]) -> str:
    """Numbered lists go on counting."""
    number = re.match(r"(\s*)(\d+)([.)]\s+)", mark)
    return f"{number[1]}{int(number[2]) + len(block)}{number[3]}" if number else mark


def _paper_url(entry: Entry) -> str:
    return f"https://arxiv.org/abs/{entry.papers[0]}" if entry.papers else next((link.url for link in entry.links), "")


def _code_url(entry: Entry) -> str:
    return next((link.url for link in entry.links if _CODE.search(link.label)), "")


def _item(mark: str, draft: Draft) -> str:
    entry, url = draft.entry, _paper_url(draft.entry)
    title = markdown_link(entry.title, url) if url else markdown_text(entry.title)
    code = f" ({markdown_link('code', _code_url(entry))})" if _code_url(entry) else ""
    words = f" - {draft.summary}" if draft.summary else ""
    return f"{mark}{title}{code}{words}"


def _row(model: Unit, draft: Draft) -> str:
    """A row under the head of `model`; what the entry does not know is `-`."""
    entry, cells = draft.entry, []
    title_at = title_column(list(model.head))
    links_apart = any(
        re.search(r"paper|link|pdf|arxiv", name, re.IGNORECASE) for n, name in enumerate(model.head) if n != title_at
    )
    for position, name in enumerate(model.head):
        word = name.lower()
        if position == title_at:
            bold = f"**{markdown_text(entry.title)}**" if "**" in model.text else markdown_text(entry.title)
            url = _paper_url(entry)
            cells.append(f"[{bold}]({url})" if url and not links_apart else bold)
        elif "date" in word or "released" in word:
            cells.append(entry.released.date if entry.released else "-")
        elif "year" in word:
            cells.append(entry.released.date[:4] if entry.released else "-")
        elif re.search(r"venue|journal|conference|publication", word):
            cells.append("arXiv" if entry.papers else "-")
        elif re.search(r"paper|link|pdf|arxiv", word):
            cells.append(markdown_link("Paper", _paper_url(entry)) if _paper_url(entry) else "-")
        elif _CODE.search(word):
            cells.append(markdown_link(_code_label(model), _code_url(entry)) if _code_url(entry) else "-")
        elif "author" in word:
            cells.append(markdown_text(", ".join(draft.author_names) or entry.authors) or "-")
        elif re.search(r"note|description|contribution|summary|idea", word):
            cells.append(markdown_text(draft.contribution) or "-")
        else:
            cells.append("-")
    return "| " + " | ".join(cells) + " |"


def _aligned(row: str, others: list[str]) -> str:
    """The row with its bars under those of a table that is written in columns; any other table takes it as it is."""
    bars = {tuple(match.start() for match in re.finditer(r"(?<!\\)\|", line)) for line in others}
    if len(bars) != 1 or len(others) < 2:
        return row
    (places,) = bars
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
    widths = [after - before - 3 for before, after in zip(places, places[1:], strict=False)]
    if len(cells) != len(widths):
        return row
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _code_label(model: Unit) -> str:
    return next((link.label for link in links_of(model.text) if "github.com" in link.url), "Code") or "Code"


def _bold(draft: Draft, gap: str) -> str:
    entry = draft.entry
    links = [("Paper", _paper_url(entry)), ("Code", _code_url(entry))]
    shown = " | ".join(markdown_link(label, url) for label, url in links if url)
    authors = markdown_text(", ".join(draft.author_names) or entry.authors)
    lines = [f"**{markdown_text(entry.title)}**<br>", *([f"{authors}<br>"] if authors else []), shown]
    return gap.join(lines) + gap
