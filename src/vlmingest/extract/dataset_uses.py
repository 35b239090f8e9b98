"""What a sentence, or the place in a table, says is done with a set of data: trained on, evaluated on, and how plainly.

Levels: 3 is told plainly ("we train on A"), 2 less so, 1 is a hint of section, heading or a vague word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from vlmingest.extract.dataset_cues import Cue, cues, words_between
from vlmingest.extract.dataset_levels import levels_beside
from vlmingest.extract.dataset_lists import InList
from vlmingest.extract.dataset_tuning import TUNING, UNTUNED
from vlmingest.extract.headings import SectionKind
from vlmingest.extract.leads import has_any
from vlmingest.extract.view import PaperView, Sentence
from vlmingest.extract.voice import Voice, voice
from vlmingest.extract.wording import wording
from vlmingest.vocabulary.datasets import fold_name

# Who is trained, how plainly it is told, what is left out: rows of rules/dataset_uses.toml.
_TRAINED_SUBJECT = wording("dataset_uses.trained_subject")
_TRAINED_NAME = wording("dataset_uses.trained_name")
_TRAINED_PART = wording("dataset_uses.trained_part")
_ITS = wording("dataset_uses.its")
_NAME_AFTER = wording("dataset_uses.name_after")
_TRAINS_NAME = wording("dataset_uses.trains_name")
_TRAINED_NOUN = wording("dataset_uses.trained_noun")
_WE = wording("dataset_uses.own_clause")
_WHO_WERE = wording("dataset_uses.who_were")
_NAMELY = wording("dataset_uses.namely")
_THEY = wording("dataset_uses.they")
_BACK = wording("dataset_uses.back")
_WITH = wording("dataset_uses.opens_with")
_RESULT = wording("dataset_uses.result")
_MUCH = wording("dataset_uses.amount")
_PART_OF = wording("dataset_uses.part_of")
_IS = wording("dataset_uses.is")
_PLAIN = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")  # a word without capitals: mechanics
_FAR = 2
_MOST_CUES = 40
DATA_HOME = frozenset({SectionKind.TRAINING, SectionKind.DATA, SectionKind.METHOD})
_BEFORE = 60
_TOLD_OF_OTHERS = {"trained_named": 1, "trained_noun": 0}
_WITH_CUES = ("gather", "source", "elsewhere", "data", "fault")
_LIST_LEVELS = frozenset({"list_trained_on", "list_evaluated_on"})
# Title, abstract and headings speak of the own work even where they do not say "we".
_OPENINGS = frozenset(
    {SectionKind.FRONT, SectionKind.ABSTRACT, SectionKind.DATA, SectionKind.METHOD, SectionKind.TRAINING}
)
_PARTS_OF_OURS = frozenset({"llm", "llms", "mlp", "vit", "lora", "vlm", "mllm", "qformer", "lmm", "slm", "moe"})
# Where a sentence speaks of the own model though it does not say so.
_HOME = {
    "train": frozenset(
        {SectionKind.TRAINING, SectionKind.DATA, SectionKind.METHOD, SectionKind.EXPERIMENTS, SectionKind.OTHER}
    ),
    "evaluate": frozenset(
        {SectionKind.EXPERIMENTS, SectionKind.ABLATION, SectionKind.TRAINING, SectionKind.CONCLUSION, SectionKind.OTHER}
    ),
}

_NEAR_EXCLUDED = 4


class Uses:
    """Reads the sentences of one paper; `own`: folded names of its model."""

    def __init__(self, view: PaperView, own: frozenset[str]) -> None:
        self.view = view
        self._own = tuple(own)
        self._cues = cues(view)
        self._others: dict[int, bool] = {}
        self._tuning: dict[int, bool] = {}
        self._shots: dict[int, tuple[str, ...]] = {}
        self._subjects: dict[tuple[int, str], str] = {}  # by the start of the cue and its side

    def of_others(self, sentence: Sentence) -> bool:
        """Whether a sentence speaks of another's work: by its voice, or since it tells what another model was trained on."""
        found = self._others.get(sentence.start)
        if found is None:
            found = self._others[sentence.start] = self._judge_others(sentence)
        return found

    def _judge_others(self, sentence: Sentence) -> bool:
        view = self.view
        if voice(view, sentence) is Voice.OTHER:
            return True
        subject = _TRAINED_SUBJECT.match(view.text, sentence.start, sentence.end)
        if subject is None:
            return False
        name = fold_name(subject.group("name"))
        return name not in _PARTS_OF_OURS and not name.startswith(self._own)

    def says(self, index: int, start: int, end: int, nearby: tuple[str, ...], listed: InList) -> Iterator[str]:
        """What sentence `index` says is done with the name at `[start, end)`: `train3` is plain, `train1` a hint; the same
        for `evaluate`; and what else it holds (`with_source`, `own_voice` ...).

        `nearby` is what stands beside the name (`dataset_cues.beside`), `listed` the list that it stands in.
        """
        sentence = self.view.sentences[index]
        names = self._cues.names(index)
        own = voice(self.view, sentence) is Voice.OWN
        governed = self._governing(index, start, end)
        trained = ""
        if governed is not None:
            side, cue = governed
            yield f"{side}_{cue.name}"
            at_home = own or sentence.section in _HOME[cue.name]
            levels = {cue.name: self._level(start, side, cue, at_home)}
            if not own and "elsewhere" in names:
                levels[cue.name] = min(levels[cue.name], 2)
            if side == "left" and cue.name == "evaluate" and self._gathers(index, cue, start):
                yield "gathered"
                hints = self._hints(index, names, start, listed)
                levels = {"evaluate": min(levels["evaluate"], hints.get("evaluate", 0)), "train": hints.get("train", 0)}
            trained = self._subject(index, side, cue, own) if cue.name == "train" else ""
            if side == "right" and sentence.section in DATA_HOME:  # what comes later may be about something else
                levels["train"] = max(levels.get("train", 0), self._hints(index, names, start, listed).get("train", 0))
        else:
            levels = self._hints(index, names, start, listed)
        told = _told_beside(nearby, listed)
        for name, level in levels_beside(told) if told else ():
            said = level if own or sentence.section in _HOME[name] or sentence.section in _OPENINGS else 1
            levels[name] = max(levels.get(name, 0), said)
        if trained:
            yield trained
            levels["train"] = min(levels.get("train", 0), _TOLD_OF_OTHERS[trained])
        yield from self._kept_out(index, (start, end), governed is not None, nearby, listed, levels)
        for name, level in levels.items():
            if level:
                yield f"{name}{level}"
        for name in _WITH_CUES:
            if name in names:
                yield f"with_{name}"
        sentences = self.view.sentences
        after = sentences[index + 1] if index + 1 < len(sentences) else None
        if after is not None and after.block == sentence.block and "fault" in self._cues.names(index + 1):
            yield "before_fault"
        if own:
            yield "own_voice"
        shots = self._shots.get(index)
        if shots is None:
            shots = self._shots[index] = tuple(self._read_shots(sentence))
        yield from shots

    def _kept_out(
        self,
        index: int,
        place: tuple[int, int],
        governed: bool,
        nearby: tuple[str, ...],
        listed: InList,
        levels: dict[str, int],
    ) -> Iterator[str]:
        """Lowers the levels of what is left out, only compared with, a tool, a part's data; says so, and what is a source."""
        names = self._cues.names(index)
        start, end = place
        if "exclude" in names:
            if self._is_excluded(index, start, end):
                yield "excluded"
                if voice(self.view, self.view.sentences[index]) is Voice.OWN:
                    yield "excluded_own"
                levels["train"] = 0
                if not governed or self._before(index, ("exclude",), start) is not None:
                    levels["evaluate"] = 0
            else:
                yield "with_exclude"
                levels["train"] = min(levels.get("train", 0), 2)
        if "maker" in nearby and levels.get("train"):  # "captions generated by A"
            levels["train"] = 0
        if "contrast" in nearby or "list_contrast" in listed.says or ("tool" in nearby and levels.get("train", 0) > 1):
            levels["train"] = 0
            if "contrast" in nearby and levels.get("evaluate"):
                levels["evaluate"] = 1
        if "part" in names and levels.get("train"):
            yield "of_part"
            levels["train"] = 0
        source = self._before(index, ("source",), start) if "source" in names else None
        if source is not None and words_between(self.view.text, source, start) <= _FAR:
            yield "from_source"

    def _is_excluded(self, index: int, start: int, end: int) -> bool:
        """Whether what is left out is the name itself: "without A", "A is not used", but not "A, without its captions"."""
        text = self.view.text
        for cue in self._cues.of(index):
            if cue.name != "exclude":
                continue
            if cue.end <= start:
                between = text[cue.end : start]
                shut = between.count(")") > between.count("(")  # "(without A) from B"
                if not shut and _PART_OF.search(between) is None and words_between(text, cue, start) <= _NEAR_EXCLUDED:
                    return True
            elif cue.start >= end:
                between = text[end : cue.start]
                if _IS.search(between) is not None and len(_PLAIN.findall(between)) <= _NEAR_EXCLUDED:
                    return True
        return False

    def _governing(self, index: int, start: int, end: int) -> tuple[str, Cue] | None:
        """The cue that a name hangs on; one in a clause on models is passed over ("on models that were trained with X, namely A")."""
        found = self._cues.governing(index, start, end)
        if found is None or found[0] == "right" or found[1].name != "train":
            return found
        text, cue = self.view.text, found[1]
        if (
            _NAMELY.match(text, cue.end, start) is None
            or _WHO_WERE.search(text[max(cue.start - _BEFORE, 0) : cue.start]) is None
        ):
            return found
        before = self._before(index, ("evaluate",), cue.start)
        return ("left", before) if before is not None else found

    def _subject(self, index: int, side: str, cue: Cue, own: bool) -> str:
        """What is trained, if not the own model; the same holds for what it is trained on next ("and then tuned on B")."""
        key = (cue.start, side)
        known = self._subjects.get(key)
        if known is None:
            known = self._subjects[key] = self._find_subject(index, side, cue, own)
        return known

    def _find_subject(self, index: int, side: str, cue: Cue, own: bool) -> str:
        sentence, text = self.view.sentences[index], self.view.text
        found = self._trained_of_others(sentence, side, cue, own)
        while not found and side == "left":
            before = self._before(index, ("train",), cue.start)
            if before is None or not before.plain or _WE.search(text, before.end, cue.start) is not None:
                break
            cue, found = before, self._trained_of_others(sentence, side, before, own)
        return found

    def _trained_of_others(self, sentence: Sentence, side: str, cue: Cue, own: bool) -> str:
        """Whether what is trained has a name that is not ours ("features of Foo-B pre-trained on"), or is just any model."""
        text = self.view.text
        if side == "right":  # "A, used to train Foo-2"
            named = _NAME_AFTER.match(text, cue.end, sentence.end)
            return "trained_named" if named is not None and not self._is_ours(named.group("name")) else ""
        before = text[max(sentence.start, cue.start - _BEFORE) : cue.start]
        if not own and _ITS.search(before) is not None:
            return "trained_noun"
        if self._is_part_trained(sentence, cue):
            return "trained_named"
        named = _TRAINED_NAME.search(before) or _TRAINS_NAME.match(text, cue.start, cue.end)
        if named is not None and not self._is_ours(named.group("name")):
            return "trained_named"
        if not own and _THEY.search(before) is not None:
            return "trained_noun"
        return "trained_noun" if _TRAINED_NOUN.search(before) is not None else ""

    def _is_part_trained(self, sentence: Sentence, cue: Cue) -> bool:
        """Whether the name of an encoder or a language model stands before what it is trained on."""
        mentions = self.view.mentions
        at = bisect_left(self.view.mention_starts, cue.start) - 1
        if at < 0 or mentions[at].end < max(sentence.start, cue.start - 2 * _BEFORE):
            return False
        part = mentions[at]
        if part.code.kind == "dataset" or self._is_ours(self.view.text[part.start : part.end]):
            return False
        return _TRAINED_PART.fullmatch(self.view.text, part.end, cue.start) is not None

    def _is_ours(self, name: str) -> bool:
        folded = fold_name(name)
        return folded in _PARTS_OF_OURS or folded.startswith(self._own)

    def _level(self, start: int, side: str, cue: Cue, at_home: bool) -> int:
        """How plainly a cue speaks of a name."""
        if not at_home:
            return 1
        if side == "right":
            back = (
                cue.name == "train" and _BACK.match(self.view.text, cue.end) is not None
            )  # "... and tune all with them"
            return (
                1 if cue.plain and not back else 2
            )  # "A and B are used for training", but not "A improves the performance on"
        return 3 if cue.plain and not words_between(self.view.text, cue, start) else 2

    def _read_shots(self, sentence: Sentence) -> Iterator[str]:
        """Whether the sentence, or else its block, speaks of tuning, the sentence of testing without it, and of how much is taken."""
        lowered = self.view.lowered
        words = lowered[sentence.start : sentence.end]
        if has_any(words, TUNING):
            yield "with_tuning"
        elif self._tunes(sentence.block):
            yield "near_tuning"
        if has_any(words, UNTUNED):
            yield "with_untuned"
        if _MUCH.stands_in(words) is not None:
            yield "with_amount"

    def _tunes(self, number: int) -> bool:
        """Whether a block says that something is fine-tuned."""
        found = self._tuning.get(number)
        if found is None:
            block = self.view.document.blocks[number]
            words = self.view.lowered[block.start : block.end]
            found = self._tuning[number] = has_any(words, TUNING)
        return found

    def _gathers(self, index: int, cue: Cue, start: int) -> bool:
        """Whether what is said of results only gives the reason ("to raise the accuracy on charts, we also use A")."""
        if _RESULT.match(self.view.text, cue.start) is None:
            return False
        gather = self._before(index, ("gather",), start)
        return gather is not None and gather.start >= cue.end

    def _before(self, index: int, names: tuple[str, ...], start: int) -> Cue | None:
        """The last cue of one of these names that stands before `start` in the sentence."""
        found = self._cues.of(index)
        place = bisect_left(found, (start, 0, "", False))
        near = found[max(place - _MOST_CUES, 0) : place]
        return next((cue for cue in reversed(near) if cue.name in names and cue.end <= start), None)

    def source_between(self, index: int, low: int, high: int) -> bool:
        """Whether a cue of where data comes from stands between two names of a sentence."""
        cue = self._before(index, ("source",), high)
        return cue is not None and cue.start >= low

    def _hints(self, index: int, names: frozenset[str], start: int, listed: InList) -> dict[str, int]:
        """What section, heading, run-in title, the sentences before and vague words hint at."""
        sentence = self.view.sentences[index]
        levels: dict[str, int] = {}
        if sentence.section is SectionKind.EXPERIMENTS:
            levels["evaluate"] = 2 if listed.mates > 1 and "learn" not in names else 1
        elif sentence.section in (SectionKind.TRAINING, SectionKind.DATA):
            levels["train"] = 1
        around = self._cues.around(index)
        for name, weak in (("train", "learn"), ("evaluate", "test")):
            if name in around or weak in names:
                levels[name] = max(levels.get(name, 0), 1)
        if listed.length > 1 and "elsewhere" not in names and "test" not in names and self._cues.under_data(index):
            levels["train"] = 2
        if "elsewhere" in names and voice(self.view, sentence) is not Voice.OWN:
            others = self._before(index, ("elsewhere",), start)
            return {} if others is not None and words_between(self.view.text, others, start) <= _FAR else levels
        if "learn" in names and _WITH.match(self.view.text, sentence.start) is not None:
            levels["train"] = 2  # "Using 40k pairs of A, we train ..."
        many = listed.length > 1 and sentence.section in DATA_HOME  # "For parsing, we adopt A, B and C"
        if sentence.section in _HOME["train"] and (names & {"data", "source", "learn", "list"} or many):
            cue = self._before(index, ("gather", "list"), start)
            near = cue is not None and words_between(self.view.text, cue, start) <= _FAR
            if near and cue is not None and (cue.name == "gather" or sentence.section in DATA_HOME):
                levels["train"] = 2
        return levels


def _told_beside(nearby: tuple[str, ...], listed: InList) -> tuple[str, ...]:
    """What stands beside a name or, told of all its list, beside another."""
    if not listed.says:
        return nearby
    return (*nearby, *[one.removeprefix("list_") for one in listed.says if one in _LIST_LEVELS])
