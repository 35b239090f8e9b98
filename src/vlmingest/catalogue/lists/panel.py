"""A new panel in the style of its list: summary, badges, authors and date, figure block, what is folded away.

Everything that comes from a paper is escaped here; `summary` and `deep_dive` of a `Draft` are Markdown already, made
by `catalogue.prose`, which escapes what it quotes.
"""

from __future__ import annotations

import re

from vlmingest.catalogue.escape import html_text, markdown_text, safe_url
from vlmingest.catalogue.lists.style import Style
from vlmingest.catalogue.prose import Prose
from vlmingest.document import Frozen
from vlmingest.records import Entry

_ALL_AUTHORS = 12  # longer lists become "First Author et al."
_CAPTION = 200  # characters of a caption that are shown
_PLAIN = {"arXiv": "Paper", "GitHub": "Code"}
_ORDER = {"arXiv": 0, "Paper": 0, "GitHub": 1, "Code": 1, "HuggingFace": 2, "Model": 2, "Demo": 3, "Project": 4}


class Draft(Frozen):
    """What a new entry says. `contribution` is plain text for the timeline; prose is Markdown."""

    entry: Entry
    summary: str = ""
    deep_dive: tuple[str, ...] = ()
    contribution: str = ""
    author_names: tuple[str, ...] = ()
    prose: Prose = Prose()  # the sentences behind summary and deep dive, clause by clause


def panel_text(draft: Draft, style: Style) -> str:
    """The panel, from its heading to a blank line after it."""
    entry = draft.entry
    title = markdown_text(entry.title or entry.name)
    paper = safe_url(f"https://arxiv.org/abs/{entry.papers[0]}") if entry.papers and style.links_heading else None
    title = f"[{title}]({paper})" if paper else title
    blocks = [f"{'#' * style.level} " + (f"**{title}**" if style.is_bold else title)]
    if draft.summary:
        blocks.append(draft.summary)
    badges = badges_of(entry, style)
    if badges:
        blocks.append(" ".join(badges))
    credit = _credit(draft, style)
    if credit:
        blocks.append(credit)
    blocks.append("\n".join(_figure_block(entry, style)))
    if draft.deep_dive and style.disclosure:
        blocks += [style.disclosure, *draft.deep_dive, "</details>"]
    return "\n\n".join(block for block in blocks if block) + "\n\n"


def badges_of(entry: Entry, style: Style) -> list[str]:
    """Badges in the order Paper, Code, then Model or Demo; an address that is no safe link gives none."""
    found = []
    known = {link.url for link in entry.links}
    papers = [("arXiv", f"https://arxiv.org/abs/{paper}") for paper in entry.papers]
    if style.links_heading:
        papers = papers[1:]
    pairs = [pair for pair in papers if pair[1] not in known] + [(link.label, link.url) for link in entry.links]
    for label, url in sorted(pairs, key=lambda pair: _ORDER.get(pair[0], 5)):
        target = safe_url(url)
        if target is None:
            continue
        paper = next((one for one in entry.papers if url.endswith(one)), entry.papers[0] if entry.papers else "")
        image = style.images.get(label, style.images["Paper"]).replace("{id}", paper)
        shown = f"[![{markdown_text(label)}]({image})]({target})"
        found.append(shown if style.uses_badges else f"[{_PLAIN.get(label, markdown_text(label))}]({target})")
    return found


def _credit(draft: Draft, style: Style) -> str:
    names = list(draft.author_names)
    authors = (
        draft.entry.authors if not names else ", ".join(names if len(names) <= _ALL_AUTHORS else [f"{names[0]} et al."])
    )
    lines = [markdown_text(authors)] if authors else []
    released = draft.entry.released
    if released and style.has_released:
        lines.append(f"**Released:** {markdown_text(released.date)}")
    return "<br>\n".join(lines)


def _figure_block(entry: Entry, style: Style) -> list[str]:
    lines = _figure_lines(entry, style)
    if not style.marker:
        return lines
    lines = lines or ["> **Architecture figure:** No figure of the paper was chosen yet."]
    mark = f"{style.marker}:{style.next_marker}"
    return [f"<!-- {mark} -->", *lines, f"<!-- /{mark} -->"]


def _figure_lines(entry: Entry, style: Style) -> list[str]:
    """A picture with credit where the entry has a file for it; else where the figure stands in the paper."""
    figure = entry.figure
    if figure is None:
        return []
    source = safe_url(f"https://arxiv.org/abs/{entry.papers[0]}") if entry.papers else None
    credit = f'<a href="{source}">Source paper</a>' if source else "Source paper"
    page = f", PDF p. {figure.page}" if figure.page else ""
    if not figure.file:
        number = markdown_text(figure.number or "")
        where = f"[paper]({source})" if source else "paper"
        return [f"> **Architecture figure:** Figure {number} of the {where}{page}; not reproduced here."]
    words = short_caption(figure.caption)
    caption = html_text(words + "." if words and words[-1].isalnum() else words)
    number = html_text(figure.number or "")
    alt = html_text(f"{entry.title} architecture: {words}".rstrip(": "))
    notice = f' <a href="{_folder(figure.file)}FIGURE_NOTICE.md">Figure notice</a>.' if style.has_notice else ""
    return [
        '<p align="center">',
        f'  <img src="{html_text(figure.file)}" alt="{alt}" width="820">',
        "</p>",
        f'<p align="center"><sub><b>Figure {number}.</b> {caption} {credit}{page}.{notice}</sub></p>',
    ]


def _folder(file: str) -> str:
    folder, slash, _ = file.rpartition("/")
    return html_text(folder + slash)


def short_caption(caption: str) -> str:
    """The first sentence of a caption, cut at a word where it is long; captions of papers are whole paragraphs."""
    text = " ".join(caption.split())
    end = re.search(r"(?<=[a-z\d)])\.(?=\s+[A-Z(])", text)
    first = text[: end.end()] if end else text
    if len(first) <= _CAPTION:
        return first
    return first[:_CAPTION].rpartition(" ")[0].rstrip(" ,;:(") + " …"
