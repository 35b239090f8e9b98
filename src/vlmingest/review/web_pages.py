"""The pages of the review app: the queue, a question with its proof on the page, a paper with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from vlmingest.catalogue.site.markup import Html, element, join, lines
from vlmingest.catalogue.site.model import model_body
from vlmingest.catalogue.site.panels import panels_of
from vlmingest.records import Record, ReviewItem, Verdict
from vlmingest.review.queue import Shown

PER_PAGE = 50
_OPEN_SHOWN = 8  # open questions of a paper that are not folded away
FILTERS = ("reason", "field", "paper")


class Frame(NamedTuple):
    """What every page needs: the session's token, whether anything may be changed, how many questions wait."""

    token: str
    read_only: bool
    waiting: int


class Clip(NamedTuple):
    """A stretch of a page with the words of a quote: an image and boxes, in points of the page."""

    image: str
    width: float
    height: float
    top: float
    bottom: float
    boxes: tuple[tuple[float, float, float, float], ...]


def page(frame: Frame, title: str, *body: Html | None) -> bytes:
    """A whole page."""
    head = element(
        "head",
        lines(
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            element("title", f"{title} · review"),
            element("link", rel="icon", href="/assets/icon.svg"),
            element("link", rel="stylesheet", href="/assets/style.css"),
            element("link", rel="stylesheet", href="/assets/review.css"),
            element("script", Html(""), src="/assets/theme.js"),
            element("script", Html(""), src="/assets/review.js", defer=True),
        ),
    )
    top = element(
        "header",
        join(
            element(
                "a", element("span", Html(""), class_="mark", aria_hidden="true"), "Review", class_="brand", href="/"
            ),
            element("nav", element("a", f"{frame.waiting:,} open", href="/"), aria_label="Main"),
            None if frame.read_only else _form(frame, "/undo", element("button", "Undo", type="submit", data_key="u")),
            element("button", "Theme", id="theme", class_="script-only", type="button"),
        ),
        class_="top",
    )
    main = element("main", lines(element("h1", title), *body), id="content")
    skip = element("a", "Skip to the content", class_="skip", href="#content")
    document = element("html", lines(head, element("body", lines(skip, top, main))), lang="en")
    return f"<!doctype html>\n{document}\n".encode()


def _form(frame: Frame, action: str, *fields: Html | None, **attributes: str) -> Html:
    token = element("input", type="hidden", name="token", value=frame.token)
    return element("form", token, *fields, method="post", action=action, **attributes)


def queue_page(
    frame: Frame,
    items: Sequence[ReviewItem],
    chosen: Mapping[str, str],
    choices: Mapping[str, Sequence[str]],
    number: int,
) -> bytes:
    """The queue, the most valuable question first; `items` holds one more than a page where there are more."""
    shown, more = items[:PER_PAGE], len(items) > PER_PAGE
    rows = [_row(item, chosen) for item in shown]
    head = ("Question", "Value", "Sure", "Why", "Paper")
    table = element(
        "table",
        lines(
            element("caption", "Open questions", class_="unseen"),
            element("thead", element("tr", *(element("th", text, scope="col") for text in head))),
            element("tbody", lines(*rows)),
        ),
        class_="queue",
    )
    links = [
        element("a", text, href="/?" + urlencode({**_kept(chosen), "page": target}))
        for text, target, there in (("‹ Before", number - 1, number > 1), ("More ›", number + 1, more))
        if there
    ]
    empty = element("p", "Nothing waits for you here.", class_="nothing")
    return page(
        frame, "Queue", _filters(chosen, choices), element("div", table, class_="wide-table") if shown else empty,
        element("nav", *links, class_="pager", aria_label="Pages") if links else None, _help(),
    )  # fmt: skip


def _kept(chosen: Mapping[str, str]) -> dict[str, str]:
    return {name: chosen[name] for name in FILTERS if chosen.get(name)}


