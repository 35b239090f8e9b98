"""Dates, order, index, timeline, counts, anchors, layers, names: whether the parts of a list agree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from vlmingest.catalogue.lint.finding import Checked, ListFinding
from vlmingest.catalogue.lists.anchors import anchors_of
from vlmingest.catalogue.lists.entries import family_name
from vlmingest.catalogue.lists.family import propose_family
from vlmingest.catalogue.lists.grow import order_of, panel_dates
from vlmingest.catalogue.lists.marks import cells_of, links_of, plain_text, released_in
from vlmingest.catalogue.lists.report import counts_of
from vlmingest.catalogue.lists.segments import Kind

_NAMED_ANCHOR = re.compile(r"<[a-z]+\b[^>]*?\b(?:id|name)=[\"']([^\"']+)[\"']", re.IGNORECASE)
_MOST = 0.8  # a layer that most panels have is missed in the others
_LAYERS = (
    (Kind.SUMMARY, "summary"),
    (Kind.BADGES, "badges"),
    (Kind.AUTHORS, "authors"),
    (Kind.DEEP_DIVE, "folded explanation"),
)
_LATE_DAYS = 31  # an id names the month of v1: a release may be as late as its end


def check_dates(checked: Checked) -> Iterator[ListFinding]:
    """date: no day of the calendar, later than the paper, or another one in the timeline."""
    timeline = {plain_text(name): day for day, name in checked.document.timeline}
    for unit, entry in checked.pairs:
        own = released_in(unit.section.face) if unit.shape == "panel" else None
        day = own or (entry.released.date if entry.released else None)
        if day is None:
            continue
        parsed = _day(day)
        if parsed is None:
            yield ListFinding(
                rule="date", line=unit.line, message=f"{entry.name}: {day} is no date like 2024-01-31", level="error"
            )
            continue
        other = timeline.get(entry.name)
        if own and other and own != other:
            message = f"{entry.name}: released {own} in the panel, {other} in the timeline"
            yield ListFinding(rule="date", line=unit.line, message=message, level="error")
        months = [month for paper in entry.papers if (month := _month_of(paper))]
        if months and (parsed - min(months)).days > _LATE_DAYS:
            message = f"{entry.name}: released {day}, but its paper {entry.papers[0]} is of {min(months):%Y-%m}"
            yield ListFinding(rule="date", line=unit.line, message=message, level="hint")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _month_of(paper: str) -> date | None:
    match = re.match(r"(\d{2})(\d{2})\.", paper)
    return date(2000 + int(match[1]), int(match[2]), 1) if match else None


def check_order(checked: Checked) -> Iterator[ListFinding]:
    """order: panels or timeline rows out of their order by date."""
    panels, dates = checked.document.panels, panel_dates(checked.document)
    newest_first = order_of(dates)
    dated = [(day, panel) for day, panel in zip(dates, panels, strict=True) if day]
    for (before, _), (after, panel) in zip(dated, dated[1:], strict=False):
        if newest_first is not None and (before < after if newest_first else before > after):
            message = f"{family_name(panel.title)} of {after} stands behind {before}"
            yield ListFinding(rule="order", line=panel.line, message=message)
    rows = [
        (cells_of(one.text)[0], one.line) for _, one in checked.document.plain_segments if one.kind == Kind.TIMELINE
    ]
    newest_first = order_of([day for day, _ in rows])
    for (before, _), (after, line) in zip(rows, rows[1:], strict=False):
        if newest_first is not None and (before < after if newest_first else before > after):
            yield ListFinding(rule="order", line=line, message=f"the timeline's row of {after} stands behind {before}")


def check_agreement(checked: Checked) -> Iterator[ListFinding]:
    """index, timeline, count: each panel once in the index and the timeline, and the numbers right."""
    names = Counter(entry.name for _, entry in checked.panels)
    lines = {entry.name: unit.line for unit, entry in checked.panels}
    yield from _timeline(checked, names, lines)
    yield from _index(checked)
    number = len(checked.pairs)
    for count in counts_of(checked.document):
        # `155+` may lag behind; a number far from all is about something else
        wrong = count.value > number if count.is_minimum else count.value != number
        if wrong and 0.5 * number <= count.value <= 2 * number:
            message = f"the text says {count.value}, the list has {number} entries"
            yield ListFinding(rule="count", line=count.line, message=message)


def _timeline(checked: Checked, names: Counter[str], lines: dict[str, int]) -> Iterator[ListFinding]:
    rows: list[tuple[str, int]] = []
    for _, segment in checked.document.plain_segments:
        if segment.kind == Kind.TIMELINE:
            cells = cells_of(segment.text)
            rows.append((plain_text(cells[1]) if len(cells) > 1 else "", segment.line))
    if not rows:
        return
    counted = Counter(name for name, _ in rows)
    for name, line in rows:
        if name not in names:
            yield ListFinding(rule="timeline", line=line, message=f"{name or 'a row'} is no entry of the list")
        elif counted[name] > names[name]:
            yield ListFinding(
                rule="timeline", line=line, message=f"{name} stands {counted[name]} times in the timeline"
            )
    for name in names:
        if name not in counted:
            yield ListFinding(rule="timeline", line=lines[name], message=f"{name} is not in the timeline")


def _index(checked: Checked) -> Iterator[ListFinding]:
    document = checked.document
    headed = [section for section in document.sections if section.level]
    anchors = dict(
        zip([section.start for section in headed], anchors_of(section.title for section in headed), strict=True)
    )
    targets: Counter[str] = Counter()
    for _, segment in document.plain_segments:
        if segment.kind in (Kind.INDEX, Kind.CONTENTS):
            targets.update(link.url[1:] for link in links_of(segment.text) if link.url.startswith("#"))
    indexed = sum(anchors[panel.start] in targets for panel in document.panels)
    if indexed * 2 < len(document.panels) or not indexed:
        return  # contents of sections, no index of entries
    for panel in document.panels:
        number = targets[anchors[panel.start]]
        if number != 1:
            said = "is not in the index" if not number else f"stands {number} times in the index"
            yield ListFinding(rule="index", line=panel.line, message=f"{family_name(panel.title)} {said}")


def check_anchors(checked: Checked) -> Iterator[ListFinding]:
    """dead-anchor: a link to a place that the file does not have."""
    document = checked.document
    known = set(anchors_of(section.title for section in document.sections if section.level))
    for section in document.sections:
        if b"id=" in section.data or b"name=" in section.data:
            known.update(_NAMED_ANCHOR.findall(section.text))
    folded = {_without_marks(anchor) for anchor in known}
    for section in document.sections:
        for link in links_of(section.text) if b"#" in section.data else ():
            target = link.url[1:].lower()
            if not link.url.startswith("#") or not target or target in known or _without_marks(target) in folded:
                continue
            line = section.line + section.text.count("\n", 0, link.start)
            message = f"{link.label} leads to {link.url}, which is not there"
            yield ListFinding(rule="dead-anchor", line=line, message=message, level="error")


def _without_marks(anchor: str) -> str:
    """Emoji in headings leave marks that sites treat differently."""
    return "".join(ch for ch in anchor if ch.isalnum() or ch == "-").strip("-")


def check_names(checked: Checked) -> Iterator[ListFinding]:
    """duplicate: one family twice; family: a point release beside its family."""
    seen: dict[str, int] = {}
    for unit, entry in checked.pairs:
        key = re.sub(r"[\W_]+", "", entry.name.casefold()) or entry.name
        if key in seen:
            yield ListFinding(rule="duplicate", line=unit.line, message=f"{entry.name} stands at line {seen[key]} too")
        seen.setdefault(key, unit.line)
    entries = [entry for _, entry in checked.panels]
    for unit, entry in checked.panels:
        proposal = propose_family(entry.name, [one for one in entries if one is not entry])
        if proposal is not None and proposal.score >= 0.7:
            yield ListFinding(rule="family", line=unit.line, message=f"one family? {proposal.why}", level="hint")


def check_layers(checked: Checked) -> Iterator[ListFinding]:
    """layers: a panel without the summary, badges, authors or deep dive that most panels of the list have."""
    document = checked.document
    found: list[tuple[int, str, set[Kind]]] = []
    for index, role in enumerate(document.roles):
        if role.is_panel:
            section = document.sections[index]
            found.append((section.line, family_name(section.title), {piece.kind for piece in document.pieces(index)}))
    for kind, word in _LAYERS:
        if sum(kind in kinds for _, _, kinds in found) < _MOST * len(found):
            continue
        for line, name, kinds in found:
            if kind not in kinds:
                yield ListFinding(rule="layers", line=line, message=f"{name} has no {word}")


def check_text(checked: Checked) -> Iterator[ListFinding]:
    """trailing-space, unclosed: white space at line ends (told once), disclosures that never close."""
    data = checked.document.data
    lines = (line.rstrip(b"\r") for line in data.split(b"\n"))
    spaced = [number for number, line in enumerate(lines, 1) if line.endswith((b" ", b"\t"))]
    if spaced:
        line = spaced[0]
        yield ListFinding(
            rule="trailing-space", line=line, message=f"{len(spaced)} lines end with white space; this is the first"
        )
    for section in checked.document.sections:
        opened, closed = section.data.lower().count(b"<details"), section.data.lower().count(b"</details")
        if opened != closed and b"```" not in section.data:
            message = f"{opened} <details> and {closed} </details>"
            yield ListFinding(rule="unclosed", line=section.line, message=message, level="error")
