"""Badges: the label says what is behind it, the paper is the panel's paper, Paper comes before Code before Model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from vlmingest.catalogue.lint.finding import Checked, ListFinding, line_in
from vlmingest.catalogue.lists.entries import paper_ids
from vlmingest.catalogue.lists.family import Version, members_of, version_of
from vlmingest.catalogue.lists.marks import Link, links_of
from vlmingest.records import Entry

# a label that names a site promises that site
_HOSTS = (
    (re.compile(r"\barxiv\b", re.IGNORECASE), ("arxiv.org", "alphaxiv.org")),
    (re.compile(r"\bgit ?hub\b", re.IGNORECASE), ("github.com", "github.io", "githubusercontent.com")),
    (re.compile(r"\bhugging ?face\b", re.IGNORECASE), ("huggingface.co", "hf.co", "hf.space")),
    (re.compile(r"\bopen ?review\b", re.IGNORECASE), ("openreview.net",)),
    (re.compile(r"\byou ?tube\b", re.IGNORECASE), ("youtube.com", "youtu.be")),
    (re.compile(r"\bmodel ?scope\b", re.IGNORECASE), ("modelscope.cn", "modelscope.ai")),
)
_RANKS = (
    (re.compile(r"\b(?:arxiv|paper|pdf|report|openreview|technical report)\b", re.IGNORECASE), 0, "Paper"),
    (re.compile(r"\b(?:git ?hub|code|repo(?:sitory)?)\b", re.IGNORECASE), 1, "Code"),
    (
        re.compile(r"\b(?:hugging ?face|models?|weights|demo|gradio|spaces?|checkpoints?)\b", re.IGNORECASE),
        2,
        "Model or Demo",
    ),
)
_SECONDARY = ("medium.com", "towardsdatascience.com", "wikipedia.org", "reddit.com", "twitter.com", "x.com", "substack.com",
              "youtube.com", "linkedin.com", "analyticsvidhya.com", "marktechpost.com")  # fmt: skip
_ID_IN_IMAGE = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?!\d)")
# token-set ratio, 0..100, at which titles without a common name are taken for one paper's
_SAME = 70.0
_VERY_SAME = 95.0
_GOOD_START = re.compile(r"https?://(?!https?:?/)[^/\s]", re.IGNORECASE)
# a scheme misspelt, or left out before what is a host by its looks
_MEANT_AS_ADDRESS = re.compile(
    r"(?:h?t?tps?[:/]|https?://|www\.|(?:[\w-]+\.)+(?:com|org|net|io|ai|co|cn)/)", re.IGNORECASE
)
_TRACKING = re.compile(r"[?&](?:utm_\w+|fbclid|gclid)=", re.IGNORECASE)


def check_badges(checked: Checked) -> Iterator[ListFinding]:
    """badge-target, badge-order, badge-twice, badge-image, bad-link, secondary-source, paper-title, paper-twice, withdrawn."""
    owners: dict[str, tuple[int, str]] = {}
    for unit, entry in checked.pairs:
        links = links_of(unit.text)
        hidden = _face_end(unit.text)
        named = {(link.label, link.url) for link in entry.links}  # the links of a figure's caption are not among them
        badges = [
            link for link in links if link.start < hidden and ((link.label, link.url) in named or is_broken(link.url))
        ]
        for link in badges:
            yield from _badge(link, line_in(unit, link.start))
        if unit.shape == "panel":
            yield from _order([link for link in badges if link.image], unit.line)
        counted = Counter(link.url for link in badges)
        for url, number in counted.items():
            if number > 1:
                yield ListFinding(
                    rule="badge-twice", line=unit.line, message=f"{entry.name}: {url} is linked {number} times"
                )
        for link in links:
            if _host(link.url) in _SECONDARY and unit.shape == "panel":
                message = f"{entry.name}: {link.url} is no primary source"
                yield ListFinding(rule="secondary-source", line=line_in(unit, link.start), message=message)
        papers = paper_ids(link.url for link in badges)
        for paper in papers:
            yield from _paper(paper, entry, unit.line, checked)
            if paper in checked.withdrawn:
                message = f"{entry.name}: the paper {paper} was withdrawn"
                yield ListFinding(rule="withdrawn", line=unit.line, message=message, level="error")
            known = owners.setdefault(paper, (unit.line, entry.name))
            if known[0] != unit.line:
                message = f"{entry.name}: {paper} is the paper of {known[1]}, line {known[0]}, too"
                yield ListFinding(rule="paper-twice", line=unit.line, message=message)


def _face_end(text: str) -> int:
    hidden = re.search(r"<details\b", text, re.IGNORECASE)
    return hidden.start() if hidden else len(text)


def is_broken(url: str) -> bool:
    """Meant as an address of the web, and none."""
    return not _GOOD_START.match(url) and _MEANT_AS_ADDRESS.match(url) is not None


def _host(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _badge(link: Link, line: int) -> Iterator[ListFinding]:
    host = _host(link.url)
    if is_broken(link.url) or not host or "." not in host:
        yield ListFinding(rule="bad-link", line=line, message=f"{link.label} leads to {link.url!r}", level="error")
        return
    if _TRACKING.search(link.url):
        yield ListFinding(rule="bad-link", line=line, message=f"{link.label} carries a tracking parameter: {link.url}")
    for label, hosts in _HOSTS:
        if label.search(link.label) and not any(host == one or host.endswith("." + one) for one in hosts):
            yield ListFinding(
                rule="badge-target", line=line, message=f"{link.label} leads to {link.url}", level="error"
            )
    shown, target = _ID_IN_IMAGE.findall(link.image), paper_ids([link.url])
    if shown and target and shown[0] != target[0]:
        message = f"the badge shows {shown[0]} and leads to {target[0]}"
        yield ListFinding(rule="badge-image", line=line, message=message, level="error")


def _order(badges: list[Link], line: int) -> Iterator[ListFinding]:
    ranks = [(rank, name) for link in badges for pattern, rank, name in _RANKS if pattern.search(link.label)]
    for (before, earlier), (after, later) in zip(ranks, ranks[1:], strict=False):
        if after < before:
            yield ListFinding(rule="badge-order", line=line, message=f"{later} stands behind {earlier}", level="hint")
            return


def _paper(paper: str, entry: Entry, line: int, checked: Checked) -> Iterator[ListFinding]:
    title = checked.titles.get(paper)
    if title and not is_same_paper(entry, title, checked.abstracts.get(paper, "")):
        message = f"{entry.name}: the paper {paper} is {title!r}"
        sure = paper in checked.abstracts  # some papers name their model in the abstract only
        yield ListFinding(rule="paper-title", line=line, message=message, level="error" if sure else "warning")


def is_same_paper(entry: Entry, title: str, abstract: str = "") -> bool:
    """Is this the title of a paper on the entry's family?

    A name before the colon must be the family's, in the same main version; without one the family's name in title or
    abstract will do, or words that are mostly the same.
    """
    own = [version_of(member) for member in members_of(entry.name)]
    head, colon, _ = title.partition(":")
    likeness = _likeness(entry, title)
    if colon and len(head.split()) <= 6:
        others = [version_of(member) for member in members_of(head)]
        if any(_same_family(one, other) for one in own for other in others):
            return True
        if len(head.split()) <= 3:  # another model's name: only the very same words make up for it
            return likeness >= _VERY_SAME or _contains(abstract, entry.name)
    named = version_of(title)
    if any(one.stem and _has_run(named.stem, one.stem) for one in own):
        return True
    return likeness >= _SAME or _contains(abstract, entry.name)


def _likeness(entry: Entry, title: str) -> float:
    """0..100; short titles are part of too many others to be compared by their words."""
    if len(title.split()) < 3:
        return 0.0
    subtitle = entry.title.partition(":")[2] or entry.title
    return max(fuzz.token_set_ratio(one.casefold(), title.casefold()) for one in (entry.title, subtitle))


def _same_family(one: Version, other: Version) -> bool:
    if not one.stem or one.stem != other.stem:
        return False
    return not one.numbers or not other.numbers or one.numbers[0] == other.numbers[0]


def _has_run(words: tuple[str, ...], run: tuple[str, ...]) -> bool:
    return any(words[n : n + len(run)] == run for n in range(len(words) - len(run) + 1))


def _contains(text: str, name: str) -> bool:
    names = [re.escape(member) for member in members_of(name) if len(member) > 2]
    return bool(names) and re.search(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", text, re.IGNORECASE) is not None