def _filters(chosen: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> Html:
    fields = []
    for name in ("reason", "field"):
        options = [element("option", "any", value="")]
        options += [
            element("option", value, value=value, selected=chosen.get(name) == value) for value in choices[name]
        ]
        select = element("select", *options, id=name, name=name)
        fields.append(element("div", element("label", name.capitalize(), for_=name), select, class_="field"))
    paper = element("input", id="paper", name="paper", value=chosen.get("paper", ""), placeholder="its id")
    fields.append(element("div", element("label", "Paper", for_="paper"), paper, class_="field"))
    return element("form", *fields, element("button", "Show", type="submit"), class_="controls filters", action="/")


def _row(item: ReviewItem, chosen: Mapping[str, str]) -> Html:
    field = item.field.value if item.field else "paper"
    link = element("a", field, href=f"/item/{quote(item.id, safe='')}?{urlencode(_kept(chosen))}".rstrip("?"))
    sure = f"{item.confidence:.0%}" if item.confidence is not None else "–"
    return element(
        "tr",
        element("th", link, scope="row"),
        element("td", _short(item.value) or "–"),
        element("td", sure),
        element("td", item.reason.value),
        element("td", element("a", item.paper, href=f"/paper/{quote(item.paper, safe='')}")),
    )


def _short(text: str, limit: int = 90) -> str:
    return text if len(text) <= limit else text[:limit] + " …"


def _help() -> Html:
    keys = (("j / k", "next, previous"), ("Enter", "open"), ("a", "accept"), ("r", "reject"), ("d", "defer"),
            ("c", "correct"), ("u", "undo"), ("q", "queue"))  # fmt: skip
    shown = [join(element("kbd", key), " ", text, " ") for key, text in keys]
    return element("p", *shown, class_="keys script-only")


def item_page(
    frame: Frame, shown: Shown, clips: Sequence[Clip | None], figure: str | None, chosen: Mapping[str, str]
) -> bytes:
    """One question: value, proof, rivals, and the buttons that answer it."""
    item = shown.item
    field = item.field.value if item.field else "paper"
    sure = f" · confidence {item.confidence:.0%}" if item.confidence is not None else ""
    facts = element(
        "p",
        element("span", item.reason.value, class_="state open"),
        f"{sure} · {shown.state} · ",
        element("a", item.paper, href=f"/paper/{quote(item.paper, safe='')}"),
        f" {shown.title}",
        class_="authors",
    )
    proofs = [_proof(shown, place, clip) for place, clip in enumerate(clips)]
    picture = element("img", src=figure, alt="The figure in question", class_="figure") if figure else None
    return page(
        frame, f"{field} = {item.value}" if item.value else field, facts, element("p", item.message),
        None if frame.read_only else _answers(frame, item, chosen), picture, lines(*proofs), _previous(item),
        _rivals(shown), _help(),
    )  # fmt: skip


def _answers(frame: Frame, item: ReviewItem, chosen: Mapping[str, str]) -> Html:
    kept = [element("input", type="hidden", name=name, value=value) for name, value in _kept(chosen).items()]
    buttons = [
        element("button", text, type="submit", name="action", value=action, data_key=action[0], class_=action)
        for action, text in (("accept", "Accept"), ("reject", "Reject"), ("defer", "Defer"))
    ]
    value = element(
        "input", id="value", name="value", value="", placeholder=_short(item.value, 60) or "the right value"
    )
    note = element("input", id="note", name="note", value="", placeholder="why (kept with the verdict)")
    correct = element("button", "Correct", type="submit", name="action", value="correct", data_focus="c")
    return _form(
        frame, f"/item/{quote(item.id, safe='')}", *kept, element("div", *buttons, class_="buttons"),
        element("div", element("label", "Right value", for_="value"), value, class_="field"),
        element("div", element("label", "Note", for_="note"), note, class_="field"), correct, class_="answers",
    )  # fmt: skip


def _proof(shown: Shown, place: int, clip: Clip | None) -> Html:
    proof = shown.item.evidence[place]
    before, quoted, after = shown.context[place]
    where = " · ".join(
        part
        for part in (f"page {proof.page}" if proof.page else "", proof.section or "", proof.source, proof.reader)
        if part
    )
    text = element("p", "…" + before, element("mark", quoted), after + "…")
    return element("blockquote", text, element("footer", where), _clip(clip) if clip else None)


def _clip(clip: Clip) -> Html:
    image = element("image", href=clip.image, width=f"{clip.width:g}", height=f"{clip.height:g}")
    boxes = [
        element("rect", x=f"{x0:.1f}", y=f"{y0:.1f}", width=f"{x1 - x0:.1f}", height=f"{y1 - y0:.1f}", class_="hit")
        for x0, y0, x1, y1 in clip.boxes
    ]
    view = f"0 {clip.top:.1f} {clip.width:.1f} {clip.bottom - clip.top:.1f}"
    picture = element("svg", image, *boxes, viewBox=view, role="img", aria_label="The quote on its page", class_="clip")
    return element("a", picture, href=clip.image)


def _previous(item: ReviewItem) -> Html | None:
    if item.previous is None:
        return None
    quotes = [element("blockquote", element("p", proof.quote)) for proof in item.previous_evidence]
    return element("section", lines(element("h2", "Before"), element("p", item.previous), *quotes))


def _rivals(shown: Shown) -> Html | None:
    if not shown.rivals:
        return None
    items = [
        element(
            "li",
            element("strong", rival.value),
            f" {rival.confidence:.0%} · {rival.role.value} · {rival.reader}",
            element("p", _short(rival.evidence[0].quote, 300), class_="authors") if rival.evidence else None,
        )
        for rival in shown.rivals[:12]
    ]
    return element("section", lines(element("h2", "Other candidates"), element("ul", *items)))


def paper_page(frame: Frame, record: Record, items: Sequence[ReviewItem], verdicts: Sequence[Verdict]) -> bytes:
    """A paper: open questions, the record with its evidence, and every verdict given."""
    questions = [
        element("li", element("a", f"{item.field.value if item.field else 'paper'} = {item.value or '–'}",
                              href=f"/item/{quote(item.id, safe='')}"), f" ({item.reason.value})")
        for item in items
    ]  # fmt: skip
    history = [
        element("li", element("time", verdict.at, datetime=verdict.at), f" {verdict.by}: ",
                element("strong", "undone " + verdict.action if verdict.undone else verdict.action),
                f" {verdict.field.value if verdict.field else 'paper'} = {verdict.value or verdict.key} {verdict.note}")
        for verdict in verdicts
    ]  # fmt: skip
    panels = panels_of(
        [record.model_copy(update={"relevance": record.relevance.model_copy(update={"label": "model"})})], ()
    )
    return page(
        frame, panels[0].name, element("p", record.paper.title, class_="subtitle"),
        element(
            "details",
            element("summary", f"Open questions ({len(questions)})"),
            element("ul", *questions),
            open=len(questions) <= _OPEN_SHOWN,
        )
        if questions
        else None,
        model_body(panels[0]),
        lines(element("h2", "Verdicts"), element("ul", *history)) if history else None,
    )  # fmt: skip


def message_page(frame: Frame, title: str, text: str) -> bytes:
    """What went wrong, and the way back."""
    return page(frame, title, element("p", text), element("p", element("a", "Back to the queue", href="/")))
