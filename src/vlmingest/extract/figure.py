"""Which figure shows the model: a logistic score over cues of caption and mentions, number, place and size.

The cues are the rows of rules/figure.toml, the weights are weights/figure.json (tools/train_figure.py trains them on chosen
figures of other papers). Every figure with a caption is scored; the best is the candidate, and the confidence is the chance
that it is the right one among those of the paper. `figure_features` names what spoke for it.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from vlmingest.document import BlockKind, Figure
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.identity import fold_name, name_candidates
from vlmingest.extract.rules import Rule, load_rules
from vlmingest.extract.stages_words import folded
from vlmingest.extract.view import PaperView
from vlmingest.extract.wording import wording
from vlmingest.records import Candidate, FieldName

_READER = "architecture.figure.v2"
_HEAD = 160
_MENTION = re.compile(r"Fig(?:ure|s?\.|ures)?\.?\s?(\d+)\b")  # begins with letters: a search for them is fast
_OF = wording("figure_captions.of")
_WHOLE = wording("figure_captions.whole")
_MAX_MENTIONS = 2
_LABEL = re.compile(r"\A\W*(?:Fig(?:ure|\.)?) ?\w{1,4}\W+")
_SHORT = 12  # characters: a shorter first sentence ("Left.") says nothing
_NOT_ITSELF = wording("figure_captions.not_itself")
_OURS = wording("figure_captions.ours")
_METHODS = frozenset({SectionKind.METHOD, SectionKind.TRAINING})
_EARLY = frozenset({SectionKind.INTRODUCTION, SectionKind.FRONT, SectionKind.ABSTRACT})
_LATER = frozenset({SectionKind.EXPERIMENTS, SectionKind.ABLATION, SectionKind.CONCLUSION, SectionKind.DATA})


def read_figure(view: PaperView) -> Iterator[Candidate]:
    """The best figure, with its confidence; the runner-up, too, as what it was weighed against."""
    figures = [figure for figure in view.document.figures if figure.caption_span is not None]
    if not figures:
        return
    mentions = figure_mentions(view)
    scores = [figure_score(figure_features(view, figure, mentions.get(figure.number, ()))) for figure in figures]
    ranked = sorted(zip(scores, figures, strict=True), key=lambda pair: (-pair[0], figures.index(pair[1])))
    total = sum(math.exp(score) for score in scores)
    for score, figure in ranked[:2]:
        if figure.caption_span is None:
            continue
        alone = 1 / (1 + math.exp(-score))
        yield Candidate(
            field=FieldName.FIGURE,
            value=figure.number,
            attributes={
                "number": figure.number,
                "page": figure.page,
                "caption": figure.caption,
                "bbox": list(figure.bbox) if figure.bbox is not None else None,
            },
            evidence=(view.evidence(figure.caption_span.start, figure.caption_span.end, _READER),),
            reader=f"rule:{_READER}",
            confidence=round(math.sqrt(alone * math.exp(score) / total), 4),
        )


def figure_score(features: Sequence[str]) -> float:
    """The log odds that a figure with these features is the one."""
    weights = load_weights()
    return weights["bias"] + sum(weights.get(name, 0.0) for name in features)


@cache
def load_weights() -> Mapping[str, float]:
    """Feature -> weight, and `bias`, from weights/figure.json."""
    path = resources.files(__package__) / "weights" / "figure.json"
    found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return found


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    rows: dict[str, list[Rule]] = defaultdict(list)
    for rule in load_rules("figure").rules:
        rows[str(rule.attributes["where"])].append(rule)
    return {where: tuple(rules) for where, rules in rows.items()}


def figure_features(view: PaperView, figure: Figure, mentions: Sequence[FigureMention]) -> list[str]:
    """Names of the features that hold for `figure`, which the sentences `mentions` of the text mention."""
    names = [fold_name(one.name) for one in name_candidates(view)[:2]]
    found = caption_features(figure.caption, names)
    found += place_features(figure.number, figure.page)
    span = figure.caption_span
    if span is not None:
        section = view.section_kind(span.start)
        found += ["in.methods"] * (section in _METHODS) + ["in.later"] * (section in _LATER)
    lowered = [one.text.lower() for one in mentions]
    component = "figure.component.v1" in found  # "its structure" is that of the part
    for rule in _rules()["mention"]:
        if rule.id == "figure.mention_architecture.v1" and component:
            continue
        if any(_holds(rule, one.text, low) for one, low in zip(mentions, lowered, strict=True)):
            found.append(rule.id)
    if not component and any(_shows_whole(one.text, names) for one in mentions):
        found.append("mention.of_whole")
    if mentions:
        found += ["mention.in_methods"] * (mentions[0].section in _METHODS)
        found += ["mention.in_introduction"] * (mentions[0].section in _EARLY)
        found += mentions[0].heading
    return found


def _holds(rule: Rule, text: str, low: str) -> bool:
    """Whether the pattern is found in `text`, whose lower case is `low`."""
    return (rule.regex.search(text) if rule.low is None else (rule.lead or rule.low).search(low)) is not None


def caption_features(caption: str, names: Sequence[str]) -> list[str]:
    """Features of the caption alone; `names` are folded names of the own model."""
    caption = _LABEL.sub("", caption)
    head = caption[:_HEAD]
    found: list[str] = []
    for where, text in (("start", _first_sentence(head)), ("head", head), ("caption", caption)):
        low = text.lower()
        found += [rule.id for rule in _rules()[where] if _holds(rule, text, low)]
    folded = fold_name(head[:90])
    if any(len(name) > 1 and name in folded for name in names):
        found.append("name.in_caption")
    if _shows_whole(head, names) and "figure.component.v1" not in found:
        found.append("of.whole")
    return found


def _first_sentence(head: str) -> str:
    """What a caption is about; its later sentences may compare, give an example or name data."""
    end = head.find(". ", _SHORT)
    return head[: end + 1] if end >= 0 else head


def _shows_whole(head: str, names: Sequence[str]) -> bool:
    """Whether a caption says that it shows the model itself: "Overview of Foo", "Model architecture"."""
    if _WHOLE.match(head) is not None:
        return True
    place = _OF.stands_in(folded(head))
    of = _OF.match(head, place.start()) if place is not None else None
    if of is None:
        return False
    if _NOT_ITSELF.match(head, of.end()):
        return False
    if _OURS.match(head, of.end()):
        return True
    thing = fold_name(head[of.end() : of.end() + 60])
    return any(len(name) > 1 and thing.startswith(name) for name in names)


def place_features(number: str, page: int | None) -> list[str]:
    """Features of a figure's number and page."""
    found = [f"number.{number}" if number in ("1", "2", "3", "4", "5") else "number.later"]
    if page is not None:
        found.append("page.1" if page == 1 else "page.2_4" if page <= 4 else "page.5_8" if page <= 8 else "page.later")
    return found


class FigureMention(NamedTuple):
    """A sentence of the text that mentions a figure, and the kind of its section."""

    text: str
    section: SectionKind
    heading: tuple[str, ...] = ()  # the rows that the heading above it holds


def figure_mentions(view: PaperView) -> dict[str, list[FigureMention]]:
    """Figure number -> the first sentences of the text that mention it, captions left out."""
    found: dict[str, list[FigureMention]] = defaultdict(list)
    for match in _MENTION.finditer(view.text, 0, view.body_end):
        index = view.sentence_index(match.start())
        if index is None:
            continue
        sentence = view.sentences[index]
        held = found[match.group(1)]
        if sentence.kind is not BlockKind.CAPTION and len(held) < _MAX_MENTIONS:
            above = view.document.section_at(sentence.start)
            title = above.title if above is not None else ""
            headed = tuple(rule.id for rule in _rules()["heading"] if _holds(rule, title, title.lower()))
            held.append(FigureMention(view.quote(sentence), sentence.section, headed))
    return found
