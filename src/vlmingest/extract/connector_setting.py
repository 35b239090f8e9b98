"""What stands around the name of a device: does it join vision to language here, whose is it, was it chosen?

"An MLP", "a linear layer", "pooling" stand all over a network. A row of rules/connectors.toml that only names such a thing
counts by its setting: words of vision, of language and of joining in the sentence (or in the one before it), against words of
the inside of a network. Their patterns are rows of rules/connector_setting.toml.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

from vlmingest.extract.clauses import own_clause
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import lead_of
from vlmingest.extract.rules import load_rules, lower_case
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, sentence_before, voice
from vlmingest.extract.wording import wording

_BEFORE = 90
_SURVEY = 6  # sentences that a survey of what others do may go on for
_LLM = ("llm", "large language model", "large vision-language model")
_LLMS = 6  # times that a paper speaks of large language models which is one of their years
_WHOLE = 15_000  # characters of a text whose silence says something
_LABEL = 40  # characters of a run-in heading
_TRIALS = (SectionKind.ABLATION, SectionKind.EXPERIMENTS)
_SEES, _REACHES, _NAMES, _JOINS, _LED, _SEEN, _INSIDE, _APART, _ELSEWHERE = 1.0, 1.0, 1.5, 0.7, 0.7, 0.4, 2.0, 0.8, 2.1
_LABELLED = 0.5
_FLOOR, _SLOPE = 0.12, 0.37


class Setting(NamedTuple):
    """What a sentence says around a device."""

    sees: bool
    reaches: bool
    names: bool  # a connector by its office: "the projector"
    joins: bool
    inside: bool  # of a network, or a head
    apart: bool  # something else than the way from image to language
    elsewhere: bool  # the way of something else: of sounds, regions, actions, or into an expert

    def worth(self, before: Setting | None, labelled: bool) -> float:
        """0..1: how well the sentence fits a connector.

        `before`: the sentence that leads up to it; `labelled`: it stands under a heading on the connector ("Projector.").
        """
        named = _NAMES * (self.names or labelled) + _LABELLED * labelled
        points = _SEES * self.sees + _REACHES * self.reaches + max(named, _JOINS * self.joins)
        if before is not None and before.sees and not self.sees:
            points += _LED if before.names or before.joins else _SEEN
        against = _INSIDE * self.inside + (_ELSEWHERE if self.elsewhere else _APART * self.apart)
        return min(max(_FLOOR + _SLOPE * (points - against), 0.0), 1.0)


def setting_worth(view: PaperView, sentence: Sentence) -> float:
    """How well the sentence fits a device that joins vision to language, 0..1; looked at once per sentence."""
    known: dict[int, float] = view.memo.setdefault("connectors.worth", {})
    found = known.get(sentence.start)
    if found is None:
        before = sentence_before(view, sentence)
        led = None if before is None else _setting(view, before)
        labelled = _titled(view, sentence)
        if before is not None and led is not None and before.end - before.start <= _LABEL:
            labelled = labelled or led.names
        found = known[sentence.start] = _setting(view, sentence).worth(led, labelled)
    return found


def before_llms(view: PaperView) -> float:
    """How little the paper speaks of large language models, 0..1: one of the years before them, whose models are of other kinds."""
    return view.once(_before_llms)


def _is_early(view: PaperView) -> bool:
    """Regions are what the model sees, and BERT is what reads: neither is the way of something else, as it is beside a language model."""
    return before_llms(view) >= 0.5


def _before_llms(view: PaperView) -> float:
    said = sum(map(view.lowered.count, _LLM))
    return max(1.0 - said / _LLMS, 0.0) * min(len(view.lowered) / _WHOLE, 1.0)


def contrasts(view: PaperView) -> float:
    """Whether the paper speaks of contrastive learning more than in passing."""
    return float(view.lowered.count("contrastive") > 2 * len(view.lowered) // _WHOLE)


def sees(view: PaperView, sentence: Sentence) -> bool:
    """Whether a sentence speaks of vision: by a word, or by the name of a vision encoder."""
    return says(view, "sees", sentence.start, sentence.end) or _names(view, sentence, "vision_encoder")


def beside(view: PaperView, sentence: Sentence, pattern: re.Pattern[str]) -> bool:
    """Whether the sentence or one next to it in its block holds a match: a device is described over two of them."""
    index = view.sentence_index(sentence.start) or 0
    near = (one for one in view.sentences[max(index - 1, 0) : index + 2] if one.block == sentence.block)
    return any(pattern.search(view.text, one.start, one.end) is not None for one in near)


def inside(view: PaperView, sentence: Sentence) -> bool:
    """Whether a sentence speaks of the inside of a network, a head or something else that joins nothing."""
    found = _setting(view, sentence)
    return found.inside or found.elsewhere


def _setting(view: PaperView, sentence: Sentence) -> Setting:
    known: dict[int, Setting] = view.memo.setdefault("connectors.settings", {})
    found = known.get(sentence.start)
    if found is None:
        start, end = sentence.start, sentence.end
        found = known[sentence.start] = Setting(
            sees(view, sentence) or (_is_early(view) and says(view, "sees_early", start, end)),
            says(view, "reaches", start, end) or _names(view, sentence, "language_model"),
            says(view, "names", start, end),
            says(view, "joins", start, end),
            says(view, "inner", start, end),
            says(view, "apart", start, end),
            says(view, "elsewhere", start, end) or (not _is_early(view) and says(view, "elsewhere_llm", start, end)),
        )
    return found


def _titled(view: PaperView, sentence: Sentence) -> bool:
    """Whether the section is on the connector by its heading."""
    return _title_says(view, sentence, "names")


def on_trials(view: PaperView, sentence: Sentence) -> bool:
    """Whether the section goes through what was tried, by its heading."""
    return _title_says(view, sentence, "trial")


def _title_says(view: PaperView, sentence: Sentence, name: str) -> bool:
    section = view.document.section_at(sentence.start)
    if section is None:
        return False
    known: dict[tuple[str, int], bool] = view.memo.setdefault("connectors.titled", {})
    if (name, section.start) not in known:
        known[name, section.start] = patterns()[name].pattern.search(section.title.lower()) is not None
    return known[name, section.start]


def _names(view: PaperView, sentence: Sentence, kind: str) -> bool:
    first, end = bisect_left(view.mention_starts, sentence.start), bisect_left(view.mention_starts, sentence.end)
    return any(mention.code.kind == kind for mention in view.mentions[first:end])


class _Look(NamedTuple):
    """A pattern of the rows of one name; `low`: for lower-cased text; `cues`: one of them stands in every match, if there are any."""

    pattern: re.Pattern[str]
    low: bool
    cues: tuple[str, ...]


@cache
def patterns() -> dict[str, _Look]:
    """The patterns of rules/connector_setting.toml by the names of their rows."""
    found = {}
    for name in dict.fromkeys(rule.id.split(".")[1] for rule in load_rules("connector_setting").rules):
        worded = wording(f"connector_setting.{name}")
        low = lower_case(worded.pattern)
        compiled = worded.regex if low is None else lead_of(low.pattern) or low
        cues = tuple(dict.fromkeys(cue for rule in worded.rules for cue in rule.cues))
        found[name] = _Look(compiled, low is not None, cues)
    return found


def says(view: PaperView, name: str, start: int, end: int) -> bool:
    """Whether the pattern of a name is found in `[start, end)`."""
    look = patterns()[name]
    if look.cues:
        held = view.lowered[start:end]
        for cue in look.cues:  # a plain loop: asked thousands of times a paper
            if cue in held:
                break
        else:
            return False
    return look.pattern.search(view.lowered if look.low else view.text, start, end) is not None


def turned(view: PaperView, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the words before, inside or after a hit say that it is not the own model's."""
    start = match.start()
    own = own_clause(view, sentence)
    first = own if own is not None and own <= start else sentence.start  # "unlike Foo, which has a Bar, we take"
    near, far = max(first, start - _BEFORE), max(first, start - 2 * _BEFORE)
    if says(view, "chosen", near, start):
        return False
    return (
        says(view, "before", near, start)
        or says(view, "others", far, start)
        or patterns()["after"].pattern.match(view.text[match.end() : sentence.end]) is not None
        or says(view, "within", start, match.end())
    )


