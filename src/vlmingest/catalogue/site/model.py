"""The page of one panel: what it is made of at a glance, every value with its status, its evidence one click away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vlmingest.catalogue.escape import safe_url
from vlmingest.catalogue.facts import Line, Part, parts_of, status_text
from vlmingest.catalogue.figures import FigureFile
from vlmingest.catalogue.site.layout import page
from vlmingest.catalogue.site.markup import Html, element, join, lines
from vlmingest.catalogue.site.panels import Panel
from vlmingest.records import Evidence, Record

_FLOW = (("vision_encoders", "Vision encoder"), ("connectors", "Connector"), ("language_models", "Language backbone"))
_FLOW_VALUES = 3


def model_page(panel: Panel, figure: FigureFile | None = None) -> bytes:
    """`models/<stem>.html`."""
    body = model_body(panel, figure)
    return page(
        panel.name,
        body,
        here=f"models/{panel.stem}.html",
        root="../",
        lead=_lead(panel),
        description=_description(panel),
    )


def model_body(panel: Panel, figure: FigureFile | None = None) -> Html:
    """What stands below the heading: summary, links, parts at a glance, every value with its evidence."""
    several = len(panel.records) > 1
    return lines(
        *(_withdrawn(record) for record in panel.records),
        element("p", panel.entry.summary, class_="summary") if panel.entry and panel.entry.summary else None,
        _links(panel),
        _flow(panel),
        _figure(panel, figure) if figure else None,
        *(_record(record, several=several) for record in panel.records),
        None if panel.records else element("p", "No paper of this entry was read yet: there is no evidence to show."),
    )


def _description(panel: Panel) -> str:
    """For search engines and previews."""
    parts = [f"{label}: {text}" for name, label in _FLOW if (text := panel.text(name))]
    return ". ".join([panel.title or panel.name, *parts])[:300]


def _lead(panel: Panel) -> Html:
    released = panel.entry.released if panel.entry else None
    basis = f" ({released.basis})" if released else ""
    when = element("time", panel.date, datetime=panel.date) if panel.date else None
    return lines(
        element("p", panel.title, class_="subtitle") if panel.title != panel.name else None,
        element("p", panel.authors, class_="authors") if panel.authors else None,
        element("p", join("Released ", when, basis), class_="authors") if when else None,
    )


def _withdrawn(record: Record) -> Html | None:
    if not record.paper.withdrawn:
        return None
    reason = record.paper.withdrawn_reason or "No reason was given."
    return element("p", element("strong", "Withdrawn."), " ", reason, class_="notice")


def _links(panel: Panel) -> Html | None:
    given = [(link.label, link.url) for link in panel.entry.links] if panel.entry else []
    for record in panel.records:
        if record.paper.arxiv_id:
            given.append((f"arXiv {record.paper.arxiv_id}", f"https://arxiv.org/abs/{record.paper.arxiv_id}"))
        given += [(label.capitalize(), url) for label, urls in record.paper.links for url in urls]
    found: dict[str, tuple[str, str]] = {}
    for label, url in given:
        if target := safe_url(url):
            found.setdefault(_same(target), (label, target))
    items = [element("li", element("a", label, href=url, rel="noopener", title=url)) for label, url in found.values()]
    return element("ul", *items, class_="badges") if items else None


def _same(url: str) -> str:
    """One text for addresses that lead to the same thing: spelling of the scheme, `.git`, arXiv's abs and pdf."""
    text = re.sub(r"^https?://(?:www\.)?", "", url.lower()).rstrip("/").removesuffix(".git")
    return re.sub(r"^arxiv\.org/(?:abs|pdf|html)/(.*?)(?:v[0-9]+)?(?:\.pdf)?$", r"arxiv:\1", text)


def _flow(panel: Panel) -> Html | None:
    boxes = []
    for name, label in _FLOW:
        values = panel.text(name).split("; ")
        if values == [""]:
            continue
        shown = [element("span", value, class_="value") for value in values[:_FLOW_VALUES]]
        rest = f"and {len(values) - _FLOW_VALUES} more" if len(values) > _FLOW_VALUES else None
        boxes.append(element("li", element("span", label, class_="part"), *shown, rest))
    return element("ol", *boxes, class_="flow", aria_label="From image to answer") if boxes else None


def _figure(panel: Panel, figure: FigureFile) -> Html:
    image = element(
        "img", src=f"../figures/{figure.name}", alt=f"Architecture figure of {panel.name}", loading="lazy",
        width=figure.width, height=figure.height,
    )  # fmt: skip
    caption = element("figcaption", figure.caption, element("small", figure.credit), element("small", figure.notice))
    return element("figure", image, caption, class_="paper-figure")


def _record(record: Record, *, several: bool) -> Html:
    paper = record.paper
    head = None
    if several:
        head = element("h2", paper.title or paper.id)
    parts = [_part(part, record, "h3" if several else "h2") for part in parts_of(record)]
    read = f"Read in version {paper.version}" + (f", published {paper.published}" if paper.published else "") + "."
    return element("section", lines(head, *parts, element("p", read, class_="authors")))


def _part(part: Part, record: Record, heading: str) -> Html:
    groups: list[Html] = []
    labels = list(dict.fromkeys(line.label for line in part.lines))
    for label in labels:
        values = [_value(line, record) for line in part.lines if line.label == label]
        groups.append(element("div", element("dt", label), *values, class_="group"))
    return lines(element(heading, part.heading), element("dl", lines(*groups), class_="facts"))


def _value(line: Line, record: Record) -> Html:
    mark = {"accepted": "ok", "corrected": "ok"}.get(line.status, "sure" if line.band == "accept" else "open")
    sure = f" · {line.confidence:.0%}" if line.status == "proposed" and line.confidence else ""
    head = join(
        element("span", line.text, class_="value"),
        " ",
        element("span", status_text(line) + sure, class_=f"state {mark}"),
    )
    if not line.evidence:
        return element("dd", head)
    count = len(line.evidence)
    summary = element("summary", "Evidence" if count == 1 else f"Evidence ({count})")
    quotes = lines(*_quotes(line.evidence, record))
    return element("dd", head, element("details", lines(summary, quotes)))


def _quotes(proofs: Sequence[Evidence], record: Record) -> Iterable[Html]:
    for proof in proofs:
        where = [_page_link(proof, record), proof.section, proof.source, proof.reader]
        shown = [one for one in where if one]
        place = join(*(join(one, " · ") for one in shown[:-1]), *shown[-1:])
        yield element("blockquote", element("p", proof.quote), element("footer", place))


def _page_link(proof: Evidence, record: Record) -> str | None:
    if not proof.page:
        return None
    text = f"page {proof.page}"
    if proof.source != "pdf" or not record.paper.arxiv_id:
        return text
    target = safe_url(f"https://arxiv.org/pdf/{record.paper.arxiv_id}v{record.paper.version}#page={proof.page}")
    return element("a", text, href=target, rel="noopener")