def denied(view: PaperView, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the paper says of its own model that it has no such thing ("we do not use a resampler"); of hits that are `turned`.

    Not among trials: what is left out there is a part that the model has.
    """
    start = max(sentence.start, match.start() - _BEFORE)
    if sentence.section in _TRIALS or "ablat" in view.lowered[sentence.start : sentence.end]:
        return False
    if not says(view, "denies", start, match.start()) or says(view, "chosen", start, match.end()):
        return False  # "we replace the projection by an MLP" is a hit that begins with what is replaced
    return voice(view, sentence) is Voice.OWN


def surveyed(view: PaperView, sentence: Sentence) -> bool:
    """Whether a sentence before it in its block opens a survey ("there are two lines of connectors") that "we" has not ended."""
    known: dict[int, bool] = view.memo.setdefault("connectors.surveyed", {})
    if sentence.start not in known:
        known[sentence.start] = _surveyed(view, sentence)
    return known[sentence.start]


def _surveyed(view: PaperView, sentence: Sentence) -> bool:
    index = view.sentence_index(sentence.start) or 0
    for one in reversed(view.sentences[max(index - _SURVEY, 0) : index + 1]):
        if one.block != sentence.block or voice(view, one) is Voice.OWN:
            return False
        if says(view, "opens", one.start, one.end):
            return True
    return False


def explored(view: PaperView, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the sentence tells of options that were tried, and the hit is not the one that was chosen."""
    known: dict[int, bool] = view.memo.setdefault("connectors.explored", {})
    if sentence.start not in known:
        known[sentence.start] = says(view, "explores", sentence.start, sentence.end)
    if not known[sentence.start]:
        return False
    start, wins = match.start(), patterns()["wins"].pattern  # what does better than the rest is what was chosen
    if wins.match(view.text[match.end() : sentence.end]) is not None:
        return False
    return not says(view, "chosen", max(sentence.start, start - _BEFORE), start)


def tells_of_many(view: PaperView, sentence: Sentence) -> bool:
    """Whether a sentence without a subject of its own goes through what others do: such models, cited or as examples."""
    start, end = sentence.start, sentence.end
    return any(says(view, name, start, end) for name in ("cited", "generic", "lists"))


def adopts(view: PaperView, sentence: Sentence) -> bool:
    """Whether the sentence says what the paper settles on, even where it stands among ablations ("With an MLP, we append ..." does not)."""
    start, end = sentence.start, sentence.end
    return says(view, "adopts", start, end) and patterns()["supposes"].pattern.match(view.lowered, start, end) is None
